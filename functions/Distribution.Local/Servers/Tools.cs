namespace Distribution.Local;

/// <summary>The storage emulator and the test post office, installed on first use.</summary>
internal static class Tools
{
    /// <inheritdoc cref="ToolsCache.Install"/>
    public static Task<ToolsFolder> Install(Action<string> say, CancellationToken cancellation) => ToolsCache.Own().Install(say, cancellation);
}
