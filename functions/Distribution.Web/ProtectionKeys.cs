using System.Xml.Linq;
using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Distribution.Web;

/// <summary>
/// The keys that protect the desk's forms, kept in storage so that a form given out by one instance is accepted by
/// every other.
/// Stands here and not with the rest of storage because the interface is ASP.NET Core's, which the workflow does not
/// know.
/// </summary>
internal sealed class ProtectionKeys(StorageAccount account) : IXmlRepository
{
    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Keys);

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [
            .. container
                .GetBlobs()
                .Select(blob =>
                    XElement.Parse(container.GetBlobClient(blob.Name).DownloadContent().Value.Content.ToString())),
        ];

    public void StoreElement(XElement element, string friendlyName) =>
        container
            .GetBlobClient($"{friendlyName}.xml")
            .Upload(BinaryData.FromString(element.ToString(SaveOptions.DisableFormatting)), overwrite: true);
}
