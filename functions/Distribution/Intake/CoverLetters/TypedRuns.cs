using System.Text;
using System.Text.RegularExpressions;
using Distribution.Letters;

namespace Distribution.Intake.CoverLetters;

/// <summary>A piece of a paragraph in one style.</summary>
/// <param name="Target">Where it links to; null for no link.</param>
internal sealed record TextRun(string Text, bool IsBold = false, bool IsItalic = false, string? Target = null);

/// <summary>
/// Writes the text of a document as a letter's author would type it, so that a letter prints what the document did:
/// signs that would mean something in a letter get a backslash. See <see cref="TypedInlines"/>.
/// </summary>
internal static partial class TypedRuns
{
    public static string Write(IEnumerable<TextRun> runs)
    {
        var pieces = Joined(runs);
        var text = new StringBuilder();
        foreach (var (place, piece) in pieces.Index())
        {
            if (piece.Target is { } target)
                text.Append(Link(piece.Text, target));
            else if (!piece.IsBold && !piece.IsItalic)
                text.Append(Escaped(piece.Text));
            else
                AppendStressed(text, piece, place + 1 < pieces.Count ? pieces[place + 1].Text : "");
        }

        return AtLineStarts(text.ToString());
    }

    /// <summary>Plain words, with backslashes before signs that would be markup.</summary>
    public static string Write(string text) => AtLineStarts(Escaped(text));

    /// <summary>
    /// Marks stand only at the edges of words: white space and closing signs go outside of them, and where a word is
    /// stressed in part it is written plainly.
    /// </summary>
    private static void AppendStressed(StringBuilder text, TextRun piece, string next)
    {
        var (before, inner, after) = Trimmed(piece.Text);
        text.Append(Escaped(before));
        var left = text.Length == 0 ? ' ' : text[^1];
        var right = after.Length > 0 ? after[0] : next.Length > 0 ? next[0] : ' ';
        // Marks that touch a word or other marks would print, or be read as other ones.
        var isEdge = !IsPartOfWord(left)
            && !IsPartOfWord(right)
            && left is not ('*' or '\\' or '/')
            && right is not ('*' or '/');
        var mark = isEdge && inner.Length > 0 ? (piece.IsBold ? "**" : "") + (piece.IsItalic ? "*" : "") : "";
        // A stressed line ends where the line does.
        text.Append(string.Join('\n', inner.Split('\n').Select(line =>
                string.IsNullOrWhiteSpace(line) ? "" : $"{mark}{Escaped(line.Trim())}{mark}")))
            .Append(Escaped(after));
    }

    private static (string Before, string Inner, string After) Trimmed(string text)
    {
        var from = 0;
        while (from < text.Length && (char.IsWhiteSpace(text[from]) || NotFirst.Contains(text[from])))
            from++;
        var to = text.Length;
        while (to > from && (char.IsWhiteSpace(text[to - 1]) || NotLast.Contains(text[to - 1])))
            to--;
        return (text[..from], text[from..to], text[to..]);
    }

    private const string NotFirst = ".,;:!?%)]}»”’…،؛؟。，；：！？、）》」』】/\\*";
    private const string NotLast = "([{«“‘„/\\*";

    private static bool IsPartOfWord(char sign) =>
        char.IsLetterOrDigit(sign) || sign is '_' or '@' or '&' or '=' or '#';

    /// <summary>Pieces of the same style that follow each other are one: Word divides them at will.</summary>
    private static List<TextRun> Joined(IEnumerable<TextRun> runs)
    {
        List<TextRun> pieces = [];
        foreach (var run in runs.Where(run => run.Text.Length > 0))
        {
            // The style of white space cannot be seen.
            var piece = string.IsNullOrWhiteSpace(run.Text)
                && run.Target is null
                && pieces is [.., { Target: null } former]
                ? former with { Text = run.Text }
                : run;
            if (pieces is [.., var last] && last with { Text = "" } == piece with { Text = "" })
                pieces[^1] = last with { Text = last.Text + piece.Text };
            else
                pieces.Add(piece);
        }

        return pieces;
    }

    private static string Link(string words, string target)
    {
        var shown = words.Trim();
        var (before, after) = (words[..(words.Length - words.TrimStart().Length)], words[words.TrimEnd().Length..]);
        var address = target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            ? target["mailto:".Length..]
            : target;
        if (shown.Length == 0
            || shown == address
            || shown == target
            || $"{shown}/" == target
            || target.EndsWith($"//{shown}", StringComparison.Ordinal))
            // An address is a link by itself in a letter.
            return shown.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || shown == address
                ? words
                : $"{before}{(shown.Length == 0 ? "" : target)}{after}";
        // Signs that would end the target where it is typed.
        var written = target
            .Replace(" ", "%20", StringComparison.Ordinal)
            .Replace("(", "%28", StringComparison.Ordinal)
            .Replace(")", "%29", StringComparison.Ordinal)
            .Replace("<", "%3C", StringComparison.Ordinal)
            .Replace(">", "%3E", StringComparison.Ordinal);
        var label = Escaped(shown.Replace('\n', ' '))
            .Replace("[", @"\[", StringComparison.Ordinal)
            .Replace("]", @"\]", StringComparison.Ordinal);
        return $"{before}[{label}]({written}){after}";
    }

    private static string Escaped(string text) =>
        Markup().Replace(text, found => found.Groups["address"].Success ? found.Value : $@"\{found.Value}");

    // What begins a line of a letter and would not be printed.
    private static string AtLineStarts(string text) =>
        LineStart().Replace(text, found => $@"{found.Groups["space"].Value}\{found.Groups["sign"].Value}");

    /// <summary>
    /// Paths and addresses, in which no sign is markup; asterisks; underscores at the edges of words; a backslash
    /// before a sign; HTML, footnotes, struck and underlined words, links.
    /// </summary>
    [GeneratedRegex(
        """
        (?<address> (?<![\w\\])(?:[A-Za-z]:\\|\\\\(?=[A-Za-z0-9]))\S* | https?://[^\s<>"]+ | www\.[^\s<>"]+ | (?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8} )
        | \*
        | (?<![\w_]) _{1,3} (?=[^\s_]) | (?<=[^\s_]) _{1,3} (?![\w_])
        | \\ (?=[!-/:-@\[-`{-~])
        | < (?=[A-Za-z/!])
        | & (?=\#?[A-Za-z0-9]{1,8};)
        | ~ (?=~) | \+ (?=\+)
        | \[ (?=\^ | [^\[\]\n]*\]\()
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Markup();

    [GeneratedRegex(@"^(?<space>[^\S\n]*)(?<sign>>|#{1,6}(?=\s)|-{3,}[^\S\n]*$|[|])", RegexOptions.Multiline)]
    private static partial Regex LineStart();
}
