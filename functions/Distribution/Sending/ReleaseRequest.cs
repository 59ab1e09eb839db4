using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Sending;

/// <summary>A person's request to release a letter, as the form on its page sends it.</summary>
/// <param name="Content">The <see cref="ReleaseHash"/> of what the page showed.</param>
/// <param name="Ticked">The keys of the findings they have confirmed.</param>
/// <param name="Reasons">Why the letter should be sent despite a finding, by the finding's key.</param>
/// <param name="AsFrozen">
/// The hash of the register whose differences they saw, if they send to the roster as frozen; null if no differences
/// were shown.
/// </param>
/// <param name="Step">What their button said it would do; null if any step is accepted.</param>
/// <param name="UndoFor">
/// How long the letter waits before it leaves, so that they can undo their press; zero for a caller without a page to
/// undo it on.
/// </param>
internal sealed record ReleaseRequest(
    string Content,
    IReadOnlyCollection<string> Ticked,
    IReadOnlyDictionary<string, string> Reasons,
    string? AsFrozen = null,
    ReleaseStep? Step = null,
    TimeSpan UndoFor = default)
{
    /// <returns>Whether the person confirmed a finding, or gave a reason to overrule it.</returns>
    public bool Confirms(Finding finding) => finding.Severity == Severity.Overrule
        ? !string.IsNullOrWhiteSpace(Reasons.GetValueOrDefault(finding.Key))
        : Ticked.Contains(finding.Key);

    /// <returns>What the person confirmed and overruled, in words for the record.</returns>
    public string Words(IReadOnlyList<Finding> findings) =>
        string.Join(
            " ",
            findings.Select(finding =>
                finding.Severity == Severity.Overrule
                    ? $"overruled: {finding.Words} Reason: {SingleLine.Of(Reasons[finding.Key])}."
                    : $"confirmed: {finding.Words}"));
}
