using System.Diagnostics;

namespace Distribution.Tests.Infra;

/// <summary>A program that ran to its end.</summary>
internal sealed record Command(int Code, string Output, string Errors)
{
    public static Command Run(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new Command(process.ExitCode, output.Result.Trim(), errors.Trim());
    }
}
