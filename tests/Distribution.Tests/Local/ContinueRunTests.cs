using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Local;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tests.Tracking.Log;
using Distribution.Tracking;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Log;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>
/// The service is out of reach while a letter leaves; whoever has its archive goes on, and the service learns of it.
/// </summary>
public sealed class ContinueRunTests : IClassFixture<MadeOnce>, IAsyncDisposable
{
    private readonly AzuriteFixture azurite;
    private readonly MadeOnce once;
    private readonly string storage;
    private readonly LocalProgram program;

    public ContinueRunTests(AzuriteFixture azurite, MadeOnce once)
    {
        (this.azurite, this.once) = (azurite, once);
        program = new() { Storage = storage = azurite.NewAccount() };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Mail => $"pickup:{program.Outbox}";

    [Fact]
    public async Task What_was_not_sent_is_sent_once_as_the_service_would_have_sent_it_and_the_service_learns_of_it()
    {
        var transport = new TransportStub();
        await using var service = await TestWorkflow.Open(azurite, transport);
        var letter = await Begun(service, sent: 1);
        var archive = await Archive(service, letter.Id);
        var first = Assert.Single(transport.Offered).MissionId;
        program.Settings = service.Configuration;

        // It is told first, and the number has to be the one that was told.
        foreach (var said in (string[][])[[], ["--send-to", "3"]])
        {
            var told = await Continue([archive, .. said]);
            Assert.Equal(ExitCodes.Faulted, told.Code);
            Assert.Contains("1 need nothing more, 2 had not been sent the letter, and of 0 it is not known.", told.Output, StringComparison.Ordinal);
            Assert.Contains("any of these 2 may have it already", told.Output, StringComparison.Ordinal);
            Assert.EndsWith("--send-to 2", told.LastLine, StringComparison.Ordinal);
            Assert.Empty(program.Sent);
        }

        var run = await Continue(archive, "--send-to", "2");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(2, program.Sent.Count);
        foreach (var message in Messages())
        {
            var mission = SentMessageId.Read(message.MessageId!)!.MissionId;
            Assert.NotEqual(first, mission);
            Assert.Equal(await MessageId(service, letter, mission), message.MessageId);
            Assert.Contains(service.Get<MissionLinks>().For(letter.Id, mission), message.TextBody, StringComparison.Ordinal);
        }

        // Neither a second run nor the archive made by the first sends anything more.
        foreach (var from in (string[])[archive, Continued(letter.Id)])
            Assert.Equal(0, (await Continue(from, "--send-to", "2")).Code);
        Assert.Equal(2, program.Sent.Count);

        // The service is back. What it would still send, it does not learn about before it was stopped.
        var storage = await service.WholeStorage();
        var early = await program.Of("bring-back", Continued(letter.Id), "--storage", storage);
        Assert.Equal(ExitCodes.Faulted, early.Code);
        Assert.Contains("is still to be sent there", early.Error, StringComparison.Ordinal);
        Assert.True(await service.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));
        // The first run breaks off before its act is recorded.
        await using (var broken = service.OverStorage(
            new StorageFaultTests.Interference(
                (request, carriedOut) =>
                    !carriedOut
                    && request.Method == RequestMethod.Put
                    && request.Uri.Path.Contains($"/{ResourceNames.DistributionsTable}(", StringComparison.Ordinal)
                        ? throw new InvalidOperationException("The process ends here.")
                        : null)))
        {
            await using var file = File.OpenRead(Continued(letter.Id));
            await using var brought = await VerifiedArchive.Open(file, head: null, Cancellation);
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                broken.Get<BringBack>().Note(brought, "the officer", Cancellation));
        }

        var back = await program.Of("bring-back", Continued(letter.Id), "--storage", storage);
        Assert.Equal((0, ""), (back.Code, back.Error));
        Assert.Contains("On record now: 2 missions got Draft Rev 1", back.Output, StringComparison.Ordinal);
        var reach = await service.Get<ReachReader>().Of(await Record(service, letter.Id), Cancellation);
        Assert.Equal((3, 3), (reach.Have, reach.MissionCount));
        Assert.Contains(
            "The record knew all of it already",
            (await program.Of("bring-back", Continued(letter.Id), "--storage", storage)).Output,
            StringComparison.Ordinal);

