namespace Distribution.Intake;

/// <summary>Settings under <c>Intake</c>.</summary>
internal sealed class IntakeSettings
{
    /// <summary>
    /// How long an upload waits for a file that its letter names, or for the scanner, before it is rejected.
    /// </summary>
    public TimeSpan WaitFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How many letters an examination typesets by itself, from 1 to 2,000. Where there are more, because each mission
    /// has a letter of its own, the rest is made in the queue, this many for each message, before release is offered.
    /// </summary>
    public int TypesetAtOnce { get; set; } = 250;

    /// <summary>
    /// The malware scanner for all files of an upload: <c>clamd://HOST:PORT</c>, <c>clamd:/path/to.sock</c>, or
    /// <c>defender</c> (Microsoft Defender for Storage). Empty means that nothing is scanned, and pages say so.
    /// </summary>
    public string Scanner { get; set; } = "";

    /// <summary>
    /// Timeout of clamd for one file, at most an hour. An upload that cannot be scanned waits for
    /// <see cref="WaitFor"/>.
    /// </summary>
    public TimeSpan ScanWithin { get; set; } = TimeSpan.FromMinutes(1);
}
