using System.Diagnostics;
using System.Text;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>The tools of poppler, where they are installed.</summary>
internal static class Poppler
{
    public static bool IsInstalled(string tool) => Find(tool) is not null;

    /// <summary>The path of a tool; null if it is not installed.</summary>
    public static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);

    /// <summary>What a tool writes of a PDF to standard output.</summary>
    public static async Task<string> Run(string tool, ReadOnlyMemory<byte> pdf, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, pdf.ToArray(), TestContext.Current.CancellationToken);
        using var process = Process.Start(
            new ProcessStartInfo(Find(tool)!, [.. arguments, file, .. tool == "pdftotext" ? (string[])["-"] : []])
            {
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        return text;
    }
}
