using System.Globalization;
using System.Text;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>What a <c>letter.md</c> says, taken apart for a form.</summary>
/// <param name="Enclosures">A group of fields for each: <c>file</c>, <c>title</c>, <c>role</c>.</param>
/// <param name="Text">What stands below the particulars.</param>
/// <param name="Unknown">Keys that no letter has, whose values are left out.</param>
/// <param name="Unreadable">Keys of which a value cannot be told from the text, and is left out.</param>
internal sealed record LetterInFields(
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Enclosures,
    string Text,
    IReadOnlyList<string> Unknown,
    IReadOnlyList<string> Unreadable);

/// <summary>
/// A letter's particulars as the fields of a form, each with the text a person typed: <c>process</c>,
/// <c>signatories[2].title</c>. The names are those by which a finding names its place (<see cref="Location.Field"/>).
/// A time is two fields, <c>send.date</c> and <c>send.time</c>; a list of words is one, a line for each.
/// </summary>
internal static class LetterFormFields
{
    public const string Date = ".date";
    public const string Time = ".time";

    /// <summary>The name of the deadline of a letter that names none.</summary>
    public const string UsualDeadline = "comments";

    /// <summary>What a person ticks: reminders before the first deadline.</summary>
    public static readonly IReadOnlyList<string> UsualReminders = ["3 working days before", "the day before"];

    private const string Fence = "---";

    public static string Item(string list, int number, string key) =>
        string.Create(CultureInfo.InvariantCulture, $"{list}[{number}].{key}");

    /// <summary>The fields of a letter that was read; its enclosures are no fields.</summary>
    public static Dictionary<string, string> Of(LetterSource letter)
    {
        Dictionary<string, string> fields = [];
        foreach (var key in LetterSchema.Keys)
            if (key.Write(letter, LetterFileKind.Letter) is { } value)
                Put(fields, key, value);
        return fields;
    }

    /// <summary>What a file says, also where it cannot be read as a letter: what has no field is named.</summary>
    /// <returns>Null if its particulars cannot be told from its text.</returns>
    public static LetterInFields? Read(string file, ReadOnlySpan<byte> bytes)
    {
        List<Finding> faults = [];
        if (LetterText.Read(file, bytes, faults) is not { } text)
            return null;
        Dictionary<string, string> fields = [];
        List<IReadOnlyDictionary<string, string>> enclosures = [];
        List<string> unknown = [];
        List<string> unreadable = [];
        foreach (var entry in FrontMatter.Read(file, text.Lines, text.FrontMatterEnd, faults).Entries)
        {
            if (LetterSchema.Keys.FirstOrDefault(key => key.Name == entry.Key) is not { } key)
            {
                // Where no key can be told, the line is named as it stands.
                unknown.Add(
                    UnsafeCharacters.Briefly(entry.Key.Length > 0 ? entry.Key : text.Lines[entry.Line - 1].Trim()));
                continue;
            }

            if (IsBroken(entry.Value))
                unreadable.Add(key.Name);
            if (key == LetterSchema.Enclosures)
                enclosures.AddRange(Items(key, entry.Value).Select(Group));
            else
                Put(fields, key, entry.Value);
        }

        return new(fields, enclosures, text.Body, unknown, unreadable);
    }

    /// <summary>The letter as <c>letter.md</c>.</summary>
    public static string Write(
        IReadOnlyDictionary<string, string> fields,
        IReadOnlyList<IReadOnlyDictionary<string, string>> enclosures,
        string text)
    {
        var file = new StringBuilder().Append(Fence).Append('\n');
        foreach (var key in LetterSchema.Keys)
            if (Value(key, fields, enclosures) is { } value)
                foreach (var line in FrontMatterWriter.Entry(key.Name, value))
                    file.Append(line).Append('\n');
        return file.Append(Fence).Append("\n\n").Append(text.ReplaceLineEndings("\n").Trim()).Append('\n').ToString();
    }

    /// <summary>The value of a key as a file has it; null where nothing was typed.</summary>
    public static FrontMatterNode? Value(
        LetterKey key,
        IReadOnlyDictionary<string, string> fields,
        IReadOnlyList<IReadOnlyDictionary<string, string>> enclosures) =>
        key == LetterSchema.Enclosures
            ? Groups(
                enclosures.Select(enclosure =>
                    Map(LetterSchema.EnclosureType.Keys, name => Typed(enclosure, name))))
        : key == LetterSchema.Deadlines ? Deadlines(fields)
        : key == LetterSchema.Signatories || key == LetterSchema.Meetings
            ? Groups(
                Rows(fields, key.Name).Select(row =>
                    Map(key.Keys, name => Typed(fields, Item(key.Name, row, name)))))
        : key == LetterSchema.Remind ? Words(Reminders(fields))
        : key == LetterSchema.Contact ? Typed(fields, key.Name) is { } mailbox ? Addressed(mailbox) : null
        : key == LetterSchema.Proof ? Nodes(Lines(fields.GetValueOrDefault(key.Name)).Select(Addressed))
        : key.Keys is not [] && !IsList(key) ? Map(key.Keys, name => Typed(fields, $"{key.Name}.{name}"))
        : IsList(key) ? Words(Lines(fields.GetValueOrDefault(key.Name)))
        : IsMoment(key) ? Text(Moment(fields, key.Name))
        : Text(Typed(fields, key.Name));

