using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Inbound;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// Every version goes on with what the versions before it wrote, in the middle of a distribution too. Each
/// <c>written-by-N.zip</c> is the storage account of a version that wrote format N, stopped while one letter was
/// leaving, one waited for release and one for its hour.
/// </summary>
public sealed class FormatsTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Schedule = "deadlines:\n  comments: 2018-04-04 18:00\nremind: 3 working days before comments";

    private const string Leaving = "draft-rev-1";
    private const string Waiting = "draft-rev-2";
    private const string ForItsHour = "draft-rev-3";

    public static TheoryData<int> Earlier => [.. Enumerable.Range(1, RecordFormat.Written - 1)];

    /// <summary>The formats of versions whose Message-IDs had no tokens.</summary>
    public static TheoryData<int> BeforeTokens => [1, 2];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task What_an_earlier_version_left_half_sent_waiting_or_for_its_hour_goes_on_and_nothing_leaves_twice(
        int format)
    {
        await using var workflow = await Left(format, "2018-03-26 13:00");
        await IsSentToTheRest(workflow, format);
        await LeavesAtItsHourOrWhenReleased(workflow);
    }

    private static async Task IsSentToTheRest(TestWorkflow workflow, int format)
    {
        await workflow.Run();
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await workflow.Reconcile();

        Assert.Equal(
            ["egy@missions.example", "mex@missions.example", "ukr@missions.example", "vat@missions.example"],
            workflow.Sent().Select(message => message.To.Mailboxes.Single().Address).Order());
        var letter = await Of(workflow, Leaving);
        Assert.Equal(DistributionState.Complete, letter.State);
        Assert.Equal(
            [
                ("egy", DeliveryState.Accepted),
                ("fra", DeliveryState.Bounced),
                ("mex", DeliveryState.Accepted),
                ("che", DeliveryState.Accepted),
                ("ukr", DeliveryState.Accepted),
                ("vat", DeliveryState.Accepted),
            ],
            (await workflow.Dispatches(letter.Id)).Select(entry => (entry.MissionId, entry.State)));
        var report = (await workflow.Get<DistributionAudit>().Of(letter.Id, Cancellation))!;
        Assert.Empty(report.Breaches);
        // Versions before format 4 logged no acknowledgements: Switzerland's is added to the log once, and marked as
        // late.
        Assert.Equal((format < 4 ? 1 : 0, 0), (report.Late, report.Waiting));
        // Segments that it left are sealed with the values behind their hashes, and nothing of them stays.
        var log = await workflow.Export(letter.Id);
        Assert.Equal(log.Facts.Sum(fact => fact.Personal?.Count ?? 0), log.People.Count);
        await foreach (var blob in workflow.Blobs(ResourceNames.Log).GetBlobsAsync(cancellationToken: Cancellation))
            Assert.DoesNotContain($"/{letter.Id}/", blob.Name, StringComparison.Ordinal);
    }

    private static async Task LeavesAtItsHourOrWhenReleased(TestWorkflow workflow)
    {
        workflow.WaitUntil("2018-03-29 08:59");
        await workflow.Run();
        Assert.Equal(DistributionState.Scheduled, (await Of(workflow, ForItsHour)).State);
        workflow.WaitUntil("2018-03-29 09:05");
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await Of(workflow, ForItsHour)).State);

        Assert.True(
            await workflow
                .Get<Releases>()
                .Release((await Of(workflow, Waiting)).Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await Of(workflow, Waiting)).State);

        // And the silent are reminded of the first.
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        await workflow.Run();
        var reminder = (await workflow.Distributions()).Single(distribution =>
            distribution.Follows is { Kind: FollowUpKind.Reminder });
        Assert.Equal(
            ["egy", "mex", "ukr", "vat"],
            (await workflow.Dispatches(reminder.Id)).Select(entry => entry.MissionId));
    }

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task Its_pages_open_and_words_it_did_not_know_come_from_this_version(int format)
    {
        var workflow = await LeftOnce(format);
        var letter = await Of(workflow, Leaving);
        await Forget(
            workflow,
            letter.Id,
            "words/fr.yaml",
            "acknowledge_page_once_more",
            "acknowledge_page_leave_empty",
            "months");
        await using var site = await TestSite.Open(workflow);
        foreach (
            var page in (string[])
                [
                    "/",
                    "/replies",
                    $"/distributions/{letter.Id}",
                    $"/distributions/{letter.Id}/letters/fra",
                    $"/distributions/{letter.Id}/audit",
                    $"/distributions/{letter.Id}/served",
                ])
            await site.Page(page);

        var mission = await site.Page(new Uri(workflow.Get<MissionLinks>().For(letter.Id, "fra")).PathAndQuery);
        Assert.Contains(
            "Accuser réception",
            mission.QuerySelector("form button")!.TextContent,
            StringComparison.Ordinal);
        Assert.Empty(site.Log);
    }

    /// <summary>Letters have had tokens since format 3.</summary>
    [Theory]
    [MemberData(nameof(BeforeTokens))]
    public async Task What_comes_back_on_letters_sent_before_tokens_changes_nothing_by_itself_and_on_those_sent_since_it_does(
        int format)
    {
        await using var workflow = await Left(format, "2018-03-26 13:00");
        await workflow.Run();
        var letter = await Of(workflow, Leaving);
        var before = await workflow.Dispatches(letter.Id);
        var reference = VerificationReference.Shown(
            (await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Reference);
        var (old, since) = (MessageIdOf("che"), MessageIdOf("ukr"));
        Assert.StartsWith($"{letter.Id}.che.1@", old, StringComparison.Ordinal);
        Assert.NotNull(SentMessageId.Read(since)!.Token);

        await Take("bounce.eml", InboundSample.Bytes("mailbox-full", old));
        Assert.Equal(
            before.Single(entry => entry.MissionId == "che").State,
            (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == "che").State);
        Assert.Contains(
            "Nothing shows that it is about that very message, so nothing was changed",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.True(
            Assert.Single(await workflow.Get<Replies>().Of(letter.Id, "che", Cancellation)).Decision.IsMachines);

        await Take(
            "reply.eml",
            System.Text.Encoding.ASCII.GetBytes(
                $"From: mex@missions.example\r\nSubject: Re\r\nIn-Reply-To: <{MessageIdOf("mex")}>\r\n\r\n{reference}\r\n"
            ));
        Assert.Null(await workflow.Get<Acknowledgements>().Find(letter.Id, "mex", Cancellation));
        var waiting = Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        Assert.Equal(
            ("mex", "It bears no token: the letter left before letters had them, so that anyone can have written it."),
            (waiting.Candidates[0].MissionId, waiting.Why));

        await Take(
            "since.eml",
            System.Text.Encoding.ASCII.GetBytes(
                $"From: ukr@missions.example\r\nTo: {workflow.ReplyAddress(letter, "ukr")}\r\nSubject: Re\r\nIn-Reply-To: <{since}>\r\n\r\n{reference}\r\n"));
        Assert.Equal(
            AcknowledgementChannel.Reply,
            (await workflow.Get<Acknowledgements>().Find(letter.Id, "ukr", Cancellation))!.Stands!.Channel);

        string MessageIdOf(string mission) =>
            workflow.Dispatches(letter.Id).Result.Single(entry => entry.MissionId == mission).Attempts[0].MessageId;

        async Task Take(string name, byte[] message)
        {
            await workflow.Get<InboundFiles>().Upload(name, new MemoryStream(message), Cancellation);
            await workflow.Get<InboundUploads>().Handle(name, Cancellation);
        }
    }

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task What_an_earlier_version_found_is_still_said(int format)
    {
        var workflow = await LeftOnce(format);
        var found = Assert.Single(
            (await Of(workflow, Waiting)).Warnings,
            finding => finding.Code == "D344");
        Assert.Equal(
            (format < 4 ? "letter.md" : "letter.md, “draft:”", format < 3 ? Severity.Note : Severity.Overrule),
            (found.Place, found.Severity));
        Assert.StartsWith("“Draft Rev 1” was sent on 26 March 2018", found.Words, StringComparison.Ordinal);
        Assert.StartsWith("If this one puts it right", found.Remedy, StringComparison.Ordinal);
        var upload = (await workflow.Get<Uploads>().Find(new("gcm", Waiting), Cancellation))!.Value;
        Assert.Contains(found, upload.Faults);
    }

    [Fact]
    public async Task What_a_later_version_wrote_is_left_alone_and_said_so()
    {
        await using var workflow = await Left(1, "2018-03-26 13:00");
        var letter = await Of(workflow, Leaving);
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DistributionsTable);
        var row = (
            await table.GetEntityAsync<TableEntity>("distribution", letter.Id, cancellationToken: Cancellation)).Value;
        row[RecordFormat.Name] = RecordFormat.Written + 1;
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);

        var left = await Assert.ThrowsAsync<LaterFormatException>(() =>
            workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The record distribution {letter.Id} was written by a later version of this service, in format {RecordFormat.Written + 1}; this version knows formats up to {RecordFormat.Written} and leaves it alone. During an upgrade this passes by itself; otherwise bring the later version back."
            ),
            left.Message);
        await Assert.ThrowsAsync<LaterFormatException>(() => workflow.Get<BatchHandler>().Dispatch(
            string.Create(CultureInfo.InvariantCulture, $$"""{"distributionId":"{{letter.Id}}","first":1,"last":4,"format":{{RecordFormat.Written + 1}}}"""), Cancellation));
        Assert.Empty(workflow.Sent());

        await using var site = await TestSite.Open(workflow);
        Assert.Contains(
            "This service is being upgraded",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}", HttpStatusCode.ServiceUnavailable)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_version_writes_says_its_format()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        Assert.Equal(
            RecordFormat.Written,
            (
                await workflow
                    .Get<StorageAccount>()
                    .Tables.GetTableClient(ResourceNames.DispatchesTable)
                    .GetEntityAsync<TableEntity>(distribution.Id, "che", cancellationToken: Cancellation)
            ).Value.GetInt32(RecordFormat.Name));
        Assert.Contains(
            $"\"format\":{RecordFormat.Written}",
            (await workflow.Queue.PeekMessageAsync(Cancellation)).Value.MessageText,
            StringComparison.Ordinal);
        var content = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{distribution.Id}/content.json");
        Assert.Equal(
            RecordFormat.Written.ToString(CultureInfo.InvariantCulture),
            (await content.GetPropertiesAsync(cancellationToken: Cancellation)).Value.Metadata[RecordFormat.Name]);
    }

    /// <summary>
    /// Run by name when the format changes, before the change: it writes into the source folder, and the file is
    /// committed.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Write_what_this_version_writes()
    {
        // Egypt's outcome is not known, France's mailbox sends back, Mexico's says later, Switzerland acknowledges,
        // Ukraine and the Holy See are still in the queue.
        var transport = new TransportStub((message, address) => new(address, address[..3] switch
        {
            "egy" => MailboxResult.Unknown,
            "mex" => MailboxResult.TryLater,
            _ => MailboxResult.Accepted,
        }, "the server's words"));
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 12:00",
            azurite,
            transport,
            ("Dispatch:BatchSize", "4"));
        await workflow.UseRegister("egy", "fra", "mex", "che", "ukr", "vat");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 est joint.\n");
        var leaving = (await workflow.AcceptedWith($"{Schedule}\ntranslations: [fr]")).Id;
        Assert.True(await workflow.Get<Releases>().Release(leaving, "the secretary", Cancellation));
        var batch = (await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        await workflow.Get<BatchHandler>().Dispatch(batch.MessageText, Cancellation);
        await workflow.Queue.DeleteMessageAsync(batch.MessageId, batch.PopReceipt, Cancellation);
        var back = transport.Offered.Single(message => message.Envelope.Contains("fra@missions.example"));
        Assert.Equal(
            [EvidenceOutcome.Recorded],
            await workflow
                .Get<DeliveryEvidence>()
                .Record(
                    [
                        new(
                            $"<{back.MessageId}>",
                            "fra@missions.example",
                            new(
                                workflow.Clock.GetUtcNow(),
                                DeliveryEventKind.Bounced,
                                "550 no such user",
                                Source: "sendgrid",
                                Id: "e1")),
                    ],
                    Cancellation));
        Assert.True(
            await workflow
                .Get<Acknowledgements>()
                .RecordFirst(
                    leaving,
                    "che",
                    new(
                        "one",
                        workflow.Clock.GetUtcNow(),
                        "Amélie Favre",
                        new("Amélie Favre", "Second Secretary", AcknowledgementChannel.Page, workflow.Clock.GetUtcNow())
                    ),
                    Cancellation));
        await workflow.AcceptedWith("acknowledge: reference", "draft-rev-2");
        var scheduled = await workflow.AcceptedWith("send: 2018-03-29 09:00", "draft-rev-3");
        Assert.True(
            await workflow.Get<Releases>().Release(scheduled.Id, "the secretary", Cancellation, confirmed: true));

        await Snapshot.Save(
            workflow.Get<StorageAccount>(),
            Path.Combine(
                SampleLetter.Templates,
                "..",
                "tests",
                "Distribution.Tests",
                "Storage",
                "Formats",
                $"written-by-{RecordFormat.Written}.zip"));
    }

    /// <summary>For what leaves the records as they are.</summary>
    private Task<TestWorkflow> LeftOnce(int format) => once.Of(() => Left(format, "2018-03-26 13:00"), $"format {format}");

    private async Task<TestWorkflow> Left(int format, string now)
    {
        Assert.True(
            File.Exists(Snapshot.PathOf(format)),
            $"There is no {Path.GetFileName(Snapshot.PathOf(format))}: check out the version that wrote format {format} and run its test {nameof(Write_what_this_version_writes)} there."
        );
        var workflow = await TestWorkflow.OpenAt(now, azurite, null, ("Inbound:ReplyAddress", "replies@letters.example"));
        await Snapshot.Load(workflow.Get<StorageAccount>(), Snapshot.PathOf(format));
        return workflow;
    }

    /// <summary>
    /// The letter of a folder: one that was never released is made anew where this version brings other templates or
    /// words.
    /// </summary>
    private static async Task<DistributionRecord> Of(TestWorkflow workflow, string folder) =>
        (await workflow.Distributions())
            .Where(distribution => distribution.Folder.Revision == folder && distribution.IsLetter)
            .MaxBy(distribution => distribution.Version)!;

    /// <summary>Takes keys out of frozen words, as if they were frozen before these were thought of.</summary>
    private static async Task Forget(TestWorkflow workflow, string id, string file, params string[] keys)
    {
        var blob = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{id}/content.json");
        var content = Json.Read<FrozenContent>(
            (await blob.DownloadContentAsync(Cancellation)).Value.Content.ToString());
        var lines = content.Templates.Files[file].Split('\n').ToList();
        foreach (var key in keys)
        {
            var first = lines.FindIndex(line => line.StartsWith($"{key}:", StringComparison.Ordinal));
            var next = lines.FindIndex(first + 1, line => line.Length > 0 && char.IsLetter(line[0]));
            lines.RemoveRange(first, (next < 0 ? lines.Count : next) - first);
        }

        var forgotten = content with
        {
            Templates = new(
                content.Templates.Name,
                content.Templates.Files.ToDictionary(
                    known => known.Key,
                    known => known.Key == file ? string.Join('\n', lines) : known.Value)),
        };
        await blob.UploadAsync(BinaryData.FromString(Json.Write(forgotten)), overwrite: true, Cancellation);
    }
}
