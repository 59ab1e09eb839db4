using System.Text.RegularExpressions;
using Distribution.Common;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Distribution.Letters.Reading;

/// <summary>A value of the front matter.</summary>
/// <param name="Line">Its line in the file, from 1; 0 for a value that is to be written.</param>
internal abstract record FrontMatterNode(int Line)
{
    /// <summary>The last line it stands on.</summary>
    public int LastLine { get; init; } = Line;

    /// <summary>True if it is, or is in, a list in brackets or a group in braces.</summary>
    public bool IsInBrackets { get; init; }
}

/// <param name="Text">Without quotation marks.</param>
internal sealed record FrontMatterText(int Line, string Text) : FrontMatterNode(Line)
{
    /// <summary>Where it starts and ends on its lines, from 0, quotation marks included.</summary>
    public (int From, int To) Columns { get; init; }

    /// <summary>True if it stands in no quotation marks that YAML knows.</summary>
    public bool IsPlain { get; init; }

    /// <summary>What follows it on its line and is left out, from the number sign on; null if nothing is.</summary>
    public string? Comment { get; init; }
}

internal sealed record FrontMatterList(int Line, IReadOnlyList<FrontMatterNode> Items) : FrontMatterNode(Line);

internal sealed record FrontMatterMap(int Line, IReadOnlyList<FrontMatterEntry> Entries) : FrontMatterNode(Line);

/// <summary>A value that could not be parsed. Its fault is already on the list.</summary>
internal sealed record FrontMatterBroken(int Line) : FrontMatterNode(Line);

/// <param name="Line">The line of the key.</param>
internal sealed record FrontMatterEntry(string Key, int Line, FrontMatterNode Value)
{
    /// <summary>Where the key starts on its line, from 0.</summary>
    public int Column { get; init; }
}

/// <summary>
/// Parses the lines between the two <c>---</c> as YAML without anchors, aliases, tags or deep nesting. If the whole
/// cannot be parsed, each top-level key is parsed separately, so that all faults are found at once.
/// </summary>
internal sealed partial class FrontMatter
{
    // A letter needs 3: the file's keys have lists (1) of groups (2) of texts (3).
    private const int MaxDepth = 4;

    private readonly string file;
    private readonly IReadOnlyList<string> lines;
    private readonly List<Finding> faults;
    private bool isTooDeep;

    private FrontMatter(string file, IReadOnlyList<string> lines, List<Finding> faults) =>
        (this.file, this.lines, this.faults) = (file, lines, faults);

    /// <param name="lines">All lines of the file.</param>
    /// <param name="end">The index of the closing <c>---</c>; the opening one is the first line.</param>
    public static FrontMatterMap Read(string file, IReadOnlyList<string> lines, int end, List<Finding> faults)
    {
        lines = AsMeant(file, lines, end, faults);
        var found = new List<Finding>();
        if (new FrontMatter(file, lines, found).TryCompose(1, end, out var whole) is not { } wholeFailedAt)
        {
            faults.AddRange(found);
            return new FrontMatterMap(1, whole);
        }

        var entries = new List<FrontMatterEntry>();
        var isExplained = false;
        foreach (var (from, to) in Blocks(lines, end))
        {
            var reader = new FrontMatter(file, lines, faults);
            if (reader.TryCompose(from, to, out var sound) is { } failedAt)
            {
                isExplained = true;
                faults.Add(reader.Explain(from, to, failedAt));
                // Its key is there, if not its value: nothing is said to be missing.
                entries.Add(new FrontMatterEntry(KeyOf(lines[from]), from + 1, new FrontMatterBroken(from + 1)));
            }
            else
            {
                entries.AddRange(sound);
            }
        }

        // Each key can be read by itself, but not all together, such as where their indents differ.
        if (!isExplained)
            faults.Add(new FrontMatter(file, lines, faults).Explain(1, end, wholeFailedAt));
        return new FrontMatterMap(1, entries);
    }

    /// <summary>
    /// The lines with plain spaces where YAML wants them. A colon that is none is a fault, and is read as one, so that
    /// nothing else is said of its line.
    /// </summary>
    private static List<string> AsMeant(string file, IReadOnlyList<string> lines, int end, List<Finding> faults)
    {
        var meant = lines.ToList();
        for (var index = 1; index < end; index++)
        {
            meant[index] = FrontMatterLine.Spaced(lines[index]);
            if (FrontMatterLine.WithoutColon(meant[index]) is not { } found)
                continue;
            faults.Add(
                LetterFileFaults.FrontMatterWithoutSpace(
                    Location.In(file, index + 1),
                    found.Key,
                    found.Meant.Trim(),
                    FrontMatterLine.HasWideColon(meant[index])));
            meant[index] = found.Meant;
        }

        return meant;
    }

