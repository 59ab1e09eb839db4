using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class RecordedAcknowledgementsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_reached_the_secretariat_is_recorded_with_who_when_and_how_by_the_person_signed_in()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        workflow.Clock.Advance(TimeSpan.FromHours(3));
        var entry = Entry(workflow, TimeSpan.FromHours(-1)) with { Words = "Called back." };

        Assert.Equal(RecordingResult.Recorded, (await Record(workflow, distribution, "1", null, entry)).Taken);

        var step = Assert.Single((await OnRecord(workflow, distribution)).Steps);
        Assert.Equal(("the secretary", "Called back.", workflow.Clock.GetUtcNow()), (step.By, step.Words, step.At));
        Assert.Equal(
            new Acknowledgement(
                "Amélie Favre",
                "Second Secretary",
                AcknowledgementChannel.Telephone,
                ToTheMinute(workflow.Clock.GetUtcNow().AddHours(-1)),
                "the secretary"),
            step.Stands);
    }

    [Fact]
    public async Task The_same_form_counts_once_and_one_that_comes_after_something_else_changes_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        var entry = Entry(workflow, TimeSpan.Zero) with { Words = "By telephone." };

        Assert.Equal(RecordingResult.Recorded, (await Record(workflow, distribution, "1", null, entry)).Taken);
        Assert.Equal(RecordingResult.Before, (await Record(workflow, distribution, "1", null, entry)).Taken);
        Assert.Equal(RecordingResult.TooLate, (await Record(workflow, distribution, "2", null, entry)).Taken);
        Assert.Single((await OnRecord(workflow, distribution)).Steps);
    }

    [Fact]
    public async Task A_correction_and_a_withdrawal_need_a_reason_and_leave_the_history()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        var entry = Entry(workflow, TimeSpan.Zero);
        await Record(workflow, distribution, "1", null, entry);

        Assert.Equal(
            ["Write why it is corrected."],
            (await Record(workflow, distribution, "2", "1", entry)).Problems.Select(problem => problem.Sentence.ToString()));
        Assert.Equal(
            RecordingResult.Recorded,
            (await Record(workflow, distribution, "2", "1", entry with { By = "Amelie", Words = "Misheard." })).Taken);
        Assert.Equal(
            ["Write why it is withdrawn."],
            (await Withdraw(workflow, distribution, "3", "2", " ")).Problems.Select(problem => problem.Sentence.ToString()));
        Assert.Equal(
            RecordingResult.Recorded,
            (await Withdraw(workflow, distribution, "3", "2", "It was for another letter.")).Taken);
        Assert.Equal(
            RecordingResult.Before,
            (await Withdraw(workflow, distribution, "3", "2", "It was for another letter.")).Taken);
        Assert.Equal(RecordingResult.TooLate, (await Withdraw(workflow, distribution, "4", "3", "Once more.")).Taken);

        var record = await OnRecord(workflow, distribution);
        Assert.Null(record.Stands);
        Assert.Equal(["Amélie Favre", "Amelie", null], record.Steps.Select(step => step.Stands?.By));
        Assert.Equal(["", "Misheard.", "It was for another letter."], record.Steps.Select(step => step.Words));
    }

    [Fact]
    public async Task Nothing_is_recorded_of_a_letter_that_has_not_been_released_or_of_a_mission_it_does_not_go_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        Assert.Equal(
            RecordingResult.TooLate,
            (await Record(workflow, distribution, "1", null, Entry(workflow, TimeSpan.Zero))).Taken);
        await workflow.Release();
        Assert.Equal(
            RecordingResult.TooLate,
            (
                await workflow
                    .Get<RecordedAcknowledgements>()
                    .Record(
                        distribution.Id,
                        "fra",
                        "1",
                        null,
                        Entry(workflow, TimeSpan.Zero),
                        "the secretary",
                        Cancellation)).Taken);
    }

    [Theory]
    [InlineData(
        "2018-03-26",
        "18:05",
        "This is before the letter was released, on 27 March 2018, 10.00 a.m. New York time.")]
    [InlineData("2018-03-28", "09:31", "This lies in the future: it is 28 March 2018, 9.30 a.m. in New York.")]
    [InlineData("28.3.2018", "09:30", "Write the day as 2018-03-26 and the time in New York as 18:05.")]
    [InlineData("9999-12-31", "20:00", "Write the day as 2018-03-26 and the time in New York as 18:05.")]
    [InlineData("2018-03-28", "", "Write the day as 2018-03-26 and the time in New York as 18:05.")]
    [InlineData("2018-03-11", "02:30", "That time never was in New York: the clocks went forward over it.")]
    [InlineData("2018-03-27", "10:00", null)]
    [InlineData("2018-03-28", "09:30", null)]
    public void When_it_was_lies_between_release_and_now(string date, string time, string? problem)
    {
        var entry = new AcknowledgementEntry("Telephone", "Amélie Favre", "", date, time, "");
        var released = NewYorkTime.Instant(new(2018, 3, 27, 10, 0, 20));
        var (_, problems) = entry.Read(released, NewYorkTime.Instant(new(2018, 3, 28, 9, 30, 40)), isCorrection: false);
        Assert.Equal(problem, problems.SingleOrDefault()?.Sentence.ToString());
    }

    [Fact]
    public void Of_an_hour_that_comes_twice_the_later_time_counts_that_has_been()
    {
        var entry = new AcknowledgementEntry("Telephone", "Amélie Favre", "", "2018-11-04", "01:30", "");
        var first = new DateTimeOffset(2018, 11, 4, 5, 30, 0, TimeSpan.Zero);
        foreach (
            var (now, at) in ((DateTimeOffset, DateTimeOffset)[])
                [(first.AddMinutes(10), first), (first.AddMinutes(70), first.AddHours(1))])
            Assert.Equal(at, entry.Read(first.AddDays(-1), now, isCorrection: false).Acknowledgement!.At);
    }

    [Fact]
    public async Task Who_corrects_a_name_leaves_the_time_as_it_is_to_the_second()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        workflow.Clock.Advance(TimeSpan.FromSeconds(40));
        var at = workflow.Clock.GetUtcNow();
        var stated = new Acknowledgement("Amelie", null, AcknowledgementChannel.Page, at);
        Assert.True(
            await workflow
                .Get<Acknowledgements>()
                .RecordFirst(distribution.Id, "che", new("1", at, "Amelie", stated, ""), Cancellation));
        workflow.Clock.Advance(TimeSpan.FromHours(1));

        var entry = AcknowledgementEntry.Of(stated) with { By = "Amélie Favre", Words = "Misspelt." };
        Assert.Equal(RecordingResult.Recorded, (await Record(workflow, distribution, "2", "1", entry)).Taken);
        Assert.Equal(("Amélie Favre", at), (await OnRecord(workflow, distribution)).Stands is { } stands ? (stands.By, stands.At) : default);

        entry = entry with { Time = "12:30", Words = "It was later." };
        Assert.Equal(RecordingResult.Recorded, (await Record(workflow, distribution, "3", "2", entry)).Taken);
        Assert.Equal(ToTheMinute(at.AddMinutes(30)), (await OnRecord(workflow, distribution)).Stands!.At);
    }

    [Theory]
    [InlineData("", "Amélie Favre", "How")]
    [InlineData("7", "Amélie Favre", "How")]
    [InlineData("Page", "Amélie Favre", "How")]
    [InlineData("Telephone", " ", "By")]
    [InlineData("NoteVerbale", "Amélie\u202EFavre", "By")]
    public void An_entry_says_how_and_who(string how, string by, string field)
    {
        var now = NewYorkTime.Instant(new(2018, 3, 28, 9, 30, 0));
        var (acknowledgement, problems) = (AcknowledgementEntry.Blank(now) with { How = how, By = by }).Read(
            now.AddDays(-1),
            now,
            isCorrection: false);
        Assert.Null(acknowledgement);
        Assert.Equal(field, Assert.Single(problems).Field);
    }

    private static AcknowledgementEntry Entry(TestWorkflow workflow, TimeSpan ago) =>
        AcknowledgementEntry.Blank(workflow.Clock.GetUtcNow() + ago) with
        {
            By = " Amélie Favre ",
            Function = "Second Secretary",
        };

    private static DateTimeOffset ToTheMinute(DateTimeOffset at) =>
        DateTimeOffset.ParseExact(
            NewYorkTime.At(at).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture),
            "yyyy-MM-dd HH:mm zzz",
            CultureInfo.InvariantCulture);

    private static Task<AcknowledgementOutcome> Record(
        TestWorkflow workflow,
        DistributionRecord distribution,
        string form,
        string? after,
        AcknowledgementEntry entry) =>
        workflow
            .Get<RecordedAcknowledgements>()
            .Record(distribution.Id, "che", form, after, entry, "the secretary", Cancellation);

    private static Task<AcknowledgementOutcome> Withdraw(
        TestWorkflow workflow,
        DistributionRecord distribution,
        string form,
        string after,
        string words) =>
        workflow
            .Get<RecordedAcknowledgements>()
            .Withdraw(distribution.Id, "che", form, after, words, "the secretary", Cancellation);

    private static async Task<MissionAcknowledgement> OnRecord(
        TestWorkflow workflow,
        DistributionRecord distribution) =>
        (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!;
}
