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
/// The clients for the one storage account. It uses the same settings as the triggers: <c>Storage</c> holds a
/// connection string; or <c>Storage:blobServiceUri</c>, <c>Storage:queueServiceUri</c> and
/// <c>Storage:tableServiceUri</c> hold the addresses of its services for a managed identity (with
/// <c>Storage:clientId</c> if that is user-assigned).
/// </summary>
internal sealed class StorageAccount
{
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
    /// The settings are missing or cannot be read; the message names them.
    /// </exception>
    public static StorageAccount From(IConfiguration configuration)
    {
        var section = configuration.GetSection(ResourceNames.Storage);
        if (section.Value is { Length: > 0 } connection)
            return FromConnectionString(connection);

        var options = new Clients([]);
        var credential = section["clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : (TokenCredential)new DefaultAzureCredential();
        return new(
            new(Service("blobServiceUri"), credential, options.Blobs),
            new(Service("queueServiceUri"), credential, options.Queues),
            new(Service("tableServiceUri"), credential, options.Tables));

        Uri Service(string name) =>
            Uri.TryCreate(section[name], UriKind.Absolute, out var address)
                ? address
                : throw new InvalidOperationException(
                    $"The setting {ResourceNames.Storage} is missing: give it a storage connection string, or set {ResourceNames.Storage}:{name} to the address of the storage service."
                );
    }

    /// <param name="connection">A connection string.</param>
    /// <param name="policies">
    /// HTTP pipeline policies that run for every try of every request, such as fault injection in tests.
    /// </param>
    /// <exception cref="InvalidOperationException">The text is not a storage connection string.</exception>
    public static StorageAccount FromConnectionString(string connection, params HttpPipelinePolicy[] policies)
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
                $"The setting {ResourceNames.Storage} is not a storage connection string. Copy it whole from the storage account's access keys.",
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
