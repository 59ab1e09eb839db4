using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Tracking.Erasure;

public sealed class EraserTests(AzuriteFixture azurite)
{
    private const string Schedule = "deadlines:\n  comments: 2018-04-04 18:00\nremind: the day before comments";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_in_storage_names_a_mailbox_a_person_or_the_letter_any_more_and_the_log_and_the_page_that_verifies_letters_answer_as_before()
    {
        await using var workflow = await Finished(azurite);
        var (letter, hash) = (await workflow.Distributions())
            .Where(distribution => distribution.IsLetter)
            .Select(distribution => (distribution.Id, distribution.Enclosures[0].Hash))
            .Single();
        await workflow.Get<LogSealer>().Seal(letter, makeUp: true, Cancellation);
        Assert.NotEmpty(await Holding(workflow, "che@missions.example"));
        Assert.NotEmpty(await Holding(workflow, "Amélie Favre"));

        // While another worker holds the log of its reminder, the letter stays, and leads to the rest.
        await using (await workflow.Get<LogChains>().Hold($"{letter}-r1", Cancellation))
            Assert.False(await workflow.Get<Eraser>().Erase(letter, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Eraser>().Erase(letter, "the secretary", Cancellation));
        await workflow.Reconcile();

        foreach (
            var word in (string[])
                [
                    "che@missions.example",
                    "mex@missions.example",
                    "colleague@elsewhere.example",
                    "Amélie Favre",
                    "We thank you",
                    "Draft Rev 1 is enclosed",
                    "Gómez Camacho",
                ])
            Assert.Equal([], await Holding(workflow, word));
        Assert.Empty(await workflow.Distributions());
        var erased = await workflow.Get<Erasures>().All(Cancellation);
        Assert.Equal([$"{letter}", $"{letter}-r1"], erased.Select(left => left.Id).Order());
        Assert.All(erased, left => Assert.Equal((true, "the secretary"), (left.IsDone, left.By)));
        Assert.Equal(
            (2, 2),
            erased.Where(left => left.Id == letter).Select(left => (left.Missions, left.Accountable)).Single());

        using var zip = new MemoryStream();
        Assert.True(await workflow.Get<LogExport>().Write(letter, zip, Cancellation));
        using var exported = new ZipArchive(zip, ZipArchiveMode.Read);
        await using var log = await exported.GetEntry(LogExport.LogName)!.OpenAsync(Cancellation);
        var verdict = await LogVerification.Verify(
            log,
            null,
            erased.Single(left => left.Id == letter).Head,
            Cancellation);
        Assert.Empty(verdict.Faults);

        await using var site = await TestSite.Open(workflow);
        Assert.Contains(
            "This is an enclosure of the letter",
            TestSite.Words(await site.Page($"/verify?hash={hash}")),
            StringComparison.Ordinal);
        var link = new Uri(workflow.Get<MissionLinks>().For(letter, "che")).AbsolutePath;
        foreach (var (path, words, status) in ((string, string, System.Net.HttpStatusCode)[])
                     [
                         (link, "erased", System.Net.HttpStatusCode.Gone),
                         ($"{link}/receipt", "erased", System.Net.HttpStatusCode.Gone),
                         ($"{link[..^1]}{(link[^1] == 'A' ? 'B' : 'A')}", "cut", System.Net.HttpStatusCode.NotFound),
                     ])
            Assert.Equal(PageWords.Of("fr")[words], (await site.Page($"{path}?lang=fr", status)).QuerySelector("h1")!.TextContent);
        Assert.Contains("2 of 2 had it", TestSite.Words(await site.Page(Addresses.Erased)), StringComparison.Ordinal);
        await site.Page(Addresses.Distribution(letter), System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_letter_of_which_something_is_still_to_come_is_not_erased()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("che");
        var letter = (await workflow.AcceptedWith(Schedule)).Id;
        Assert.False(await workflow.Get<Eraser>().Erase(letter, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Releases>().Release(letter, "the secretary", Cancellation));
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.False(await workflow.Get<Eraser>().Erase(letter, "the secretary", Cancellation));

        Assert.True(await workflow.Get<ReminderSender>().Stop(letter, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Eraser>().Erase(letter, "the secretary", Cancellation));
    }

    [Fact]
    public async Task What_broke_off_is_finished_by_the_timer()
    {
        await using var workflow = await Finished(azurite);
        var letter = (await workflow.Distributions()).Single(distribution => distribution.IsLetter);
        var left = new ErasedLetter(
            letter.Id,
            letter.Process,
            letter.DraftLabel,
            letter.Date,
            2,
            2,
            letter.ReleasedAt,
            null,
            workflow.Clock.GetUtcNow(),
            null,
            letter.Folder,
            IsDone: false);
        // The first worker stops before it has taken the letter from the list.
        await using (var broken = workflow.OverStorage(
            new Meanwhile($"/{ResourceNames.DistributionsTable}(", () => throw new InvalidOperationException("Stopped"))))
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                broken.Get<Erasures>().Begin(left, Cancellation));
        Assert.Contains(await workflow.Distributions(), distribution => distribution.Id == letter.Id);
        Assert.NotEmpty(await Holding(workflow, "Amélie Favre"));
        var entries = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DispatchesTable);
        var met = 0;
        // Another worker deletes one of its rows in the same moment.
        await using var shaken = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, carriedOut) =>
                {
                    if (!carriedOut && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && Names(request, ResourceNames.DispatchesTable) && met++ == 0)
                        entries.DeleteEntity(letter.Id, "che", cancellationToken: Cancellation);
                    return null;
                }));

