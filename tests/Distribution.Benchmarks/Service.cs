using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Local;
using Distribution.Local.Servers;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.Benchmarks;

/// <summary>The service that is measured, as Local has it but for the pages.</summary>
internal static class Service
{
    /// <param name="storage">The connection string.</param>
    public static Dictionary<string, string?> Settings(
        string storage,
        ToolsFolder typesetter,
        IReadOnlyDictionary<string, string?> mail) => new(mail)
        {
            [ResourceNames.Storage] = storage,
            ["PublicUrl"] = "http://127.0.0.1:5080",
            ["Templates"] = Path.Combine(AppContext.BaseDirectory, "templates"),
            ["Mail:From"] = "Co-facilitators <letters@secretariat.example>",
            ["Mail:ReturnPath"] = "bounces@secretariat.example",
            ["Links:Keys:0"] = LinkKeys.Create("speed"),
            ["Release:People"] = "1",
            ["Typesetting:Folder"] = typesetter.Root,
            ["Typesetting:Node"] = typesetter.Node.Program,
        };

    /// <param name="requests">Counts what it asks of storage.</param>
    /// <param name="withTimer">Whether it looks for uploads by itself.</param>
    public static IHost Build(
        IReadOnlyDictionary<string, string?> settings,
        StorageRequests requests,
        bool withTimer = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Configure(builder, settings, requests);
        if (withTimer)
            builder.Services.AddHostedService<ReconcilePump>();
        return builder.Build();
    }

    /// <inheritdoc cref="Build"/>
    public static void Configure(
        IHostApplicationBuilder builder,
        IReadOnlyDictionary<string, string?> settings,
        StorageRequests requests)
    {
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services
            .AddDistribution(builder.Configuration)
            .AddSingleton(StorageAccount.FromConnectionString(settings[ResourceNames.Storage]!, requests))
            .AddSingleton(QueueRules.Read(Path.Combine(AppContext.BaseDirectory, "host.json")))
            .AddHostedService<QueuePump>();
    }

    /// <summary>The folder of the letter that is measured.</summary>
    public static UploadFolder Folder { get; } = new("gcm", "draft-rev-1");

    /// <summary>Uploads the sample letter, changed so that a person releases it.</summary>
    /// <param name="isAddressed">Whether each mission has a letter of its own.</param>
    /// <param name="folder">Another one for a letter of another process; null for <see cref="Folder"/>.</param>
    public static Task UploadHeld(
        IServiceProvider services,
        CancellationToken cancellation,
        bool isAddressed = false,
        UploadFolder? folder = null) =>
        new DraftFolder(LocalRun.Sample, folder ?? Folder).Upload(
            services.GetRequiredService<Drafts>(),
            cancellation,
            letter => letter
                .Replace("release: automatic\n", isAddressed ? "address: addressed\n" : "", StringComparison.Ordinal)
                .Replace("process: ", folder is null ? "process: " : $"process: {folder.Process} of the ", StringComparison.Ordinal));

    /// <returns>
    /// The letter that was uploaded, examined and found sound. Where its letters are typeset by the queue, that must be
    /// at work.
    /// </returns>
    /// <exception cref="InvalidOperationException">It was not accepted.</exception>
    public static async Task<string> Examine(
        IServiceProvider services,
        CancellationToken cancellation,
        UploadFolder? folder = null)
    {
        var uploads = services.GetRequiredService<Uploads>();
        while (true)
        {
            await services.GetRequiredService<Reconciler>().Reconcile(cancellation);
            var upload = (await uploads.Find(folder ?? Folder, cancellation))!.Value;
            if (upload.State is not UploadState.Preparing and not UploadState.Accepted)
                throw new InvalidOperationException($"The letter was not accepted: {string.Join(" ", upload.Faults)}");
            // Without them its examination has not ended.
            if (upload is { State: UploadState.Accepted, DistributionId: { } id, Files: not "" })
                return id;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    /// <exception cref="InvalidOperationException">It was not released.</exception>
    public static async Task Release(IServiceProvider services, string id, CancellationToken cancellation)
    {
        ReleaseOutcome outcome;
        // Whoever ends the examination is about to say so where the letter is there already.
        while ((outcome = await services.GetRequiredService<Releases>().Release(
                id,
                new("the secretary", "the secretary"),
                cancellation)) == ReleaseOutcome.BeingExamined)
            await Task.Delay(100, cancellation);
        if (outcome != ReleaseOutcome.Released)
            throw new InvalidOperationException($"The letter was not released: {outcome}");
    }

    /// <summary>
    /// Waits until nothing more is to be done. Asks seldom and by a connection of its own, so that the asking is not
    /// counted.
    /// </summary>
    /// <param name="storage">The connection string.</param>
    public static async Task Ended(
        IServiceProvider services,
        string storage,
        string id,
        CancellationToken cancellation)
    {
        var watched = new DistributionRecords(
            StorageAccount.FromConnectionString(storage),
            services.GetRequiredService<IActLog>());
        while ((await watched.Find(id, cancellation))!.State
            is not DistributionState.Complete and not DistributionState.Paused)
            await Task.Delay(100, cancellation);
    }

    /// <returns>What is wrong, in words; null where every mission has the letter exactly once.</returns>
    /// <param name="taken">How many letters arrived, by the destination's count.</param>
    public static async Task<string?> Missing(
        IServiceProvider services,
        string id,
        int count,
        int taken,
        CancellationToken cancellation)
    {
        var entries = await services.GetRequiredService<MissionEntries>().All(id, cancellation);
        var once = entries.Count(entry => entry.Value is { State: DeliveryState.Accepted, Attempts: [{ Mailboxes: var mailboxes }] }
            && mailboxes.TrueForAll(mailbox =>
                mailbox.Events.Count(happened => happened.Kind == DeliveryEventKind.HandingOver) == 1));
        return (once, entries.Count, taken) == (count, count, count)
            ? null
            : $"of {count} missions, {entries.Count} are on record, {once} of them as accepted once; {taken} letters arrived";
    }
}
