using System.Net;
using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>
/// Finds markup in the text of a letter that a letter does not have: HTML, footnotes, words struck through or
/// underlined. It would be printed with its signs, or hide from its author what is printed.
/// </summary>
internal static partial class LetterMarkup
{
    /// <param name="lines">The lines of the file.</param>
    /// <param name="first">The index of the first line of the text.</param>
    /// <returns>One finding for each kind, which names the first line and how many others there are.</returns>
    public static IEnumerable<Finding> Faults(string file, IReadOnlyList<string> lines, int first)
    {
        // What is in double braces is an instruction and not text. Its signs become spaces, so that all others keep
        // their places.
        var text = Field().Replace(
            string.Join('\n', lines.Skip(first)),
            field => Sign().Replace(field.Value, " "));
        foreach (
            var (kind, fault) in new (Regex, Func<Location, string, string, Finding>)[]
            {
                (Html(), LetterFileFaults.TextHasHtml),
                (Footnote(), LetterFileFaults.TextHasFootnote),
                (Struck(), LetterFileFaults.TextIsStruck),
            })
        {
            var found = kind.Matches(text).Where(match => match.Value[0] != '&' || IsEntity(match.Value)).ToList();
            if (found is [])
                continue;
            var places = found
                .Select(match => first + 1 + text.AsSpan(0, match.Index).Count('\n'))
                .Distinct()
                .ToList();
            yield return fault(Location.In(file, places[0]), found[0].Value, Others(places));
        }
    }

    /// <summary>“, and on lines 14 and 15”; empty if there are none.</summary>
    private static string Others(IReadOnlyList<int> places) => places.Count switch
    {
        1 => "",
        2 => $", and on line {places[1]}",
        <= 5 => $", and on lines {EnglishText.Listed(places.Skip(1).Select(place => $"{place}"))}",
        _ => $", and on {places.Count - 1} other lines",
    };

    // "R&D;" has the form of an entity and is none.
    private static bool IsEntity(string text) => WebUtility.HtmlDecode(text) != text;

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Field();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex Sign();

    /// <summary>
    /// Comments, elements and entities, but not what a letter's author may put in angle brackets, such as
    /// <c>&lt;name&gt;</c> or <c>&lt;title&gt;</c>.
    /// </summary>
    [GeneratedRegex(
        """
        (?<!\\) (?:
            <!--
          | </? (?: a | abbr | b | big | blockquote | body | br | center | code | dd | del | div | dl | dt | em | font | h[1-6] | head | hr | html | i | iframe
                | img | ins | kbd | li | link | meta | nobr | ol | p | pre | q | s | samp | script | small | span | strike | strong | style | sub | sup | svg
                | table | tbody | td | tfoot | th | thead | tr | tt | u | ul | wbr | o:p )
            (?: \s [^<>\n]{0,500} )? /? >
          | & (?: \#[0-9]{2,6} | \#x[0-9a-f]{2,6} | [a-z]{2,8}[0-9]{0,2} ) ;
        )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Html();

    [GeneratedRegex(@"(?<!\\)\[\^[^\]\s]{1,50}\]")]
    private static partial Regex Footnote();

    [GeneratedRegex(@"(?<![\\~])~~(?=[^\s~])[^~\n]{0,500}[^\s~\n]~~(?!~)|(?<![\\~])~~[^\s~]~~(?!~)|(?<![\\+\w])\+\+(?=[^\s+])[^+\n]{0,500}[^\s+\n]\+\+(?![+\w])")]
    private static partial Regex Struck();
}
