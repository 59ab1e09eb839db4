namespace Distribution.Letters.Typesetting;

/// <summary>Settings under <c>Typesetting</c>.</summary>
internal sealed class TypesettingSettings
{
    /// <summary>
    /// The folder in which the typesetter is installed, with its <c>node_modules</c>. A relative path is relative to
    /// the program's folder.
    /// </summary>
    public string Folder { get; set; } = "typesetter";

    /// <summary>
    /// The Node.js program that runs it, version 20 or later: a full path, a path relative to the program's folder such
    /// as <c>node/node</c>, or a name to look up on the PATH.
    /// </summary>
    public string Node { get; set; } = "node";

    /// <summary>
    /// The processor time that one letter may take. By the clock it may take longer, on a machine that is busy.
    /// </summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The memory, in megabytes, above which the process is restarted after a letter.</summary>
    public int RestartAbove { get; set; } = 500;

    /// <summary>The number of letters after which the process is restarted.</summary>
    public int RestartAfter { get; set; } = 1_000;

    /// <summary>
    /// The most memory, in megabytes, that the process may use during a letter. Above it the letter is stopped.
    /// </summary>
    public int MostMemory { get; set; } = 1_500;
}
