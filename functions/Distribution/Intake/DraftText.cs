using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>What a draft says: a PDF, a Word file or a plain text.</summary>
internal static class DraftText
{
    /// <returns>The text of page 1; null if it could not be read, as that of a scan.</returns>
    public static string? OfFirstPage(UploadedFile file) => Readable(FileTypes.ExtensionOf(file.Name) switch
    {
        "pdf" => PdfText.Read(file.Content, pages: 1).Pages?[0],
        "docx" => WordText.OfFirstPage(file.Content),
        // As much as a page holds: see WordText.
        "txt" => System.Text.Encoding.UTF8.GetString(file.Content.Span[..Math.Min(file.Content.Length, 4_000)]),
        _ => null,
    });

    /// <returns>The whole text as words; null if it could not be read, or has too many pages to be compared.</returns>
    public static IReadOnlyList<string>? Words(string file, ReadOnlyMemory<byte> content) =>
        Readable(FileTypes.ExtensionOf(file) switch
        {
            // One page more than are compared shows that there are more.
            "pdf" => PdfText.Read(content, MostPages + 1).Pages is { Count: <= MostPages } pages
                ? string.Join(' ', pages)
                : null,
            "docx" => WordText.Read(content),
            "txt" => System.Text.Encoding.UTF8.GetString(content.Span),
            _ => null,
        })
            is { } text
            ? LabelText.Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : null;

    /// <summary>
    /// How much of the smaller of two texts the other one has too, from 0 to 1, by their pairs of longer words; 1 if
    /// one is too short to tell.
    /// </summary>
    public static double Shared(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var (first, second) = (Pairs(one), Pairs(other));
        var smaller = Math.Min(first.Count, second.Count);
        return smaller < FewestPairs ? 1 : (double)first.Count(second.Contains) / smaller;
    }

    /// <summary>A longer text would keep the examination of its letter, and those behind it, waiting.</summary>
    private const int MostPages = 100;

    private const int FewestPairs = 2;

    /// <summary>Short words, such as articles, stand in all texts.</summary>
    private const int LongWord = 4;

    private static HashSet<(string, string)> Pairs(IReadOnlyList<string> words)
    {
        // Chinese has no spaces between words: its signs are compared, each with the next.
        var parts = words
            .SelectMany(word => word.Any(sign => sign is >= '一' and <= '鿿')
                ? word.Select(sign => sign.ToString())
                : word.Length >= LongWord ? [word] : [])
            .ToList();
        return [.. parts.Zip(parts.Skip(1))];
    }

    // A page whose letters a program cannot tell, for want of their Unicode, is as good as a picture.
    private static string? Readable(string? text) =>
        text is not null && text.Count(char.IsLetter) is > 0 and var letters
        && text.Count(sign => char.IsControl(sign) || sign is '\uFFFD' or (>= '\uE000' and <= '\uF8FF')) <= letters / 4
            ? text
            : null;
}
