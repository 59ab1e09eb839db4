namespace Distribution.Intake;

/// <summary>Settings under <c>Intake</c>.</summary>
internal sealed class IntakeSettings
{
    /// <summary>How long an upload waits for a file its letter names before it is rejected.</summary>
    public TimeSpan WaitFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What looks for malware in everything that will leave: <c>clamd://HOST:PORT</c>, <c>clamd:/path/to.sock</c>, or
    /// <c>defender</c> (Microsoft Defender for Storage). Empty means that nothing is scanned, and pages say so.
    /// </summary>
    public string Scanner { get; set; } = "";

    /// <summary>
    /// How long clamd may take for one file. An upload that cannot be scanned waits, as long as it waits for a file.
    /// </summary>
    public TimeSpan ScanWithin { get; set; } = TimeSpan.FromMinutes(1);
}
