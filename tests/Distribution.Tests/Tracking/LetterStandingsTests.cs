using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>What became of a letter by those that came after it, as its pages say it.</summary>
public sealed class LetterStandingsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_correction_counts_from_its_release_on_unless_it_was_stopped_before_any_of_it_left()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        Assert.Equal(LetterStanding.Stands, await Standing());
        // What took its place was erased, or cannot be read.
        Assert.Equal(LetterStanding.Replaced, await Standing(letter with { SupersededBy = "another" }));

        await Follow("stopped", FollowUpKind.Withdrawal, DistributionState.Withdrawn);
        await Follow("waits", FollowUpKind.Reissue, DistributionState.AwaitingRelease, isReleased: false);
        await Follow("scheduled", FollowUpKind.Withdrawal, DistributionState.Scheduled, isReleased: false);
        Assert.Equal(LetterStanding.Stands, await Standing(letter with { SupersededBy = "stopped" }));

        // The letter's own record says so before any of the correction leaves.
        await Follow("corrigendum", FollowUpKind.Corrigendum, DistributionState.Released);
        Assert.Equal(LetterStanding.Stands, await Standing());
        letter = letter.With(new(workflow.Clock.GetUtcNow(), Act.Superseded, null, ""));
        Assert.Equal((LetterStanding.Corrected, true), (await Standing(), (await Standing()).IsHandedOut));
        await using (var site = await TestSite.Open(workflow))
        {
            await workflow.Get<DistributionRecords>().Change(
                letter.Id,
                found => found with { Acts = letter.Acts, ReleasedAt = found.PreparedAt },
                Cancellation);
            var page = await site.Page(MissionVisitor.Path(workflow, letter));
            Assert.StartsWith("A later letter corrects this one", page.QuerySelector("main > :first-child")!.TextContent, StringComparison.Ordinal);
        }

        await Follow("re-issue", FollowUpKind.Reissue, DistributionState.Paused);
        Assert.Equal((LetterStanding.Replaced, false), (await Standing(), (await Standing()).IsHandedOut));
        // Stopped by a correction of its own, which says the same in better words.
        var corrected = await Follow("corrected", FollowUpKind.Withdrawal, DistributionState.Withdrawn, act: Act.Superseded);
        Assert.Equal(LetterStanding.Withdrawn, await Standing());
        foreach (var kind in (FollowUpKind[])[FollowUpKind.Addendum, FollowUpKind.Reminder])
            Assert.Equal(LetterStanding.Withdrawn, await Standing(letter with { Id = "a part of it", Follows = new(kind, letter.Id) }));

        // That one was stopped, too, before any of it left: nobody was told of either. A third that leaves says it.
        await Follow("stopped-too", FollowUpKind.Withdrawal, DistributionState.Withdrawn, of: corrected);
        Assert.Equal(LetterStanding.Replaced, await Standing());
        await Follow("third", FollowUpKind.Withdrawal, DistributionState.Released, of: corrected);
        Assert.Equal(LetterStanding.Withdrawn, await Standing());

        Task<LetterStanding> Standing(DistributionRecord? of = null) =>
            workflow.Get<LetterStandings>().Of(of ?? letter, Cancellation);

        async Task<DistributionRecord> Follow(
            string id,
            FollowUpKind kind,
            DistributionState state,
            bool isReleased = true,
            Act act = Act.Released,
            DistributionRecord? of = null)
        {
            var now = workflow.Clock.GetUtcNow();
            var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
            var made = (of ?? letter).FollowedBy(kind, id, content, new(now, act, null, "")) with
            {
                State = state,
                ReleasedAt = isReleased ? now : null,
            };
            await workflow.Get<DistributionRecords>().Add(made, Cancellation);
            return made;
        }
    }

    // Of several letters of one label, the last is the one that a further correction names.
    [Fact]
    public async Task What_becomes_of_a_corrigendum_under_its_own_label_or_of_a_re_issue_becomes_of_the_letter_and_a_corrigendum_goes_with_its_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = (await workflow.Accepted("che")).With(new(workflow.Clock.GetUtcNow(), Act.Superseded, null, ""));
        var sameLabel = await Follow(letter, FollowUpKind.Corrigendum, "same-label", letter.DraftLabel);
        Assert.Equal(LetterStanding.Corrected, await Standing(letter));
        await Follow(sameLabel, FollowUpKind.Withdrawal, "withdrawal", letter.DraftLabel);
        Assert.Equal(LetterStanding.Withdrawn, await Standing(letter));

        var other = letter with { Id = "another" };
        var part = await Follow(other, FollowUpKind.Corrigendum, "part", $"{letter.DraftLabel}/Corr.1");
        await Follow(part, FollowUpKind.Withdrawal, "of-the-part", part.DraftLabel);
        Assert.Equal((LetterStanding.Corrected, LetterStanding.Withdrawn), (await Standing(other), await Standing(part)));
        var second = await Follow(other, FollowUpKind.Corrigendum, "second", $"{letter.DraftLabel}/Corr.2");
        Assert.Equal(LetterStanding.Stands, await Standing(second));
        var again = await Follow(other, FollowUpKind.Reissue, "re-issue", letter.DraftLabel);
        Assert.Equal(LetterStanding.Replaced, await Standing(second));
        // Nobody is sent to a letter that does not stand either.
        await Follow(again, FollowUpKind.Withdrawal, "of-the-re-issue", letter.DraftLabel);
        Assert.Equal(LetterStanding.Withdrawn, await Standing(other));
        // Unless another one has come since, whichever of the two it names.
        foreach (var named in (DistributionRecord[])[other, again])
        {
            workflow.Clock.Advance(TimeSpan.FromHours(1));
            await Follow(named, FollowUpKind.Reissue, $"after-the-withdrawal-of-{named.Id}", letter.DraftLabel);
            Assert.Equal(LetterStanding.Replaced, await Standing(other));
        }

        Task<LetterStanding> Standing(DistributionRecord of) => workflow.Get<LetterStandings>().Of(of, Cancellation);

        async Task<DistributionRecord> Follow(DistributionRecord of, FollowUpKind kind, string id, string label)
        {
            var now = workflow.Clock.GetUtcNow();
            var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
            var made = of.FollowedBy(kind, id, content, new(now, Act.Released, null, "")) with
            {
                DraftLabel = label,
                State = DistributionState.Released,
                ReleasedAt = now,
            };
            await workflow.Get<DistributionRecords>().Add(made, Cancellation);
            return made;
        }
    }
}
