using Distribution.Intake;
using Distribution.Local.Screen;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Spectre.Console;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class ScreenTests
{
    // Scripts read it. That of what went well, and of what failed, is seen where Local runs.
    [Fact]
    public void The_last_line_of_what_is_unknown_or_waits_says_how_many_and_that_it_is_incomplete() =>
        Assert.Equal(
            "incomplete: 6 of 9 missions accounted for (accepted 4, failed 2, unknown 1, waiting 2)",
            Summary.LastLine(Counts(4, 2, 1, 2)));

    [Theory]
    [InlineData(4, 0, 0, 0, true)]
    [InlineData(2, 2, 0, 0, true)]
    [InlineData(3, 0, 1, 0, false)]
    [InlineData(3, 0, 0, 1, false)]
    [InlineData(0, 0, 0, 0, false)]
    public void Only_where_every_mission_is_accounted_for_is_it_complete(
        int accepted,
        int failed,
        int unknown,
        int waiting,
        bool isComplete)
    {
        var counts = Counts(accepted, failed, unknown, waiting);
        Assert.Equal(isComplete, counts.IsComplete);
        Assert.Equal(isComplete, Summary.LastLine(counts).StartsWith("complete: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Away_from_a_terminal_progress_is_a_few_plain_lines()
    {
        using var text = new StringWriter();

        var last = await ProgressView.Show(Console(text), Steps(), TestContext.Current.CancellationToken);

        Assert.Equal(Counts(accepted: 100).ByState, last.ByState);
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [20, 40, 60, 80, 100],
            lines.Select(line => int.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("sending: accepted 20 of 100, failed 0, unknown 0, waiting 80", lines[0]);
    }

    [Fact]
    public void The_summary_shows_missions_by_state_and_ends_with_its_line()
    {
        using var text = new StringWriter();

        Summary.Show(Console(text), Counts(accepted: 221, failed: 2), Reached(221, 2), TimeSpan.FromSeconds(65.4));

        Assert.Matches(@"accepted\W+221", text.ToString());
        Assert.Matches(@"failed\W+2\b", text.ToString());
        Assert.Contains("in 1 min 5 s", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "Ended, not complete: 221 of 223 have it; 2 do not: Afghanistan and Albania.",
            text.ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            Summary.LastLine(Counts(accepted: 221, failed: 2)) + Environment.NewLine,
            text.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_string_stands_on_a_line_of_its_own()
    {
        using var text = new StringWriter();
        var connection = new string('x', 300);

        new WhereToLook(new Uri("http://127.0.0.1:5080"), null, connection).Show(Console(text));

        Assert.Contains(connection, text.ToString().Split(Environment.NewLine));
        Assert.DoesNotContain("Inbox", text.ToString(), StringComparison.Ordinal);
    }

    private static Reach Reached(int accepted, int failed) =>
        new(
            DistributionState.Complete,
            accepted + failed,
            [
                .. RegisterCsv
                    .Seed()
                    .Missions.Select(
                        (mission, place) =>
                            new MissionReach(
                                mission,
                                place < failed ? DeliveryState.Failed : DeliveryState.Accepted,
                                IsAcknowledged: false)),
            ]);

    private static Tally Counts(int accepted = 0, int failed = 0, int unknown = 0, int waiting = 0) => Tally.Of(
    [
        .. Enumerable.Repeat(DeliveryState.Accepted, accepted),
        .. Enumerable.Repeat(DeliveryState.Failed, failed),
        .. Enumerable.Repeat(DeliveryState.OutcomeUnknown, unknown),
        .. Enumerable.Repeat(DeliveryState.Pending, waiting),
    ]);

    private static async IAsyncEnumerable<Tally> Steps()
    {
        for (var done = 0; done <= 100; done++)
        {
            yield return Counts(accepted: done, waiting: 100 - done);
            await Task.Yield();
        }
    }

    private static IAnsiConsole Console(TextWriter writer) =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            });
}
