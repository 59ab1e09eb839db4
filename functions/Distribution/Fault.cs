namespace Distribution;

/// <summary>
/// One thing a person must know before a letter can leave: where it is, what is wrong, what to do.
/// Every fault comes from <see cref="Faults"/>, the numbered catalogue.
/// </summary>
/// <param name="Number">The fault's number in the catalogue, printed as <c>D204</c>.</param>
/// <param name="Place">Where to look, in the reader's terms: <c>letter.md, line 4</c>, <c>register.csv, row 12, column to</c>.</param>
/// <param name="Problem">What is wrong: one sentence with its full stop.</param>
/// <param name="Remedy">What to do about it: one sentence with its full stop.</param>
/// <param name="IsWarning">A warning is shown to whoever releases and stops nothing.</param>
public sealed record Fault(int Number, string Place, string Problem, string Remedy, bool IsWarning = false)
{
    /// <summary>The catalogue code, such as <c>D204</c>.</summary>
    public string Code => $"D{Number}";

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Problem} {Remedy} ({Code})";
}

/// <summary>
/// The numbered catalogue of faults. Each step adds its own in its folder: Register 100, Intake 200 and 300, Letters 400, Mail 500, Tracking 600.
/// A number is never given to another fault once it has been printed.
/// </summary>
internal static partial class Faults;
