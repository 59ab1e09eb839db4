namespace Distribution.Local.DomainCheck;

/// <summary>How serious a finding in the DNS is.</summary>
internal enum Grade
{
    Good,

    /// <summary>Works, but could be better.</summary>
    Look,

    /// <summary>Missing or wrong: letters may not arrive because of it.</summary>
    Missing,

    /// <summary>The check could not find out.</summary>
    Unknown,
}

/// <summary>The result of one check in the DNS.</summary>
/// <param name="About">SPF, DKIM, DMARC or MX.</param>
/// <param name="Words">What is there, or what is missing and the record to publish.</param>
internal sealed record DomainFinding(Grade Grade, string About, string Words)
{
    public override string ToString() => $"{Grade,-8}{About,-6}{Words}";
}
