namespace Distribution.Letters.Typesetting;

/// <summary>Settings under <c>Typesetting</c>.</summary>
internal sealed class TypesettingSettings
{
    /// <summary>
    /// The folder the typesetter is installed in, with its <c>node_modules</c>; a relative one is found beside the
    /// program.
    /// </summary>
    public string Folder { get; set; } = "typesetter";

    /// <summary>
    /// The Node.js that runs it, 20 or later: a full path, a path beside the program such as <c>node/node</c>, or a
    /// name found on the PATH.
    /// </summary>
    public string Node { get; set; } = "node";

    /// <summary>What letters are marked as: <c>ua-1</c> (PDF/UA-1) or <c>a-2a</c> (PDF/A-2a).</summary>
    public string Standard { get; set; } = "ua-1";

    /// <summary>How long one letter may take before it is given up.</summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Above how much memory the typesetter is begun again between two letters, in megabytes.</summary>
    public int RestartAbove { get; set; } = 500;

    /// <summary>After how many letters the typesetter is begun again.</summary>
    public int RestartAfter { get; set; } = 1_000;

    /// <summary>The most memory the typesetter may take for one letter, in megabytes.</summary>
    public int MostMemory { get; set; } = 1_500;

    internal PdfStandard PdfStandard => Standard == "a-2a" ? PdfStandard.A2a : PdfStandard.Ua1;
}
