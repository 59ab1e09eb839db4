using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace Distribution.Letters;

/// <summary>
/// Divides the text of a letter, by its lines, into paragraphs, lists, quotations, headings, rules and tables. What an
/// author typed is what is printed: numbers and signs before items as they stand, lines that were ended by hand as
/// lines. What is not surely a list stays a paragraph.
/// </summary>
internal sealed partial class TypedBlocks
{
    /// <summary>How deep lists and quotations may stand in each other.</summary>
    public const int MaxNesting = 10;

    private static readonly MarkdownPipeline Inlines = Pipeline(withTables: false);
    private static readonly MarkdownPipeline Tables = Pipeline(withTables: true);

    private readonly IReadOnlyList<Line> lines;

    private TypedBlocks(IReadOnlyList<Line> lines) => this.lines = lines;

    /// <summary>Writes what was parsed as HTML.</summary>
    public static MarkdownPipeline Html => Tables;

    /// <param name="text">With the ends of its lines marked by <see cref="LineEnds"/>.</param>
    /// <returns>Null if lists or quotations are nested too deeply.</returns>
    public static MarkdownDocument? Parse(string text)
    {
        var document = new MarkdownDocument();
        return TryAdd([.. text.Split('\n').Select(Line.Of)], document, [], 0) ? document : null;
    }

    /// <summary>Whether a text begins with a paragraph of prose, which may go on from words before it.</summary>
    public static bool BeginsWithProse(string text) => Parse(text) is [ParagraphBlock, ..];

    /// <summary>Adds what the lines hold to a container; false if it is nested too deeply.</summary>
    /// <param name="schemes">Those of the lists that it stands in, from the outermost.</param>
    private static bool TryAdd(
        IReadOnlyList<Line> lines,
        ContainerBlock container,
        IReadOnlyList<string> schemes,
        int depth)
    {
        if (depth > MaxNesting)
            return false;
        // The lines of an item were looked at together with those around it; a quotation is a text of its own.
        var items = schemes is [] ? ItemLines.Sure(lines) : lines;
        return new TypedBlocks(items).TryAddAll(container, schemes, depth);
    }

    private bool TryAddAll(ContainerBlock container, IReadOnlyList<string> schemes, int depth)
    {
        for (var place = 0; place < lines.Count;)
        {
            var from = place;
            if (lines[place].IsBlank)
                place++;
            else if (lines[place].Mark is not null)
            {
                if (!TryAddList(container, schemes, depth, ref place))
                    return false;
            }
            else if (IsRule(place))
            {
                container.Add(new ThematicBreakBlock(null!));
                place++;
            }
            else if (HeadingAt(place) is { } heading)
            {
                container.Add(heading);
                place++;
            }
            else if (IsQuoted(place))
            {
                while (place < lines.Count && lines[place].Text.StartsWith('>'))
                    place++;
                var quote = new QuoteBlock(null!);
                container.Add(quote);
                if (!TryAdd(
                        [.. lines.Skip(from).Take(place - from).Select(line => line.Unquoted())],
                        quote,
                        [],
                        depth + 1))
                    return false;
            }
            else if (TableAt(place, out var next) is { } table)
            {
                container.Add(table);
                place = next;
            }
            else
            {
                do
                    place++;
                while (place < lines.Count && !Interrupts(place));
                Add(container, lines.Skip(from).Take(place - from));
            }
        }

        return true;
    }

    /// <summary>Whether a line does not belong to the paragraph above it.</summary>
    private bool Interrupts(int place) =>
        lines[place].IsBlank
        || lines[place].Mark is not null
        || ChineseNumber().IsMatch(lines[place].Text)
        || IsRule(place)
        || IsQuoted(place)
        || TableAt(place, out _) is not null;

    private bool TryAddList(ContainerBlock container, IReadOnlyList<string> schemes, int depth, ref int place)
    {
        var list = new TypedList();
        container.Add(list);
        var (column, scheme) = (lines[place].Indent, lines[place].Mark!.Scheme);
        while (place < lines.Count && lines[place].Mark is { } mark)
        {
            var from = place;
            while (++place < lines.Count && !EndsItem(place, column, scheme, schemes))
            {
            }

            var end = place;
            while (lines[end - 1].IsBlank)
                end--;
            var item = new TypedItem(mark.Text);
            list.Add(item);
            if (!TryAdd(
                    [lines[from].WithoutMark(), .. lines.Skip(from + 1).Take(end - from - 1)],
                    item,
                    [.. schemes, scheme],
                    depth + 1))
                return false;
            if (place >= lines.Count || !IsNextItem(place, column, scheme, schemes))
                break;
            list.IsLoose |= end < place;
        }

        return true;
    }

