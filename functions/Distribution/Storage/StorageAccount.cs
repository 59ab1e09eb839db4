using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Distribution.Common;
using Microsoft.Extensions.Configuration;

namespace Distribution.Storage;

/// <summary>
/// The clients for the one storage account. It uses the same setting as the triggers, which holds a connection string;
/// or, under it, <c>blobServiceUri</c>, <c>queueServiceUri</c> and <c>tableServiceUri</c> hold the addresses of its
/// services for a managed identity (with <c>clientId</c> if that is user-assigned).
/// </summary>
internal sealed class StorageAccount
{
    /// <summary>
    /// Other names under which the Functions host finds the connection of a trigger, before the setting itself, and the
    /// one that earlier versions of the service read.
    /// </summary>
    private static readonly string[] Aliases =
    [
        $"AzureWebJobs{ResourceNames.Storage}",
        $"ConnectionStrings:AzureWebJobs{ResourceNames.Storage}",
        $"ConnectionStrings:{ResourceNames.Storage}",
        ResourceNames.EarlierStorage,
    ];

    private StorageAccount(BlobServiceClient blobs, QueueServiceClient queues, TableServiceClient tables) =>
        (Blobs, Queues, Tables, LeftOut) = (blobs, queues, tables, new(this));

    /// <summary>
    /// True for a storage emulator on this machine (loopback address): no other machine processes the same queue.
    /// </summary>
    public bool IsOnThisMachine => Blobs.Uri.IsLoopback;

    public BlobServiceClient Blobs { get; }

    public QueueServiceClient Queues { get; }

    public TableServiceClient Tables { get; }

    /// <summary>What could not be read in this account.</summary>
    public LeftOut LeftOut { get; }

    /// <exception cref="InvalidOperationException">
    /// The settings are missing, cannot be read, or contradict one another; the message names them.
    /// </exception>
    public static StorageAccount From(IConfiguration configuration)
    {
        // The earlier name is not taken in its place: triggers do not find it, so no message would ever be handled.
        if (!configuration.GetSection(ResourceNames.Storage).Exists()
            && configuration.GetSection(ResourceNames.EarlierStorage).Exists())
            throw new InvalidOperationException(
                $"The setting {ResourceNames.Storage} is missing. It was called {ResourceNames.EarlierStorage} before: set what begins with {ResourceNames.EarlierStorage} under {ResourceNames.Storage} as well (infra does so with azd provision), and start again.");
        var account = From(configuration, ResourceNames.Storage);
        // One name for two accounts: triggers would wait for messages in one that the service never writes to.
        foreach (var name in Aliases.Where(name => configuration.GetSection(name).Exists()))
            if (!account.IsTheSame(Find(configuration, name)))
                throw new InvalidOperationException(
                    $"The settings {ResourceNames.Storage} and {name} name two storage accounts. Remove {name}, or let both name the account that holds the letters, and start again.");
        return account;
    }

    private bool IsTheSame(StorageAccount? other) =>
        other is not null
        && other.Blobs.Uri == Blobs.Uri
        && other.Queues.Uri == Queues.Uri
        && other.Tables.Uri == Tables.Uri;

    /// <returns>Null where the settings under this name cannot be read.</returns>
    private static StorageAccount? Find(IConfiguration configuration, string name)
    {
        try
        {
            return From(configuration, name);
        }
        // Only whether it is the same account matters here. What cannot be read is not the same.
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static StorageAccount From(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection(name);
        if (section.Value is { Length: > 0 } connection)
            return FromConnectionString(connection, name);

        var options = new Clients([]);
        var credential = section["clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : (TokenCredential)new DefaultAzureCredential();
        return new(
            new(Service("blobServiceUri"), credential, options.Blobs),
            new(Service("queueServiceUri"), credential, options.Queues),
            new(Service("tableServiceUri"), credential, options.Tables));

        Uri Service(string service) =>
            Uri.TryCreate(section[service], UriKind.Absolute, out var address)
                ? address
                : throw new InvalidOperationException(
                    $"The setting {name} is missing: give it a storage connection string, or set {name}:{service} to the address of the storage service."
                );
    }

    /// <param name="connection">A connection string.</param>
    /// <param name="policies">
    /// HTTP pipeline policies that run for every try of every request, such as fault injection in tests.
    /// </param>
    /// <exception cref="InvalidOperationException">The text is not a storage connection string.</exception>
    public static StorageAccount FromConnectionString(string connection, params HttpPipelinePolicy[] policies) =>
        FromConnectionString(connection, ResourceNames.Storage, policies);

    private static StorageAccount FromConnectionString(
        string connection,
        string setting,
        params HttpPipelinePolicy[] policies)
    {
        var options = new Clients(policies);
        try
        {
            return new(
                new(connection, options.Blobs),
                new(connection, options.Queues),
                new(connection, options.Tables));
        }
        catch (Exception unreadable)
            when (unreadable is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"The setting {setting} is not a storage connection string. Copy it whole from the storage account's access keys.",
                unreadable);
        }
    }

    /// <summary>
    /// The retry options of all clients. A request is tried up to seven times, with exponential backoff that starts at
    /// 200 ms and adds up to about a quarter of a minute.
    /// </summary>
    private sealed class Clients
    {
        public Clients(IReadOnlyList<HttpPipelinePolicy> policies)
        {
            foreach (var options in (ClientOptions[])[Blobs, Queues, Tables])
            {
                options.Retry.Mode = RetryMode.Exponential;
                options.Retry.MaxRetries = 6;
                options.Retry.Delay = TimeSpan.FromMilliseconds(200);
                options.Retry.MaxDelay = TimeSpan.FromSeconds(15);
                foreach (var policy in policies)
                    options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
            }
        }

        public BlobClientOptions Blobs { get; } = new();

        public QueueClientOptions Queues { get; } = new();

        public TableClientOptions Tables { get; } = new();
    }
}
