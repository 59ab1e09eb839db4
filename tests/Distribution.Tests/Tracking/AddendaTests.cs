using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>The same letter to a mission that came later, to new mailboxes, or in another language.</summary>
public sealed class AddendaTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mission_added_later_gets_the_same_frozen_letter_after_a_release_of_its_own()
    {
        await using var house = await TestWorkflow.Open(azurite);
        var letter = await Sent(house, "che");
        await house.UseRegister("che", "mex");
        // Whatever the folder holds by now.
        await house.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(body: "Something else: Draft Rev 1."));
        var addendum = await Prepared(house, letter.Id, "mex");

        Assert.Equal(
            (new FollowUp(FollowUpKind.Addendum, letter.Id), DistributionState.AwaitingRelease, 1),
            (addendum.Follows, addendum.State, addendum.MissionCount));
        await house.Run();
        Assert.Single(house.Sent());
        Assert.True(await house.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await house.Run();

        var (first, second) = (house.Sent(letter.Id).Single(), house.Sent(addendum.Id).Single());
        Assert.Equal("mex@missions.example", Assert.Single(second.To.Mailboxes).Address);
        Assert.Equal(first.Subject, second.Subject);
        Assert.Contains(Samples.Body[..20], second.TextBody, StringComparison.Ordinal);
        Assert.Equal(
            first.Attachments.Select(part => part.ToString()!.Length),
            second.Attachments.Select(part => part.ToString()!.Length));
        Assert.Contains("/acknowledge/" + addendum.Id, second.TextBody, StringComparison.Ordinal);
        Assert.Equal(
            DistributionState.Complete,
            (await house.Get<DistributionRecords>().Find(addendum.Id, Cancellation))!.State);
        Assert.Equal(1, (await house.Get<DistributionRecords>().Find(letter.Id, Cancellation))!.MissionCount);
    }

    [Fact]
    public async Task A_changed_mailbox_gets_it_and_an_unchanged_one_does_not_get_it_twice()
    {
        await using var house = await TestWorkflow.Open(azurite);
        var letter = await Sent(house, "che");
        Assert.StartsWith(
            "Switzerland is on the list already",
            await Refused(house, letter.Id, "che"),
            StringComparison.Ordinal);
        await house.UseMailboxes("new@missions.example");
        var addendum = await Prepared(house, letter.Id, "che");
        Assert.StartsWith("This is prepared already", await Refused(house, letter.Id, "che"), StringComparison.Ordinal);
        Assert.True(await house.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await house.Run();
        Assert.Contains(house.Sent(), message => message.To.Mailboxes.Single().Address == "new@missions.example");
    }

    [Fact]
    public async Task Another_language_on_request_comes_with_its_translation()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("mex");
        await house.Upload(
            "gcm/draft-rev-1/letter.es.md",
            "---\nsubject: Proyecto Rev 1\n---\nSe adjunta el proyecto.\n");
        await house.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Projet Rev 1\n---\nLe projet est joint.\n");
        var letter = await house.AcceptedWith("translations: [es, fr]");
        Assert.True(await house.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await house.Run();

        Assert.Equal("The letter has no translation into Russian.", await Refused(house, letter.Id, "mex", "ru"));
        var addendum = await Prepared(house, letter.Id, "mex", "fr");
        Assert.True(await house.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await house.Run();
        var message = house.Sent(addendum.Id).Single();
        Assert.Equal("Projet Rev 1", message.Subject);
        Assert.Contains(
            message.Attachments,
            part => part.ContentDisposition!.FileName == "letter.fr.unofficial-translation.pdf");
    }

    [Fact]
    public async Task An_addressed_letter_is_made_anew_with_the_missions_address_and_can_be_verified()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("che");
        var letter = await house.AcceptedWith("address: addressed");
        Assert.True(await house.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await house.Run();
        await house.UseRegister("che", "mex");
        var addendum = await Prepared(house, letter.Id, "mex");

        var content = await house.Get<FrozenContents>().Find(addendum.Id, Cancellation);
        var pdf = Assert.Single(content.Pdfs);
        Assert.Equal("mex", pdf.Mission);
        var text = string.Join(
            ' ',
            UglyToad
                .PdfPig.PdfDocument.Open(
                    (await house.Get<FrozenContents>().ReadPdf(addendum.Id, pdf, Cancellation)).ToArray())
                .GetPages()
                .SelectMany(page => page.GetWords())
                .Select(word => word.Text));
        Assert.Contains("Permanent Mission of Mexico to the United Nations", text, StringComparison.Ordinal);
        Assert.Equal(
            [addendum.Id],
            (await house.Get<Verifications>().Find(pdf.Hash, Cancellation)).Select(found => found.DistributionId));
        Assert.Equal(
            [letter.Id],
            (await house.Get<Verifications>().Find(content.Reference, Cancellation)).Select(found =>
                found.DistributionId));
    }

    [Fact]
    public async Task What_was_never_released_or_a_mission_the_register_does_not_have_is_refused_in_words()
    {
        await using var house = await TestWorkflow.Open(azurite);
        var letter = await house.Accepted("che");
        Assert.Equal(
            "Only a letter that was released, and neither stopped nor superseded, can be sent to one more mission.",
            await Refused(house, letter.Id, "mex"));
        Assert.True(await house.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        Assert.StartsWith(
            "The register has no mission “xyz”.",
            await Refused(house, letter.Id, "xyz"),
            StringComparison.Ordinal);
        Assert.Single(await house.Distributions());
    }

    [Fact]
    public async Task The_letters_reminders_leave_the_mission_to_the_addendum()
    {
        await using var house = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await house.UseRegister("che");
        var letter = await house.AcceptedWith("remind: on 2018-04-03");
        Assert.True(await house.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await house.Run();
        await house.UseMailboxes("new@missions.example");
        var addendum = await Prepared(house, letter.Id, "che");
        Assert.True(await house.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await house.Run();
        house.WaitUntil("2018-04-03 10:00");
        await house.Run();
        var reminder = Assert.Single(house.Sent(), message => message.InReplyTo is not null);
        Assert.Equal("new@missions.example", Assert.Single(reminder.To.Mailboxes).Address);
    }

    private static async Task<DistributionRecord> Sent(TestWorkflow house, params string[] missions)
    {
        var distribution = await house.Released(missions);
        await house.Run();
        return distribution;
    }

    private static async Task<DistributionRecord> Prepared(
        TestWorkflow house,
        string letter,
        string mission,
        string? language = null) =>
        (
            await house
                .Get<DistributionRecords>()
                .Find(
                    Assert
                        .IsType<AddendumResult.Prepared>(
                            await house
                                .Get<Addenda>()
                                .Prepare(letter, mission, language, new("the secretary", "the secretary"), Cancellation)
                        )
                        .DistributionId,
                    Cancellation))!;

    private static async Task<string> Refused(
        TestWorkflow house,
        string letter,
        string mission,
        string? language = null) =>
        Assert
            .IsType<AddendumResult.Refused>(
                await house
                    .Get<Addenda>()
                    .Prepare(letter, mission, language, new("the secretary", "the secretary"), Cancellation))
            .Words;
}
