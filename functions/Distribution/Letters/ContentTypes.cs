namespace Distribution.Letters;

/// <summary>The media type an enclosure is sent as, by its file name.</summary>
internal static class ContentTypes
{
    public const string Pdf = "application/pdf";

    public static string Of(string fileName) => MimeKit.MimeTypes.GetMimeType(fileName);
}
