using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Decodes headers: encoded words (RFC 2047) in every charset that <see cref="Charsets"/> knows, and bytes that were
/// written without saying what they are.
/// </summary>
internal static partial class HeaderWords
{
    /// <param name="raw">A header's value as it came, a character for each byte.</param>
    /// <param name="charset">
    /// The charset that the message's text declares, which undeclared bytes may be in; null where it declares none.
    /// </param>
    public static string Decode(string raw, string? charset)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var (plain, open) = (0, "");
        foreach (Match word in Word().Matches(raw))
        {
            var between = raw[plain..word.Index];
            // Words that follow each other are one text, which may be cut within a character.
            var follows = plain > 0 && string.IsNullOrWhiteSpace(between);
            if (!follows || !open.Equals(word.Groups[1].Value, StringComparison.OrdinalIgnoreCase))
                Close();
            if (!follows)
                text.Append(Undeclared(between));
            open = word.Groups[1].Value;
            bytes.AddRange(Bytes(word.Groups[2].Value, word.Groups[3].Value));
            plain = word.Index + word.Length;
        }

        Close();
        return Folding().Replace(text.Append(Undeclared(raw[plain..])).ToString(), " ").Trim();

        void Close()
        {
            // A language may follow the charset: =?utf-8*fr?Q?…?=.
            text.Append(Charsets.Decode(bytes.ToArray(), open.Split('*')[0]));
            bytes.Clear();
        }

        string Undeclared(string part) => Charsets.Decode(Encoding.Latin1.GetBytes(part), charset);
    }

    /// <summary>
    /// The value of an address header with its names in UTF-8, encoded, so that no name becomes part of an address.
    /// </summary>
    /// <inheritdoc cref="Decode"/>
    public static string InUtf8(string raw, string? charset) =>
        Name()
            .Replace(
                raw,
                name =>
                    $" =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(Decode(name.Value, charset)))}?= ");

    private static byte[] Bytes(string way, string content)
    {
        if (way is "B" or "b")
        {
            var digits = new string([.. content.Where(sign => char.IsAsciiLetterOrDigit(sign) || sign is '+' or '/')]);
            // A word that was cut lacks the end of its last group of four.
            return Convert.FromBase64String(
                (digits.Length % 4) switch { 1 => digits[..^1], 2 => $"{digits}==", 3 => $"{digits}=", _ => digits });
        }

        return Encoding.Latin1.GetBytes(
            Sign()
                .Replace(
                    content.Replace('_', ' '),
                    sign => ((char)Convert.ToByte(sign.Groups[1].Value, 16)).ToString()));
    }

    private const string OneWord = @"=\?([A-Za-z0-9_.:()*+'-]{1,60})\?([bBqQ])\?([^?]*)\?=";

    [GeneratedRegex(OneWord, RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    /// <summary>Encoded words that follow each other, or a name with bytes beyond ASCII.</summary>
    [GeneratedRegex(
        $"{OneWord}(?:\\s*{OneWord})*|[^<>\",;:\\r\\n\\x00-\\x1f]*[\\x80-\\xff][^<>\",;\\r\\n]*",
        RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("=([0-9A-Fa-f]{2})", RegexOptions.NonBacktracking)]
    private static partial Regex Sign();

    [GeneratedRegex(@"\s*[\r\n]+\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Folding();
}
