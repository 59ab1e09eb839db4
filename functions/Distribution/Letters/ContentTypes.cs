namespace Distribution.Letters;

/// <summary>Finds the media type (MIME type) of an enclosure by its file name.</summary>
internal static class ContentTypes
{
    public const string Pdf = "application/pdf";

    public static string Of(string fileName) => MimeKit.MimeTypes.GetMimeType(fileName);
}
