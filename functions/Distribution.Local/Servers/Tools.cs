namespace Distribution.Local.Servers;

/// <summary>The Node.js programs that Local comes with, installed on first use.</summary>
internal static class Tools
{
    /// <summary>The storage emulator and the test post office.</summary>
    /// <inheritdoc cref="ToolsCache.Install"/>
    public static Task<ToolsFolder> Install(Action<string> say, CancellationToken cancellation) =>
        ToolsCache.Own("tools", "the storage emulator and the test post office", 200).Install(say, cancellation);

    /// <summary>The typesetter and its fonts.</summary>
    /// <inheritdoc cref="ToolsCache.Install"/>
    public static Task<ToolsFolder> InstallTypesetter(Action<string> say, CancellationToken cancellation) =>
        ToolsCache.Own("typesetter", "the typesetter and its fonts", 190).Install(say, cancellation);
}
