using Distribution.Local;
using Spectre.Console;

return await CommandLine.Run(args, Environment.CurrentDirectory, Console.Out, Console.Error, (options, cancellation) =>
    Guard.Run(options, Console.Error, () => LocalRun.Run(options, AnsiConsole.Console, cancellation), cancellation));
