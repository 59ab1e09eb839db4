using System.Text.RegularExpressions;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>
/// The names by which a letter may call its draft: its label; for a corrigendum or an addendum, also those of the
/// documents it belongs to ("In paragraph 12 of Draft Rev 3, read …"); for a withdrawal, that of the letter it
/// withdraws.
/// </summary>
/// <param name="translated">The label as a translation writes it.</param>
internal sealed partial class LabelsOf(LetterSource letter, string? translated = null)
{
    /// <summary>
    /// The documents that the letter's corrigendum or addendum belongs to; none if its draft is a whole one.
    /// </summary>
    private readonly IReadOnlyList<string> wholes =
    [
        .. DraftLabels.WholesOf(letter.DraftLabel),
        .. letter.Supersedes is { Kind: FollowUpKind.Corrigendum, Label: var whole }
            && !DraftLabels.AreSame(whole, letter.DraftLabel)
            ? (string[])[whole]
            : [],
    ];

    /// <summary>
    /// What the letter puts right without replacing it, where its own label does not say with which part.
    /// </summary>
    private readonly IReadOnlyList<DraftLabel> corrected =
        IsCorrecting(letter) && DraftLabels.WholesOf(letter.DraftLabel) is []
            ? [.. DraftLabels.In(letter.DraftLabel), .. DraftLabels.In(letter.Supersedes!.Label)]
            : [];

    public string Label => letter.DraftLabel;

    public bool AreIn(string text) =>
        DraftLabels.Mentions(text, Label)
        || (translated is not null && DraftLabels.Mentions(text, translated))
        || (IsCorrecting(letter) && DraftLabels.Mentions(text, letter.Supersedes!.Label))
        || WholeIn(text) is not null
        || DraftLabels.In(text).Any(IsPartOfCorrected);

    /// <summary>The labels of other drafts in a text.</summary>
    public IEnumerable<DraftLabel> Others(string text)
    {
        var superseded = letter.Supersedes is { } earlier ? DraftLabels.In(earlier.Label) : [];
        return DraftLabels
            .Others(text, Label)
            .Where(other => !IsPartOfCorrected(other) && !IsWhole(other) && !superseded.Any(other.Means)
                && (translated is null || !DraftLabels.In(translated).Any(other.Means)));
    }

    /// <summary>
    /// The other draft that a page which names this one may be of, or may compare with it: one that it names first, or
    /// at all where it speaks of a comparison. That a draft names an earlier one further down, as one that it replaces,
    /// is usual, and says nothing.
    /// </summary>
    public DraftLabel? OtherAheadOn(string page)
    {
        var others = DraftLabels.Others(page, Label)
            .Where(other => !other.IsProse && !IsPartOfCorrected(other) && !IsWhole(other))
            .ToList();
        return others is [var first, ..]
            && (Comparison().IsMatch(page)
                || (DraftLabels.In(Label) is not []
                    && DraftLabels.In(page).FirstOrDefault(named => !named.IsProse) == first))
                ? first
                : null;
    }

    /// <summary>The other draft that a file is by its name; null if it is none.</summary>
    public string? OtherOfFile(string name) =>
        // What a letter corrects may be named in its text, but a file of that name is the file as it was.
        OnlyWholeIn(name)
        ?? DraftLabels.Others(name, Label).FirstOrDefault(other => !IsPartOfCorrected(other) && !IsWhole(other))?.Words;

    /// <summary>The other draft that a title is of; null if it is none.</summary>
    public string? OtherOfTitle(string title) =>
        AreIn(title)
            // "Draft Rev 3: list of corrections" tells what it is; the bare "Draft Rev 3" tells of another document.
            ? wholes.Any(whole => DraftLabels.AreSame(whole, title)) ? title : null
            : Others(title).FirstOrDefault()?.Words;

    /// <summary>
    /// The document that the letter's corrigendum or addendum belongs to, where a text names that one and says nothing
    /// of correcting or adding; else null.
    /// </summary>
    public string? OnlyWholeIn(string text) =>
        !DraftLabels.Mentions(text, Label)
        && WholeIn(text) is { } whole
        && (DraftLabels.SpeaksOfAdditions(whole) || !DraftLabels.SpeaksOfAdditions(text))
            ? DraftLabels.In(text).FirstOrDefault(IsWhole)?.Words ?? Capitalized(Written(whole))
            : null;

    /// <summary>
    /// A part of the label as the letter writes it: labels are compared without accents, capitals and signs.
    /// </summary>
    private string Written(string part) =>
        Enumerable.Range(1, Label.Length)
            .SelectMany(length => (string[])[Label[..length], Label[^length..]])
            .FirstOrDefault(written => LabelText.Plain(written) == part)
            ?.Trim()
        ?? part.Trim();

    private string? WholeIn(string text) => wholes.FirstOrDefault(whole => DraftLabels.Mentions(text, whole));

    private bool IsWhole(DraftLabel label) => wholes.Any(whole => DraftLabels.In(whole).Any(label.Means));

    private bool IsPartOfCorrected(DraftLabel label) => corrected.Any(one => label.Root == one.Root);

    private static bool IsCorrecting(LetterSource letter) =>
        letter.Supersedes is { Kind: FollowUpKind.Corrigendum or FollowUpKind.Withdrawal };

    private static string Capitalized(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    [GeneratedRegex(
        @"\b(?:comparison|compared|redlined?|marked[- ]up|track(?:ed)? changes|comparaison|comparatif|comparación|comparativ[oa]|сравнени\w+|сравнительн\w+)\b|比较|比較|对照|對照|对比|對比|مقارنة",
        RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();
}
