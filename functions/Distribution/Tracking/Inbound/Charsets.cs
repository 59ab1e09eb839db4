using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Decodes what mail programs write, in whatever charset: under all the names that charsets have in mail, under a wrong
/// name, or under none.
/// </summary>
internal static partial class Charsets
{
    /// <summary>
    /// Declared bytes with more errors than this share are taken to be in another charset than declared.
    /// </summary>
    private const double MostErrors = 0.1;

    private const int Latin1 = 1252;

    /// <summary>Names that .NET does not know, and names that it takes for too small a charset.</summary>
    private static readonly FrozenDictionary<string, int> Names = new Dictionary<string, int>
    {
        ["ansi"] = Latin1,
        ["big5-hkscs"] = 950,
        ["big5hkscs"] = 950,
        ["chinese"] = 54936,
        ["euc-cn"] = 54936,
        ["gb18030-2022"] = 54936,
        ["gb2312"] = 54936,
        ["gb-2312"] = 54936,
        ["gb2312-80"] = 54936,
        ["gb-2312-80"] = 54936,
        ["gbk"] = 54936,
        ["hebrew"] = 1255,
        ["iso-2022-jp"] = 50221,
        ["iso-2022-jp-1"] = 50221,
        ["iso-2022-jp-2"] = 50221,
        ["iso-2022-jp-3"] = 50221,
        ["iso-2022-jp-ms"] = 50221,
        ["koi8"] = 20866,
        ["koi8-ru"] = 21866,
        ["ks-c-5601"] = 949,
        ["ks-c-5601-1987"] = 949,
        ["ksc5601"] = 949,
        ["ksc-5601"] = 949,
        ["euc-kr"] = 949,
        ["ks-c-5601-1989"] = 949,
        ["uhc"] = 949,
        ["windows-31j"] = 932,
        ["cswindows31j"] = 932,
        ["logical"] = 1255,
        ["visual"] = 1255,
        ["mac"] = 10000,
        ["mac-roman"] = 10000,
        ["ms-kanji"] = 932,
        ["tis620"] = 874,
        ["tis-620"] = 874,
        ["iso-8859-11"] = 874,
        ["unicode"] = 1200,
        ["ucs-2"] = 1200,
        ["iso-10646-ucs-2"] = 1200,
        ["utf16"] = 1200,
        ["utf8"] = 65001,
        ["utf8mb4"] = 65001,
        ["unicode-1-1-utf-8"] = 65001,
    }.ToFrozenDictionary();

    /// <summary>
    /// What the names of the parts of ISO 8859 stand for: the Windows charset that has more, where one has.
    /// </summary>
    private static readonly FrozenDictionary<int, int> Iso8859 = new Dictionary<int, int>
    {
        [1] = Latin1,
        [6] = 28596,
        [8] = 1255,
        [9] = 1254,
        [11] = 874,
    }.ToFrozenDictionary();

    /// <summary>Which part of ISO 8859 is Latin-1, Latin-2 and so on.</summary>
    private static readonly int[] LatinParts = [1, 2, 3, 4, 9, 10, 13, 14, 15, 16];

    private static readonly FrozenDictionary<string, string> SingleByte = Read().ToFrozenDictionary();

    static Charsets() => Register();

    /// <summary>
    /// Makes the code pages of old charsets known to .NET. Call it before anything is read: the mail library remembers
    /// which charsets it did not find.
    /// </summary>
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// Whether the name is one of UTF-7. A program that does not decode it does not see markup that is written in it.
    /// No mail program writes it any more, and it is never decoded here.
    /// </summary>
    public static bool IsUtf7(string? name) => name is not null && Utf7().IsMatch(name);

