using System.Globalization;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>A draft label found in a text. Labels with the same key mean the same draft.</summary>
/// <param name="Key">The whole label in one form: <c>rev 2.1/Corr.1</c>.</param>
/// <param name="Words">The label as a person would write it: <c>Draft Rev 2</c>, <c>Zero draft plus</c>.</param>
internal sealed record DraftLabel(string Key, string Words)
{
    /// <summary>The key without addenda and corrigenda: those of <c>rev 2/Corr.1</c> belong to <c>rev 2</c>.</summary>
    public string Root { get; init; } = Key;

    /// <summary>The day it is of; null if it names none.</summary>
    public LabelDate? On { get; init; }

    /// <summary>True for words that a text uses of drafts in general too, such as "a second draft".</summary>
    public bool IsProse { get; init; }

    public bool Means(DraftLabel other) => Key == other.Key && (On is null || other.On is null || On.Means(other.On));

    /// <summary>
    /// True if a text that names this draft and not the other one cannot be about the other: words in general say
    /// nothing against a label of another kind.
    /// </summary>
    public bool Contradicts(DraftLabel? other) =>
        !IsProse || (other is not null && Root.Split(' ')[0] == other.Root.Split(' ')[0]);
}

/// <summary>The day of a draft; labels often leave out the year.</summary>
internal sealed record LabelDate(int Day, int Month, int? Year)
{
    public bool Means(LabelDate other) =>
        (Day, Month) == (other.Day, other.Month) && (Year is null || other.Year is null || Year == other.Year);
}

/// <summary>
/// Compares draft labels, ignoring case, spacing and punctuation: "Draft Rev 1", "draft rev. 1", "DraftRev1" and "Draft
/// Revision I" mean the same draft, "Draft Rev 1.1", "Draft Rev 1 bis" and "Rev.1/Add.1" three others. Labels are free
/// text; a label of an unknown form is searched for word by word.
/// </summary>
internal static partial class DraftLabels
{
    /// <summary>The labels in a text, each once, in the order of first mention.</summary>
    public static IReadOnlyList<DraftLabel> In(string text) =>
        [
            .. LabelGrammar
                .Read(LabelText.Sentences(text))
                .Select(found => found.Label)
                .DistinctBy(label => (label.Key, label.On))
        ];

    /// <summary>True if a text mentions the draft with that label.</summary>
    public static bool Mentions(string text, string label)
    {
        var wanted = In(label);
        if (wanted is not [])
        {
            var found = In(text);
            return wanted.All(one => found.Any(one.Means) || IsDated(text, one));
        }

        var (inside, looked) = (LabelText.Plain(text), LabelText.Plain(label).Trim());
        if (looked.Length == 0)
            return false;
        if (!looked.Any(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter))
            return inside.Contains($" {looked} ", StringComparison.Ordinal);
        // Scripts without capitals (such as Arabic and Chinese) may join words or particles, so do not require spaces
        // around the label. But where it begins or ends with a number, that must not go on: 1 is not 12, 1.2 or 1A.
        for (var at = inside.IndexOf(looked, StringComparison.Ordinal);
            at >= 0;
            at = inside.IndexOf(looked, at + 1, StringComparison.Ordinal))
            if (!(char.IsAsciiDigit(looked[0]) && GoesOn(inside[..at].Reverse()))
                && !(char.IsAsciiDigit(looked[^1]) && GoesOn(inside[(at + looked.Length)..])))
                return true;
        return false;

        static bool GoesOn(IEnumerable<char> beside) =>
            beside.Take(2).ToArray() is [var next, .. var rest]
            && (char.IsAsciiLetterOrDigit(next)
                || (next is '.' or '-' or '/' && rest is [var after] && char.IsAsciiLetterOrDigit(after)));
    }

    /// <summary>
    /// True if two labels mean the same draft, however they are written. What follows the number belongs to it: "Draft
    /// Rev 2, Part A" is another draft than "Draft Rev 2".
    /// </summary>
    public static bool AreSame(string one, string other) =>
        (Whole(one), Whole(other)) is ({ } first, { } second)
            ? first.After == second.After
                && first.Labels.Count == second.Labels.Count
                && first.Labels.Zip(second.Labels).All(pair =>
                    pair.First.Means(pair.Second) && (pair.First.On is null) == (pair.Second.On is null))
            : LabelText.Plain(one) == LabelText.Plain(other);

    /// <summary>True if a label may be short for another: "Rev 2" for "Draft Rev 2, Part A".</summary>
    public static bool MayMean(string label, string other) =>
        AreSame(label, other) || (Mentions(other, label) && Mentions(label, other));

    /// <summary>The first label in a text that means another draft; null if there is none.</summary>
    public static DraftLabel? Other(string text, string label) => Others(text, label).FirstOrDefault();

    /// <summary>All labels in a text that mean another draft.</summary>
    public static IEnumerable<DraftLabel> Others(string text, string label)
    {
        var own = In(label);
        return In(text).Where(found =>
            !own.Any(found.Means) && found.Contradicts(own is [var first, ..] ? first : null));
    }

    /// <summary>
    /// The documents that an addendum or a corrigendum belongs to, the nearest first: of "Draft Rev 1/Add.1/Corr.2",
    /// those of "Draft Rev 1/Add.1" and "Draft Rev 1". Empty for a draft.
    /// </summary>
    /// <returns>Labels as <see cref="LabelText.Plain"/> writes them.</returns>
    public static IReadOnlyList<string> WholesOf(string label)
    {
        List<string> wholes = [];
        for (var whole = LabelGrammar.WholeOf(LabelText.Plain(label));
            whole is not null;
            whole = LabelGrammar.WholeOf(whole))
            wholes.Add(whole);
        return wholes;
    }

    /// <summary>True if a text says that it corrects or adds to something.</summary>
    public static bool SpeaksOfAdditions(string text) => LabelGrammar.SpeaksOfAdditions(LabelText.Plain(text));

    /// <summary>The label in a file's name; if there is none, the name itself in readable form.</summary>
    public static string FromFileName(string file) =>
        In(Path.GetFileNameWithoutExtension(file)) is [var label, ..] ? label.Words : Humanised(file);

    /// <summary>
    /// A file's name in readable form: without the extension, with spaces instead of hyphens and underscores, and with
    /// a capital first letter.
    /// </summary>
    public static string Humanised(string file)
    {
        var stem = Joint().Replace(Path.GetFileNameWithoutExtension(file), " ").Trim();
        return stem.Length == 0 ? file : $"{char.ToUpperInvariant(stem[0])}{stem[1..]}";
    }

    // "Draft of 5 March": its page may say the day alone.
    private static bool IsDated(string text, DraftLabel label) =>
        label is { Key: "draft", On: { } day } && LabelGrammar.DatesIn(LabelText.Plain(text)).Any(day.Means);

    private static (IReadOnlyList<DraftLabel> Labels, string After)? Whole(string label) =>
        LabelGrammar.Read(LabelText.Plain(label)).ToList() is { Count: > 0 } found
            ? ([.. found.Select(one => one.Label)], found[^1].After.Trim())
            : null;

    [GeneratedRegex(@"[\s_-]+")]
    private static partial Regex Joint();
}
