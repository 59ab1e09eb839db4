using Distribution.Hosting.Jobs;
using Xunit;

namespace Distribution.Tests.Hosting;

/// <summary>What one run of the timer does one after the other.</summary>
public sealed class TimerTickTests
{
    // A request to storage that times out ends with the same exception as a job whose budget is spent.
    [Fact]
    public async Task A_round_that_timed_out_does_not_keep_the_next_from_beginning_unless_the_budget_is_spent()
    {
        using var budget = new CancellationTokenSource();
        var begun = 0;

        var failures = await Assert.ThrowsAsync<AggregateException>(() => TimerTick.InTurn(budget.Token, TimesOut, Begins));
        Assert.IsType<TaskCanceledException>(Assert.Single(failures.InnerExceptions));
        Assert.Equal(1, begun);

        await budget.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => TimerTick.InTurn(budget.Token, TimesOut, Begins));
        Assert.Equal(1, begun);

        static Task TimesOut() => throw new TaskCanceledException("The request timed out.");

        Task Begins()
        {
            begun++;
            return Task.CompletedTask;
        }
    }
}