        // Not even somebody who presses the button of the rest sends it to them again.
        Assert.Equal(0, await service.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        await service.Run();
        Assert.Single(transport.Offered);
        Assert.True((await service.Audit(letter.Id)).Breaches.All(breach => breach.MissionId is null));
        Assert.Empty((await (await service.Export(letter.Id)).Verify()).Faults);
    }

    [Fact]
    public async Task One_that_was_stopped_for_the_outage_goes_on_and_says_so_first()
    {
        program.Storage = null;
        var transport = new TransportStub();
        await using var service = await TestWorkflow.Open(azurite, transport);
        var letter = await Begun(service, sent: 1);
        Assert.True(await service.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));
        var archive = await Archive(service, letter.Id);
        program.Settings = service.Configuration;

        var told = await Continue(archive);
        Assert.Contains("It was stopped by the secretary on", told.Output, StringComparison.Ordinal);
        Assert.EndsWith("--send-to 2", told.LastLine, StringComparison.Ordinal);
        Assert.Equal(0, (await Continue(archive, "--send-to", "2")).Code);
        Assert.Equal(2, program.Sent.Count);

        var back = await program.Of(
            "bring-back",
            Continued(letter.Id),
            "--storage",
            await service.WholeStorage());
        Assert.Equal((0, ""), (back.Code, back.Error));
        Assert.Contains("On record now: 2 missions got", back.Output, StringComparison.Ordinal);
        // A bounce of what was sent finds the message it is about.
        foreach (var message in Messages())
        {
            var sent = SentMessageId.Read(message.MessageId!)!;
            var entry = (await service.Dispatches(letter.Id)).Single(entry => entry.MissionId == sent.MissionId);
            Assert.Equal(DeliveryState.Delivered, entry.State);
            Assert.Equal(message.MessageId, MessageIds.AttemptOf(entry, message.MessageId!)?.MessageId);
        }
    }

    [Fact]
    public async Task Of_what_is_not_known_or_found_sent_elsewhere_nothing_is_sent()
    {
        var transport = new TransportStub((message, address) =>
            new(address, message.MissionId == "mex" ? MailboxResult.Unknown : MailboxResult.Accepted, ""));
        await using var service = await TestWorkflow.Open(azurite, transport);
        var letter = await Begun(service, sent: 0, "aut", "che", "fra", "jpn", "ken", "mex");
        var unsent = await service.Get<FrozenRosters>().Find(letter.Id, Cancellation);
        var place = unsent.Missions.Index().Single(item => item.Item.Id == "mex").Index + 1;
        await service.Get<BatchHandler>().Dispatch(await service.BatchOf(letter.Id, place, place), Cancellation);
        var before = Unzipped(await Archive(service, letter.Id));
        // France's was offered while the archive was made: the manifest knows, and the log does not.
        before["letters/fra/subject.txt"] = "The letter"u8.ToArray();
        var archive = Packed(before, mission: "fra");
        program.Settings = service.Configuration;
        var log = program.WithFile(
            "mail.log",
            $"""
            postfix/cleanup: message-id=<{await MessageId(service, letter, "che")}>
            ken
            jpn is somewhere in a line
            """);

        var run = await Continue(archive, "--sent", log, "--send-to", "2");
        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains("Found as sent, and left out: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(["aut", "jpn"], Messages().Select(message => SentMessageId.Read(message.MessageId!)!.MissionId).Order());
        Assert.Contains("Not known", run.Output, StringComparison.Ordinal);
        Assert.Contains("incomplete: 4 of 6 missions accounted for", run.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "deliveries.csv", "deliveries.csv was changed." },
        { "log/log.jsonl", "log/log.jsonl was changed." },
        { "content.json", "content.json was changed." },
        { "manifest.json", "manifest.json was changed." },
        { "enclosures/draft-rev-1.pdf", "enclosures/draft-rev-1.pdf was changed." },
        { "new.txt", "new.txt was added." },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_archive_that_was_changed_is_refused_and_named(string file, string words)
    {
        var service = await once.Of(async () => (await Outage()).Service);
        program.Settings = service.Configuration;
        var files = Unzipped(await Archive(service, (await service.TheDistribution()).Id));
        files[file] = [.. files.GetValueOrDefault(file) ?? [], (byte)' '];
        var run = await Continue(Zipped(files), "--send-to", "2");
        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Empty(program.Sent);
    }

    [Fact]
    public async Task One_whose_sums_were_made_anew_is_found_by_its_log_and_one_made_up_as_a_whole_by_a_head_noted_before()
    {
        var (service, letter, archive) = await Outage();
        await using var _ = service;
        var files = Unzipped(archive);
        var content = files["content.json"];
        files["content.json"] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(content).Replace("Draft Rev 1", "Draft Rev 9", StringComparison.Ordinal));
        var other = await Continue(Packed(files), "--send-to", "2");
        Assert.Contains("content.json is not the content whose hash the log begins with.", other.Error, StringComparison.Ordinal);

        files["content.json"] = content;
        files["log/log.jsonl"] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(files["log/log.jsonl"]).Replace("Accepted", "NotNow", StringComparison.Ordinal));
        other = await Continue(Packed(files), "--send-to", "3");
        Assert.Contains("they are not the lines that were sealed", other.Error, StringComparison.Ordinal);

        var head = (await service.Export(letter.Id)).Links[^1].Hash;
        Assert.Contains(
            "No link has the head you hold",
            (await Continue(archive, "--head", new string('0', 64))).Error,
            StringComparison.Ordinal);
        Assert.Contains("is sound", (await Continue(archive, "--head", LogHead.Short(head))).Output, StringComparison.Ordinal);
        Assert.Empty(program.Sent);
    }

    [Fact]
    public async Task Without_the_services_own_settings_nothing_leaves()
    {
        var (service, _, archive) = await Outage();
        await using var _1 = service;
        foreach (
            var (name, value, words) in ((string, string?, string)[])
            [
                ("Mail:From", "", "and Mail:From is not set."),
                ("PublicUrl", "", "and PublicUrl is not set."),
                ("Links:Keys:0", LinkKeys.Create("test"), "The setting Links:Keys is not the one this letter was sent with"),
                ("Mail:From", "Somebody <else@elsewhere.example>", "its Message-IDs end in @secretariat.example."),
            ])
        {
            program.Settings = service.Another((name, value!)).Configuration;
            var run = await Continue(archive, "--send-to", "2");
            Assert.Equal(ExitCodes.Faulted, run.Code);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(program.Sent);
        var nowhere = await program.Of("continue", archive, "--data", program.Data);
        Assert.Equal(CommandLine.Misused, nowhere.Code);
        Assert.Contains("continue needs --mail", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_complete_or_was_not_released_or_follows_another_leaves_nothing_to_send()
    {
        await using var service = await TestWorkflow.Open(azurite, new TransportStub());
        program.Settings = service.Configuration;
        var letter = await service.Accepted("che", "mex");
        var waiting = await Continue(await Archive(service, letter.Id), "--send-to", "2");
        Assert.Contains("had not been released when the archive was made", waiting.Error, StringComparison.Ordinal);

        await service.Release();
        var complete = await Continue(await Archive(service, letter.Id));
        Assert.Equal(ExitCodes.Faulted, complete.Code);
        Assert.Contains("It leaves nothing to send.", complete.Output, StringComparison.Ordinal);

        Assert.True(await service.RemindNow(letter.Id));
        await service.Reconcile();
        var reminder = (await service.Distributions()).Single(other => other.Follows is not null);
        var follows = await Continue(await Archive(service, reminder.Id), "--send-to", "2");
        Assert.Contains("It is the archive of a reminder", follows.Error, StringComparison.Ordinal);
        Assert.Empty(program.Sent);
    }

    [Fact]
    public async Task What_broke_off_takes_what_the_mail_servers_log_says()
    {
        var (service, letter, path) = await Outage();
        await using var _ = service;
        var busy = new TransportStub((_, address) => new(address, MailboxResult.TryLater, "451 later"));
        await using var elsewhere = await TestWorkflow.Open(azurite, busy);
        var continuation = elsewhere.Get<Continuation>();
        await using var file = File.OpenRead(path);
        await using var archive = await VerifiedArchive.Open(file, head: null, Cancellation);
        Assert.Null(await continuation.Begun(archive, Cancellation));
        var plan = await continuation.Plan(archive, "", Cancellation);
        await continuation.Begin(archive, plan, "the officer", Cancellation);
        await elsewhere.CarryOutBatches();

        var begun = (await continuation.Begun(archive, Cancellation))!;
        Assert.Equal(2, await continuation.Open(begun, "", "the officer", Cancellation));
        var log = $"message-id=<{await MessageId(service, letter, plan.Unsent[0].Id)}>";
        Assert.Equal(1, await continuation.Open(begun, log, "the officer", Cancellation));
        Assert.Equal(
            [plan.Unsent[1].Id],
            (await elsewhere.Dispatches(letter.Id))
                .Where(entry => !entry.State.IsAccountable)
                .Select(entry => entry.MissionId));
        Assert.True((await elsewhere.Audit(letter.Id)).Reach.Have >= 2);
    }

    [Fact]
    public async Task An_archive_that_knows_more_is_not_gone_on_with_where_an_earlier_one_was()
    {
        var (service, letter, archive) = await Outage();
        await using var _ = service;
        Assert.Equal(0, (await Continue(archive, "--send-to", "2")).Code);
        await service.CarryOutBatches();
        var later = await Continue(await Archive(service, letter.Id), "--send-to", "2");
        Assert.Equal(ExitCodes.Faulted, later.Code);
        Assert.Contains("goes on here from another archive already", later.Error, StringComparison.Ordinal);
        Assert.Equal(2, program.Sent.Count);
    }

    public async ValueTask DisposeAsync()
    {
        program.Dispose();
        await azurite.Leave(storage);
    }

    private Task<LocalProgram.Run> Continue(params string[] arguments) =>
        program.Of(["continue", "--once", "--data", program.Data, "--mail", Mail, .. arguments]);

    private async Task<(TestWorkflow Service, DistributionRecord Letter, string Archive)> Outage()
    {
        var service = await TestWorkflow.Open(azurite, new TransportStub());
        program.Settings = service.Configuration;
        var letter = await Begun(service, sent: 1);
        return (service, letter, await Archive(service, letter.Id));
    }

    /// <summary>A letter that is leaving, and has left for the first so many missions.</summary>
    private static async Task<DistributionRecord> Begun(TestWorkflow service, int sent, params string[] missions)
    {
        var letter = await service.Released(missions);
        for (var place = 1; place <= sent; place++)
            await service.Get<BatchHandler>().Dispatch(await service.BatchOf(letter.Id, place, place), Cancellation);
        return letter;
    }

    private async Task<string> Archive(TestWorkflow service, string id)
    {
        var path = program.WithFile($"{Guid.NewGuid():n}.zip", "");
        await using var file = File.Create(path);
        Assert.True(await service.Get<DistributionArchive>().Write(id, file, Cancellation));
        return path;
    }

    private string Continued(string id) => Path.Combine(program.Data, id, $"archive-{id}-continued.zip");

    private IEnumerable<MimeMessage> Messages() => program.Sent.Select(file => MimeMessage.Load(file, Cancellation));

    private static async Task<DistributionRecord> Record(TestWorkflow service, string id) =>
        (await service.Get<DistributionRecords>().Find(id, Cancellation))!;

    private static async Task<string> MessageId(TestWorkflow service, DistributionRecord letter, string mission) =>
        service.Get<LetterWriter>().MessageIds(
            letter.KeyId,
            (await service.Dispatches(letter.Id)).Single(entry => entry.MissionId == mission))(1);

    private static Dictionary<string, byte[]> Unzipped(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    private string Zipped(Dictionary<string, byte[]> files)
    {
        var path = program.WithFile($"{Guid.NewGuid():n}.zip", "");
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in files)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }

        return path;
    }

    /// <summary>An archive of these files, with a manifest and sums that fit them.</summary>
    /// <param name="mission">The mission whose files the manifest does not know yet.</param>
    private string Packed(Dictionary<string, byte[]> files, string? mission = null)
    {
        var manifest = ArchiveManifest.Read(Encoding.UTF8.GetString(files[ArchiveWriter.Manifest]))!;
        manifest = manifest with
        {
            Files =
            [
                .. files
                    .Where(file => file.Key is not (ArchiveWriter.Manifest or ArchiveWriter.Sums))
                    .Select(file =>
                        (
                            manifest.Files.FirstOrDefault(known => known.Name == file.Key)
                            ?? new(file.Key, DistributionArchive.EmailRole, 0, "", mission)) with
                        {
                            Bytes = file.Value.Length,
                            Sha256 = Sum(file.Value),
                        }),
            ],
        };
        files[ArchiveWriter.Manifest] = Encoding.UTF8.GetBytes(manifest.Write());
        files[ArchiveWriter.Sums] = Encoding.UTF8.GetBytes(
            string.Concat(
                files
                    .Where(file => file.Key != ArchiveWriter.Sums)
                    .Select(file => $"{Sum(file.Value)}  {file.Key}\n")));
        return Zipped(files);

        static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
