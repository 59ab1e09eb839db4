using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Distribution.Tests.Infra;

/// <summary>
/// One PowerShell for all scripts that a class runs in it: it takes a second to start, a script a tenth of that. Each script
/// begins where and as the first one did.
/// </summary>
public sealed class PowerShellSession : IDisposable
{
    /// <summary>What it says when a script has ended, on both ways out.</summary>
    private const string End = "-- the script has ended:";

    // Exit ends the script alone. What a script that ends by itself leaves as an exit code is that of the last program.
    private const string Loop =
        $$"""
        $here = Get-Location
        while ($line = [Console]::In.ReadLine()) {
            $asked = $line | ConvertFrom-Json -AsHashtable
            $before = @{}
            foreach ($name in $asked.Environment.Keys) {
                $before[$name] = [Environment]::GetEnvironmentVariable($name)
                [Environment]::SetEnvironmentVariable($name, $asked.Environment[$name])
            }
            Set-Location $here
            try {
                $said = & $asked.File
                $code = if ($?) { 0 } else { $LASTEXITCODE }
            } catch {
                [Console]::Error.WriteLine($_)
                $code = 1
            }
            foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
            foreach ($words in $said) { [Console]::Out.WriteLine($words) }
            [Console]::Out.WriteLine("{{End}}$code")
            [Console]::Error.WriteLine("{{End}}")
        }
        """;

    /// <summary>Where PowerShell itself is: asking the tools for it takes as long as a third of a start.</summary>
    private static readonly Lazy<string> Program = new(() =>
        Command.Run(
            "dotnet",
            ["tool", "run", "pwsh", "--", .. Bare, "-Command", "[Environment]::GetCommandLineArgs()[0]"],
            []).Output);

    private Process? session;

    private static string[] Bare => ["-NoProfile", "-NonInteractive"];

    internal static bool IsThere => Program.Value.EndsWith("pwsh.dll", StringComparison.Ordinal);

    internal Command Run(string script, IReadOnlyList<(string Name, string Value)> environment)
    {
        session ??= Process.Start(new ProcessStartInfo("dotnet", [Program.Value, .. Bare, "-Command", Loop])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        // As for a process of its own, the last value of a name counts.
        Dictionary<string, string> given = [];
        foreach (var (name, value) in environment)
            given[name] = value;
        session.StandardInput.WriteLine(JsonSerializer.Serialize(new { File = script, Environment = given }));
        session.StandardInput.Flush();
        var output = Task.Run(() => Until(session.StandardOutput));
        var errors = Until(session.StandardError);
        return new(int.Parse(output.Result.Code, CultureInfo.InvariantCulture), output.Result.Words, errors.Words);
    }

    public void Dispose()
    {
        if (session is null)
            return;
        session.StandardInput.Close();
        session.WaitForExit();
        session.Dispose();
    }

    private static (string Words, string Code) Until(StreamReader said)
    {
        List<string> lines = [];
        while (true)
        {
            var line = said.ReadLine()
                ?? throw new InvalidOperationException($"PowerShell has ended: {string.Join('\n', lines)}");
            if (line.StartsWith(End, StringComparison.Ordinal))
                return (string.Join('\n', lines).Trim(), line[End.Length..]);
            lines.Add(line);
        }
    }
}
