using System.Xml.Linq;
using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Distribution.Web;

/// <summary>
/// Keeps the ASP.NET Core Data Protection keys of the desk's and missions' forms in storage, so that every instance
/// accepts a form that another one served. It is in this project and not with the other storage classes because the
/// interface belongs to ASP.NET Core, which the workflow does not reference.
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