    /// <summary>
    /// Whether an item ends before a line: before the next item of its list or of one that its list stands in, and
    /// before a line behind a blank one that is not indented.
    /// </summary>
    private bool EndsItem(int place, int column, string scheme, IReadOnlyList<string> schemes)
    {
        var line = lines[place];
        if (line.IsBlank)
            return false;
        if (line.Mark is { } mark)
            return IsNextItem(place, column, scheme, schemes)
                || !IsWithin(place, mark, column, scheme, schemes);
        return line.Indent < column + 2 && (lines[place - 1].IsBlank || IsRule(place) || IsQuoted(place));
    }

    private bool IsNextItem(int place, int column, string scheme, IReadOnlyList<string> schemes) =>
        lines[place] is { Mark: { } mark, Indent: var indent }
        && mark.Scheme == scheme
        && indent < column + 2
        && (indent > column - 2 || !schemes.Contains(scheme));

    /// <summary>Whether a line with another mark, or a mark further in, begins a list within the item.</summary>
    private bool IsWithin(int place, ItemMark mark, int column, string scheme, IReadOnlyList<string> schemes) =>
        lines[place].Indent >= column + 2
        || (!schemes.Contains(mark.Scheme)
            && (lines[place].Indent > column - 2 || schemes is [])
            && Rank(mark.Scheme) > Rank(scheme)
            && (!mark.IsSign || !lines[place - 1].IsBlank || IsAnnounced(place)));

    /// <summary>Whether the last words before a line end with a colon.</summary>
    private bool IsAnnounced(int place) =>
        lines.Take(place).Last(line => !line.IsBlank).Text[^1] is ':' or '：';

    /// <summary>
    /// The order in which lists that are not indented stand in each other: numbers and capital letters, 1.1, 1.1.1,
    /// small letters, bullets.
    /// </summary>
    private static int Rank(string scheme) => scheme switch
    {
        _ when scheme.Contains('1') => scheme.Count(sign => sign == '1'),
        _ when scheme.Contains('A') => 1,
        _ when scheme.AsSpan().ContainsAny('a', 'x') => 10,
        _ => 11,
    };

    private bool IsRule(int place) => Rule().IsMatch(lines[place].Text);

    /// <summary>A heading has a line of its own; one sign before a number is the number's.</summary>
    private HeadingBlock? HeadingAt(int place)
    {
        if (Heading().Match(lines[place].Text) is not { Success: true } found
            || (place > 0 && !lines[place - 1].IsBlank))
            return null;
        var level = found.Groups["signs"].Length;
        var words = found.Groups["words"].Value;
        if (level == 1 && (char.IsDigit(words[0]) || (place + 1 < lines.Count && !lines[place + 1].IsBlank)))
            return null;
        var heading = new HeadingBlock(null!) { Level = level };
        if (InlinesOf(words) is { Inline: { } inline } paragraph)
        {
            // An inline has one parent, as well as a block.
            paragraph.Inline = null;
            heading.Inline = inline;
        }

        return heading;
    }

    /// <summary>A single line such as “&gt; 5 per cent” is no quotation.</summary>
    private bool IsQuoted(int place) =>
        lines[place].Text.StartsWith('>')
        && ((place + 1 < lines.Count && lines[place + 1].Text.StartsWith('>'))
            || (place > 0 && lines[place - 1].Text.StartsWith('>') && lines[place].Text.Length == 1)
            || !MoreThan().IsMatch(lines[place].Text));

