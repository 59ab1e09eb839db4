using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters.Reading;

/// <summary>
/// A type of value in the front matter: how it is read and written. What is written is read as the same value.
/// </summary>
internal abstract class ValueType<T>
{
    /// <summary>As a table or form names it.</summary>
    public abstract string Name { get; }

    public virtual IReadOnlyList<string> Choices => [];

    public virtual IReadOnlyList<LetterKey> Keys => [];

    /// <returns>Null if it cannot be read; its faults are then on the list.</returns>
    public abstract T? Read(FrontMatterValue value);

    public abstract FrontMatterNode Write(T value, LetterFileKind kind);

    /// <summary>
    /// The items that stand on one line in place of a list, with commas or semicolons between; the line alone where it
    /// may be one item with a comma in it.
    /// </summary>
    public virtual IReadOnlyList<string> Items(string line) => [line];

    protected static IReadOnlyList<string> Parted(string line) => line.Split(
        [',', ';', '，', '；', '、', '،', '؛'],
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc cref="LetterKey.Said"/>
    public virtual Phrase Said(string written) => Plain(written);
}

/// <summary>One line of text.</summary>
/// <param name="longest">In characters.</param>
/// <param name="isWord">Whether it is a word or two, without a comma.</param>
internal sealed class TextType(int longest = 200, bool isWord = false) : ValueType<string>
{
    public override string Name => "text";

    public override IReadOnlyList<string> Items(string line) => isWord ? Parted(line) : [line];

    public override string? Read(FrontMatterValue value) => value.Text(longest);

    public override FrontMatterNode Write(string value, LetterFileKind kind) => new FrontMatterText(0, value);
}

/// <summary>The name of a file in the upload folder.</summary>
internal sealed partial class FileType : ValueType<string>
{
    public override string Name => "file";

    // A name may have a comma, but no type before it.
    public override IReadOnlyList<string> Items(string line) =>
        Parted(line) is var parts && parts.All(part => Typed().IsMatch(part)) ? parts : [line];

    public override string? Read(FrontMatterValue value)
    {
        if (value.Unquoted() is not { } name)
            return null;
        value.File.Faults.AddRange(FileNames.FaultsOfFile(name, value.Location));
        // However the name was put in, by typing or copied from a Mac's folder, it leaves in one form.
        return FileNames.AsRead(name);
    }

    public override FrontMatterNode Write(string value, LetterFileKind kind) => new FrontMatterText(0, value);

    [GeneratedRegex(@"\w\.[A-Za-z][A-Za-z0-9]{1,4}$")]
    private static partial Regex Typed();
}

/// <summary>A SHA-256 as 64 hexadecimal digits; read into lower case.</summary>
internal sealed class HashType : ValueType<string>
{
    public override string Name => "SHA-256";

    public override string? Read(FrontMatterValue value) =>
        value.Word() is not { } text ? null
        : text.Length == 64 && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant()
        : value.Refuse<string>(LetterFileFaults.HashNotAHash(value.Location, text));

    public override FrontMatterNode Write(string value, LetterFileKind kind) => new FrontMatterText(0, value);
}

/// <summary>A name that can be used in a path or as a field: lower-case letters, digits and one joint.</summary>
/// <param name="joint"><c>-</c> or <c>_</c>.</param>
/// <param name="called">What it is the name of, in messages.</param>
internal sealed partial class NameType(string called, char joint) : ValueType<string>
{
    public override string Name => "name";

    public override string? Read(FrontMatterValue value) =>
        value.Word(40) is not { } text ? null
        : SimpleName().IsMatch(text) && !text.Contains(joint == '-' ? '_' : '-') ? text
        : value.Refuse<string>(LetterFileFaults.FrontMatterSimpleName(value.Location, called, text, joint));

    public override FrontMatterNode Write(string value, LetterFileKind kind) => new FrontMatterText(0, value);

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]*\z")]
    private static partial Regex SimpleName();
}

/// <summary>A whole number from 0 to 9999.</summary>
internal sealed class NumberType : ValueType<int?>
{
    public override string Name => "number";

    public override int? Read(FrontMatterValue value) =>
        value.Word() is not { } text ? null
        : text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
        : value.Refuse<int?>(LetterFileFaults.FrontMatterNumber(value.Location, value.Name, text));