    /// <param name="name">The declared charset; null or empty where none is declared.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? name)
    {
        if (IsUtf7(name))
            // A character for each byte, so that it is shown as it came.
            return Encoding.Latin1.GetString(bytes);
        // A byte order mark stands in the text itself, and is believed before any name.
        if (Marked(bytes) is { } marked)
            return marked;
        var declared = Plain(name);
        var encoding = declared is null ? null : Of(declared);
        // Text in another charset hardly ever is UTF-8 by accident.
        if (!(encoding is not null && IsAsciiInForm(encoding)) && Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        // After UTF-8, like all other names: a wrong name is frequent, and UTF-8 is certain.
        if (declared is not null && SingleByte.TryGetValue(declared, out var upper))
            return OfSingleBytes(bytes, upper);
        // Programs write these names where they do not know better.
        var isVague = encoding is null or { CodePage: Latin1 or 20127 or 28591 };
        if (!isVague && encoding!.GetString(bytes) is var text && Errors(text) <= MostErrors)
            return encoding.CodePage is 1200 or 1201 ? InLikelierOrder(bytes, encoding, text) : text;
        return (CharsetGuess.Of(bytes) ?? (isVague ? Encoding.GetEncoding(Latin1) : encoding!)).GetString(bytes);
    }

    /// <param name="page">
    /// The code page that is named for exactly these bytes, which is believed; null where none is.
    /// </param>
    public static string Decode(ReadOnlySpan<byte> bytes, int? page) =>
        page is { } named && Numbered(named) is { } encoding && !IsAsciiInForm(encoding)
            ? encoding.GetString(bytes)
            : Decode(bytes, (string?)null);

    /// <returns>Null where no charset has that name.</returns>
    private static Encoding? Of(string name)
    {
        if (Names.TryGetValue(name, out var page))
            return Encoding.GetEncoding(page);
        if (Iso().Match(name) is { Success: true } iso)
        {
            var part = int.Parse(iso.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            // The code page of part N is 28590 + N.
            return Numbered(Iso8859.GetValueOrDefault(part, 28590 + part));
        }

        if (Number().Match(name) is { Success: true } numbered)
            return Numbered(int.Parse(numbered.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        foreach (var candidate in (string[])[name, $"x-{name}", name.Replace('-', '_')])
            try
            {
                return Encoding.GetEncoding(candidate);
            }
            catch (ArgumentException)
            {
                // The next spelling may be one that is known.
            }

        return null;
    }

    private static Encoding? Numbered(int page)
    {
        try
        {
            return Encoding.GetEncoding(page);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// The name in lower case, without what surrounds it in some messages; null where it says nothing.
    /// </summary>
    private static string? Plain(string? name)
    {
        var plain = (name ?? "").ToLowerInvariant().Replace('_', '-').Trim('"', '\'', ' ', ';', '-');
        if (plain.StartsWith("charset=", StringComparison.Ordinal))
            plain = plain["charset=".Length..];
        if (plain.StartsWith("x-", StringComparison.Ordinal) && !plain.StartsWith("x-mac-", StringComparison.Ordinal))
            plain = plain[2..];
        if (plain is "mac-roman" or "x-mac-roman")
            plain = "mac";
        if (Latin().Match(plain) is { Success: true } latin
            && int.Parse(latin.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is >= 1 and <= 10 and var number)
            plain = $"iso-8859-{LatinParts[number - 1]}";
        return plain.Length is > 0 and <= 60 ? plain : null;
    }

    /// <summary>Text with a byte order mark; null where there is none.</summary>
    private static string? Marked(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? Encoding.UTF8.GetString(bytes[3..])
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? Encoding.UTF32.GetString(bytes[4..])
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode.GetString(bytes[2..])
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode.GetString(bytes[2..])
        : null;

    /// <summary>Whether the charset writes its letters with bytes that look like ASCII.</summary>
    private static bool IsAsciiInForm(Encoding encoding) =>
        // UTF-16, UTF-32, HZ and the charsets of ISO 2022, in this order.
        encoding.CodePage is 1200 or 1201 or 12000 or 12001 or 52936 or (>= 50220 and <= 50229);

    /// <summary>
    /// UTF-16 without a byte order mark, in the order of bytes in which it has more spaces and full stops.
    /// </summary>
    private static string InLikelierOrder(ReadOnlySpan<byte> bytes, Encoding declared, string text)
    {
        var other = (declared.CodePage == 1200 ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes);
        return other.Count(char.IsAscii) > text.Count(char.IsAscii) ? other : text;
    }

    private static double Errors(string text)
    {
        var (errors, foreign) = (0, 0);
        foreach (var sign in text)
        {
            foreign += char.IsAscii(sign) ? 0 : 1;
            errors += sign == '\uFFFD' ? 1 : 0;
        }

        return foreign == 0 ? 0 : (double)errors / foreign;
    }

    private static string OfSingleBytes(ReadOnlySpan<byte> bytes, string upper)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var part in bytes)
            text.Append(part < 0x80 ? (char)part : upper[part - 0x80]);
        return text.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Read()
    {
        using var file = typeof(Charsets).Assembly.GetManifestResourceStream("charsets.txt")!;
        using var lines = new StreamReader(file, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
            if (!line.StartsWith('#'))
                // The name, and one character for each byte from 0x80 to 0xFF.
                yield return new(line[..line.IndexOf(' ', StringComparison.Ordinal)], line[^128..]);
    }

    [GeneratedRegex(@"utf-?7|utf7$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Utf7();

    [GeneratedRegex(@"^(?:cs)?iso-?8859-?(\d{1,2})(?:-[ie])?(?::\d{4})?$", RegexOptions.NonBacktracking)]
    private static partial Regex Iso();

    [GeneratedRegex(@"^latin-?(\d{1,2})$", RegexOptions.NonBacktracking)]
    private static partial Regex Latin();

    [GeneratedRegex(
        @"^(?:windows|win|cp|ms|ms-cp|ibm|dos|oem)-?(?:cp)?-?(\d{3,5})$",
        RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