    /// <summary>A table: vertical bars with a line of hyphens under its head, or two lines or more with tabs.</summary>
    private Table? TableAt(int place, out int next)
    {
        next = place;
        if (lines[place].Text.Contains('|'))
        {
            if (place + 1 >= lines.Count || !UnderHead().IsMatch(lines[place + 1].Text))
                return null;
            while (next < lines.Count && !lines[next].IsBlank)
                next++;
            var rows = string.Join('\n', lines.Skip(place).Take(next - place).Select(line => line.Text));
            return Taken(Markdown.Parse(TypedInlines.Markdown(rows, isTable: true), Tables)) as Table;
        }

        // Behind the first row, a tab that ends a line stands for an empty cell.
        while (next < lines.Count
            && (next == place ? lines[next].Text : lines[next].Typed.TrimStart()).Contains('\t')
            && lines[next].Mark is null)
            next++;
        return next - place > 1 ? TabbedTable(lines.Skip(place).Take(next - place).ToList()) : null;
    }

    private static Table TabbedTable(IReadOnlyList<Line> rows)
    {
        // Two tabs are an empty cell if all rows are of one length, or one of them has something in every column. Else
        // they are a wider space.
        var cells = rows.Select(row => row.Typed.Split('\t')).ToList();
        var words = rows.Select(row => row.Typed.Split('\t', StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (cells.DistinctBy(row => row.Length).Count() > 1
            && cells.Max(row => row.Length) > words.Max(row => row.Length))
            cells = words;
        var columns = cells.Max(row => row.Length);
        var table = new Table();
        for (var column = 0; column < columns; column++)
            table.ColumnDefinitions.Add(new TableColumnDefinition());
        foreach (var row in cells)
        {
            var made = new TableRow();
            table.Add(made);
            foreach (var typed in row.Concat(Enumerable.Repeat("", columns - row.Length)))
            {
                var cell = new TableCell();
                made.Add(cell);
                if (InlinesOf(typed.Trim()) is { } paragraph)
                    cell.Add(paragraph);
            }
        }

        return table;
    }

    private static void Add(ContainerBlock container, IEnumerable<Line> paragraph)
    {
        var typed = paragraph.ToList();
        var text = string.Concat(
            typed.Select((line, place) =>
                place == typed.Count - 1 ? line.Text
                // As Markdown has it, a backslash ends a line by hand.
                : line.Text.EndsWith('\\') ? $"{line.Text[..^1]}{LineEnds.Kept}\n"
                : line.IsKept ? $"{line.Text}{LineEnds.Kept}\n"
                : $"{line.Text}\n"));
        if (InlinesOf(text.Replace('\t', ' ')) is { } block)
            container.Add(block);
    }

    private static ParagraphBlock? InlinesOf(string text) =>
        Taken(
            Markdown.Parse(
                TypedInlines.Markdown(text).Replace($"{LineEnds.Kept}\n", "\\\n", StringComparison.Ordinal),
                Inlines)) as ParagraphBlock;

    private static Block? Taken(MarkdownDocument document)
    {
        if (document is not [var block, ..])
            return null;
        // A block has one parent: it can be added elsewhere only when it is taken out here.
        document.RemoveAt(0);
        return block;
    }

    private static MarkdownPipeline Pipeline(bool withTables)
    {
        var builder = new MarkdownPipelineBuilder().UseCjkFriendlyEmphasis();
        // Blocks are found here, line by line. Markdig gets one paragraph or table at a time, for what is in its lines.
        builder.BlockParsers.Clear();
        builder.BlockParsers.Add(new ParagraphBlockParser { ParseSetextHeadings = false });
        builder.InlineParsers.TryRemove<CodeInlineParser>();
        builder.InlineParsers.TryRemove<HtmlEntityParser>();
        builder.InlineParsers.FindExact<AutolinkInlineParser>()!.Options.EnableHtmlParsing = false;
        if (withTables)
            builder.UsePipeTables();
        builder.Extensions.AddIfNotAlready(new TypedListHtml());
        return builder.Build();
    }

    [GeneratedRegex(@"^(?:-{3,}|\*{3,}|-(?:[ \t]+-){2,}|\*(?:[ \t]+\*){2,})$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^(?<signs>#{1,6})\s+(?<words>\S.*?)(?:\s+#+)?$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^>\s*\p{Nd}+(?:[.,]\p{Nd}+)*(?![\p{Nd}.)])")]
    private static partial Regex MoreThan();

    [GeneratedRegex(@"^(?=.*\|)\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")]
    private static partial Regex UnderHead();

    /// <summary>
    /// The number of a paragraph in Chinese, which begins with an indent of its own and does not hang.
    /// </summary>
    [GeneratedRegex(@"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\p{Nd}]{1,4}[）)]|\p{Nd}{1,3}[、．]|[①-⑳])")]
    private static partial Regex ChineseNumber();

    /// <summary>A line of the text.</summary>
    /// <param name="Indent">How far in it begins, in columns.</param>
    /// <param name="IsKept">Whether its end is printed.</param>
    /// <param name="Mark">What makes it an item of a list; null if nothing does.</param>
    private sealed record Line(string Text, int Indent, bool IsKept, ItemMark? Mark)
    {
        private const int Tab = 4;

        public bool IsBlank => Text.Length == 0;

        /// <summary>With the tabs at its ends.</summary>
        public string Typed { get; private init; } = "";

        public static Line Of(string typed)
        {
            // Two spaces at its end are Markdown's own way to end a line by hand.
            var isKept = typed.EndsWith(LineEnds.Kept) || typed.EndsWith("  ", StringComparison.Ordinal);
            var line = typed.Replace($"{LineEnds.Kept}", "", StringComparison.Ordinal);
            var text = line.Trim();
            var indent = 0;
            foreach (var sign in line.TakeWhile(char.IsWhiteSpace))
                indent = sign == '\t' ? (indent / Tab + 1) * Tab : indent + 1;
            // "- - -" is a rule and not an item.
            return new(text, indent, isKept, Rule().IsMatch(text) ? null : ItemMark.At(text))
            { Typed = line.Trim(' ') };
        }

        public Line WithoutMark() => this with { Text = Text[Mark!.Length..], Mark = null };

        public Line Unquoted()
        {
            var text = Text[1..];
            return Of((text.StartsWith(' ') ? text[1..] : text) + (IsKept ? LineEnds.Kept : ""));
        }
    }

    /// <summary>Finds the lines that are surely items of a list.</summary>
    private static class ItemLines
    {
        /// <summary>The lines, of which only those have a mark.</summary>
        public static IReadOnlyList<Line> Sure(IReadOnlyList<Line> lines)
        {
            var sure = new bool[lines.Count];
            for (var from = 0; from < lines.Count;)
            {
                var to = from + 1;
                while (to < lines.Count && !IsApart(lines, to))
                    to++;
                var schemes = Enumerable
                    .Range(from, to - from)
                    .Where(place => MayBeItem(lines, place))
                    .GroupBy(place => lines[place].Mark!.Scheme);
                foreach (var scheme in schemes)
                    foreach (var place in scheme)
                        sure[place] = IsSure(lines, [.. scheme], place);
                from = to;
            }

            return [.. lines.Select((line, place) => sure[place] ? line : line with { Mark = null })];
        }

        /// <summary>Whether a new piece of text begins: after a blank line, with neither mark nor indent.</summary>
        private static bool IsApart(IReadOnlyList<Line> lines, int place) =>
            lines[place] is { IsBlank: false, Mark: null, Indent: < 2 } && lines[place - 1].IsBlank;

        /// <summary>
        /// Whether an item may begin here. A line that an editor has wrapped goes on, unless its signs say that
        /// something follows.
        /// </summary>
        private static bool MayBeItem(IReadOnlyList<Line> lines, int place)
        {
            if (lines[place].Mark is not { } mark || (mark.IsBeforeNumber && mark.Text == "+"))
                return false;
            if (place == 0 || lines[place - 1] is { IsBlank: true } or { IsKept: true })
                return true;
            return lines[place - 1].Text[^1] is ':' or ';' or '：' or '；' or '؛' or '—' or '.' or ',' or '。';
        }

        private static bool IsSure(IReadOnlyList<Line> lines, IReadOnlyList<int> scheme, int place)
        {
            var line = lines[place];
            var wraps = place > 0 && lines[place - 1] is { IsBlank: false, IsKept: false };
            if (line.Mark!.IsSign && !line.Mark.IsBeforeNumber && (!wraps || lines[place - 1].Text[^1] is ':' or ';'))
                return true;
            return scheme.Count > 1
                // Capital letters with a dot are initials, unless they follow each other.
                && (line.Mark.Scheme != "A."
                    || scheme.Any(other =>
                        lines[other].Mark!.Text.Length > 2
                        || Math.Abs(lines[other].Mark!.Text[0] - line.Mark.Text[0]) == 1));
        }
    }
}