    public override FrontMatterNode Write(int? value, LetterFileKind kind) =>
        new FrontMatterText(0, value!.Value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A date, <c>2018-03-26</c>.</summary>
internal sealed class DateType : ValueType<DateOnly?>
{
    public const string Format = "yyyy-MM-dd";

    public override string Name => "date";

    public override DateOnly? Read(FrontMatterValue value) =>
        value.Word() is not { } text ? null
        : !DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? value.Refuse<DateOnly?>(LetterFileFaults.FrontMatterDate(value.Location, value.Name, text))
        : !LetterYears.Has(date.Year)
            ? value.Refuse<DateOnly?>(LetterFileFaults.FrontMatterYear(value.Location, value.Name, date.Year))
        : date;

    public override FrontMatterNode Write(DateOnly? value, LetterFileKind kind) =>
        new FrontMatterText(0, value!.Value.ToString(Format, CultureInfo.InvariantCulture));

    public override Phrase Said(string written) =>
        OfDay(DateOnly.ParseExact(written, Format, CultureInfo.InvariantCulture));
}

/// <summary>A date and time of New York, <c>2018-03-26 18:00</c>.</summary>
/// <param name="wantsTime">
/// False if a date alone means the end of that day, 23:59. That is what a deadline means, but nobody wants it as a time
/// of sending.
/// </param>
internal sealed class MomentType(bool wantsTime) : ValueType<DateTimeOffset?>
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm", "yyyy-MM-dd HH:mm':00'", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm':00'",
    ];
    private static readonly TimeOnly EndOfDay = new(23, 59);

    public override string Name => wantsTime ? "date and time" : "date, or date and time";

    public override DateTimeOffset? Read(FrontMatterValue value) =>
        value.Word() is { } text ? Read(value, value.Name, text) : null;

    /// <param name="name">The name of the time in messages.</param>
    public DateTimeOffset? Read(FrontMatterValue value, string name, string typed)
    {
        var text = WithoutPlace(typed);
        if (!wantsTime
            && DateOnly.TryParseExact(
                text,
                DateType.Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date))
            text = date.ToDateTime(EndOfDay).ToString(Formats[0], CultureInfo.InvariantCulture);
        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return value.Refuse<DateTimeOffset?>(LetterFileFaults.FrontMatterTime(value.Location, name, typed));
        if (!LetterYears.Has(time.Year))
            return value.Refuse<DateTimeOffset?>(LetterFileFaults.FrontMatterYear(value.Location, name, time.Year));
        try
        {
            return NewYorkTime.Instant(time);
        }
        // The clocks go forward over that hour.
        catch (ArgumentException)
        {
            return value.Refuse<DateTimeOffset?>(LetterFileFaults.FrontMatterTimeNeverWas(value.Location, text));
        }
    }

    public override FrontMatterNode Write(DateTimeOffset? value, LetterFileKind kind) =>
        new FrontMatterText(0, Written(value!.Value));

    public static string Written(DateTimeOffset moment) =>
        NewYorkTime.At(moment).ToString(Formats[0], CultureInfo.InvariantCulture);

    public override Phrase Said(string written) =>
        Say($"{OfMoment(NewYorkTime.Instant(DateTime.ParseExact(written, Formats[0], CultureInfo.InvariantCulture)))} New York time");

    /// <summary>
    /// A moment or a day as it is usually written, with the signs of any keyboard; what is none as it was typed.
    /// </summary>
    public static string Usual(string typed)
    {
        var text = WithoutPlace(FrontMatterLine.Plain(FrontMatterLine.Unquoted(typed) ?? typed));
        return DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time.ToString(Formats[0], CultureInfo.InvariantCulture)
            : DateOnly.TryParseExact(text, DateType.Format, out _) ? text
            : typed;
    }

    private static string WithoutPlace(string typed)
    {
        foreach (var place in (string[])[" (New York time)", " New York time", " New York"])
            if (typed.EndsWith(place, StringComparison.OrdinalIgnoreCase))
                return typed[..^place.Length].TrimEnd();
        return typed;
    }
}

/// <summary>One of some words. The typed case is ignored.</summary>
internal sealed class ChoiceType<T>(IReadOnlyList<(string Word, T Value)> choices) : ValueType<T>
{
    public override string Name => "one of";

    public override IReadOnlyList<string> Choices { get; } = [.. choices.Select(choice => choice.Word)];

