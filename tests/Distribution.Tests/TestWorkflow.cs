using System.Text;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// The whole workflow over a storage account of its own, with a pickup folder for a post office and a clock the test
/// moves, which begins on the day of the sample letter unless told otherwise. Its register has three missions; a test
/// that is about all of them says so by <see cref="UseAllMissions"/>.
/// </summary>
internal sealed class TestWorkflow : IAsyncDisposable
{
    private static readonly string[] Missions = ["che", "fra", "mex"];

    private readonly ServiceProvider services;
    private readonly StorageAccount account;
    private readonly string connection;
    private readonly (string Name, string Value)[] settings;
    private readonly TimeProvider time;
    private readonly string folder = Directory.CreateTempSubdirectory("distribution-").FullName;

    private TestWorkflow(
        string connection,
        (string Name, string Value)[] settings,
        IMailTransport? transport,
        TimeProvider time,
        HttpPipelinePolicy? policy = null)
    {
        var all = new Dictionary<string, string?>
        {
            [ResourceNames.Storage] = connection,
            ["PublicUrl"] = "http://127.0.0.1:5080",
            ["Templates"] = Path.Combine(AppContext.BaseDirectory, "templates"),
            ["Mail:Transport"] = $"pickup:{PickupFolder}",
            ["Mail:From"] = "Co-facilitators <letters@secretariat.example>",
            ["Mail:ReturnPath"] = "bounces@secretariat.example",
            ["Links:Keys:0"] = "test:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=",
            // One is enough, but where a test is about that.
            ["Release:People"] = "1",
            // So is a press, but where a test is about undoing it.
            ["Release:UndoFor"] = "00:00:00",
            // What leaves is letters alone, but where a test is about receipts.
            ["Receipts:ByMail"] = "false",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        (this.connection, this.settings, this.time) = (connection, settings, time);
        var collection = new ServiceCollection()
            .AddSingleton(time)
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddDistribution(Configuration);
        // Given as it is, so that the house does not dispose of it.
        if (!all.ContainsKey("Typesetting:Folder"))
            collection.AddSingleton(TypesetterFixture.Shared);
        if (transport is not null)
            collection.AddSingleton(transport);
        collection.AddSingleton(
            StorageAccount.FromConnectionString(connection, StorageOnFirstUse.After(connection, policy)));
        services = collection.BuildServiceProvider(validateScopes: true);
        account = Get<StorageAccount>();
    }

    /// <summary>The clock that the test moves; there is none where the time is the real one.</summary>
    public FakeTimeProvider Clock => (FakeTimeProvider)time;

    public IConfiguration Configuration { get; }

    /// <summary>Who gave the storage account, which ends with this; null for another worker over the same storage.</summary>
    private AzuriteFixture? Owner { get; init; }

    /// <summary>
    /// The storage for whoever reaches it by clients of their own: everything in it is made, which otherwise is made when
    /// it is first used.
    /// </summary>
    public async Task<string> WholeStorage()
    {
        await StorageOnFirstUse.MakeAll(connection);
        return connection;
    }

    /// <summary>The names of the tables, containers and queues that were used so far.</summary>
    public IReadOnlyList<string> Made => StorageOnFirstUse.Made(connection);

    /// <summary>The names of those that were written to since this was last asked.</summary>
    public ICollection<string> Changed() => StorageOnFirstUse.Changed(connection);

    public string PickupFolder => Path.Combine(folder, "pickup");

    /// <param name="transport">A way out that goes wrong as the test says; a pickup folder otherwise.</param>
    public static Task<TestWorkflow> Open(
        AzuriteFixture azurite,
        IMailTransport? transport = null,
        params (string Name, string Value)[] settings) => OpenAt("2018-03-26 12:00", azurite, transport, settings);

    /// <summary>A house in which it is a certain hour in New York.</summary>
    public static Task<TestWorkflow> OpenAt(
        string newYork,
        AzuriteFixture azurite,
        IMailTransport? transport = null,
        params (string Name, string Value)[] settings) =>
        OpenAt(
            NewYorkTime.Instant(DateTime.Parse(newYork, System.Globalization.CultureInfo.InvariantCulture)),
            azurite,
            transport,
            settings);

    /// <summary>A house in which time passes by itself, for servers that have no other.</summary>
    public static Task<TestWorkflow> OpenNow(
        AzuriteFixture azurite,
        params (string Name, string Value)[] settings) => Open(TimeProvider.System, azurite, null, settings);

    private static Task<TestWorkflow> OpenAt(
        DateTimeOffset now,
        AzuriteFixture azurite,
        IMailTransport? transport,
        (string Name, string Value)[] settings) => Open(new FakeTimeProvider(now), azurite, transport, settings);

    private static async Task<TestWorkflow> Open(
        TimeProvider time,
        AzuriteFixture azurite,
        IMailTransport? transport,
        (string Name, string Value)[] settings)
    {
        var connection = azurite.NewAccount();
        StorageOnFirstUse.Begin(connection, time.GetUtcNow());
        var workflow = new TestWorkflow(connection, settings, transport, time) { Owner = azurite };
        await workflow.UseRegister(Missions);
        return workflow;
    }

    public static Task<TestWorkflow> Open(AzuriteFixture azurite, params (string Name, string Value)[] settings) =>
        Open(azurite, null, settings);

    /// <summary>
    /// Another worker with the same settings over the same storage, with what has left so far, a clock that begins as late
    /// as this one's, and a way out of its own.
    /// </summary>
    public TestWorkflow Twin(IMailTransport? transport)
    {
        var twin = new TestWorkflow(connection, settings, transport, new FakeTimeProvider(Clock.GetUtcNow()));
        Directory.CreateDirectory(twin.PickupFolder);
        if (Directory.Exists(PickupFolder))
            foreach (var message in Directory.EnumerateFiles(PickupFolder))
                File.Copy(message, Path.Combine(twin.PickupFolder, Path.GetFileName(message)));
        return twin;
    }

    /// <summary>Another worker over the same storage and clock, with a way out of its own.</summary>
    /// <param name="clock">A clock of its own; where that stands still, the worker does nothing more by itself.</param>
    public TestWorkflow Another(
        IMailTransport transport,
        FakeTimeProvider? clock = null,
        params (string Name, string Value)[] settings) =>
        new(connection, settings, transport, clock ?? time);

    /// <summary>Another worker over the same storage and clock, with other settings.</summary>
    public TestWorkflow Another(params (string Name, string Value)[] settings) =>
        new(connection, settings, null, time);

    /// <summary>Another worker over the same storage and clock, which reaches that storage through this.</summary>
    public TestWorkflow OverStorage(HttpPipelinePolicy policy, params (string Name, string Value)[] settings) =>
        new(connection, settings, null, time, policy);

    /// <summary>The same with a way out of its own.</summary>
    public TestWorkflow OverStorage(
        HttpPipelinePolicy policy,
        IMailTransport transport,
        params (string Name, string Value)[] settings) =>
        new(connection, settings, transport, time, policy);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Uploads the sample letter and draft and has them accepted.</summary>
    public async Task<DistributionRecord> Accepted(params string[] missions)
    {
        if (missions is not [])
            await UseRegister(missions);
        await Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await Examine();
        return await TheDistribution();
    }

    /// <summary>Moves the clock on to a certain hour in New York.</summary>
    public void WaitUntil(string newYork) =>
        Clock.SetUtcNow(
            NewYorkTime.Instant(DateTime.Parse(newYork, System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Uploads a letter of certain particulars with its draft, and has it accepted.</summary>
    public async Task<DistributionRecord> AcceptedWith(string lines, string folder = "draft-rev-1")
    {
        await Upload($"gcm/{folder}/letter.md", Samples.LetterWith(lines));
        await Upload($"gcm/{folder}/draft-rev-1.pdf", Samples.Pdf());
        await Examine();
        return (await Distributions()).First(distribution =>
            distribution.Folder.Revision == folder && distribution.Follows is null or { IsCorrection: true });
    }

    public async Task<DistributionRecord> Released(params string[] missions)
    {
        var distribution = await Accepted(missions);
        Assert.True(
            await Get<Releases>().Release(distribution.Id, "the secretary", TestContext.Current.CancellationToken));
        return distribution;
    }

    /// <summary>Releases the one distribution there is and carries it out.</summary>
    /// <param name="confirmed">Whether all that is to be confirmed is.</param>
    public async Task Release(bool confirmed = false)
    {
        Assert.True(
            await Get<Releases>().Release(
                (await TheDistribution()).Id,
                "the secretary",
                TestContext.Current.CancellationToken,
                confirmed));
        await CarryOutBatches();
    }

    /// <summary>Has the silent missions reminded, as a person who sees all there is.</summary>
    public async Task<bool> RemindNow(string letter)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await Get<ReminderSender>().RemindNow(
            letter,
            "the secretary",
            (await Get<DistributionRecords>().Find(letter, cancellation))?.Reminders.Count ?? 0,
            cancellation);
    }

    /// <summary>Sends a letter to a mission once more, as a person who sees all there is.</summary>
    public async Task<bool> Resend(string letter, string mission, string by = "the secretary") =>
        await Get<Resends>().Resend(
            letter,
            mission,
            by,
            alsoAcknowledged: false,
            (await Dispatches(letter)).FirstOrDefault(entry => entry.MissionId == mission)?.Attempts.Count ?? 0,
            TestContext.Current.CancellationToken);

    /// <summary>Has a mission acknowledge a letter.</summary>
    public async Task Acknowledge(
        string letter,
        string mission,
        string by = "A person",
        AcknowledgementChannel channel = AcknowledgementChannel.Page)
    {
        var at = time.GetUtcNow();
        Assert.True(
            await Get<Acknowledgements>().RecordFirst(
                letter,
                mission,
                new(Guid.NewGuid().ToString("n"), at, by, new(by, null, channel, at)),
                TestContext.Current.CancellationToken));
    }

    public Task Upload(string name, string text) => Upload(name, Encoding.UTF8.GetBytes(text));

    public Task Upload(string name, byte[] content) =>
        Get<Drafts>().Upload(name, new MemoryStream(content), TestContext.Current.CancellationToken);

    /// <summary>Puts a register in use that holds only these missions of the one the product came with.</summary>
    public Task UseRegister(params string[] missions) => PutInUse(RegisterOf(missions));

    /// <summary>Has no register uploaded, so that the one the product came with is in use: 223 missions.</summary>
    public Task UseAllMissions() =>
        account
            .Blobs.GetBlobContainerClient(ResourceNames.Register)
            .DeleteBlobIfExistsAsync(
                RegisterContainer.InUse,
                cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Puts a register of one mission in use, with these mailboxes.</summary>
    public Task UseMailboxes(string to, string cc = "") => PutInUse(RegisterOfMailboxes(to, cc));

    /// <summary>
    /// Uploads a register as a person does, has it looked at, and confirms it where it waits for that.
    /// </summary>
    public async Task UploadRegister(string csv)
    {
        await BringRegister(Encoding.UTF8.GetBytes(csv));
        if (await Get<RegisterInUse>().Uploaded(TestContext.Current.CancellationToken)
                is { State: UploadedRegisterState.Waits } waiting)
            Assert.Equal(
                RegisterConfirmation.Done,
                await Get<RegisterInUse>().Confirm(
                    waiting.Hash,
                    waiting.InUse,
                    new("the secretary", "the secretary"),
                    TestContext.Current.CancellationToken));
    }

    /// <summary>Puts a register into the container with a storage tool, and has it looked at.</summary>
    public async Task BringRegister(byte[] content, string name = RegisterContainer.Uploaded)
    {
        await Get<RegisterContainer>().Write(name, content, TestContext.Current.CancellationToken);
        await Examine();
    }

    /// <summary>The register the product came with, as a file, with these of its missions alone.</summary>
    public static string RegisterOf(params string[] missions) =>
        string.Join(
            "\r\n",
            Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span)
                .Split("\r\n")
                .Where((line, row) => row == 0 || missions.Contains(line.Split(',')[0])));

    /// <summary>A register of one mission, as a file, with these mailboxes.</summary>
    public static string RegisterOfMailboxes(string to, string cc = "") =>
        $"""
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,fr,,{to},{cc}
        """;

    /// <summary>
    /// Puts a register in use as an upload that was found sound leaves it; how it is looked at is for the tests of that.
    /// </summary>
    public Task PutInUse(string csv) =>
        Get<RegisterContainer>().Write(
            RegisterContainer.InUse,
            Encoding.UTF8.GetBytes(csv),
            TestContext.Current.CancellationToken);

    /// <summary>Deletes every row of these tables, as if they had been lost.</summary>
    public async Task Lose(params string[] tables)
    {
        foreach (var table in tables)
            await StorageCopy.Empty(account.Tables.GetTableClient(table));
    }

    /// <summary>Examines what was uploaded, as the timer does, and does nothing else of what the timer does.</summary>
    public Task Examine() => Get<DraftUploads>().ExamineAll(TestContext.Current.CancellationToken);

    public Task Reconcile() => Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

    /// <summary>Examines what was uploaded and carries out every batch that is due, until nothing is.</summary>
    public async Task Run()
    {
        await Reconcile();
        await CarryOutBatches();
    }

    public async Task CarryOutBatches()
    {
        var queue = account.Queues.GetQueueClient(ResourceNames.DispatchQueue);
        while ((await queue.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value
                is { } message)
        {
            await Get<BatchHandler>().Dispatch(message.MessageText, TestContext.Current.CancellationToken);
            await queue.DeleteMessageAsync(
                message.MessageId,
                message.PopReceipt,
                TestContext.Current.CancellationToken);
        }
    }

    /// <returns>The queue message of the batch of these places in protocol order, both ends included.</returns>
    public async Task<string> BatchOf(string distributionId, int first, int last) =>
        Json.Write(
            new Batch(
                distributionId,
                [
                    .. (await Get<FrozenRosters>().Find(distributionId, TestContext.Current.CancellationToken))
                        .Missions.Skip(first - 1)
                        .Take(last - first + 1)
                        .Select(mission => mission.Id),
                ]));

    public QueueClient PrepareQueue => account.Queues.GetQueueClient(ResourceNames.PrepareQueue);

    public QueueClient Queue => account.Queues.GetQueueClient(ResourceNames.DispatchQueue);

    public async Task<DistributionRecord> TheDistribution() =>
        Assert.Single(await Distributions());

    public Task<IReadOnlyList<DistributionRecord>> Distributions() =>
        Get<DistributionRecords>().All(TestContext.Current.CancellationToken);

    public async Task<Upload> TheUpload() =>
        Assert.Single(await Get<Uploads>().All(TestContext.Current.CancellationToken)).Value;

    /// <summary>The address by which a mission's reply to a letter is known.</summary>
    public string ReplyAddress(DistributionRecord letter, string mission = "che") =>
        Get<ReplyAddresses>().For(letter.KeyId, letter.Id, mission)!;

    /// <summary>The reference that is printed on the last page of the letter.</summary>
    public async Task<string> Reference() =>
        VerificationReference.Shown(
            (
                await Get<FrozenContents>()
                    .Find(
                        (await Distributions()).First(distribution => distribution.Follows is null).Id,
                        TestContext.Current.CancellationToken)).Reference);

    public async Task<IReadOnlyList<MissionEntry>> Dispatches(string distributionId) =>
        [
            .. (await Get<MissionEntries>().All(distributionId, TestContext.Current.CancellationToken)).Select(stored =>
                stored.Value),
        ];

    public async Task<string?> Report(string folder)
    {
        var blob = account.Blobs.GetBlobContainerClient(ResourceNames.Reports).GetBlobClient($"{folder}.txt");
        return await blob.ExistsAsync(TestContext.Current.CancellationToken)
            ? (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString()
            : null;
    }

    /// <returns>Every message that has left so far.</returns>
    public IReadOnlyList<MimeMessage> Sent() =>
        Directory.Exists(PickupFolder)
            ? [.. Directory.EnumerateFiles(PickupFolder, "*.eml").Order().Select(file => MimeMessage.Load(file))]
            : [];

    /// <returns>Every message of one distribution that has left so far.</returns>
    public IEnumerable<MimeMessage> Sent(string distributionId) =>
        Sent()
            .Where(message =>
                SentMessageId.Read(message.MessageId!)?.Distribution == MessageTokens.Mark(distributionId));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        if (Owner is null)
            return;
        StorageOnFirstUse.End(connection);
        await Owner.Leave(connection);
    }
}

internal static class ReleaseByOnePerson
{
    /// <summary>One person's press, where one is enough.</summary>
    /// <returns>Whether the letter leaves.</returns>
    public static async Task<bool> Release(
        this Releases releases,
        string distributionId,
        string by,
        CancellationToken cancellation,
        bool confirmed = false) =>
        await releases.Release(distributionId, new Person(by, by), confirmed, cancellation) == ReleaseOutcome.Released;
}