    private static FrontMatterMap? Deadlines(IReadOnlyDictionary<string, string> fields)
    {
        List<FrontMatterEntry> entries = [];
        foreach (var row in Rows(fields, LetterSchema.Deadlines.Name))
            if (Moment(fields, Item(LetterSchema.Deadlines.Name, row, "at")) is { } moment)
                entries.Add(new(NameOf(fields, row), 0, new FrontMatterText(0, moment)));
        return entries is [] ? null : new(0, entries);
    }

    private static string NameOf(IReadOnlyDictionary<string, string> fields, int row) =>
        Typed(fields, Item(LetterSchema.Deadlines.Name, row, "name"))
        ?? (row == 1 ? UsualDeadline : $"{UsualDeadline}_{row}");

    /// <summary>What was ticked is counted from the first deadline.</summary>
    private static IEnumerable<string> Reminders(IReadOnlyDictionary<string, string> fields) =>
        Lines(fields.GetValueOrDefault(LetterSchema.Remind.Name))
            .Select(line => UsualReminders.Contains(line) ? $"{line} {NameOf(fields, 1)}" : line);

    private static string? Moment(IReadOnlyDictionary<string, string> fields, string name) =>
        $"{Typed(fields, name + Date)} {Typed(fields, name + Time)}".Trim() is { Length: > 0 } moment ? moment : null;

    /// <summary>The numbers of a list's groups in which something was typed, in their order.</summary>
    public static IEnumerable<int> Rows(IReadOnlyDictionary<string, string> fields, string list) =>
        fields
            .Where(field => !string.IsNullOrWhiteSpace(field.Value))
            .Select(field => RowOf(field.Key, list))
            .OfType<int>()
            .Distinct()
            .Order();

