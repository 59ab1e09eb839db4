using System.Net;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Reports;
using Distribution.Tracking;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Reports;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What the ambassador is told at nine o'clock: every sentence is true, also when half of it went wrong.</summary>
public sealed class BriefingPageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_one_letter_it_says_who_has_it_who_has_not_and_why_who_is_silent_and_what_was_done()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Refusing("fra"));
        var letter = await workflow.Released("che", "fra", "mex");
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "che", channel: AcknowledgementChannel.Telephone);
        await using var site = await TestSite.Open(workflow);

        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        // The page is headed as the link that leads to it.
        Assert.Equal(("Nine o'clock: Draft Rev 1", "Nine o'clock: Draft Rev 1"), (sheet.Title, sheet.QuerySelector("h1")!.TextContent.Trim()));
        foreach (var (address, heading) in ((string, string)[])[(Addresses.Briefing(), "Nine o'clock: all letters"), (Addresses.Briefing(letter.Process), $"Nine o'clock: {letter.Process}")])
        {
            var all = await site.Page(address);
            Assert.Equal((heading, heading), (all.Title, all.QuerySelector("h1")!.TextContent));
            Assert.EndsWith("; all hours here are New York time", all.QuerySelector("h1 + .as-of")!.TextContent, StringComparison.Ordinal);
            Assert.StartsWith(all.QuerySelector($".places a[href='{Addresses.Briefing()}']")!.TextContent, all.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        }

        Assert.EndsWith("; all hours here are New York time", sheet.QuerySelector(".state .as-of")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2 of 3 have it; 1 does not: France.", sheet.QuerySelector("#sentence")!.TextContent);
        Assert.Equal("Ended, not complete", sheet.QuerySelector(".state .tag")!.TextContent);
        Assert.Equal(
            $"Not all are served: 2 of 3, the last on {NewYorkTime.Words(workflow.Clock.GetUtcNow())}",
            sheet.QuerySelector("#served")!.TextContent);
        Assert.Equal("1 of 3.", sheet.QuerySelector("#acknowledged")!.TextContent);
        Assert.Equal("Who does not have it, or may not, and why (1)", sheet.QuerySelector("#lack")!.TextContent);
        var group = Assert.Single(sheet.QuerySelectorAll(".sheet-groups > div"));
        Assert.StartsWith("Refused on 26 March 2018", group.QuerySelector("dt")!.TextContent, StringComparison.Ordinal);
        Assert.EndsWith("(550 No such mailbox)", group.QuerySelector("dt")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("France", TestSite.Words(group.QuerySelector("dd")!.TextContent));
        Assert.Equal("Silent (1)", sheet.QuerySelector("#silent")!.TextContent);
        Assert.Equal(
            "They have it and have not acknowledged it: Mexico.",
            TestSite.Words(sheet.QuerySelector("#silent-names")!.TextContent));
        Assert.Contains("Released by the secretary", TestSite.Words(sheet), StringComparison.Ordinal);
        Assert.Null(sheet.QuerySelector("#left-out"));
        Assert.Contains(
            Addresses.LetterBriefing(letter.Id),
            (await site.Page(Addresses.Distribution(letter.Id))).QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task Where_all_have_it_it_says_when_all_were_served_and_that_nobody_lacks_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "che", channel: AcknowledgementChannel.Telephone);
        await workflow.Acknowledge(letter.Id, "mex", channel: AcknowledgementChannel.Telephone);
        await using var site = await TestSite.Open(workflow);
        var words = TestSite.Words(await site.Page(Addresses.LetterBriefing(letter.Id)));
        Assert.Contains(
            $"All 2 missions were served by {NewYorkTime.Words(workflow.Clock.GetUtcNow())}",
            words,
            StringComparison.Ordinal);
        Assert.Contains("None: every mission has it.", words, StringComparison.Ordinal);
        Assert.Contains("None: every mission that has it has acknowledged it, or answered.", words, StringComparison.Ordinal);
        Assert.Equal(
            "The one letter released is with every mission.",
            (await site.Page(Addresses.Briefing())).QuerySelector("#verdict")!.TextContent);
    }

    [Fact]
    public async Task A_letter_that_was_stopped_was_not_sent_to_those_it_had_not_reached_and_the_sheet_says_who_stopped_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "fra", "mex");
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(letter.Id, 1, 1), Cancellation);
        await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Equal("1 of 3 has it; 2 were never sent to.", sheet.QuerySelector("#sentence")!.TextContent);
        Assert.Equal(
            "Never sent: sending was stopped before (2)",
            Assert.Single(sheet.QuerySelectorAll(".sheet-groups dt")).TextContent);
        Assert.Contains("Stopped by the secretary", TestSite.Words(sheet), StringComparison.Ordinal);

        // What goes to them in the end is the first they get; and a mission is called by its name.
        await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        await workflow.Resend(letter.Id, "fra", "zoë");
        var done = (await site.Page(Addresses.LetterBriefing(letter.Id))).QuerySelectorAll(".sheet-acts li > span:not(.at)").Select(act => act.TextContent).ToList();
        Assert.Contains("Sent after all to 2 missions that the stop had left out, as the secretary asked", done);
        Assert.Contains("Sent again, as zoë asked: France", done);
    }

    [Fact]
    public void In_French_no_words_of_the_service_stay_in_English()
    {
        var (now, letter) = (ReportSamples.Sent, ReportSamples.Distribution);
        var acts = LetterBriefing.Unreadable(
            letter
                .With(new(now, Act.Withdrawn, "Draft Rev 2 (gcm-draft-rev-2-ab12), which supersedes it", ""))
                .With(new(now.AddMinutes(1), Act.ResendAsked, "zoë", "23 missions it did not reach: fra, deu")),
            now).Acts;
        Assert.Equal(
            [
                "Renvoyée à 23 missions auxquelles elle n’était pas parvenue (demandé par zoë)",
                "Envoi arrêté par Draft Rev 2 (gcm-draft-rev-2-ab12), qui la remplace",
            ],
            acts.Select(act => act.Words.In(DeskLanguage.French)));
        Assert.Equal("le calendrier de la lettre", DeskText.Releaser(letter with { ReleasedBy = "the letter's schedule" }).In(DeskLanguage.French));
    }

    [Fact]
    public async Task Where_every_letter_came_back_no_mission_is_served_and_one_that_called_has_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((_, address) => new(address, MailboxResult.Refused, "550 No")));
        var letter = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        Assert.Equal("No mission is served.", (await site.Page(Addresses.LetterBriefing(letter.Id))).QuerySelector("#served")!.TextContent);
        await workflow.Acknowledge(letter.Id, "che", channel: AcknowledgementChannel.Telephone);
        Assert.Contains(
            "Every mission whose letter came back or was refused has it by another way.",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}?show=notreached")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_is_told_as_not_known()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "fra" ? MailboxResult.Unknown : MailboxResult.Accepted, "")));
        var letter = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Contains("of 1 it is not known: France", sheet.QuerySelector("#sentence")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Not known whether it was sent", sheet.QuerySelector(".sheet-groups dt")!.TextContent);
        Assert.StartsWith("Not all are served: 1 of 2", sheet.QuerySelector("#served")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_sent_while_the_service_was_out_of_reach_is_no_rebuilding()
    {
        var (now, letter) = (ReportSamples.Sent, ReportSamples.Distribution);
        Assert.Equal(
            [
                "Its record was rebuilt from the log",
                "What was sent while the service was out of reach was noted by zoë",
            ],
            LetterBriefing.Unreadable(
                letter
                    .With(new(now, Act.Rebuilt, "zoë", $"{BringBack.FromArchive}: 2 missions got the letter, and of 0 it is not known."))
                    .With(new(now.AddMinutes(1), Act.Rebuilt, null, "1 entry was missing.")),
                now)
                .Acts.Select(act => act.Words.ToString()));
    }

    [Theory]
    [InlineData(ResourceNames.DispatchesTable)]
    [InlineData(ResourceNames.AcknowledgementsTable)]
    public async Task A_mission_of_which_a_record_cannot_be_read_is_never_called_silent_and_the_sheet_names_it(string table)
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "che", channel: AcknowledgementChannel.Telephone);
        await Damage(workflow, table, letter.Id, "che");
        await using var site = await TestSite.Open(workflow);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Equal(
            "This sheet may not tell all. Of 1 mission a record is missing or cannot be read: Switzerland.",
            TestSite.Words(sheet.QuerySelector("#left-out")!.TextContent));
        Assert.Equal(
            "They have it and have not acknowledged it: Mexico.",
            TestSite.Words(sheet.QuerySelector("#silent-names")!.TextContent));
        if (table == ResourceNames.DispatchesTable)
            Assert.StartsWith("Known to be served: 1 of 2", sheet.QuerySelector("#served")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            "Of 1 mission a record is missing or cannot be read.",
            TestSite.Words(await site.Page(Addresses.Briefing())),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_letter_whose_content_cannot_be_read_it_claims_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{letter.Id}/content.json")
            .UploadAsync(BinaryData.FromString("{"), overwrite: true, Cancellation);
        await using var site = await TestSite.Open(workflow);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Equal(
            "Its content cannot be read, so it is not known which missions have it.",
            sheet.QuerySelector("#sentence")!.TextContent);
        Assert.Null(sheet.QuerySelector("#silent"));
        Assert.Equal(
            "Of 1 letter released, 1 is not with every mission, or not known to be.",
            (await site.Page(Addresses.Briefing())).QuerySelector("#verdict")!.TextContent);
    }

    [Fact]
    public async Task Across_letters_what_some_mission_lacks_comes_first_and_a_record_left_out_is_counted()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Refusing("fra"));
        await using var site = await TestSite.Open(workflow);
        var empty = await site.Page(Addresses.Briefing());
        Assert.Equal("No letter has been released.", empty.QuerySelector("#verdict")!.TextContent);

        var first = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.PutInUse(TestWorkflow.RegisterOf("che", "mex"));
        var second = await workflow.AcceptedWith("", "draft-rev-2");
        var waiting = TestSite.Words(await site.Page(Addresses.Briefing()));
        Assert.Contains("Not sent yet (1)", waiting, StringComparison.Ordinal);
        Assert.Contains($"waits for release {second.Process}", waiting, StringComparison.Ordinal);
        Assert.True(await workflow.Get<Releases>().Release(second.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();

        var sheet = await site.Page(Addresses.Briefing());
        Assert.Equal(
            "Of 2 letters released, 1 is with every mission; 1 is not with every mission, or not known to be.",
            sheet.QuerySelector("#verdict")!.TextContent);
        Assert.Equal(
            [$"letter-{first.Id}", $"letter-{second.Id}"],
            sheet.QuerySelectorAll("article.told h2").Select(heading => heading.Id));
        Assert.Contains("Why: refused on 26 March 2018", TestSite.Words(sheet), StringComparison.Ordinal);
        Assert.Equal(
            2,
            (await site.Page(Addresses.Briefing(first.Process))).QuerySelectorAll("article.told").Length);
        Assert.Equal(
            "No letter has been released.",
            (await site.Page(Addresses.Briefing("another process"))).QuerySelector("#verdict")!.TextContent);

        await Damage(workflow, ResourceNames.DistributionsTable, "distribution", second.Id);
        sheet = await site.Page(Addresses.Briefing());
        Assert.Contains(
            "1 record of letters cannot be read, and the letter is not on it.",
            TestSite.Words(sheet.QuerySelector("#left-out")!.TextContent),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_release_nothing_is_claimed_and_of_no_letter_there_is_no_sheet()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Equal("Nothing of it has been sent: it was not released.", sheet.QuerySelector("#sentence")!.TextContent);
        Assert.Null(sheet.QuerySelector("#silent"));
        await site.Page(Addresses.LetterBriefing("unknown"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Names_and_processes_are_words_whatever_they_hold()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Refusing("fra"));
        const string Hostile = "=1+1<img src=x onerror=alert(1)>";
        await workflow.PutInUse(TestWorkflow.RegisterOf("che", "fra").Replace(",France,", $",{Hostile},", StringComparison.Ordinal));
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var sheet = await site.Page(Addresses.LetterBriefing(letter.Id));
        Assert.Equal(Hostile, TestSite.Words(sheet.QuerySelector(".sheet-groups dd")!.TextContent));
        Assert.Empty(sheet.QuerySelectorAll("main img"));
        Assert.Empty((await site.Page(Addresses.Briefing(Hostile))).QuerySelectorAll("main img"));
    }

    private static TransportStub Refusing(string mission) =>
        new((message, address) =>
            message.MissionId == mission
                ? new(address, MailboxResult.Refused, "550 No such mailbox")
                : new(address, MailboxResult.Accepted, "250 OK"));

    private static async Task Damage(TestWorkflow workflow, string table, string partition, string row)
    {
        var client = workflow.Get<StorageAccount>().Tables.GetTableClient(table);
        var entity = (await client.GetEntityAsync<TableEntity>(partition, row, cancellationToken: Cancellation)).Value;
        entity["Facts0"] = "{";
        await client.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace, Cancellation);
    }
}
