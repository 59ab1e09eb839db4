namespace Distribution.Benchmarks;

/// <summary>Programs of this machine that a benchmark uses if they are there.</summary>
internal static class Programs
{
    /// <returns>The path, or null where it is not installed.</returns>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/usr/local/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
