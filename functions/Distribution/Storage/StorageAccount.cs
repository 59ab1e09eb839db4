using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Distribution;

/// <summary>
/// The one storage account, reached by the same settings that triggers read: <c>Storage</c> holds a connection string,
/// or <c>Storage:blobServiceUri</c>, <c>Storage:queueServiceUri</c> and <c>Storage:tableServiceUri</c> name its services for a managed identity
/// (<c>Storage:clientId</c> where it is user-assigned).
/// </summary>
internal sealed class StorageAccount
{
    private StorageAccount(BlobServiceClient blobs, QueueServiceClient queues, TableServiceClient tables) =>
        (Blobs, Queues, Tables) = (blobs, queues, tables);

    /// <summary>True for an emulator: nobody else works on the same queue.</summary>
    public bool IsOnThisMachine => Blobs.Uri.IsLoopback;

    public BlobServiceClient Blobs { get; }

    public QueueServiceClient Queues { get; }

    public TableServiceClient Tables { get; }

    /// <exception cref="InvalidOperationException">The settings are missing or cannot be read; the message names them.</exception>
    public static StorageAccount From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Names.Storage);
        if (section.Value is { Length: > 0 } connection)
            return FromConnectionString(connection);

        var credential = section["clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : (TokenCredential)new DefaultAzureCredential();
        return new(
            new(Service("blobServiceUri"), credential),
            new(Service("queueServiceUri"), credential),
            new(Service("tableServiceUri"), credential));

        Uri Service(string name) => Uri.TryCreate(section[name], UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException(
                $"The setting {Names.Storage} is missing: give it a storage connection string, or set {Names.Storage}:{name} to the address of the storage service.");
    }

    /// <exception cref="InvalidOperationException">The text is not a storage connection string.</exception>
    public static StorageAccount FromConnectionString(string connection)
    {
        try
        {
            return new(new(connection), new(connection), new(connection));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"The setting {Names.Storage} is not a storage connection string. Copy it whole from the storage account's access keys.", unreadable);
        }
    }
}