    public override IReadOnlyList<string> Items(string line) => Parted(line);

    public override T? Read(FrontMatterValue value)
    {
        if (value.Word() is not { } text)
            return default;
        foreach (var (word, meant) in choices)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return meant;
        return value.Refuse<T>(
            LetterFileFaults.FrontMatterWord(
                value.Location,
                value.Name,
                text,
                Choices,
                DidYouMean.Of(text, Choices)));
    }

    public override FrontMatterNode Write(T value, LetterFileKind kind) =>
        new FrontMatterText(0, choices.First(choice => Equals(choice.Value, value)).Word);
}

/// <summary>The words of an enumeration: <c>note-verbale</c> for <c>NoteVerbale</c>.</summary>
internal static class ChoiceType
{
    /// <param name="except">Values that nobody types.</param>
    public static ChoiceType<T?> Of<T>(params T[] except)
        where T : struct, Enum =>
        new([
            .. Enum.GetValues<T>()
                .Except(except)
                .Select(value => (JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), (T?)value)),
        ]);

    public static ChoiceType<string> Of(IEnumerable<string> words) => new([.. words.Select(word => (word, word))]);
}

/// <summary>A list; a single value counts as a list of one, and several on its line as several.</summary>
/// <param name="most">The most items, and the fault of a list with more.</param>
internal class ListType<T>(ValueType<T> item, (int Items, Func<Location, int, Finding> Fault)? most = null)
    : ValueType<IReadOnlyList<T>>
{
    public override string Name => item.Choices is [] ? $"one or more: {item.Name}" : "one or more of";

    public override IReadOnlyList<string> Choices => item.Choices;

    public override IReadOnlyList<LetterKey> Keys => item.Keys;

    public override IReadOnlyList<string> Items(string line) => item.Items(line);

    /// <returns>The items that can be read.</returns>
    public override IReadOnlyList<T>? Read(FrontMatterValue value)
    {
        if (value.Items() is not { } items)
            return null;
        if (value.Node is FrontMatterText { IsPlain: true, Text: var line } one
            && item.Items(line) is { Count: > 1 } parts)
            items = [.. parts.Select(part => value with { Node = one with { Text = part } })];
        if (most is { } limit && items.Count > limit.Items)
            value.File.Faults.Add(limit.Fault(value.KeyLocation, items.Count));
        List<T> read = [];
        foreach (var entry in items)
            if (item.Read(entry) is { } sound)
                read.Add(sound);
        return read;
    }

    public override FrontMatterNode Write(IReadOnlyList<T> value, LetterFileKind kind) =>
        new FrontMatterList(0, [.. value.Select(entry => item.Write(entry, kind))]);

    public override Phrase Said(string written) => item.Said(written);
}

/// <summary>A group of keys.</summary>
/// <param name="called">The name of the group in messages; null for that of its key, <c>the contact</c>.</param>
/// <param name="read">Makes the value of the keys; null if one that is needed is missing or wrong.</param>
internal class GroupType<T>(
    string? called,
    IReadOnlyList<LetterKey<T>> keys,
    Func<FrontMatterFields, FrontMatterValue, T?> read) : ValueType<T>
    where T : class
{
    public override string Name => "group";

    public override IReadOnlyList<LetterKey> Keys => keys;

    public override T? Read(FrontMatterValue value) =>
        Fields(value) is { } fields ? read(fields, value) : null;

    /// <summary>The keys of the group; null with a fault if it is no group.</summary>
    public FrontMatterFields? Fields(FrontMatterValue value) => value.Node switch
    {
        FrontMatterMap map => new(value.File, value.Field, called ?? $"the {value.Name}", map, Keys),
        FrontMatterBroken => null,
        _ => value.Refuse<FrontMatterFields>(
            LetterFileFaults.FrontMatterShape(
                value.Location,
                value,
                $"a list of groups with “{string.Join("”, “", Known(value.File.Kind).Select(key => key.Name))}”")),
    };

    public override FrontMatterNode Write(T value, LetterFileKind kind) => new FrontMatterMap(
        0,
        [
            .. Known(kind)
                .Select(key => (key.Name, Value: key.Write(value, kind)))
                .Where(entry => entry.Value is not null)
                .Select(entry => new FrontMatterEntry(entry.Name, 0, entry.Value!)),
        ]);

    private IEnumerable<LetterKey<T>> Known(LetterFileKind kind) => keys.Where(key => key.In(kind) != KeyUse.None);
}

