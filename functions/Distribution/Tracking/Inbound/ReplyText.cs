using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>What a message says in words, and what of it a person wrote above the quotation.</summary>
internal static partial class ReplyText
{
    /// <summary>How much of the text is read, in characters. Nobody gives a reference later than that.</summary>
    private const int Longest = 20_000;

    /// <summary>How many forms of one text are read. Mail programs write three at most.</summary>
    private const int MostForms = 50;

    /// <param name="message">A message that <see cref="ReadableMessage.Open"/> made readable.</param>
    /// <returns>The whole text, with line breaks; empty where there is none that can be read.</returns>
    public static string Of(MimeMessage message)
    {
        var text = Words(message.Body, areFiles: false);
        // Some gateways send the text itself as a file, or under a type that is none.
        if (!HasWords(text))
            text = Words(message.Body, areFiles: true);
        if (!HasWords(text) && message.Body is MimePart { FileName: null, Content: { } content } part and not TextPart)
            text = Untyped(part, content);
        return TextStart.Of(text, Longest);
    }

    /// <returns>The text above the quotation, with line breaks; empty where there is none.</returns>
    public static string AboveQuotation(string text)
    {
        var lines = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (Quotation().IsMatch(line))
                break;
            lines.Append(line.TrimEnd()).Append('\n');
        }

        return lines.ToString().Trim();
    }

    /// <summary>
    /// Whether the text contains a reference in its printed form: its groups separated by hyphens, spaces or nothing.
    /// </summary>
    public static bool Gives(string text, string reference) =>
        Reference()
            .Matches(VerificationReference.Visible(text))
            .Any(found => VerificationReference.Read(found.Groups[1].Value).Meant.Contains(reference));

    /// <summary>The text without the reference, in whatever form it is given.</summary>
    /// <param name="reference">Null where it is not known: then what looks like one and has a digit is left out.</param>
    public static string WithoutReference(string text, string? reference)
    {
        var rest = new StringBuilder(VerificationReference.Visible(text));
        foreach (var given in Reference().Matches(rest.ToString()).Select(found => found.Groups[1]).Reverse())
            if (given.Index + given.Length <= rest.Length
                && VerificationReference.Read(given.Value).Meant is var meant
                && (reference is null ? meant.Any() && given.Value.Any(char.IsAsciiDigit) : meant.Contains(reference)))
                rest.Remove(given.Index, given.Length).Insert(given.Index, " ");
        return rest.ToString();
    }

    /// <param name="areFiles">Whether to read the texts that came as files, or the others.</param>
    private static string Words(MimeEntity? part, bool areFiles) =>
        part switch
        {
            // Without a boundary that stands in it, all of it is what stands before the first part.
            Multipart { Count: 0, Preamble: { } alone } => areFiles ? "" : alone,
            MultipartAlternative several => Best(several, areFiles),
            Multipart several => string.Join(
                '\n',
                several.Select(inner => Words(inner, areFiles)).Where(HasWords)),
            TextPart text when text.IsAttachment == areFiles => Words(text),
            _ => "",
        };

    private static string Words(TextPart text) =>
        text.IsPlain || text.IsFlowed ? text.Text
        : text.IsHtml || text.IsEnriched ? HtmlText.Of(text.Text)
        : text.IsRichText ? RtfText.Of(text.Text)
        : "";

    /// <summary>Of several forms of one text: the plain one, if it says anything; else the richest that does.</summary>
    private static string Best(MultipartAlternative several, bool areFiles)
    {
        var (plain, rich) = ("", "");
        foreach (var form in several.Take(MostForms))
            if (Words(form, areFiles) is var text && HasWords(text))
                // Of several the last counts: RFC 2046 puts the richest form last.
                _ = form is TextPart { IsPlain: true } ? plain = text : rich = text;
        return plain.Length > 0 ? plain : rich;
    }

    private static string Untyped(MimePart part, IMimeContent content)
    {
        using var opened = content.Open();
        var bytes = new byte[Longest];
        var length = opened.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        // No text has such a byte; a file without a type often has.
        return bytes.AsSpan(0, length).Contains((byte)0)
            ? ""
            : Charsets.Decode(bytes.AsSpan(0, length), part.ContentType.Charset);
    }

    /// <summary>Whether there is anything to see in it; some programs write a lone space that does not break.</summary>
    private static bool HasWords(string text) =>
        text.EnumerateRunes()
            .Any(rune =>
                !Rune.IsWhiteSpace(rune)
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format));

    /// <summary>
    /// Matches the line where a quotation begins: a quoted line, "On … wrote:" in several languages, or the header of a
    /// forwarded message.
    /// </summary>
    [GeneratedRegex(
        @"^\s*(?:>|-{3,}|_{5,}|\*?(?:From|De|Von|Da|Van|Od|От|Отправитель|من|发件人|寄件者|差出人|보낸\s?사람|Kimden|Expéditeur|Remitente)\*?\s?[:：].*[@<\[]|(?:On|Le|El|Am|Il|Op|Em|В|Dnia)\b.{5,200}(?:wrote|a écrit|escribió|schrieb|ha scritto|schreef|escreveu|пишет|написал[аи]?|napisał[a]?)\s?:?\s*$|.{0,120}(?:写道|寫道|كتب)\s?[:：]\s*$)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Quotation();

    /// <summary>
    /// Twelve letters or digits in three groups, or thirteen where the check sign follows at once, not part of a longer
    /// word. The lookahead tries every position, because an ordinary word of four letters may come directly before the
    /// reference.
    /// </summary>
    [GeneratedRegex(
        @"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{4}[-–‐‑ \u00a0]?[0-9A-Za-z]{4}[-–‐‑ \u00a0]?[0-9A-Za-z]{4,5})(?![0-9A-Za-z]))")]
    private static partial Regex Reference();
}
