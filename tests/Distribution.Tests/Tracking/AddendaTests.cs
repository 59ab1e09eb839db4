using Distribution.FaultSuite;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>The same letter to a mission that came later, to new mailboxes, or in another language.</summary>
public sealed class AddendaTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mission_added_later_gets_the_same_frozen_letter_after_a_release_of_its_own()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Sent(workflow, "che");
        await workflow.UseRegister("che", "mex");
        // Whatever the folder holds by now.
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(body: "Something else: Draft Rev 1."));
        var addendum = await Prepared(workflow, letter.Id, "mex");

        Assert.Equal(
            (new FollowUp(FollowUpKind.Addendum, letter.Id), DistributionState.AwaitingRelease, 1),
            (addendum.Follows, addendum.State, addendum.MissionCount));
        await workflow.Run();
        Assert.Single(workflow.Sent());
        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();

        var (first, second) = (workflow.Sent(letter.Id).Single(), workflow.Sent(addendum.Id).Single());
        Assert.Equal("mex@missions.example", Assert.Single(second.To.Mailboxes).Address);
        Assert.Equal(first.Subject, second.Subject);
        Assert.Contains(Samples.Body[..20], second.TextBody.Plain(), StringComparison.Ordinal);
        Assert.Equal(
            first.Attachments.Select(part => part.ToString()!.Length),
            second.Attachments.Select(part => part.ToString()!.Length));
        Assert.Contains("/acknowledge/" + addendum.Id, second.TextBody, StringComparison.Ordinal);
        Assert.Equal(
            DistributionState.Complete,
            (await workflow.Get<DistributionRecords>().Find(addendum.Id, Cancellation))!.State);
        Assert.Equal(1, (await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!.MissionCount);
    }

    [Fact]
    public async Task A_changed_mailbox_gets_it_and_an_unchanged_one_does_not_get_it_twice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Sent(workflow, "che");
        Assert.Equal(
            "Switzerland is on the list already, with the same mailboxes and language. To send its letter once more, open the mission in the list below and choose “Send the letter once more”.",
            await Refused(workflow, letter.Id, "che"));
        await workflow.UseMailboxes("new@missions.example");
        var addendum = await Prepared(workflow, letter.Id, "che");
        Assert.StartsWith(
            "This is prepared already",
            await Refused(workflow, letter.Id, "che"),
            StringComparison.Ordinal);
        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Contains(workflow.Sent(), message => message.To.Mailboxes.Single().Address == "new@missions.example");
    }

    [Fact]
    public async Task What_a_press_that_died_had_frozen_for_an_earlier_mailbox_is_not_sent()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Sent(workflow, "che");
        await workflow.UseMailboxes("mistyped@missions.example");
        await using (var dying = workflow.OverStorage(new Meanwhile("$batch", () => throw new InvalidOperationException("It died."))))
            await Assert.ThrowsAsync<InvalidOperationException>(() => Prepared(dying, letter.Id, "che"));
        await workflow.UseMailboxes("right@missions.example");

        var addendum = await Prepared(workflow, letter.Id, "che");

        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Equal("right@missions.example", workflow.Sent(addendum.Id).Single().To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task Another_language_on_request_comes_with_its_translation()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.es.md",
            "---\nsubject: Proyecto Rev 1\n---\nSe adjunta el proyecto Rev 1.\n");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 est joint.\n");
        var letter = await workflow.AcceptedWith("translations: [es, fr]");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();

        Assert.Equal("The letter has no translation into Russian.", await Refused(workflow, letter.Id, "mex", "ru"));
        var addendum = await Prepared(workflow, letter.Id, "mex", "fr");
        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        var message = workflow.Sent(addendum.Id).Single();
        Assert.Equal("Projet Rev 1", message.Subject);
        Assert.Contains(
            message.Attachments,
            part => part.ContentDisposition!.FileName == Samples.FrenchPdf);
    }

    [Fact]
    public async Task An_addressed_letter_is_made_anew_with_the_missions_address_and_can_be_verified()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith(
            "address: addressed\nmeetings:\n  - { title: First reading, date: 2018-04-03, from: \"15:00\", to: \"18:00\" }");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        await workflow.UseRegister("che", "mex");
        var addendum = await Prepared(workflow, letter.Id, "mex");

        var content = await workflow.Get<FrozenContents>().Find(addendum.Id, Cancellation);
        var pdf = Assert.Single(content.Pdfs);
        Assert.Equal("mex", pdf.Mission);
        var text = string.Join(
            ' ',
            UglyToad
                .PdfPig.PdfDocument.Open(
                    (await workflow.Get<FrozenContents>().ReadPdf(addendum.Id, pdf, Cancellation)).ToArray())
                .GetPages()
                .SelectMany(page => page.GetWords())
                .Select(word => word.Text));
        Assert.Contains("Permanent Mission of Mexico to the United Nations", text, StringComparison.Ordinal);
        Assert.Equal(
            [addendum.Id],
            (await workflow.Get<Verifications>().Find(pdf.Hash, Cancellation)).Select(found => found.DistributionId));
        Assert.Equal(
            [letter.Id],
            (await workflow.Get<Verifications>().Find(content.Reference, Cancellation)).Select(found =>
                found.DistributionId));
    }

    [Fact]
    public async Task What_was_never_released_or_a_mission_the_register_does_not_have_is_refused_in_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        Assert.Equal(
            "Only a letter that was released, and neither stopped nor superseded, can be sent to one more mission.",
            await Refused(workflow, letter.Id, "mex"));
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        Assert.StartsWith(
            "The register has no mission “xyz”.",
            await Refused(workflow, letter.Id, "xyz"),
            StringComparison.Ordinal);
        Assert.Single(await workflow.Distributions());
    }

    [Fact]
    public async Task Once_its_letter_was_stopped_it_can_not_be_released_and_does_not_leave_when_its_minute_ends()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.UseRegister("che", "mex", "fra");
        var (released, waiting) = (await Prepared(workflow, letter.Id, "mex"), await Prepared(workflow, letter.Id, "fra"));
        var releases = workflow.Get<Releases>();
        var looked = ReleaseAsItStands.Looked(await releases.Review(released.Id, Cancellation), confirmed: true);
        Assert.Equal(
            ReleaseOutcome.Released,
            await releases.Release(
                released.Id,
                new("the secretary", "the secretary"),
                looked with { UndoFor = TimeSpan.FromMinutes(1) },
                Cancellation));
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(waiting.Id));
        Assert.True(await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));

        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.EndsWith(
            "the letter that it is an addendum to was stopped or superseded meanwhile. Open its page and discard it. If the letter is sent on after all, it can be released again.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Contains(
            "Nothing was sent: the letter that this is an addendum to was stopped or superseded.",
            TestSite.Words(await site.Press(page, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
        Assert.Equal(
            "The letter that this is an addendum to was stopped or superseded, so nothing more of it is sent. See the letter",
            TestSite.Words((await site.Page(Addresses.Distribution(waiting.Id))).GetElementById("obstacle")!.TextContent));
        Assert.Contains(
            "cannot be released: the letter that it is an addendum to was stopped or superseded",
            TestSite.Words(await site.Page("/")),
            StringComparison.Ordinal);

        // The letter goes on after all, and so may they.
        Assert.Equal(1, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        Assert.True(await releases.Release(waiting.Id, "the secretary", Cancellation));
    }

    [Fact]
    public async Task The_letters_reminders_leave_the_mission_to_the_addendum()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("remind: on 2018-04-03");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        await workflow.UseMailboxes("new@missions.example");
        var addendum = await Prepared(workflow, letter.Id, "che");
        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();
        var reminder = Assert.Single(workflow.Sent(), message => message.InReplyTo is not null);
        Assert.Equal("new@missions.example", Assert.Single(reminder.To.Mailboxes).Address);
    }

    private static async Task<DistributionRecord> Sent(TestWorkflow workflow, params string[] missions)
    {
        var distribution = await workflow.Released(missions);
        await workflow.CarryOutBatches();
        return distribution;
    }

    private static async Task<DistributionRecord> Prepared(
        TestWorkflow workflow,
        string letter,
        string mission,
        string? language = null) =>
        (
            await workflow
                .Get<DistributionRecords>()
                .Find(
                    Assert
                        .IsType<AddendumResult.Prepared>(
                            await workflow
                                .Get<Addenda>()
                                .Prepare(letter, mission, language, new("the secretary", "the secretary"), Cancellation)
                        )
                        .DistributionId,
                    Cancellation))!;

    private static async Task<string> Refused(
        TestWorkflow workflow,
        string letter,
        string mission,
        string? language = null) =>
        Assert
            .IsType<AddendumResult.Refused>(
                await workflow
                    .Get<Addenda>()
                    .Prepare(letter, mission, language, new("the secretary", "the secretary"), Cancellation))
            .Words;
}
