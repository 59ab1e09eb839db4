using Distribution.Intake.Unfinished;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Distribution.Tests.Intake.Unfinished;

/// <summary>A letter in the making that nobody goes on with is told of, and goes later.</summary>
public sealed class UnfinishedRetentionTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_told_of_once_and_removed_a_month_later_unless_somebody_saves_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (letters, notices) = (workflow.Get<UnfinishedLetters>(), workflow.Get<Notices>());
        var (kept, left) = (await Begin(workflow), await Begin(workflow));
        await letters.PutFile(left.Id, "file", new MemoryStream([1]), Cancellation);

        workflow.Clock.Advance(UnfinishedRetention.Untouched - TimeSpan.FromHours(2));
        await workflow.Reconcile();
        Assert.Empty(await notices.All(Cancellation));
        workflow.Clock.Advance(TimeSpan.FromHours(3));
        await workflow.Reconcile();
        var told = await notices.All(Cancellation);
        Assert.Equal(2, told.Count);
        Assert.Contains("A letter without a name is being written, and nobody has saved it since 26 March 2018", told[0].Text, StringComparison.Ordinal);
        // Seen to, it is not told again.
        foreach (var notice in told)
            await notices.Remove(notice.Id, Cancellation);
        var stored = (await letters.Find(kept.Id, Cancellation))!;
        await letters.Replace(stored.Value with { SavedAt = workflow.Clock.GetUtcNow().AddMinutes(1) }, stored.ETag, Cancellation);

        workflow.Clock.Advance(UnfinishedRetention.Told - TimeSpan.FromHours(2));
        await workflow.Reconcile();
        Assert.Equal(2, (await letters.All(Cancellation)).Count);
        workflow.Clock.Advance(TimeSpan.FromHours(3));
        await workflow.Reconcile();
        Assert.Equal(kept.Id, Assert.Single(await letters.All(Cancellation)).Id);
        Assert.Null(await letters.ReadFile(left.Id, "file", Cancellation));
        Assert.Empty(await notices.All(Cancellation));

        // Files of no letter, as a worker leaves them that stops while it begins or removes one, go after a day.
        await letters.PutFile(kept.Id, "file", new MemoryStream([1]), Cancellation);
        await letters.PutFile(left.Id, "file", new MemoryStream([1]), Cancellation);
        await Run(TimeSpan.Zero);
        Assert.NotNull(await letters.ReadFile(left.Id, "file", Cancellation));
        await Run(TimeSpan.FromDays(2));
        Assert.Null(await letters.ReadFile(left.Id, "file", Cancellation));
        Assert.NotNull(await letters.ReadFile(kept.Id, "file", Cancellation));

        // By the clock of storage, which says when a file came.
        Task Run(TimeSpan later) =>
            new UnfinishedRetention(letters, notices, new FakeTimeProvider(DateTimeOffset.UtcNow + later)).Run(Cancellation);
    }

    private static Task<UnfinishedLetter> Begin(TestWorkflow workflow) =>
        workflow.Get<LetterBeginnings>().Anew(new("amélie", "amélie"), Cancellation);
}
