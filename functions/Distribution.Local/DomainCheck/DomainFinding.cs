namespace Distribution.Local.DomainCheck;

internal enum Grade
{
    Good,

    /// <summary>Works, and could be better.</summary>
    Look,

    /// <summary>Missing or wrong: letters would suffer by it.</summary>
    Missing,

    /// <summary>It could not be found out.</summary>
    Unknown,
}

/// <summary>One thing that was looked for in the DNS.</summary>
/// <param name="About">SPF, DKIM, DMARC or MX.</param>
/// <param name="Words">What is there, or what is missing and the record to publish.</param>
internal sealed record DomainFinding(Grade Grade, string About, string Words)
{
    public override string ToString() => $"{Grade,-8}{About,-6}{Words}";
}