        await shaken.Reconcile();
        Assert.True(met > 0);
        Assert.Equal([], await Holding(workflow, "Amélie Favre"));
        Assert.Empty(entries.Query<TableEntity>(row => row.PartitionKey == letter.Id, cancellationToken: Cancellation));
        Assert.True((await workflow.Get<Erasures>().Find(letter.Id, Cancellation))!.IsDone);
        Assert.DoesNotContain(await workflow.Distributions(), distribution => distribution.Id == letter.Id);

        static bool Names(Azure.Core.Request request, string table)
        {
            using var content = new MemoryStream();
            request.Content!.WriteTo(content, Cancellation);
            return Encoding.UTF8.GetString(content.ToArray()).Contains($"/{table}(", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task On_its_page_a_letter_is_erased_only_by_who_has_ticked_the_box()
    {
        await using var workflow = await Finished(azurite);
        var letter = (await workflow.Distributions()).Single(distribution => distribution.IsLetter).Id;
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Erase(letter));
        Assert.Contains(
            $"({FollowUp.Words(FollowUpKind.Reminder)})",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Equal(
            "Nothing was erased: tick the box first.",
            await DeskTests.Said(
                site,
                await MissionVisitor.Sent(
                    site,
                    Addresses.Erase(letter),
                    MissionVisitor.FormOf(page, ("confirmed", "")),
                    System.Net.HttpStatusCode.SeeOther)));
        Assert.NotEmpty(await workflow.Distributions());
        await MissionVisitor.Sent(
            site,
            Addresses.Erase(letter),
            MissionVisitor.FormOf(page, ("confirmed", "yes")),
            System.Net.HttpStatusCode.SeeOther);
        Assert.Empty(await workflow.Distributions());
    }

    [Fact]
    public async Task The_names_of_one_missions_people_go_and_that_it_acknowledged_stays()
    {
        await using var workflow = await Finished(azurite);
        var letter = (await workflow.Distributions()).Single(distribution => distribution.IsLetter).Id;
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(letter, "che", "the secretary", Cancellation));
        Assert.Equal([], await Holding(workflow, "Amélie Favre"));
        Assert.Equal([], await Holding(workflow, "We thank you"));
        Assert.Equal([], await Holding(workflow, "colleague@elsewhere.example"));
        Assert.Equal(
            (PersonalValue.Erased, null, AcknowledgementChannel.Page),
            (await workflow.Get<Acknowledgements>().Find(letter, "che", Cancellation))!.Stands is { } stands
                ? (stands.By, stands.Function, stands.Channel)
                : default);
        Assert.Contains(
            (await workflow.Distributions()).Single(distribution => distribution.Id == letter).Acts,
            act => act is { Act: Act.NamesErased, By: "the secretary", Words: "che" });
        Assert.False(await workflow.Get<RetentionPolicy>().EraseNames("nowhere", "che", "the secretary", Cancellation));

        // The counts of visits begin anew, also in the process that had counted before.
        Assert.Null(await workflow.Get<Visits>().Find(letter, "che", Cancellation));
        await workflow.Get<VisitCounter>().Count(letter, "che", VisitKind.Opened, "a browser");
        Assert.NotNull(await workflow.Get<Visits>().Find(letter, "che", Cancellation));

        await using var site = await TestSite.Open(workflow);
        var shown = await site.Page($"{new Uri(workflow.Get<MissionLinks>().For(letter, "che")).AbsolutePath}?lang=fr");
        Assert.Contains("(effacé)", shown.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_itself_a_letter_goes_when_its_time_has_come_and_the_desk_was_told_thirty_days_before()
    {
        await using var workflow = await Finished(azurite, ("Retention:EraseAfter", "60.00:00:00"));
        var letter = (await workflow.Distributions()).Single(distribution => distribution.IsLetter).Id;
        await workflow.Get<TestMessages>().Send(
            RegisterCsv.Seed().Missions.Single(mission => mission.Id == "che"),
            "che@missions.example",
            "the secretary",
            Cancellation);
        // It may be about this letter or another one, and the other one is there still.
        await Wait("two-letters", letter, "another");
        await Wait("one-letter", letter);
        workflow.Clock.Advance(TimeSpan.FromDays(29));
        await workflow.Reconcile();
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        workflow.Clock.Advance(TimeSpan.FromDays(2));
        await workflow.Reconcile();
        await workflow.Reconcile();
        Assert.StartsWith(
            "Draft Rev 1 of 26 March 2018, with its reminders, addenda and corrections, will be erased on ",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        var first = Assert.Single(await workflow.Get<Notices>().All(Cancellation));
        // What happens after that puts it off, and the new day is said as long before.
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(letter, "mex", "the secretary", Cancellation));
        workflow.Clock.Advance(TimeSpan.FromDays(31));
        await workflow.Reconcile();
        Assert.NotEmpty(await workflow.Distributions());
        Assert.NotEqual(first.Text, Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
        workflow.Clock.Advance(TimeSpan.FromDays(29));
        await workflow.Reconcile();
        Assert.NotEmpty(await workflow.Distributions());
        workflow.Clock.Advance(TimeSpan.FromDays(2));
        // Broken off, it is gone on with at once, and nothing is sent of the letter meanwhile. Without the timer's other jobs:
        // one that seals the log of a reminder in this moment would keep the erasure from coming as far as the letter.
        await using (await workflow.Get<LogChains>().Hold(letter, Cancellation))
            await workflow.Get<RetentionPolicy>().Run(await workflow.Distributions(), Cancellation);
        Assert.True((await workflow.Distributions()).Single(one => one.Id == letter).IsBeingErased);
        Assert.False(await workflow.Resend(letter, "mex"));
        await workflow.Get<RetentionPolicy>().Run(await workflow.Distributions(), Cancellation);
        Assert.Empty(await workflow.Distributions());
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        Assert.Empty(await workflow.Get<TestMessages>().Of("che", Cancellation));
        var left = Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        Assert.Equal(("two-letters", false), (left.Id, left.IsAnswer));
        Assert.Equal("another", Assert.Single(left.Candidates).DistributionId);

        // One that an earlier version left with a letter that was erased goes as well, when it is old.
        await Wait("left", letter);
        workflow.Clock.Advance(TimeSpan.FromDays(59));
        await workflow.Reconcile();
        Assert.Empty((await workflow.Get<Replies>().FindWaiting("left", Cancellation))!.Candidates);
        workflow.Clock.Advance(TimeSpan.FromDays(2));
        await workflow.Reconcile();
        Assert.Equal("two-letters", Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Id);

        Task Wait(string id, params string[] letters) =>
            workflow.Get<Replies>().Wait(
                new(
                    id,
                    "Amélie Favre <che@missions.example>",
                    "Re",
                    workflow.Clock.GetUtcNow(),
                    "",
                    [],
                    0,
                    [.. letters.Select(of => new ReplyCandidate(of, "che", "Draft Rev 1", "Switzerland"))])
                {
                    IsAnswer = true,
                },
                Cancellation);
    }

    /// <summary>A letter to two missions, one of which acknowledged and wrote; the other was reminded.</summary>
    private static async Task<TestWorkflow> Finished(AzuriteFixture azurite, params (string, string)[] settings)
    {
        var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 12:00",
            azurite,
            null,
            [("Inbound:ReplyAddress", "replies@secretariat.example"), .. settings]);
        await workflow.UseRegister("che", "mex");
        var letter = (await workflow.AcceptedWith(Schedule)).Id;
        Assert.True(await workflow.Get<Releases>().Release(letter, "the secretary", Cancellation));
        await workflow.Run();
        var now = workflow.Clock.GetUtcNow();
        Assert.True(
            await workflow
                .Get<Acknowledgements>()
                .RecordFirst(
                    letter,
                    "che",
                    new(
                        "one",
                        now,
                        "Amélie Favre",
                        new("Amélie Favre", "Second Secretary", AcknowledgementChannel.Page, now),
                        "by hand"),
                    Cancellation));
        Assert.Equal(
            ForwardResult.Recorded,
            await workflow
                .Get<Forwards>()
                .Add(letter, "che", new("forward", now, "Amélie Favre", "colleague@elsewhere.example"), Cancellation));
        await workflow.Get<VisitCounter>().Count(letter, "che", VisitKind.Opened, "Amélie Favre's browser");
        var reply = new MimeKit.MimeMessage
        {
            Subject = "Re: Draft Rev 1",
            MessageId = "reply@missions.example",
            InReplyTo = workflow
                .Sent()
                .First(message => message.To.Mailboxes.Single().Address == "che@missions.example")
                .MessageId,
            Body = new MimeKit.TextPart("plain") { Text = $"{await workflow.Reference()} We thank you. Amélie Favre" },
        };
        reply.From.Add(new MimeKit.MailboxAddress("Amélie Favre", "che@missions.example"));
        reply.To.Add(new MimeKit.MailboxAddress("", workflow.ReplyAddress((await workflow.Distributions()).Single(record => record.Id == letter))));
        using var content = new MemoryStream();
        await reply.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload("reply.eml", content, Cancellation);
        // Another waits for a person.
        ((MimeKit.TextPart)reply.Body).Text = "We thank you once more. Amélie Favre";
        (reply.MessageId, content.Position) = ("another@missions.example", 0);
        content.SetLength(0);
        await reply.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload("another.eml", content, Cancellation);
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();
        await workflow.Run();
        Assert.Single(await workflow.Get<Replies>().Of(letter, "che", Cancellation));
        Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        Assert.All(
            await workflow.Distributions(),
            distribution => Assert.Equal(DistributionState.Complete, distribution.State));
        return workflow;
    }

    /// <returns>The names of all blobs and rows that hold these words, messages decoded.</returns>
    private static async Task<IReadOnlyList<string>> Holding(TestWorkflow workflow, string words)
    {
        var account = workflow.Get<StorageAccount>();
        List<string> found = [];
        // The register is the product's own, and what was taken in before any letter was matched is gone with the age
        // set for it.
        await foreach (var container in account.Blobs.GetBlobContainersAsync(cancellationToken: Cancellation))
            await foreach (
            var blob in account
                .Blobs.GetBlobContainerClient(container.Name)
                .GetBlobsAsync(cancellationToken: Cancellation))
                if (container.Name != ResourceNames.Register
                && Encoding
                    .UTF8.GetString(
                        (
                            await account
                                .Blobs.GetBlobContainerClient(container.Name)
                                .GetBlobClient(blob.Name)
                                .DownloadContentAsync(Cancellation))
                            .Value
                            .Content)
                    .Contains(words, StringComparison.Ordinal))
                    found.Add($"{container.Name}/{blob.Name}");
        await foreach (var table in account.Tables.QueryAsync(cancellationToken: Cancellation))
            await foreach (
            var row in account
                .Tables.GetTableClient(table.Name)
                .QueryAsync<TableEntity>(cancellationToken: Cancellation))
                if (row.Select(column => column.Value)
                    .OfType<string>()
                    .Append(Unpacked(row))
                    .Any(value => value.Contains(words, StringComparison.Ordinal)))
                    found.Add($"{table.Name} {row.PartitionKey} {row.RowKey}");
        return found;

        static string Unpacked(TableEntity row) =>
            row.Where(column => column.Value is byte[]).OrderBy(column => column.Key.Length).ThenBy(column => column.Key, StringComparer.Ordinal)
                .SelectMany(column => (byte[])column.Value)
                .ToArray() is { Length: > 0 } packed
                    ? PackedText.Unpack(packed)
                    : "";
    }
}
