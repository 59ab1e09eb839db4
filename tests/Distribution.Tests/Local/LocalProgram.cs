using System.Diagnostics;
using System.Text;
using Distribution.Common;
using Distribution.Letters.Typesetting;
using Distribution.Local;
using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>Local as a person runs it, with folders of its own.</summary>
internal sealed class LocalProgram : IDisposable
{
    private readonly DirectoryInfo here = Directory.CreateTempSubdirectory("distribution-");
    private readonly List<int> started = [];

    public string Data => Path.Combine(here.FullName, "data");

    public string Outbox => Path.Combine(here.FullName, "outbox");

    public string Log => File.ReadAllText(Path.Combine(Data, "log.txt"));

    public IReadOnlyList<string> Sent => Directory.Exists(Outbox) ? Directory.GetFiles(Outbox, "*.eml") : [];

    /// <summary>The settings that the environment would give, for commands that need no servers.</summary>
    public IConfiguration Settings { get; set; } = new ConfigurationBuilder().Build();

    /// <summary>A typesetter that runs already; without one, each run starts its own.</summary>
    public Typesetter? Typesetter { get; init; } = TypesetterFixture.Shared;

    /// <summary>The storage of who goes on with a letter; null for an emulator of the run's own, as a person has it.</summary>
    public string? Storage { get; set; }

    /// <summary>Runs it in this process until it leaves by itself.</summary>
    public Task<Run> Once(params string[] arguments) => Of(["--once", "--data", Data, .. arguments]);

    /// <summary>Runs it in this process with these arguments and no others.</summary>
    public async Task<Run> Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            });
        var cancellation = TestContext.Current.CancellationToken;
        var code = await CommandLine.Run(
            arguments,
            here.FullName,
            output,
            error,
            new()
            {
                Run = (options, _) =>
                    ExitCodes.Run(
                        options.Url,
                        options.Data,
                        error,
                        () => LocalRun.Run(options, console, cancellation, Typesetter),
                        cancellation),
                Preview = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        options.Out,
                        error,
                        () => PreviewRun.Run(options, Settings, console, cancellation, Typesetter),
                        cancellation),
                Audit = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        options.Data,
                        error,
                        () => AuditRun.Run(options, console, cancellation),
                        cancellation),
                Rebuild = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        options.Data,
                        error,
                        () => RebuildRun.Run(options, new ConfigurationBuilder().Build(), console, cancellation),
                        cancellation),
                Continue = (options, _) =>
                    ExitCodes.Run(
                        options.Run.Url,
                        options.Run.Data,
                        error,
                        () => ContinueRun.Run(options with { Run = options.Run with { Storage = Storage } }, Settings, console, cancellation),
                        cancellation),
                BringBack = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        here.FullName,
                        error,
                        () => BringBackRun.Run(options, console, cancellation),
                        cancellation),
                VerifyLog = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        here.FullName,
                        error,
                        () => VerifyLogRun.Run(options, console, cancellation),
                        cancellation),
                CheckDomain = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        here.FullName,
                        error,
                        () => CheckDomainRun.Run(options, new ConfigurationBuilder().Build(), console, cancellation),
                        cancellation),
                CheckReturn = (options, _) =>
                    ExitCodes.Run(
                        CommandLine.Usual,
                        here.FullName,
                        error,
                        () => CheckReturnRun.Run(options, new ConfigurationBuilder().Build(), console, cancellation),
                        cancellation),
            });
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts it as a process.</summary>
    public Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(LocalRun).Assembly.Location, "--data", Data, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        started.Add(process.Id);
        return process;
    }

    public string WithFile(string name, string text)
    {
        var path = Path.Combine(here.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A folder with these files, as <c>--drafts</c> takes it.</summary>
    public string Folder(string name, params (string Name, byte[] Content)[] files)
    {
        var folder = here.CreateSubdirectory(name).FullName;
        foreach (var (file, content) in files)
            File.WriteAllBytes(Path.Combine(folder, file), content);
        return folder;
    }

    /// <summary>The sample letter of the tests with its draft, dated today.</summary>
    public string Drafts(string lines = "") =>
        Folder(
            "gcm/draft-rev-1",
            ("letter.md", Samples.Bytes(Dated(Samples.LetterWith(lines)))),
            ("draft-rev-1.pdf", Samples.Pdf()));

    /// <summary>A letter as if it was written today, so that nobody has to confirm that its date is meant.</summary>
    public static string Dated(string letter) =>
        LocalSample.Adapted(letter, NewYorkTime.Day(DateTimeOffset.UtcNow));

    /// <summary>A register of the first so many missions of the one the product comes with.</summary>
    public string Register(int missions) =>
        WithFile(
            "register.csv",
            string.Join("\r\n", Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span).Split("\r\n").Take(missions + 1))
        );

    /// <summary>A register of these missions of the one the product comes with.</summary>
    public string RegisterOf(params string[] missions) =>
        WithFile(
            "register.csv",
            string.Join(
                "\r\n",
                Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span)
                    .Split("\r\n")
                    .Where((line, row) => row == 0 || missions.Contains(line.Split(',')[0]))));

    /// <summary>
    /// Ends what a test that failed has left running. What a killed run had started may still write for a moment.
    /// </summary>
    public void Dispose()
    {
        foreach (var left in Process.GetProcessesByName("dotnet").Where(process => started.Contains(process.Id)))
            using (left)
                left.Kill();
        for (var tries = 1; ; tries++)
            try
            {
                here.Delete(recursive: true);
                return;
            }
            catch (IOException) when (tries < 50)
            {
                Thread.Sleep(100);
            }
    }

    internal sealed record Run(int Code, string Output, string Error)
    {
        public string LastLine => Output.TrimEnd().Split(Environment.NewLine)[^1];
    }
}
