namespace Distribution;

/// <summary>The image of a signature: small, and a kind that every reader shows.</summary>
internal static class SignatureImage
{
    private const long MostBytes = 2 * 1024 * 1024;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF];

    public static IEnumerable<Fault> Check(UploadedFile image)
    {
        var isNamedSo = Path.GetExtension(image.Name).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";
        if (!isNamedSo || (!image.Content.Span.StartsWith(Png) && !image.Content.Span.StartsWith(Jpeg)))
            yield return Faults.SignatureNotImage(image.Name);
        if (image.Content.Length > MostBytes)
            yield return Faults.SignatureTooLarge(image.Name, image.Content.Length, MostBytes);
    }
}
