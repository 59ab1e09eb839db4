using System.Xml;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// Checks the emblem of a letterhead: a whole PNG of a usual size, or an SVG that holds shapes and colours and nothing
/// that runs, is fetched from elsewhere, or needs a font.
/// </summary>
internal static class EmblemImage
{
    private const long MostBytes = 1024 * 1024;
    private const int MostElements = 20_000;

    private static readonly HashSet<string> Shapes =
    [
        "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
        "linearGradient", "radialGradient", "stop", "clipPath", "metadata",
    ];

    /// <returns>One finding that says what is wrong; none if the image can be taken.</returns>
    public static IEnumerable<Finding> Check(UploadedFile image) =>
        image.Content.Length > MostBytes
            ? [LetterFaults.ImageTooLarge("emblem", image.Name, image.Content.Length, MostBytes)]
            : Path.GetExtension(image.Name).ToLowerInvariant() switch
            {
                ".png" => CheckPng(image),
                ".svg" => CheckSvg(image),
                _ => [LetterFaults.EmblemNotImage(image.Name)],
            };

    private static IEnumerable<Finding> CheckPng(UploadedFile image) =>
        !PngFile.IsWhole(image.Content.Span)
        || PngFile.Size(image.Content.Span) is not ( > 0 and var width, > 0 and var height)
            ? [LetterFaults.EmblemNotImage(image.Name)]
        : width > SignatureImage.MostDots || height > SignatureImage.MostDots
            ? [LetterFaults.ImageTooManyDots("emblem", image.Name, width, height, SignatureImage.MostDots)]
        : [];

    private static IEnumerable<Finding> CheckSvg(UploadedFile image)
    {
        try
        {
            using var content = new MemoryStream(image.Content.ToArray());
            using var reader = XmlReader.Create(content, new XmlReaderSettings
            {
                // Definitions of its own could name other files, or unfold a few bytes without end.
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MostBytes,
            });
            return Odd(reader) is { } odd ? [LetterFaults.EmblemUnsafe(image.Name, odd)] : [];
        }
        catch (XmlException)
        {
            return [LetterFaults.EmblemNotImage(image.Name)];
        }
    }

    /// <returns>The first element or attribute that a picture of shapes does not need; null if there is none.</returns>
    /// <exception cref="XmlException">It is not well-formed, is no SVG, or brings definitions of its own.</exception>
    private static string? Odd(XmlReader reader)
    {
        const string Svg = "http://www.w3.org/2000/svg";
        if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "svg" || reader.NamespaceURI != Svg)
            throw new XmlException("The root is not svg.");
        var elements = 0;
        do
        {
            // One can name a style sheet that lies elsewhere.
            if (reader.NodeType == XmlNodeType.ProcessingInstruction)
                return reader.Name;
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (++elements > MostElements)
                return $"more than {MostElements:N0} elements";
            // Elements of other vocabularies are notes of drawing programs and draw nothing.
            if (reader.NamespaceURI == Svg && !Shapes.Contains(reader.LocalName))
                return reader.LocalName;
            while (reader.MoveToNextAttribute())
                if (IsOdd(reader.LocalName, reader.Value) || IsEscaped(reader))
                    return $"{reader.Name}=\"{reader.Value}\"";
        }
        while (reader.Read());
        return null;
    }

    /// <summary>
    /// Whether an attribute of SVG itself has a backslash: in CSS it begins an escape, by which <c>url(</c> can be
    /// written unseen. Attributes of drawing programs (with a namespace, or <c>data-</c>) may have one, in paths of
    /// files.
    /// </summary>
    private static bool IsEscaped(XmlReader attribute) =>
        attribute.NamespaceURI.Length == 0
        && !attribute.LocalName.StartsWith("data-", StringComparison.Ordinal)
        && attribute.Value.Contains('\\');

    private static bool IsOdd(string attribute, string value) =>
        // Scripts run by attributes such as onload. What begins with # is in the image itself, such as a gradient.
        attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        || (attribute is "href" && !value.StartsWith('#'))
        || (value.Replace("url(#", "", StringComparison.OrdinalIgnoreCase) is var rest
            && (rest.Contains("url(", StringComparison.OrdinalIgnoreCase)
                || rest.Contains("javascript:", StringComparison.OrdinalIgnoreCase)
                || rest.Contains("@import", StringComparison.OrdinalIgnoreCase)));
}
