using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Ical.Net.CalendarComponents;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>The meetings of a letter, from its upload to the calendars of missions, and what later letters make of them.</summary>
public sealed class MeetingTests(AzuriteFixture azurite)
{
    private const string File = "2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - meetings.ics";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_leave_with_the_letter_as_a_file_that_is_frozen_and_can_be_checked()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await Uploaded(workflow, "rev-1", Meeting("First reading", "2018-04-03"));

        var enclosure = letter.Enclosures.Single(enclosure => enclosure.IsCalendar);
        Assert.Equal((File, "Meetings, as a calendar file"), (enclosure.File, enclosure.Title));
        await Release(workflow, letter);
        foreach (var message in workflow.Sent())
        {
            var attached = message.Attachments.OfType<MimeKit.MimePart>().Single(part => part.FileName == File);
            Assert.Equal("application/ics", attached.ContentType.MimeType);
            using var content = new MemoryStream();
            attached.Content!.DecodeTo(content, Cancellation);
            Assert.Equal(enclosure.Hash, Sha256Hex.Of(content.ToArray()));
            Assert.Contains("from 10 a.m. to 1 p.m. (New York time)", message.TextBody.Plain(), StringComparison.Ordinal);
        }

        Assert.Equal(
            VerifiableKind.Enclosure,
            (await workflow.Get<Verifications>().Find(enclosure.Hash, Cancellation))[0].Kind);
        await workflow.Reconcile();
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task A_missions_page_names_the_calendar_in_the_letters_language()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await Uploaded(workflow, "rev-1", ["language: fr"], Meeting("Lecture", "2018-04-03"));
        await Release(workflow, letter);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(new Uri(workflow.Get<MissionLinks>().For(letter.Id, "che")).PathAndQuery);

        Assert.Contains("Réunions (fichier d’agenda)", TestSite.Words(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_without_meetings_encloses_no_calendar()
    {
        await using var workflow = await TestWorkflow.Open(azurite);

        Assert.Equal(["draft-rev-1.pdf"], (await workflow.Accepted("che")).Enclosures.Select(enclosure => enclosure.File));
    }

    [Fact]
    public async Task A_correction_moves_renames_adds_and_cancels_and_calendars_know_each_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var first = await Uploaded(
            workflow,
            "rev-1",
            Meeting("Reading", "2018-04-03"),
            Meeting("Reading", "2018-04-04"),
            Meeting("Lunch", "2018-04-05"),
            Meeting("Closing", "2018-04-06"));
        await Release(workflow, first);
        var announced = await Events(workflow, first);
        var correction = await Uploaded(
            workflow,
            "correction",
            ["supersedes: Draft Rev 1", "correction: corrigendum"],
            // The one of the 3rd is moved; that of the 4th stays.
            Meeting("Reading", "2018-04-04"),
            Meeting("Reading", "2018-04-09"),
            Meeting("Briefing at lunch", "2018-04-05"),
            Meeting("Closing", "2018-04-06") + "\n    cancelled: yes",
            Meeting("Closing of all", "2018-04-10"));
        Assert.DoesNotContain(correction.Warnings, finding => finding.NeedsAPerson);
        var corrected = await Events(workflow, correction);

        Assert.Equal(4, announced.Select(meeting => meeting.Uid).Distinct().Count());
        Assert.All(announced, meeting => Assert.Equal(0, meeting.Sequence));
        Assert.Equal(
            [
                ("PUBLISH", announced[1].Uid, 1, "Reading 4"),
                ("PUBLISH", announced[0].Uid, 1, "Reading 9"),
                ("PUBLISH", announced[2].Uid, 1, "Briefing at lunch 5"),
                ("PUBLISH", corrected[3].Uid, 0, "Closing of all 10"),
                ("CANCEL", announced[3].Uid, 1, "Closing 6"),
            ],
            corrected.Select(meeting => (meeting.Calendar!.Method, meeting.Uid, meeting.Sequence, $"{meeting.Summary} {meeting.Start!.Value.Day}")));
        Assert.DoesNotContain(corrected[3].Uid, announced.Select(meeting => meeting.Uid));
    }

    [Fact]
    public async Task A_second_correction_counts_on_from_the_first_whichever_of_the_two_letters_it_names()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var first = await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03"));
        await Release(workflow, first);
        var correction = await Uploaded(workflow, "second", Corrects(first), Meeting("Reading", "2018-04-04"));
        await Release(workflow, correction);
        var uid = Assert.Single(await Events(workflow, first)).Uid;

        foreach (var named in (DistributionRecord[])[first, correction])
        {
            var again = await Uploaded(workflow, $"again-{named.Folder.Revision}", Corrects(named), Meeting("Reading", "2018-04-05"));
            Assert.Equal([(uid, 2)], (await Events(workflow, again)).Select(meeting => (meeting.Uid, meeting.Sequence)));
        }

        static string[] Corrects(DistributionRecord letter) => [$"supersedes: {letter.Id}", "correction: corrigendum"];
    }

