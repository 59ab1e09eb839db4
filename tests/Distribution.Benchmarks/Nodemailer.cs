using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Distribution.Local;
using Distribution.Local.Servers;

namespace Distribution.Benchmarks;

/// <summary>
/// nodemailer with a pool of five connections (<c>peers/nodemailer.cjs</c>): a text for each mission, no record. It
/// measures itself, from its first letter on, as its start is none of its sending.
/// </summary>
internal sealed class Nodemailer : IPeer
{
    private const string Folder = "peers";

    private readonly ToolsFolder installed;

    private Nodemailer(ToolsFolder installed) => this.installed = installed;

    public string Name => "nodemailer, pool of 5";

    /// <summary>Installs it on first use.</summary>
    /// <returns>Null where it cannot be installed; that is said.</returns>
    public static async Task<Nodemailer?> Find()
    {
        try
        {
            return new(await ToolsCache.Own(Folder, "nodemailer", 1).Install(Console.WriteLine, CancellationToken.None));
        }
        catch (LocalFaultException missing)
        {
            Console.WriteLine($"nodemailer is left out: {missing.Message}");
            return null;
        }
    }

    public async Task<double> Send(Sink sink, SendOptions options)
    {
        var before = await sink.Taken();
        using var process = Process.Start(
            new ProcessStartInfo(
                installed.Node.Program,
                [
                    Path.Combine(AppContext.BaseDirectory, Folder, "nodemailer.cjs"),
                    .. ((int[])[sink.Port, options.Count, options.EnclosureBytes, SendOptions.TextBytes]).Select(number =>
                        number.ToString(CultureInfo.InvariantCulture)),
                ])
            {
                RedirectStandardOutput = true,
                Environment = { ["NODE_PATH"] = Path.Combine(installed.Root, "node_modules") },
            })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var taken = await sink.Taken() - before;
        return process.ExitCode == 0
            && JsonSerializer.Deserialize<Answer>(said, JsonSerializerOptions.Web) is { } answer
            && (answer.Accepted, taken) == (options.Count, options.Count)
            ? options.Count / answer.Seconds
            : throw new InvalidOperationException(
                $"nodemailer ended with {process.ExitCode} and said {said.Trim()}; {taken} letters of {options.Count} arrived.");
    }

    private sealed record Answer(int Accepted, double Seconds);
}
