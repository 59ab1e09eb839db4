using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Editing;

/// <summary>
/// Writes the text within a paragraph. Stars are markup only at the edges of words, and other signs only in some
/// places. Instead of repeating these rules, it reads what it has written, and writes with more care if it is not the
/// same.
/// </summary>
internal static partial class EditorInlines
{
    /// <summary>The signs of marks that a backslash can stand before.</summary>
    private static readonly SearchValues<char> MarkSigns = SearchValues.Create("().-+*");

    /// <summary>A text in one style; a line feed in it is a hard break.</summary>
    private sealed record Piece(string Text, InlineStyle Style);

    public static string WriteInOneLine(IReadOnlyList<EditorNode> nodes) =>
        Write([.. nodes.Select(node => node.Type == "hard_break" ? node with { Type = "text", Text = " " } : node)]);

    /// <returns>Lines; empty where there is nothing to print.</returns>
    public static string Write(IReadOnlyList<EditorNode> nodes)
    {
        var pieces = Trimmed(Pieces(nodes));
        if (pieces is [])
            return "";
        // As it is wanted; then with bold and italics for whole words; then up to the next spaces; then without. The
        // style may change, the words never.
        foreach (var wanted in (Func<IReadOnlyList<Piece>>[])
            [
                () => pieces,
                () => Widened(pieces, IsWithinWord),
                () => Widened(pieces, IsWithinToken),
                () =>
                [
                    .. pieces.Select(piece =>
                        piece with { Style = piece.Style with { Strong = false, Emphasis = false } })
                ]
            ])
        {
            var target = Trimmed(wanted());
            foreach (var emphasis in "*_")
                foreach (var escapes in (bool[])[false, true])
                {
                    var written = Written(target, emphasis, escapes);
                    if (IsReadAs(target, written))
                        return written;
                }
        }

        // Such as a blank line made of line ends, or an address that no letter may have: the words remain.
        return Written(
            Trimmed(
            [
                .. pieces.Select(piece => new Piece(Breaks().Replace(piece.Text, "\n"), new(null, false, false)))
            ]),
            '*',
            escapes: true);
    }

    private static List<Piece> Pieces(IReadOnlyList<EditorNode> nodes) =>
        [
            .. nodes
                .Select(node => new Piece(
                    node.Type switch
                    {
                        "text" => Space()
                            .Replace(node.Text!, " ")
                            .Replace($"{LineEnds.Kept}", "", StringComparison.Ordinal),
                        "hard_break" => "\n",
                        "field" => $"{EditorFields.Sign}",
                        _ => "",
                    },
                    InlineStyle.Of(node)))
                .Where(piece => piece.Text.Length > 0),
        ];

    /// <summary>
    /// Without spaces at the ends of its lines, which are not printed. Spaces at the edges of bold or italic words lose
    /// their style, which nobody sees: stars beside a space are no markup.
    /// </summary>
    private static List<Piece> Trimmed(IReadOnlyList<Piece> pieces)
    {
        var signs = pieces.SelectMany(piece => piece.Text.Select(sign => (Sign: sign, piece.Style))).ToList();
        var text = string.Concat(signs.Select(sign => sign.Sign));
        var kept = new bool[signs.Count];
        var place = 0;
        var lines = text.Split('\n');
        foreach (var (number, line) in lines.Index())
        {
            var (from, to) = (line.Length - line.TrimStart().Length, line.TrimEnd().Length);
            for (var column = 0; column < line.Length; column++)
                kept[place + column] = column >= from && column < to;
            place += line.Length;
            if (place < kept.Length)
                kept[place++] = number + 1 < lines.Length;
        }

        var first = text.TakeWhile(char.IsWhiteSpace).Count();
        var last = text.TrimEnd().Length;
        signs = [.. signs.Where((_, index) => kept[index] && index >= first && index < last)];
        foreach (var set in (Func<InlineStyle, InlineStyle>[])
            [
                style => style with { Strong = false },
                style => style with { Emphasis = false },
                style => style with { Link = null }
            ])
            Narrow(signs, set);
        return Joined(signs);
    }