/// <summary>A person or office with an email address: a group, or <c>Name &lt;address&gt;</c> on one line.</summary>
internal sealed class MailboxType() : GroupType<Correspondent>(null, MailboxKeys.All, ReadGroup)
{
    private const int LongestName = 200;

    public override string Name => "mailbox";

    public override Correspondent? Read(FrontMatterValue value) =>
        value.Node is FrontMatterMap ? base.Read(value)
        : value.Unquoted(LongestName + EmailAddresses.Longest) is { } text ? Addressed(value, text)
        : null;

    public override FrontMatterNode Write(Correspondent value, LetterFileKind kind)
    {
        var line = value.Name is null ? value.Address : $"{value.Name} <{value.Address}>";
        // Some names cannot be read back from one line.
        return EmailAddresses.Read(line) == value ? new FrontMatterText(0, line) : base.Write(value, kind);
    }

    private static Correspondent? ReadGroup(FrontMatterFields fields, FrontMatterValue value)
    {
        var name = fields.Read(MailboxKeys.Name);
        return fields.Read(MailboxKeys.Email) is { } address
            && Addressed(fields.Value(MailboxKeys.Email)!, address) is { } plain
            // "email: Name <address>" is taken, too.
            ? plain with { Name = name ?? plain.Name }
            : null;
    }

    // A name may have a comma, but no address.
    public override IReadOnlyList<string> Items(string line) =>
        Parted(line) is var parts && parts.All(part => part.Contains('@')) ? parts : [line];

    private static Correspondent? Addressed(FrontMatterValue value, string text) =>
        EmailAddresses.Read(FrontMatterLine.WithoutMarks(text)) is { } read
        && EmailAddresses.IsPlain(read.Address)
        && !EmailAddresses.IsDoubtful(read.Address)
            ? read with { Name = read.Name is { } name ? FrontMatterLine.Unquoted(name) ?? name : null }
            : value.Refuse<Correspondent>(
                LetterFileFaults.FrontMatterAddress(value.Location, value.Name, text));
}

/// <summary>A group of names, each with a date or a date and time of New York.</summary>
internal sealed class DeadlinesType : ValueType<IReadOnlyList<Deadline>>
{
    private static readonly NameType NameOf = new("deadline", '_');
    private static readonly MomentType Moment = new(wantsTime: false);

    public override string Name => "names, each with a date, or date and time";

    public override IReadOnlyList<Deadline>? Read(FrontMatterValue value)
    {
        if (value.Node is FrontMatterBroken)
            return null;
        if (value.Node is not FrontMatterMap { Entries: { Count: > 0 } entries })
            return value.Refuse<IReadOnlyList<Deadline>>(
                value.Node is FrontMatterText { Text: "" } or FrontMatterMap
                    ? LetterFileFaults.FrontMatterEmpty(value.KeyLocation, value)
                    : LetterFileFaults.FrontMatterShape(
                        value.KeyLocation,
                        value,
                        "a group of names, each with its time"));

        List<Deadline> deadlines = [];
        var firsts = new Dictionary<string, int>();
        foreach (var (key, line, typed) in entries)
        {
            var entry = value with
            {
                Field = $"{value.Field}.{key}",
                Node = typed,
                Name = key,
                Shown = $"{key}: 2018-04-13 18:00",
            };
            if (!firsts.TryAdd(key, line))
                entry.File.Faults.Add(
                    LetterFileFaults.FrontMatterKeyTwice(
                        Location.In(entry.File.Name, line, entry.Field),
                        key,
                        firsts[key]));
            // The key is a value, too: the text of the letter names it in fields, {{ deadlines.comments }}.
            else if (NameOf.Read(entry with { Node = new FrontMatterText(line, key) }) is { } name
                && entry.Word() is { } text
                && Moment.Read(entry, name, text) is { } instant)
                deadlines.Add(new(name, instant));
        }

        return deadlines;
    }

    public override Phrase Said(string written) => Moment.Said(written);

    public override FrontMatterNode Write(IReadOnlyList<Deadline> value, LetterFileKind kind) => new FrontMatterMap(
        0,
        [.. value.Select(deadline => new FrontMatterEntry(deadline.Name, 0, Moment.Write(deadline.Instant, kind)))]);
}