    /// <returns>The line of the file at which parsing failed, from 1; null if everything was parsed.</returns>
    private int? TryCompose(int from, int to, out IReadOnlyList<FrontMatterEntry> entries)
    {
        // Blank lines replace the lines before, so that the parser's line numbers are those of the file.
        var text = new string('\n', from) + string.Join('\n', lines.Skip(from).Take(to - from)) + "\n";
        var parser = new Parser(new Scanner(new StringReader(text)));
        entries = [];
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            if (Compose(parser, 0) is not FrontMatterMap map)
                return from + 1 + lines.Skip(from).Take(to - from).TakeWhile(line => IsBlank(line)).Count();
            var documentEnd = parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                return LineOf(documentEnd);
            entries = map.Entries;
            return null;
        }
        catch (YamlException exception)
        {
            return Math.Clamp((int)exception.Start.Line, from + 1, to);
        }
        // YamlDotNet's scanner throws exceptions of other types on some broken input, such as a bracket that is never
        // closed or an invalid character.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Math.Clamp(parser.Current is { } last ? LineOf(last) : from + 1, from + 1, to);
        }
    }

    private FrontMatterNode Compose(Parser parser, int depth)
    {
        // A few lines of aliases of aliases would unfold to millions of values.
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse(LineOf(alias));

        parser.Accept<NodeEvent>(out var node);
        var line = LineOf(node ?? parser.Current!);
        var isMarked = node is not null && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty);
        if (depth > MaxDepth)
        {
            // One fault for each key of the file, however much lies too deep in it.
            parser.SkipThisAndNestedEvents();
            if (!isTooDeep)
                faults.Add(LetterFileFaults.FrontMatterTooDeep(Place(line)));
            isTooDeep = true;
            return new FrontMatterBroken(line);
        }

        FrontMatterNode composed;
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<FrontMatterNode>();
            while (!parser.Accept<SequenceEnd>(out _))
                items.Add(Compose(parser, depth + 1));
            var end = parser.Consume<SequenceEnd>();
            composed = new FrontMatterList(line, items)
            {
                IsInBrackets = list.Style == SequenceStyle.Flow,
                LastLine = list.Style == SequenceStyle.Flow ? LineOf(end) : items[^1].LastLine,
            };
        }
        else if (parser.TryConsume<MappingStart>(out var map))
        {
            var entries = new List<FrontMatterEntry>();
            while (!parser.Accept<MappingEnd>(out _))
            {
                var start = parser.Current!.Start;
                var key = Compose(parser, depth + 1);
                var value = Compose(parser, depth + 1);
                if (value is FrontMatterText { IsPlain: true, Text: "" } empty)
                    value = empty with { Comment = CommentAfterKey(key.Line) };
                if (depth == 0 && isTooDeep)
                    (value, isTooDeep) = (new FrontMatterBroken(value.Line), false);
                if (key is FrontMatterText { Text: var name })
                    entries.Add(
                        new FrontMatterEntry(FrontMatterLine.Key(name), key.Line, value)
                        {
                            Column = (int)start.Column - 1
                        });
                else if (key is not FrontMatterBroken)
                    faults.Add(LetterFileFaults.FrontMatterNotKeys(Place(key.Line)));
            }

            var end = parser.Consume<MappingEnd>();
            composed = new FrontMatterMap(line, entries)
            {
                IsInBrackets = map.Style == MappingStyle.Flow,
                LastLine = map.Style == MappingStyle.Flow || entries is [] ? LineOf(end) : entries[^1].Value.LastLine,
            };
        }
        else
        {
            var scalar = parser.Consume<Scalar>();
            // With a capital it is a name.
            var isNull = scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" };
            composed = new FrontMatterText(line, isNull ? "" : scalar.Value)
            {
                Columns = ((int)scalar.Start.Column - 1, (int)scalar.End.Column - 1),
                IsPlain = scalar.Style == ScalarStyle.Plain,
                Comment = scalar is { Style: ScalarStyle.Plain, Value.Length: > 0 } ? CommentAfter(scalar.End) : null,
                // A text in lines of its own ends before the first line that is not of it.
                LastLine = Math.Max(line, (int)scalar.End.Line - (scalar.End.Column == 1 ? 1 : 0)),
            };
        }

        return isMarked ? Refuse(line) : composed;
    }

    /// <summary>What is left out behind a value.</summary>
    private string? CommentAfter(Mark end)
    {
        var line = lines[(int)end.Line - 1];
        var rest = line[Math.Min((int)end.Column - 1, line.Length)..];
        return rest.Length > 0 && char.IsWhiteSpace(rest[0]) && rest.TrimStart() is ['#', ..] comment
            ? comment.TrimEnd()
            : null;
    }

    /// <summary>What is left out where a value should be.</summary>
    private string? CommentAfterKey(int line) =>
        KeyAndValue().Match(Start(lines[line - 1])) is { Success: true } found
        && found.Groups["value"].Value is ['#', ..] comment
            ? comment.Trim()
            : null;

    private FrontMatterBroken Refuse(int line)
    {
        faults.Add(LetterFileFaults.FrontMatterNeedsQuotes(Place(line)));
        return new FrontMatterBroken(line);
    }

    /// <summary>
    /// Finds out from the line itself what the author did wrong, because the parser's messages are for programmers.
    /// </summary>
    private Finding Explain(int from, int to, int failedAt)
    {
        for (var index = from; index < to; index++)
        {
            if (TabIndent().IsMatch(lines[index]))
                return LetterFileFaults.FrontMatterTab(Place(index + 1));
            if (FrontMatterLine.WithHyphen(lines[index]) is { } item)
                return LetterFileFaults.FrontMatterHyphen(Place(index + 1), item);
        }

        var place = Place(failedAt);
        if (KeyAndValue().Match(Start(lines[failedAt - 1])) is not { Success: true } line)
            return LetterFileFaults.FrontMatterNotKeys(place);
        var value = line.Groups["value"].Value.Trim();
        return value switch
        {
            ['"' or '\'', ..] => LetterFileFaults.FrontMatterQuotes(place),
            // Closed, and with more behind it: “[Draft] of the Platform”.
            ['[', ..] when value.Contains(']') => LetterFileFaults.FrontMatterNeedsQuotes(place),
            ['{', ..] when value.Contains('}') => LetterFileFaults.FrontMatterNeedsQuotes(place),
            ['[' or '{', ..] => LetterFileFaults.FrontMatterBrackets(place),
            ['@' or '`' or '%' or '&' or '*' or '!' or '|' or '>' or ',' or ']' or '}' or '?' or '-', ..] =>
                LetterFileFaults.FrontMatterNeedsQuotes(place),
            _ when value.Contains(": ", StringComparison.Ordinal) || value.EndsWith(':') =>
                LetterFileFaults.FrontMatterColon(place, line.Groups["key"].Value, value),
            _ => LetterFileFaults.FrontMatterIndent(place),
        };
    }

    private static IEnumerable<(int From, int To)> Blocks(IReadOnlyList<string> lines, int end)
    {
        var starts = Enumerable
            .Range(1, end - 1)
            .Where(index => index == 1 || BlockStart().IsMatch(lines[index]))
            .ToList();
        return starts
            .Zip([.. starts.Skip(1), end])
            .Where(block => !lines.Skip(block.First).Take(block.Second - block.First).All(IsBlank));
    }

    private static string KeyOf(string line) =>
        KeyAndValue().Match(Start(line)) is { Success: true } match
            ? FrontMatterLine.Key(match.Groups["key"].Value)
            : "";

    // A key is at the start. Over a long run of spaces, KeyAndValue takes time that grows with its square.
    private static string Start(string line) => line.Length > 300 ? line[..300] : line;

    private static bool IsBlank(string line) => string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#');

    private static int LineOf(ParsingEvent parsed) => (int)parsed.Start.Line;

    private Location Place(int line) => Location.In(file, line);

    [GeneratedRegex(@"^ *\t\s*\S")]
    private static partial Regex TabIndent();

    [GeneratedRegex(@"^[^\s#\-\]}]")]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"^\s*(?:- +)*(?<key>[^\s:][^:]*?)\s*:(?:\s+(?<value>.*))?$")]
    private static partial Regex KeyAndValue();
}