    [Fact]
    public async Task Examined_again_a_letter_that_has_not_left_keeps_its_meetings_as_they_are()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var before = await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03"));
        await workflow.Upload("gcm/rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, once more"));
        await workflow.Reconcile();
        var after = (await workflow.Distributions()).Single(other => other.Version == 2);

        Assert.Equal(Calendar(before).Hash, Calendar(after).Hash);
        Assert.Equal(["draft-rev-1.pdf changed"], VersionChanges.Between(before, after).Select(change => $"{change}"));
    }

    [Fact]
    public async Task The_next_version_of_a_letter_that_has_left_changes_what_it_announced()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var before = await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03"));
        await Release(workflow, before);
        var after = await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-04"));

        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal(
            [(Assert.Single(await Events(workflow, before)).Uid, 1)],
            (await Events(workflow, after)).Select(meeting => (meeting.Uid, meeting.Sequence)));
    }

    [Fact]
    public async Task What_was_never_announced_cannot_be_cancelled()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await Release(workflow, await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03")));
        await Put(
            workflow,
            "correction",
            ["supersedes: Draft Rev 1", "correction: corrigendum"],
            Meeting("Reading", "2018-04-04") + "\n    cancelled: yes");

        Assert.Contains(
            "has announced no meeting “Reading” for 4 April 2018, 10.00 a.m., so there is none to cancel. That letter has “Reading” on 3 April 2018, 10.00 a.m.: write title, day and hours as they stand there.",
            string.Join(' ', (await workflow.Report("gcm/correction"))!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corrigendum", "Reading", true)]
    [InlineData("corrigendum", null, false)]
    [InlineData("re-issue", null, true)]
    [InlineData("withdrawal", null, true)]
    public async Task A_meeting_that_a_correction_leaves_out_is_asked_about(string kind, string? listed, bool asks)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await Release(workflow, await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03"), Meeting("Closing", "2018-04-04")));
        var correction = await Uploaded(
            workflow,
            "correction",
            ["supersedes: Draft Rev 1", $"correction: {kind}"],
            listed is null ? [] : [Meeting(listed, "2018-04-03")]);

        Assert.Equal(
            !asks ? []
                : listed is null ? ["The letter that this one corrects has announced “Reading” on 3 April 2018, 10.00 a.m. and “Closing” on 4 April 2018, 10.00 a.m., which this one leaves out: calendars will keep them."]
                : ["The letter that this one corrects has announced “Closing” on 4 April 2018, 10.00 a.m., which this one leaves out: calendars will keep it."],
            correction.Warnings.Where(finding => finding.Number == 314).Select(finding => finding.Words));
    }

    [Fact]
    public async Task A_meeting_that_will_have_begun_when_the_letter_leaves_is_asked_about()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await Uploaded(workflow, "rev-1", Meeting("Reading", "2018-04-03"));
        Assert.True((await workflow.Get<Releases>().Review(letter.Id, Cancellation))!.ToConfirm is []);
        workflow.WaitUntil("2018-04-03 10:00");

        Assert.Equal(
            [312],
            (await workflow.Get<Releases>().Review(letter.Id, Cancellation))!.ToConfirm.Select(finding => finding.Number));
    }

    [Fact]
    public async Task An_enclosure_cannot_have_the_name_of_the_calendar()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            "gcm/rev-1/letter.md",
            Samples.LetterWith($"  - file: {File.ToUpperInvariant()}\n    title: Ours\nmeetings:\n{Meeting("Reading", "2018-04-03")}"));
        await workflow.Upload("gcm/rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();

        Assert.Contains("D307", await workflow.Report("gcm/rev-1"), StringComparison.Ordinal);
    }

    private static string Meeting(string title, string date) =>
        $"  - title: {title}\n    date: {date}\n    from: 10:00\n    to: 13:00\n    place: Conference Room 2";

    private static Task<DistributionRecord> Uploaded(TestWorkflow workflow, string folder, params string[] meetings) =>
        Uploaded(workflow, folder, [], meetings);

    private static async Task<DistributionRecord> Uploaded(
        TestWorkflow workflow,
        string folder,
        string[] lines,
        params string[] meetings)
    {
        await Put(workflow, folder, lines, meetings);
        return (await workflow.Distributions()).Where(letter => letter.Folder.Revision == folder).MaxBy(letter => letter.Version)
            ?? throw new InvalidOperationException(await workflow.Report($"gcm/{folder}"));
    }

    private static async Task Put(TestWorkflow workflow, string folder, string[] lines, params string[] meetings)
    {
        string[] all = [.. lines, .. meetings is [] ? [] : (string[])["meetings:", .. meetings]];
        await workflow.Upload($"gcm/{folder}/letter.md", Samples.LetterWith(string.Join('\n', all)));
        await workflow.Upload($"gcm/{folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
    }

    private static async Task Release(TestWorkflow workflow, DistributionRecord letter)
    {
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
    }

    private static Enclosure Calendar(DistributionRecord letter) =>
        letter.Enclosures.Single(enclosure => enclosure.Role == EnclosureRole.Meetings);

    /// <summary>The meetings in a letter's calendar files, as they are stored.</summary>
    private static async Task<IReadOnlyList<CalendarEvent>> Events(TestWorkflow workflow, DistributionRecord letter)
    {
        List<CalendarEvent> events = [];
        foreach (var file in letter.Enclosures.Where(enclosure => enclosure.IsCalendar))
        {
            var content = await workflow.Get<FrozenContents>().ReadEnclosure(letter.Id, file, Cancellation);
            events.AddRange(Ical.Net.Calendar.Load(System.Text.Encoding.UTF8.GetString(content.Span))!.Events);
        }

        return events;
    }
}
