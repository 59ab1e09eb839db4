using Distribution.Local;
using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;
using Spectre.Console;

return await CommandLine.Run(
    args,
    Environment.CurrentDirectory,
    Console.Out,
    Console.Error,
    new()
    {
        Run = (options, cancellation) =>
            ExitCodes.Run(
                options.Url,
                options.Data,
                Console.Error,
                () => LocalRun.Run(options, AnsiConsole.Console, cancellation),
                cancellation),
        Preview = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                options.Out,
                Console.Error,
                () => PreviewRun.Run(options, LocalSettings.Read(), AnsiConsole.Console, cancellation),
                cancellation),
        Audit = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                options.Data,
                Console.Error,
                () => AuditRun.Run(options, AnsiConsole.Console, cancellation),
                cancellation),
        Rebuild = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                options.Data,
                Console.Error,
                () => RebuildRun.Run(options, LocalSettings.Read(), AnsiConsole.Console, cancellation),
                cancellation),
        Continue = (options, cancellation) =>
            ExitCodes.Run(
                options.Run.Url,
                options.Run.Data,
                Console.Error,
                () => ContinueRun.Run(options, LocalSettings.Read(), AnsiConsole.Console, cancellation),
                cancellation),
        BringBack = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                Path.GetTempPath(),
                Console.Error,
                () => BringBackRun.Run(options, AnsiConsole.Console, cancellation),
                cancellation),
        VerifyLog = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                Path.GetTempPath(),
                Console.Error,
                () => VerifyLogRun.Run(options, AnsiConsole.Console, cancellation),
                cancellation),
        CheckDomain = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                Path.GetTempPath(),
                Console.Error,
                () => CheckDomainRun.Run(options, LocalSettings.Read(), AnsiConsole.Console, cancellation),
                cancellation),
        CheckReturn = (options, cancellation) =>
            ExitCodes.Run(
                CommandLine.Usual,
                Path.GetTempPath(),
                Console.Error,
                () => CheckReturnRun.Run(options, LocalSettings.Read(), AnsiConsole.Console, cancellation),
                cancellation),
    });
