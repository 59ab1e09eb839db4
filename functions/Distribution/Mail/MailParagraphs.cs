using System.Net;
using Distribution.Common;

namespace Distribution.Mail;

/// <summary>The text of a mail that is no letter, in both of its forms.</summary>
internal static class MailParagraphs
{
    public static string Text(IEnumerable<string> paragraphs) => string.Join("\n\n", paragraphs) + "\n";

    /// <summary>A line that is an address of a page is a link.</summary>
    public static string Html(IEnumerable<string> paragraphs, string language) =>
        $"<div lang=\"{language}\" dir=\"{(Languages.IsRightToLeft(language) ? "rtl" : "ltr")}\">"
        + string.Concat(
            paragraphs.Select(paragraph => $"<p>{string.Join("<br>", paragraph.Split('\n').Select(Line))}</p>"))
        + "</div>";

    private static string Line(string line) =>
        WebUtility.HtmlEncode(line) is var encoded && line.StartsWith("http", StringComparison.Ordinal)
            ? $"<a href=\"{encoded}\">{encoded}</a>"
            : encoded;
}
