using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>
/// The names by which a letter may call its draft: its label; for a corrigendum or an addendum, also that of the draft
/// it belongs to ("In paragraph 12 of Draft Rev 3, read …"); for a withdrawal, that of the letter it withdraws.
/// </summary>
/// <param name="translated">The label as a translation writes it.</param>
internal sealed class LabelsOf(LetterSource letter, string? translated = null)
{
    private readonly IReadOnlyList<DraftLabel> own = DraftLabels.In(letter.DraftLabel);

    /// <summary>True if the letter puts an earlier one right and does not replace it.</summary>
    private readonly bool corrects = letter.Supersedes is { Kind: FollowUpKind.Corrigendum or FollowUpKind.Withdrawal };

    public string Label => letter.DraftLabel;

    public bool AreIn(string text) =>
        DraftLabels.Mentions(text, Label)
        || (translated is not null && DraftLabels.Mentions(text, translated))
        || (corrects && DraftLabels.Mentions(text, letter.Supersedes!.Label))
        || DraftLabels.In(text).Any(IsItsDraft);

    /// <summary>The labels of other drafts in a text.</summary>
    public IEnumerable<DraftLabel> Others(string text)
    {
        var superseded = letter.Supersedes is { } earlier ? DraftLabels.In(earlier.Label) : [];
        return DraftLabels
            .Others(text, Label)
            .Where(other => !IsItsDraft(other) && !superseded.Any(other.Means)
                && (translated is null || !DraftLabels.In(translated).Any(other.Means)));
    }

    private bool IsItsDraft(DraftLabel label) => own.Any(one =>
        label.Root == one.Root && (corrects || (one.Key != one.Root && label.Key == label.Root)));
}