    /// <summary>Takes spaces at the edges out of what one part of a style makes.</summary>
    private static void Narrow(List<(char Sign, InlineStyle Style)> signs, Func<InlineStyle, InlineStyle> without)
    {
        for (var from = 0; from < signs.Count;)
        {
            var style = signs[from].Style;
            if (without(style) == style)
            {
                from++;
                continue;
            }

            var to = from;
            while (to < signs.Count && IsOn(signs[to].Style))
                to++;
            for (var place = from; place < to && char.IsWhiteSpace(signs[place].Sign); place++)
                signs[place] = (signs[place].Sign, without(signs[place].Style));
            for (var place = to - 1; place >= from && char.IsWhiteSpace(signs[place].Sign); place--)
                signs[place] = (signs[place].Sign, without(signs[place].Style));
            from = to;

            // A link that ends where another begins is two.
            bool IsOn(InlineStyle other) =>
                without(other) != other
                && (style.Link is null || without(style).Link is not null || other.Link == style.Link);
        }
    }

    private static List<Piece> Joined(IEnumerable<(char Sign, InlineStyle Style)> signs)
    {
        List<Piece> joined = [];
        var text = new StringBuilder();
        InlineStyle? before = null;
        foreach (var (sign, style) in signs)
        {
            if (before is not null && style != before)
                End();
            before = style;
            text.Append(sign);
        }

        if (before is not null)
            End();
        return joined;

        void End()
        {
            joined.Add(new($"{text}", before!));
            text.Clear();
        }
    }

    /// <summary>What is bold or in italics goes on to where it can end.</summary>
    private static List<Piece> Widened(IReadOnlyList<Piece> pieces, Func<char, char, bool> isWithin)
    {
        var signs = pieces.SelectMany(piece => piece.Text.Select(sign => (Sign: sign, piece.Style))).ToList();
        for (var from = 0; from < signs.Count;)
        {
            var to = from + 1;
            while (to < signs.Count && isWithin(signs[to - 1].Sign, signs[to].Sign))
                to++;
            var (strong, emphasis) = (
                signs[from..to].Exists(sign => sign.Style.Strong),
                signs[from..to].Exists(sign => sign.Style.Emphasis));
            for (var place = from; place < to; place++)
                signs[place] = (signs[place].Sign, signs[place].Style with { Strong = strong, Emphasis = emphasis });
            from = to;
        }

        return Joined(signs);
    }

