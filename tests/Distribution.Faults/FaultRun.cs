using System.Diagnostics;
using System.Text;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters.Typesetting;
using Distribution.Local;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Distribution.FaultSuite;

/// <summary>
/// One distribution over storage of its own: prepared and released here, sent by workers that are processes of their
/// own, watched from outside, and judged at the end by what arrived.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const string Person = "the secretary";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, string> settings;
    private readonly ServiceProvider services;
    private readonly Figures figures;
    private readonly HashSet<int> inHand = [];
    private readonly Lock recovering = new();
    private long restarted;

    /// <param name="settings">Beside those every stage has.</param>
    /// <param name="policies">Faults between this process and storage.</param>
    public FaultRun(
        string storage,
        Typesetter typesetter,
        Figures figures,
        IEnumerable<(string Name, string Value)> settings,
        params HttpPipelinePolicy[] policies)
    {
        this.figures = figures;
        this.settings = new()
        {
            [ResourceNames.Storage] = storage,
            ["PublicUrl"] = "http://127.0.0.1:5080",
            ["Mail:From"] = "Co-facilitators <letters@secretariat.example>",
            ["Mail:ReturnPath"] = "bounces@secretariat.example",
            ["Mail:Timeout"] = "00:00:20",
            ["Release:People"] = "1",
            ["Links:Keys:0"] = "test:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=",
            ["Dispatch:BatchSize"] = "20",
            ["Dispatch:ClaimFor"] = "00:00:04",
            ["Dispatch:SettleAfter"] = "00:00:02",
            ["Dispatch:ProbeEvery"] = "00:00:00.5",
        };
        foreach (var place in Enumerable.Range(0, 12))
            this.settings[$"Dispatch:RetryDelays:{place}"] = "00:00:00.4";
        foreach (var (name, value) in settings)
            this.settings[name] = value;
        services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddDistribution(new ConfigurationBuilder().AddInMemoryCollection(this.settings!).Build())
            .AddSingleton(typesetter)
            .AddSingleton(StorageAccount.FromConnectionString(storage, policies))
            .BuildServiceProvider();
    }

    public string DistributionId { get; private set; } = "";

    public Arrivals Arrivals { get; init; } = new();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Uploads the sample letter, has it checked and frozen, and releases it.</summary>
    /// <param name="register">The register to write to; null for the one the product comes with.</param>
    public async Task Release(byte[]? register, CancellationToken cancellation)
    {
        await InSpite(
            async () =>
            {
                await Get<StorageSetup>().Create(cancellation);
                if (register is not null)
                    await Get<RegisterContainer>().Write(RegisterContainer.Uploaded, register, cancellation);
                foreach (var file in Directory.EnumerateFiles(LocalRun.Sample))
                {
                    var name = $"gcm/draft-rev-1/{Path.GetFileName(file)}";
                    // A person releases it.
                    using var content = name.EndsWith(".md", StringComparison.Ordinal)
                        ? new MemoryStream(
                            Encoding.UTF8.GetBytes(
                                (await File.ReadAllTextAsync(file, cancellation)).Replace(
                                    "release: automatic\n",
                                    "",
                                    StringComparison.Ordinal)))
                        : (Stream)File.OpenRead(file);
                    await Get<Drafts>().Upload(name, content, cancellation);
                }

                return true;
            },
            cancellation);
        DistributionId = await InSpite(
            async () =>
            {
                await Get<Reconciler>().Reconcile(cancellation);
                return await Get<DistributionRecords>().All(cancellation) is [var prepared, ..]
                    ? prepared.Id
                    : throw new IOException(
                        $"Not prepared yet: {string.Join(" ", (await Get<Uploads>().All(cancellation)).SelectMany(upload => upload.Value.Faults))}"
                    );
            },
            cancellation);
        await InSpite(
            async () =>
                (await Get<DistributionRecords>().Find(DistributionId, cancellation))!.ReleasedAt is not null
                || await Get<Releases>().Release(DistributionId, new(Person, Person), cancellation)
                    == ReleaseOutcome.Released,
            cancellation);
    }

    /// <param name="more">Settings of this worker alone.</param>
    public WorkerProcess StartWorker(params (string Name, string Value)[] more)
    {
        Interlocked.Exchange(ref restarted, Stopwatch.GetTimestamp());
        return WorkerProcess.Start(
            settings.Concat(more.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).ToDictionary(),
            figures.Fault);
    }

    /// <summary>
    /// What a worker had in hand when it was killed is waited for from now on, or from the next start.
    /// </summary>
    public async Task NoteKilled(CancellationToken cancellation)
    {
        var claimed = (await Entries(cancellation))
            .Where(entry => !entry.State.IsAccountable && (entry.Claim is not null || entry.IsHandingOver))
            .Select(entry => entry.Order);
        Interlocked.Exchange(ref restarted, Stopwatch.GetTimestamp());
        lock (recovering)
            inHand.UnionWith(claimed);
    }

    /// <summary>
    /// Looks on, and decides as a person would where one is asked, until the distribution reads complete or patience is
    /// over.
    /// </summary>
    public async Task Watch(TimeSpan every, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < (patience ?? Patience))
        {
            // The distribution first: its entries can only have come further since.
            var state = (
                await InSpite(() => Get<DistributionRecords>().Find(DistributionId, cancellation), cancellation)
            )!.State;
            var entries = await Entries(cancellation);
            NoteRecovery(entries);
            if (state == DistributionState.Complete)
            {
                if (entries.Count(entry => !entry.State.IsAccountable) is > 0 and var open)
                    figures.Breaches.Add($"{DistributionId} read complete with {open} missions not accounted for");
                return;
            }

            await Decide(entries, cancellation);
            await Task.Delay(every, cancellation);
        }
    }

    /// <summary>Every entry, read past any fault.</summary>
    public Task<IReadOnlyList<MissionEntry>> Entries(CancellationToken cancellation) =>
        InSpite<IReadOnlyList<MissionEntry>>(
            async () =>
                [.. (await Get<MissionEntries>().All(DistributionId, cancellation)).Select(stored => stored.Value)],
            cancellation);

    /// <summary>Holds what is on record against what arrived.</summary>
    /// <param name="mayDouble">
    /// How many letters can have been in flight when a worker was killed or its record was lost.
    /// </param>
    public async Task Judge(int mayDouble, CancellationToken cancellation)
    {
        var distribution = (
            await InSpite(() => Get<DistributionRecords>().Find(DistributionId, cancellation), cancellation))!;
        var roster = (
            await InSpite(() => Get<FrozenContents>().Find(DistributionId, cancellation), cancellation)).Roster;
        Verdict.Of(distribution, roster, await Entries(cancellation), Arrivals, mayDouble).AddTo(figures);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private void NoteRecovery(IReadOnlyList<MissionEntry> entries)
    {
        lock (recovering)
        {
            if (inHand.Count == 0
                || !entries.Where(entry => inHand.Contains(entry.Order)).All(entry => entry.State.IsAccountable))
                return;
            inHand.Clear();
            var took = Stopwatch.GetElapsedTime(Interlocked.Read(ref restarted));
            if (took > figures.LongestRecovery)
                figures.LongestRecovery = took;
        }
    }

    /// <summary>Does what the status page asks a person to do, having looked at what the mission has.</summary>
    private async Task Decide(IReadOnlyList<MissionEntry> entries, CancellationToken cancellation)
    {
        if (await InSpite(() => Get<DistributionRecords>().Find(DistributionId, cancellation), cancellation) is
            { State: DistributionState.Paused, PausePasses: false })
        {
            figures.Decisions++;
            await InSpite(() => Get<Releases>().Resume(DistributionId, Person, cancellation), cancellation);
        }

        var unknown = Get<UnknownOutcomePolicy>();
        foreach (
            var entry in entries.Where(entry => entry.Claim is null && entry.IsUnsettled && !unknown.WillSettle(entry)))
        {
            figures.Decisions++;
            var arrived = Arrivals.Kept.Any(arrival => arrival.MessageId == entry.Attempts[^1].MessageId);
            await InSpite(() => arrived
                ? Get<Resends>().Vouch(DistributionId, entry.MissionId, Person, cancellation)
                : Get<Resends>().SendAgain(DistributionId, entry.MissionId, Person, cancellation), cancellation);
        }
    }

    /// <summary>What a person does who is told to try again.</summary>
    private static async Task<T> InSpite<T>(Func<Task<T>> act, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await act();
            }
            catch (Exception failure)
                when (!cancellation.IsCancellationRequested
                    && tries < 40
                    && (StorageFailures.Pass(failure) || failure is Azure.RequestFailedException))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
    }
}
