using Spectre.Console;

namespace Distribution.Local.Screen;

/// <summary>
/// Shows the progress of a distribution: a live bar in a terminal, a plain line now and then elsewhere.
/// </summary>
internal static class ProgressView
{
    private const int PlainSteps = 5;

    /// <returns>The last tally of the stream; an empty one where there was none.</returns>
    public static async Task<Tally> Show(
        IAnsiConsole console,
        IAsyncEnumerable<Tally> tallies,
        CancellationToken cancellation) =>
        console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal
            ? await Live(console, tallies, cancellation)
            : await Plain(console, tallies, cancellation);

    private static Task<Tally> Live(
        IAnsiConsole console,
        IAsyncEnumerable<Tally> tallies,
        CancellationToken cancellation) =>
        console
            .Progress()
            .Columns(
                new SpinnerColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("waiting for the first letters");
                var last = Tally.Of([]);
                await foreach (var tally in tallies.WithCancellation(cancellation))
                {
                    last = tally;
                    // Before the first entries are there, it is of none, and a bar needs an end.
                    bar.MaxValue = Math.Max(1, tally.Missions);
                    // Full only when every mission's letter was accepted: failed and unknown ones are accounted for,
                    // but not counted here.
                    bar.Value = tally.Accepted;
                    bar.Description = ConsoleText.OnItsWay(tally);
                }
                return last;
            });

    private static async Task<Tally> Plain(
        IAnsiConsole console,
        IAsyncEnumerable<Tally> tallies,
        CancellationToken cancellation)
    {
        var last = Tally.Of([]);
        var shown = 0;
        await foreach (var tally in tallies.WithCancellation(cancellation))
        {
            last = tally;
            var step = tally.Missions == 0 ? 0 : tally.AccountedFor * PlainSteps / tally.Missions;
            // Five lines at the most, so that a log of a run stays readable.
            if (step <= shown)
                continue;
            shown = step;
            console.Line($"sending: {ConsoleText.OnItsWay(tally)}");
        }
        return last;
    }
}
