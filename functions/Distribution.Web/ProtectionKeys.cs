using System.Xml;
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
                // Without await, as IXmlRepository wants it; it is called once a day and at the start.
                .GetBlobs()
                .Select(blob => Read(blob.Name))
                .OfType<XElement>(),
        ];

    public void StoreElement(XElement element, string friendlyName) =>
        container
            .GetBlobClient($"{friendlyName}.xml")
            .Upload(BinaryData.FromString(element.ToString(SaveOptions.DisableFormatting)), overwrite: true);

    /// <summary>
    /// One that cannot be read must not take the others with it: forms that were opened under it are asked for once
    /// more, and all the rest goes on.
    /// </summary>
    private XElement? Read(string name)
    {
        var stored = container.GetBlobClient(name).DownloadContent().Value;
        try
        {
            using var content = stored.Content.ToStream();
            return XElement.Load(content);
        }
        catch (XmlException damaged)
        {
            // The library reads without await.
            account
                .LeftOut.Tell(
                    new($"the file {ResourceNames.Keys}/{name}", damaged),
                    $"{stored.Details.ETag}",
                    CancellationToken.None)
                .GetAwaiter()
                .GetResult();
            return null;
        }
    }
}
