namespace Distribution.Letters.Reading;

/// <summary>A key of the front matter whose value changes.</summary>
/// <param name="Before">The value in the schema's own notation; null if it is left out.</param>
/// <param name="After">The value wanted; null to take the key out.</param>
internal sealed record FrontMatterChange(string Key, FrontMatterNode? Before, FrontMatterNode? After);

/// <summary>
/// Changes values in the text of a file and leaves the rest as it is. A single text is replaced where it stands, so
/// that a comment behind it stays. If a key of a group or an item of a list is added or taken out, the lines of the
/// whole key are written anew.
/// </summary>
internal sealed class FrontMatterEdit
{
    private readonly List<string> lines;
    private readonly string lineEnd;
    private readonly List<Replacement> replacements = [];

    private FrontMatterEdit(string file) => (lines, lineEnd) = (FileLines.Of(file), FileLines.EndOf(file));

    /// <summary>Whether two values are the same; null is the absence of one.</summary>
    public static bool AreSame(FrontMatterNode? one, FrontMatterNode? other) =>
        one is null || other is null ? one == other : Written(one) == Written(other);

    /// <param name="file">The text of a file whose front matter can be read.</param>
    /// <param name="order">All keys, in the order in which a key that is added finds its place.</param>
    public static string Apply(string file, IReadOnlyList<FrontMatterChange> changes, IReadOnlyList<string> order)
    {
        var edit = new FrontMatterEdit(file);
        var map = Read(edit.lines);
        foreach (var change in changes)
            edit.Change(map, change, order);
        // Read again: YAML has more notations than are known here.
        var edited = edit.Replaced();
        if (IsAsWanted(Read(FileLines.Of(edited)), map, changes))
            return edited;

        // A notation that cannot be changed in parts: write the keys anew, in their old order and without comments.
        var known = map.Entries.ToDictionary(entry => entry.Key, entry => (FrontMatterNode?)entry.Value);
        foreach (var change in changes)
            known[change.Key] = change.After;
        var lines = FileLines.Of(file);
        return string.Concat([
            lines[0],
            .. known
                .Where(entry => entry.Value is not null)
                .SelectMany(entry => FrontMatterWriter.Entry(entry.Key, entry.Value!))
                .Select(line => line + edit.lineEnd),
            .. lines.Skip(End(lines)),
        ]);
    }

    private void Change(FrontMatterMap map, FrontMatterChange change, IReadOnlyList<string> order)
    {
        var found = map.Entries.FirstOrDefault(entry => entry.Key == change.Key);
        var before = replacements.Count;
        if (change.After is null)
        {
            if (found is not null)
                replacements.Add(new(found.Line, LastLine(found), []));
        }
        else if (found is null)
            Insert(map, change, order);
        else if (!TryValue(found.Value, change.Before, change.After))
        {
            replacements.RemoveRange(before, replacements.Count - before);
            replacements.Add(
                new(
                    found.Line,
                    LastLine(found),
                    FrontMatterWriter.Entry(change.Key, change.After, found.Column)));
        }
    }

    /// <summary>Puts a key behind the nearest one that comes before it in the order.</summary>
    private void Insert(FrontMatterMap map, FrontMatterChange change, IReadOnlyList<string> order)
    {
        var place = order.TakeWhile(key => key != change.Key).ToList();
        var after = map.Entries.Where(entry => place.Contains(entry.Key)).MaxBy(entry => place.IndexOf(entry.Key));
        var line = after is null ? 1 : LastLine(after);
        replacements.Add(
            new(
                line + 1,
                line,
                FrontMatterWriter.Entry(change.Key, change.After!, map.Entries is [var first, ..] ? first.Column : 0)));
    }

    /// <summary>The last line of a key, without blank lines behind it.</summary>
    private int LastLine(FrontMatterEntry entry)
    {
        var line = entry.Value.LastLine;
        while (line > entry.Line && string.IsNullOrWhiteSpace(lines[line - 1]))
            line--;
        return line;
    }

