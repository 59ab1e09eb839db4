using System.Globalization;
using System.Text.Json.Serialization;

namespace Distribution.Common;

/// <summary>What a fault (finding) prevents or requires before a letter can be sent.</summary>
internal enum Severity
{
    /// <summary>Blocks the letter until it is corrected.</summary>
    Fault,

    /// <summary>The letter can be sent only if the person who releases it gives a reason to override this.</summary>
    Overrule,

    /// <summary>
    /// The person who releases the letter must confirm that they have seen this and that it is intended.
    /// </summary>
    Tick,

    /// <summary>For information only: it is shown and requires nothing.</summary>
    Note,
}

/// <summary>
/// One thing a person must know before a letter can be sent: where it is, what is wrong, what to do. Every fault has a
/// number in one catalogue. Each room defines its own part (<c>RegisterFaults</c>, <c>LetterFaults</c> …): Register
/// 100, Intake 200 and 300, Letters 400, Mail 500, Tracking 600. Letters also defines faults of the 200 and 300 ranges,
/// and Common two of the 500 range. A number is never reused for another fault once it has been shown to anyone.
/// </summary>
/// <param name="Number">The fault's number in the catalogue, printed as <c>D204</c>.</param>
/// <param name="Location">Where to look.</param>
/// <param name="Words">What is wrong: one sentence, ending with a full stop.</param>
/// <param name="Remedy">What to do about it: one sentence, ending with a full stop.</param>
/// <param name="Severity">What it prevents or requires.</param>
[JsonConverter(typeof(FindingConverter))]
internal sealed record Finding(
    int Number,
    Location Location,
    string Words,
    string Remedy,
    Severity Severity = Severity.Fault)
{
    /// <summary>
    /// True if a letter can still be sent, either as it is or once a person has confirmed or overridden the fault.
    /// </summary>
    public bool IsWarning => Severity != Severity.Fault;

    /// <summary>
    /// True if a person must confirm or override it at release. A letter with such a fault is never sent automatically.
    /// </summary>
    public bool NeedsAPerson => Severity is Severity.Overrule or Severity.Tick;

    /// <summary>
    /// Identifies this fault in a form: the first 12 hexadecimal digits of the SHA-256 of its severity and its text.
    /// With the severity, because what was confirmed as a small thing is not confirmed as a grave one.
    /// </summary>
    public string Key => Sha256Hex.Of($"{Severity}: {this}")[..12];

    /// <summary>Where to look, in words a reader knows.</summary>
    public string Place => Location.ToString();

    /// <summary>The catalogue code, such as <c>D204</c>.</summary>
    public string Code => string.Create(CultureInfo.InvariantCulture, $"D{Number}");

    /// <summary>
    /// Whether it is among the faults with these keys. Keys that were stored before format 4 are of the text alone.
    /// </summary>
    public bool IsAmong(IReadOnlyCollection<string> keys) =>
        keys.Contains(Key) || keys.Contains(Sha256Hex.Of(ToString())[..12]);

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Words} {Remedy} ({Code})";
}
