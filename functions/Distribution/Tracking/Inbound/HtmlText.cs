using System.Text;
using MimeKit.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>Reads the words of an HTML message as lines, up to what mail programs mark as a quotation.</summary>
internal static class HtmlText
{
    /// <summary>Where mail programs begin a quotation, by its class or id.</summary>
    private static readonly string[] Quotations =
    [
        // Gmail; Outlook on the web, the next two; Thunderbird; Yahoo; Proton; Zoho.
        "gmail_quote",
        "divrplyfwdmsg",
        "appendonsend",
        "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote",
        "zmail_extra",
    ];

    private static readonly HtmlTagId[] Blocks =
    [
        HtmlTagId.P,
        HtmlTagId.Div,
        HtmlTagId.TR,
        HtmlTagId.LI,
        HtmlTagId.H1,
        HtmlTagId.H2,
        HtmlTagId.H3,
        HtmlTagId.H4,
        HtmlTagId.H5,
        HtmlTagId.H6,
    ];

    /// <returns>The words with line breaks, up to the first quotation; it may be empty.</returns>
    public static string Of(string html)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        var silent = (HtmlTagId?)null;
        while (tokens.ReadNextToken(out var token))
            switch (token)
            {
                case HtmlTagToken tag:
                    if (silent is { } open)
                    {
                        // Until its own end: what stands within a style or script is no markup.
                        if (tag.Id == open && tag.IsEndTag)
                            silent = null;
                    }
                    else if (!tag.IsEndTag && BeginsQuotation(tag))
                        return text.ToString();
                    else if (!tag.IsEndTag && !tag.IsEmptyElement && IsNoText(tag.Id))
                        silent = tag.Id;
                    else if (BreaksLine(tag))
                        text.Append('\n');
                    break;
                case HtmlDataToken data when silent is null && token.Kind == HtmlTokenKind.Data:
                    text.Append(data.Data.ReplaceLineEndings(" ").Replace('\u00a0', ' '));
                    break;
            }

        return text.ToString();
    }

    private static bool BeginsQuotation(HtmlTagToken tag) =>
        tag.Id is HtmlTagId.BlockQuote or HtmlTagId.HR
        || tag.Id is HtmlTagId.Div
        && tag.Attributes.Any(attribute =>
            attribute.Value is { Length: < 2000 } value
            && (attribute.Id is HtmlAttributeId.Class or HtmlAttributeId.Id
                && Quotations.Any(mark => value.Contains(mark, StringComparison.OrdinalIgnoreCase))
                // Outlook draws a line above the headers of what it quotes: border:none;border-top:solid #E1E1E1 1.0pt.
                || attribute.Id is HtmlAttributeId.Style
                && value.Replace(" ", "", StringComparison.Ordinal)
                    .Contains("border-top:solid#", StringComparison.OrdinalIgnoreCase)));

    private static bool BreaksLine(HtmlTagToken tag) =>
        tag.Id is HtmlTagId.Br || (tag.IsEndTag && Blocks.Contains(tag.Id));

    private static bool IsNoText(HtmlTagId tag) => tag is HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title;
}
