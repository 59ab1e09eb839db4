using System.Diagnostics;
using Xunit;

namespace Distribution.Tests.Intake.CoverLetters;

/// <summary>Word files as LibreOffice writes them; a test that wants one is skipped where it is not installed.</summary>
internal static class LibreOffice
{
    private const string Program = "/usr/bin/soffice";

    /// <param name="html">What stands in the body of the page that it is made from.</param>
    public static async Task<byte[]> Docx(string html)
    {
        Assert.SkipUnless(File.Exists(Program), "LibreOffice, which writes this test's document, is not installed here.");
        var folder = Directory.CreateTempSubdirectory("libreoffice-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "letter.html"),
                $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>",
                TestContext.Current.CancellationToken);
            using var running = Process.Start(new ProcessStartInfo(
                Program,
                [
                    $"-env:UserInstallation=file://{folder}/profile", "--headless", "--infilter=HTML (StarWriter)", "--convert-to",
                    "docx:MS Word 2007 XML", "--outdir", folder, Path.Combine(folder, "letter.html"),
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = running.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var wrong = await running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
            var file = Path.Combine(folder, "letter.docx");
            Assert.True(File.Exists(file), $"LibreOffice wrote no file: {await said} {wrong}");
            return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