    /// <summary>Changes a value in parts; false if it has to be written anew as a whole.</summary>
    private bool TryValue(FrontMatterNode found, FrontMatterNode? before, FrontMatterNode after)
    {
        // In brackets, a comma or a bracket of the new text would mean something else.
        if (found.IsInBrackets)
            return false;
        switch (found, before, after)
        {
            case (FrontMatterText text, null or FrontMatterText, FrontMatterText { Text: var wanted })
                when text.LastLine == text.Line:
                var line = lines[text.Line - 1];
                // A text before a comment stays in its quotation marks: see LetterFileFaults.FrontMatterCut.
                var isQuoted = !text.IsPlain && line[text.Columns.To..].Contains('#');
                replacements.Add(
                    new(
                        text.Line,
                        text.Line,
                        [
                            (line[..text.Columns.From]
                                + FrontMatterWriter.Scalar(wanted, isQuoted)
                                + line[text.Columns.To..])
                                .TrimEnd('\r', '\n'),
                        ]));
                return true;
            case (FrontMatterMap map, FrontMatterMap old, FrontMatterMap wanted):
                return TryGroup(map, old, wanted);
            case (FrontMatterList list, FrontMatterList old, FrontMatterList wanted)
                when list.Items.Count == old.Items.Count && list.Items.Count == wanted.Items.Count:
                return list
                    .Items.Index()
                    .All(item =>
                        AreSame(old.Items[item.Index], wanted.Items[item.Index])
                        || TryValue(item.Item, old.Items[item.Index], wanted.Items[item.Index]));
            default:
                return false;
        }
    }

    private bool TryGroup(FrontMatterMap map, FrontMatterMap before, FrontMatterMap after)
    {
        // Only the values of keys that are there can be changed in parts.
        var changed = after
            .Entries.Where(entry => !AreSame(Value(before, entry.Key), entry.Value))
            .ToList();
        return before.Entries.All(entry => Value(after, entry.Key) is not null)
            && changed.TrueForAll(entry =>
                Value(map, entry.Key) is { } found && TryValue(found, Value(before, entry.Key), entry.Value));
    }

    private static FrontMatterNode? Value(FrontMatterMap map, string key) =>
        map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    private string Replaced()
    {
        // From the end, so that the numbers of the lines before stay. Lines added at one place keep their order.
        foreach (
            var replacement in replacements
                .AsEnumerable()
                .Reverse()
                .OrderByDescending(replacement => replacement.From)
                .ThenByDescending(replacement => replacement.To))
        {
            lines.RemoveRange(replacement.From - 1, replacement.To - replacement.From + 1);
            lines.InsertRange(replacement.From - 1, replacement.Lines.Select(line => line + lineEnd));
        }

        return string.Concat(lines);
    }

    private static FrontMatterMap Read(List<string> lines) =>
        FrontMatter.Read("", [.. lines.Select(line => line.TrimEnd('\r', '\n'))], End(lines), []);

    private static int End(List<string> lines) => lines.FindIndex(1, LetterText.IsFence);

    /// <summary>Whether each key that changes is there or gone as wanted, and every other is as it was.</summary>
    private static bool IsAsWanted(
        FrontMatterMap edited,
        FrontMatterMap found,
        IReadOnlyList<FrontMatterChange> changes)
    {
        var wanted = changes.ToDictionary(change => change.Key, change => change.After);
        return edited
            .Entries.Select(entry => entry.Key)
            .Union(found.Entries.Select(entry => entry.Key))
            .Union(wanted.Keys)
            .All(key =>
                wanted.TryGetValue(key, out var value)
                    ? value is null == Value(edited, key) is null
                    : AreSame(Value(edited, key), Value(found, key)));
    }

    private static string Written(FrontMatterNode value) => string.Join('\n', FrontMatterWriter.Entry("key", value));

    /// <summary>Lines to put in place of others.</summary>
    /// <param name="From">The first line to replace, from 1.</param>
    /// <param name="To">The last line to replace; one less than the first to insert before it.</param>
    private sealed record Replacement(int From, int To, IReadOnlyList<string> Lines);
}
