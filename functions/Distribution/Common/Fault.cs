using System.Security.Cryptography;
using System.Text;

namespace Distribution.Common;

/// <summary>What a finding keeps a letter from.</summary>
internal enum Severity
{
    /// <summary>The letter is refused until it is mended.</summary>
    Fault,

    /// <summary>The letter leaves only when whoever releases it says why it should nevertheless.</summary>
    Overrule,

    /// <summary>Whoever releases the letter confirms that they have seen this and that it is meant.</summary>
    Tick,

    /// <summary>Shown, and nothing more.</summary>
    Note,
}

/// <summary>
/// One thing a person must know before a letter can leave: where it is, what is wrong, what to do. Every fault has a
/// number in one catalogue, which each step keeps its part of (<c>RegisterFaults</c>, <c>LetterFaults</c> …): Register
/// 100, Intake 200 and 300, Letters 400, Mail 500, Tracking 600. A number is never given to another fault once it has
/// been printed.
/// </summary>
/// <param name="Number">The fault's number in the catalogue, printed as <c>D204</c>.</param>
/// <param name="Place">
/// Where to look, in the reader's terms: <c>letter.md, line 4</c>, <c>register.csv, row 12, column to</c>.
/// </param>
/// <param name="Problem">What is wrong: one sentence with its full stop.</param>
/// <param name="Remedy">What to do about it: one sentence with its full stop.</param>
/// <param name="Severity">What it keeps the letter from.</param>
internal sealed record Fault(
    int Number,
    string Place,
    string Problem,
    string Remedy,
    Severity Severity = Severity.Fault)
{
    /// <summary>
    /// Whether a letter can leave in spite of it, as it is or once a person has confirmed it. Records of formats 1 and
    /// 2 say no more than this.
    /// </summary>
    public bool IsWarning
    {
        get => Severity != Severity.Fault;
        init => Severity = value && Severity == Severity.Fault ? Severity.Note : Severity;
    }

    /// <summary>
    /// Whether a letter leaves by itself in spite of it; otherwise a person who releases it answers for it.
    /// </summary>
    internal bool NeedsAPerson => Severity is Severity.Overrule or Severity.Tick;

    /// <summary>Names this very finding in a form: 12 hexadecimal digits that follow from all it says.</summary>
    internal string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())))[..12];

    /// <summary>The catalogue code, such as <c>D204</c>.</summary>
    public string Code => $"D{Number}";

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Problem} {Remedy} ({Code})";
}
