using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>Letters that leave at an hour of their own.</summary>
public sealed class HourTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_released_letter_waits_for_its_hour_and_leaves_then_by_itself()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00 New York");
        house.WaitUntil("2018-03-26 17:59");
        await house.Run();
        Assert.Empty(house.Sent());
        Assert.Equal((DistributionState.Scheduled, null, "the secretary"), await Now(house, id));

        house.WaitUntil("2018-03-26 18:00");
        await house.Run();
        await house.Run();
        Assert.Equal(2, house.Sent().Count);
        Assert.Equal((DistributionState.Complete, house.Clock.GetUtcNow(), "the secretary"), await Now(house, id));
    }

    [Fact]
    public async Task Until_its_hour_it_can_be_held_back_and_then_nothing_leaves()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        Assert.True(await house.Get<Releases>().HoldBack(id, "the secretary", Cancellation));
        house.WaitUntil("2018-03-26 18:30");
        await house.Run();
        Assert.Empty(house.Sent());
        Assert.Equal((DistributionState.AwaitingRelease, null, null), await Now(house, id));
        Assert.False(await house.Get<Releases>().HoldBack(id, "the secretary", Cancellation));

        // Released once more after its hour, it leaves at once, and the person who does so says that this is meant.
        Assert.False(await house.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await house.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await house.Run();
        Assert.Equal(2, house.Sent().Count);
    }

    [Theory]
    [InlineData("2018-03-26 18:15", true)]
    [InlineData("2018-03-26 18:16", false)]
    public async Task A_service_that_was_down_at_the_hour_sends_within_the_grace_period_and_asks_after_it(
        string back,
        bool sends)
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        house.WaitUntil(back);
        await house.Run();
        await house.Run();
        Assert.Equal(sends ? 2 : 0, house.Sent().Count);
        if (sends)
            return;

        Assert.Equal(
            "Draft Rev 1 was not sent. It was to leave on 26 March 2018, 6.00 p.m. New York time, and the service was not running then. Open its page, and release it again if it shall leave now.",
            Assert.Single(await house.Get<Notices>().All(Cancellation)).Text);
        Assert.Equal(
            ["D336"],
            (await house.Get<Releases>().Review(id, Cancellation))!.ToConfirm.Select(finding => finding.Code));
        Assert.False(await house.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await house.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await house.Run();
        Assert.Equal(2, house.Sent().Count);
    }

    [Fact]
    public async Task Automatic_release_waits_for_the_hour_too()
    {
        await using var house = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            null,
            ("Release:AllowAutomatic", "true"));
        await house.UseRegister("che", "mex");
        Assert.Equal(
            DistributionState.Scheduled,
            (await house.AcceptedWith("release: automatic\nsend: 2018-03-26 18:00")).State);
        house.WaitUntil("2018-03-26 18:00");
        await house.Run();
        Assert.Equal(2, house.Sent().Count);
    }

    [Theory]
    [InlineData("2018-03-26 16:00")]
    [InlineData("2018-03-26 17:00")]
    public async Task An_hour_that_has_passed_is_a_fault_and_another_hour_mends_it(string hour)
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await house.UseRegister("che");
        await house.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith($"send: {hour}"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await house.Reconcile();
        Assert.Equal("D335", Assert.Single((await house.TheUpload()).Faults, fault => !fault.IsWarning).Code);
        Assert.Empty(await house.Distributions());
        Assert.Equal(DistributionState.AwaitingRelease, (await house.AcceptedWith("send: 2018-03-26 17:01")).State);
    }

    [Fact]
    public async Task What_its_dates_are_by_the_hour_is_asked_at_the_release_and_what_nobody_was_asked_holds_it_at_the_hour()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await house.UseRegister("che");
        var id = (await house.AcceptedWith("deadlines:\n  comments: 2018-03-28 18:00\nsend: 2018-03-29 09:00")).Id;
        Assert.Equal(
            ["D337"],
            (await house.Get<Releases>().Review(id, Cancellation))!.ToConfirm.Select(finding => finding.Code));
        Assert.False(await house.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await house.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await house.Get<DistributionRecords>().Change(id, scheduled => scheduled with { Confirmed = [] }, Cancellation);
        house.WaitUntil("2018-03-29 09:00");
        await house.Run();
        Assert.Empty(house.Sent());
        Assert.StartsWith(
            "Draft Rev 1 was not sent. The deadline “comments”",
            Assert.Single(await house.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        Assert.True(await house.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await house.Run();
        Assert.Single(house.Sent());
    }

    [Fact]
    public async Task A_letter_whose_folder_was_touched_shortly_before_its_hour_does_not_leave_before_it_is_examined()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        house.WaitUntil("2018-03-26 18:00");
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await house
            .Get<Releases>()
            .SendDue((await house.Get<DistributionRecords>().Find(id, Cancellation))!, Cancellation);
        Assert.Equal(DistributionState.Scheduled, (await Now(house, id)).Item1);
        await house.Run();
        Assert.Empty(house.Sent());
        Assert.Equal(DistributionState.Replaced, (await Now(house, id)).Item1);
    }

    [Fact]
    public async Task A_register_that_changes_before_the_hour_changes_nothing_of_what_was_released()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        await house.UseRegister("fra");
        house.WaitUntil("2018-03-26 18:00");
        await house.Run();
        Assert.Equal(
            ["che@missions.example", "mex@missions.example"],
            house.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address).Order());
        Assert.Equal(id, (await house.TheDistribution()).Id);
    }

    [Fact]
    public async Task A_letter_uploaded_anew_before_the_hour_does_not_leave_as_it_was_and_a_person_is_told()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        await house.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter($"{Samples.FrontMatter}\nsend: 2018-03-26 18:00", "Draft Rev 1 is enclosed, corrected."));
        await house.Reconcile();
        house.WaitUntil("2018-03-26 18:00");
        await house.Run();

        Assert.Empty(house.Sent());
        Assert.Equal(
            DistributionState.Replaced,
            (await house.Get<DistributionRecords>().Find(id, Cancellation))!.State);
        Assert.StartsWith(
            "Draft Rev 1 had been released to leave on 26 March 2018, 6.00 p.m. New York time.",
            Assert.Single(await house.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_between_the_release_and_the_hour_keeps_no_letter_back()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(house, "send: 2018-03-26 18:00");
        await using var deployed = house.Another(("PublicUrl", "https://letters.example"));
        house.WaitUntil("2018-03-26 18:00");
        await deployed.Reconcile();
        Assert.NotNull((await Now(house, id)).Item2);
    }

    [Theory]
    // The night of 11 March 2018 the clocks went forward, that of 4 November back.
    [InlineData("2018-03-09 12:00", "2018-03-12 09:00", "2018-03-12T13:00:00Z")]
    [InlineData("2018-11-02 12:00", "2018-11-05 09:00", "2018-11-05T14:00:00Z")]
    public async Task An_hour_beyond_a_clock_change_is_the_hour_that_the_clocks_show(
        string now,
        string hour,
        string utc)
    {
        await using var house = await TestWorkflow.OpenAt(now, azurite);
        await house.UseRegister("che");
        var letter = Samples.FrontMatter.Replace("2018-03-26", now[..10], StringComparison.Ordinal);
        await house.Upload("gcm/draft-rev-1/letter.md", Samples.Letter($"{letter}\nsend: {hour}"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await house.Reconcile();
        var id = (await house.TheDistribution()).Id;
        Assert.True(await house.Get<Releases>().Release(id, "the secretary", Cancellation));

        var instant = DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture);
        house.Clock.SetUtcNow(instant - TimeSpan.FromSeconds(1));
        await house.Run();
        Assert.Empty(house.Sent());
        house.Clock.SetUtcNow(instant);
        await house.Run();
        Assert.Single(house.Sent());
    }

    private static async Task<string> Released(TestWorkflow house, string lines)
    {
        await house.UseRegister("che", "mex");
        var distribution = await house.AcceptedWith(lines);
        Assert.True(await house.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        return distribution.Id;
    }

    private static async Task<(DistributionState, DateTimeOffset?, string?)> Now(TestWorkflow house, string id) =>
        await house.Get<DistributionRecords>().Find(id, Cancellation) is { } found
            ? (found.State, found.ReleasedAt, found.ReleasedBy)
            : throw new InvalidOperationException();
}
