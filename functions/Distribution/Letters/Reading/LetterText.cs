using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>The text of an uploaded letter, split into front matter and body.</summary>
/// <param name="FrontMatterEnd">The index of the line that closes the front matter.</param>
/// <param name="BodyLine">The line of the file on which the body starts, from 1.</param>
internal sealed partial record LetterText(IReadOnlyList<string> Lines, int FrontMatterEnd, string Body, int BodyLine)
{
    /// <summary>The largest file, in bytes. What is larger is surely not the text of a letter.</summary>
    public const int MaxBytes = 1_000_000;

    /// <summary>The longest body, in characters: far more than any letter has.</summary>
    public const int MaxBodyLength = 100_000;

    private const int MaxFrontMatterBrackets = 200;
    private const int MaxFrontMatterLines = 500;
    private const int MaxFrontMatterLength = 64_000;

    /// <summary>
    /// Splits the file. Null if it cannot be read at all. Faults are added to <paramref name="faults"/>.
    /// </summary>
    public static LetterText? Read(string file, ReadOnlySpan<byte> bytes, List<Finding> faults)
    {
        if (bytes.Length > MaxBytes)
        {
            faults.Add(LetterFaults.LetterTooLarge(file, bytes.Length, MaxBytes));
            return null;
        }

        if (OtherKind(bytes) is { } kind)
        {
            faults.Add(LetterFileFaults.LetterOfAnotherKind(file, kind));
            return null;
        }

        if (TextEncoding.Read(bytes) is not { } text)
        {
            faults.Add(LetterFileFaults.LetterNotUtf8(Location.In(file, FirstUnreadableLine(bytes))));
            return null;
        }

        var lines = text
            .Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace('\r', '\n')
            .Split('\n');
        if (!IsFence(lines[0]))
        {
            faults.Add(LetterFileFaults.LetterWithoutFrontMatter(Location.In(file, 1)));
            return null;
        }

        var end = Array.FindIndex(lines, 1, IsFence);
        if (end < 0)
        {
            faults.Add(LetterFileFaults.FrontMatterNotClosed(Location.In(file, 1)));
            return null;
        }

        if (end > MaxFrontMatterLines || lines.Take(end).Sum(line => line.Length) > MaxFrontMatterLength)
        {
            faults.Add(LetterFileFaults.FrontMatterTooLarge(file, MaxFrontMatterLines));
            return null;
        }

        // The YAML parser's time grows faster than linearly with the number of open brackets, so limit them.
        if (LineOfBracket(lines, end, MaxFrontMatterBrackets) is { } crowded)
        {
            faults.Add(LetterFileFaults.FrontMatterTooDeep(Location.In(file, crowded)));
            return null;
        }

        return WithBody(file, lines, end, faults);
    }

    /// <summary>
    /// Whether a line begins or ends the front matter: three hyphens, or the dashes that a word processor makes of
    /// them.
    /// </summary>
    public static bool IsFence(string line) => Fence().IsMatch(TextEncoding.Seen(line));

    /// <summary>What a file is that is no plain text, as its first bytes say; null if it may be one.</summary>
    private static string? OtherKind(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        start = start.TrimStart(" \t\r\n"u8);
        return start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])
                ? "a file of a word processor or another program"
            : start.StartsWith("%PDF-"u8) ? "a PDF"
            : start.StartsWith("{\\rtf"u8) ? "a text with formatting (RTF)"
            : start.StartsWith("<"u8) ? "a web page or an XML file"
            : null;
    }

    private static LetterText? WithBody(string file, string[] lines, int end, List<Finding> faults)
    {
        var first = Array.FindIndex(lines, end + 1, line => !string.IsNullOrWhiteSpace(line));
        if (first < 0)
        {
            faults.Add(LetterFileFaults.LetterWithoutText(Location.In(file, end + 1)));
            // Its particulars are checked all the same, so that all faults are told at once.
            return new LetterText(lines, end, "", end + 1);
        }

        // Word ends a line within a paragraph by a sign of its own.
        var body = FrontMatterLine.WithoutUnseen(string.Join('\n', lines.Skip(first)).Replace('\v', '\n')).TrimEnd();
        if (body.Length > MaxBodyLength)
        {
            faults.Add(LetterFileFaults.LetterTextTooLong(Location.In(file, first + 1), body.Length, MaxBodyLength));
            return null;
        }

        for (var index = first; index < lines.Length; index++)
        {
            // A tab is no fault: tables are typed with it.
            if (UnsafeCharacters.FirstUnprintable(lines[index].Replace('\t', ' ').Replace('\v', ' ')) is { } odd)
                faults.Add(LetterFileFaults.LetterCharacter(Location.In(file, index + 1), odd));
        }

        faults.AddRange(LetterMarkup.Faults(file, lines, first));
        return new LetterText(lines, end, body, first + 1);
    }

    private static int? LineOfBracket(string[] lines, int end, int allowed)
    {
        for (var index = 1; index < end; index++)
        {
            allowed -= lines[index].Count(sign => sign is '[' or '{');
            if (allowed < 0)
                return index + 1;
        }

        return null;
    }

    private static int FirstUnreadableLine(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes[range]))
                return line;
            line++;
        }

        return line;
    }

    [GeneratedRegex(@"^(?:[-‐‑‒–—―−─－﹣]{3,}|(?=.*[–—―])[-–—―]{1,5})$")]
    private static partial Regex Fence();
}
