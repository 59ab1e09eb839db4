using System.Text;
using System.Text.RegularExpressions;
using Distribution.Letters;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>What a person wrote in a reply, without the quotation.</summary>
internal static partial class ReplyText
{
    /// <summary>How much of the text is read, in characters. Nobody gives a reference later than that.</summary>
    private const int Longest = 20_000;

    /// <returns>The text above the quotation, with line breaks; empty where there is no readable text.</returns>
    public static string AboveQuotation(MimeMessage message)
    {
        var texts = InboundMail
            .Parts(message.Body)
            .OfType<TextPart>()
            .Where(part => !part.IsAttachment && (part.IsPlain || part.IsHtml))
            .ToList();
        var text =
            texts.Find(part => part.IsPlain && !string.IsNullOrWhiteSpace(part.Text))
            ?? texts.Find(part => part.IsHtml);
        if (text is null)
            return "";
        var written = text.Text.Length > Longest ? text.Text[..Longest] : text.Text;
        var lines = new StringBuilder();
        foreach (var line in (text.IsHtml ? Plain(written) : written).ReplaceLineEndings("\n").Split('\n'))
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
            .Matches(text)
            .Any(found =>
                VerificationReference.Read(found.Groups[1].Value.Replace('‐', '-').Replace('‑', '-')) == reference);

    /// <summary>Converts HTML to lines of text, up to what mail programs mark as a quotation.</summary>
    private static string Plain(string html)
    {
        if (HtmlQuotation().Match(html) is { Success: true } quotation)
            html = html[..quotation.Index];
        html = NoText().Replace(html, "");
        html = Break().Replace(html, "\n");
        return System.Net.WebUtility.HtmlDecode(Tag().Replace(html, "")).Replace('\u00a0', ' ');
    }

    /// <summary>
    /// Matches the line where a quotation begins: a quoted line, "On … wrote:" in several languages, or the header of a
    /// forwarded message.
    /// </summary>
    [GeneratedRegex(
        @"^\s*(?:>|-{3,}|_{5,}|\*?(?:From|De|Von|Da|Van|Od|От|Отправитель|من|发件人|寄件者|差出人|보낸\s?사람|Kimden|Expéditeur|Remitente)\*?\s?[:：].*[@<\[]|(?:On|Le|El|Am|Il|Op|Em|В|Dnia)\b.{5,200}(?:wrote|a écrit|escribió|schrieb|ha scritto|schreef|escreveu|пишет|написал[аи]?|napisał[a]?)\s?:?\s*$|.{0,120}(?:写道|寫道|كتب)\s?[:：]\s*$)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Quotation();

    [GeneratedRegex(
        @"<blockquote\b|<div[^>]{0,200}(?:gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix|border-top:\s?solid\s?#)|<hr\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex HtmlQuotation();

    [GeneratedRegex(
        @"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex NoText();

    [GeneratedRegex(@"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]{0,200}>", RegexOptions.IgnoreCase)]
    private static partial Regex Break();

    [GeneratedRegex(@"<[^>]{0,2000}>")]
    private static partial Regex Tag();

    /// <summary>
    /// Twelve letters or digits in three groups, not part of a longer word. The lookahead tries every position, because
    /// an ordinary word of four letters may come directly before the reference.
    /// </summary>
    [GeneratedRegex(
        @"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{4}[-–‐‑ \u00a0]?[0-9A-Za-z]{4}[-–‐‑ \u00a0]?[0-9A-Za-z]{4})(?![0-9A-Za-z]))")]
    private static partial Regex Reference();
}