    private static bool IsWithinWord(char before, char after) =>
        char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after);

    private static bool IsWithinToken(char before, char after) =>
        !char.IsWhiteSpace(before) && !char.IsWhiteSpace(after);

    private static bool IsReadAs(IReadOnlyList<Piece> wanted, string written)
    {
        if (EditorReader.Blocks(LineEnds.Mark(written), []) is not { Parts: [{ Type: "paragraph" } paragraph] })
            return false;
        var read = Pieces(paragraph.Parts);
        var (mine, theirs) = (Signs(wanted), Signs(read));
        return mine.Count == theirs.Count
            && mine.Zip(theirs).All(pair => pair.First.Sign == pair.Second.Sign
                && (pair.First.Style == pair.Second.Style
                    // An address is a link by itself.
                    || (pair.First.Style.Link is null
                        && pair.Second.IsOwnAddress
                        && pair.First.Style == pair.Second.Style with { Link = null })));

        static List<(char Sign, InlineStyle Style, bool IsOwnAddress)> Signs(IReadOnlyList<Piece> pieces) =>
            [
                .. pieces.SelectMany(piece =>
                    piece.Text.Select(sign => (sign, piece.Style, IsOwnAddress(piece.Text, piece.Style.Link))))
            ];
    }

    private static bool IsOwnAddress(string text, LinkTarget? link) =>
        link is { Title: null, Url: var url } && (url == text || url == $"mailto:{text}" || url == $"https://{text}");

    private static string Written(IReadOnlyList<Piece> pieces, char emphasis, bool escapes)
    {
        var text = new StringBuilder();
        List<string> open = [];
        for (var place = 0; place < pieces.Count;)
        {
            // What a link holds is one thing; only what sets all of it stands around it.
            var end = place + 1;
            if (pieces[place].Style.Link is { } link)
                while (end < pieces.Count && pieces[end].Style.Link == link)
                    end++;
            var within = pieces.Skip(place).Take(end - place).ToList();
            List<string> around =
            [
                .. (within.TrueForAll(piece => piece.Style.Strong) ? ["**"] : (string[])[]),
                .. (within.TrueForAll(piece => piece.Style.Emphasis) ? [$"{emphasis}"] : (string[])[])
            ];
            Turn(text, open, around, sign => Extent(pieces, end, sign));
            text.Append(pieces[place].Style.Link is { } target
                ? LinkOf(within, target, around, emphasis, escapes)
                : Escaped(within[0].Text, escapes));
            place = end;
        }

        Turn(text, open, [], _ => 0);
        return string.Join('\n', LineStarts(text.ToString().Split('\n')));

        static IEnumerable<string> LineStarts(string[] lines) =>
            lines.Select((line, place) => StartOf(line) + (place + 1 < lines.Length ? @"\" : ""));
    }

    /// <summary>How far something goes on behind a place: what goes on longest opens first.</summary>
    private static int Extent(IReadOnlyList<Piece> pieces, int from, string sign) =>
        pieces.Skip(from).TakeWhile(piece => sign == "**" ? piece.Style.Strong : piece.Style.Emphasis).Count();

    /// <summary>Closes and opens signs until those that are wanted are open.</summary>
    private static void Turn(
        StringBuilder text,
        List<string> open,
        IReadOnlyList<string> wanted,
        Func<string, int> extent)
    {
        // The innermost first. A sign that has to be closed for the sake of one outside it is opened again below.
        while (open.Exists(sign => !wanted.Contains(sign)))
        {
            text.Append(open[^1]);
            open.RemoveAt(open.Count - 1);
        }

        foreach (var sign in wanted.Where(sign => !open.Contains(sign)).OrderByDescending(extent).ToList())
        {
            text.Append(sign);
            open.Add(sign);
        }
    }

    private static string LinkOf(
        IReadOnlyList<Piece> within,
        LinkTarget target,
        IReadOnlyList<string> around,
        char emphasis,
        bool escapes)
    {
        var words = string.Concat(within.Select(piece => piece.Text));
        if (target.Title is null
            && Guarded().IsMatch(words)
            && (target.Url == words || target.Url == $"mailto:{words}"))
            return $"<{words}>";
        var label = Written(
            [
                .. within.Select(piece => new Piece(
                    piece.Text.Replace('\n', ' '),
                    new(
                        null,
                        piece.Style.Strong && !around.Contains("**"),
                        piece.Style.Emphasis && !around.Contains($"{emphasis}"))))
            ],
            emphasis,
            escapes);
        // Signs that would end the address in the brackets are written as a browser would send them.
        var url = Space()
            .Replace(target.Url, "%20")
            .Replace("<", "%3C", StringComparison.Ordinal)
            .Replace(">", "%3E", StringComparison.Ordinal);
        if (!Balanced().IsMatch(url))
            url = url.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
        // A title ends with a straight quotation mark and can have none.
        var title = target.Title?.Replace('"', '”').ReplaceLineEndings(" ");
        return $"[{label}]({url}{(title is null ? "" : $" \"{title}\"")})";
    }

    /// <param name="everything">Whether to escape every sign that may be markup, where it would be none here.</param>
    private static string Escaped(string text, bool everything) =>
        // Two braces begin a field.
        Braces().Replace(everything ? Markup().Replace(text, @"\$0") : text, @"\{");

    /// <summary>A line that does not begin a list, quotation, heading, rule or table.</summary>
    private static string StartOf(string line) =>
        ItemMark.At(line) is { } mark
            ? line.AsSpan(0, mark.Text.Length).IndexOfAny(MarkSigns) is >= 0 and var sign
                ? line.Insert(sign, @"\")
                : line
            : Starts().IsMatch(line) ? @"\" + line
            : line;

    [GeneratedRegex(@"[\s-[\u00A0\u202F\u3000\u2002-\u200A]]")]
    private static partial Regex Space();

    [GeneratedRegex(@"\n{2,}")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"\{(?=[{%\u2C7F]|$)|(?<=\{)\{")]
    private static partial Regex Braces();

    /// <summary>A backslash before a letter is no markup, and two would be the beginning of a path.</summary>
    [GeneratedRegex(@"\\(?![\p{L}\p{Nd}])|[*_\[\]<>|!:~]")]
    private static partial Regex Markup();

    [GeneratedRegex(
        @"^(?:>|#{1,6}\s|-{3,}$|\*{3,}$|-(?:[ \t]+-){2,}$|\*(?:[ \t]+\*){2,}$|(?=.*\|)\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$)")]
    private static partial Regex Starts();

    [GeneratedRegex(
        @"^(?:(?:https?|mailto|ftp|file|data|javascript|tel|sms):[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Guarded();

    [GeneratedRegex(@"^[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*$")]
    private static partial Regex Balanced();
}