    private static int? RowOf(string field, string list) =>
        field.StartsWith($"{list}[", StringComparison.Ordinal)
        && field.IndexOf("].", StringComparison.Ordinal) is > 0 and var end
        && int.TryParse(field.AsSpan(list.Length + 1, end - list.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var row)
        // Written as the form writes it: what is read back is found by that name.
        && row > 0
        && field.StartsWith(Item(list, row, ""), StringComparison.Ordinal)
            ? row
            : null;

    private static string? Typed(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) && SingleLine(text) is { Length: > 0 } line ? line : null;

    // As typed, but for the ends of lines, which no value has; a no-break space is meant.
    private static string SingleLine(string text) => text.ReplaceLineEndings(" ").Trim(' ', '\t');

    private static IEnumerable<string> Lines(string? text) =>
        (text ?? "")
            .ReplaceLineEndings("\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static FrontMatterText? Text(string? text) => text is null ? null : new(0, text);

    private static FrontMatterList? Words(IEnumerable<string> words) =>
        words.ToList() is { Count: > 0 } some ? new(0, [.. some.Select(word => new FrontMatterText(0, word))]) : null;

    private static FrontMatterList? Groups(IEnumerable<FrontMatterMap?> groups) =>
        Nodes(groups.OfType<FrontMatterNode>());

    private static FrontMatterList? Nodes(IEnumerable<FrontMatterNode> nodes) =>
        nodes.ToList() is { Count: > 0 } some ? new(0, some) : null;

    /// <summary>
    /// A mailbox as one line, or as a group if its name cannot be read back from a line.
    /// </summary>
    private static FrontMatterNode Addressed(string mailbox)
    {
        var open = mailbox.LastIndexOf('<');
        if (open < 0 || mailbox[^1] != '>')
            return new FrontMatterText(0, mailbox);
        var (name, address) = (mailbox[..open].Trim(' '), mailbox[(open + 1)..^1].Trim(' '));
        return name.Length == 0
            || EmailAddresses.Read(mailbox) is { } read && read.Name == name && read.Address == address
            ? new FrontMatterText(0, mailbox)
            : Map([MailboxKeys.Name, MailboxKeys.Email], key => key == MailboxKeys.Name.Name ? name : address)!;
    }

    private static FrontMatterMap? Map(IEnumerable<LetterKey> keys, Func<string, string?> typed) =>
        keys
            .Select(key => (key.Name, Text: typed(key.Name)))
            .Where(entry => entry.Text is not null)
            .ToList() is { Count: > 0 } some
            ? new(
                0,
                [.. some.Select(entry => new FrontMatterEntry(entry.Name, 0, new FrontMatterText(0, entry.Text!)))])
            : null;

    private static void Put(Dictionary<string, string> fields, LetterKey key, FrontMatterNode value)
    {
        switch (value)
        {
            case FrontMatterMap map when key == LetterSchema.Deadlines:
                foreach (var (place, entry) in map.Entries.Index())
                {
                    fields[Item(key.Name, place + 1, "name")] = entry.Key;
                    PutMoment(fields, Item(key.Name, place + 1, "at"), Plain(entry.Value));
                }

                break;
            case FrontMatterText text when IsMoment(key):
                PutMoment(fields, key.Name, text.Text.Trim(' '));
                break;
            // Not what belongs there: it goes into the first field, so that whoever typed it sees it.
            case FrontMatterText text when key == LetterSchema.Signatories || key == LetterSchema.Meetings:
                fields[Item(key.Name, 1, key.Keys[0].Name)] = text.Text.Trim(' ');
                break;
            case FrontMatterText when IsList(key):
                fields[key.Name] = string.Join('\n', Items(key, value).Select(Plain));
                break;
            case FrontMatterText text when key == LetterSchema.Date:
                fields[key.Name] = MomentType.Usual(text.Text.Trim(' '));
                break;
            case FrontMatterText text:
                fields[key.Name] = text.Text.Trim(' ');
                break;
            case FrontMatterList list when key.Keys is not [] && key != LetterSchema.Proof:
                foreach (var (place, item) in list.Items.Index())
                    foreach (var (name, typed) in Group(item))
                        fields[Item(key.Name, place + 1, name)] = typed;
                break;
            case FrontMatterList list:
                fields[key.Name] = string.Join('\n', list.Items.Select(Mailbox));
                break;
            case FrontMatterMap when key == LetterSchema.Contact || key == LetterSchema.Proof:
                fields[key.Name] = Mailbox(value);
                break;
            case FrontMatterMap when key == LetterSchema.Signatories || key == LetterSchema.Meetings:
                foreach (var (name, typed) in Group(value))
                    fields[Item(key.Name, 1, name)] = typed;
                break;
            case FrontMatterMap:
                foreach (var (name, typed) in Group(value))
                    fields[$"{key.Name}.{name}"] = typed;
                break;
            default:
                break;
        }
    }

    // What a person typed is shown as it is if it is no date.
    private static void PutMoment(Dictionary<string, string> fields, string name, string moment)
    {
        var parts = MomentType.Usual(moment).Split(' ', 2, StringSplitOptions.TrimEntries);
        fields[name + Date] = parts[0];
        if (parts.Length > 1)
            fields[name + Time] = parts[1];
    }

    private static bool IsBroken(FrontMatterNode value) => value switch
    {
        FrontMatterBroken => true,
        FrontMatterList list => list.Items.Any(IsBroken),
        FrontMatterMap map => map.Entries.Any(entry => IsBroken(entry.Value)),
        _ => false,
    };

    private static IEnumerable<FrontMatterNode> Items(LetterKey key, FrontMatterNode value) => value switch
    {
        FrontMatterList list => list.Items,
        FrontMatterText { IsPlain: true } line => key.Items(line.Text).Select(text => line with { Text = text }),
        _ => [value],
    };

    private static Dictionary<string, string> Group(FrontMatterNode value)
    {
        Dictionary<string, string> group = [];
        if (value is FrontMatterMap map)
            foreach (var entry in map.Entries)
                group[entry.Key] = Plain(entry.Value);
        else if (Plain(value) is { Length: > 0 } file)
            group[EnclosureKeys.File.Name] = file;
        return group;
    }

    /// <summary><c>Name &lt;address&gt;</c>, also where it is written as a group.</summary>
    private static string Mailbox(FrontMatterNode value) =>
        value is FrontMatterMap
        && Group(value) is var group
        && group.GetValueOrDefault(MailboxKeys.Email.Name) is { } address
            ? group.GetValueOrDefault(MailboxKeys.Name.Name) is { } name ? $"{name} <{address}>" : address
            : Plain(value);

    private static string Plain(FrontMatterNode value) => value is FrontMatterText text ? text.Text.Trim(' ') : "";

    // By the words with which ListType.Name begins.
    private static bool IsList(LetterKey key) => key.Type.StartsWith("one or more", StringComparison.Ordinal);

    private static bool IsMoment(LetterKey key) => key == LetterSchema.Send || key == LetterSchema.EmbargoedUntil;
}
