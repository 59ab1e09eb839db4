using System.Globalization;
using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters.Reading;

/// <summary>A time of day, <c>10:00</c>.</summary>
internal sealed class TimeType : ValueType<TimeOnly?>
{
    private static readonly string[] Formats = ["HH:mm", "H:mm"];

    public override string Name => "time of day";

    public override TimeOnly? Read(FrontMatterValue value) =>
        value.Word() is not { } text ? null
        : TimeOnly.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
        : value.Refuse<TimeOnly?>(LetterFileFaults.FrontMatterTimeOfDay(value.Location, value.Name, text));

    public override FrontMatterNode Write(TimeOnly? value, LetterFileKind kind) =>
        new FrontMatterText(0, value!.Value.ToString(Formats[0], CultureInfo.InvariantCulture));

    public override Phrase Said(string written)
    {
        var hour = default(DateOnly).ToDateTime(TimeOnly.ParseExact(written, Formats, CultureInfo.InvariantCulture));
        return Say($"{Of(language => language.Hour(hour))} New York time");
    }
}

/// <summary>An address of the web: http or https, with no sign that could not stand in one.</summary>
internal sealed class LinkType : ValueType<string>
{
    private const int Longest = 1_000;

    public override string Name => "address of the web";

    public override string? Read(FrontMatterValue value) =>
        value.Unquoted(Longest) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.Host.Length > 0
        // https://webtv.un.org@other.example leads elsewhere than it seems to.
        && address.UserInfo.Length == 0
        && !text.Any(sign => char.IsWhiteSpace(sign) || sign is '<' or '>' or '"' or '\\')
            ? text
        : value.Refuse<string>(LetterFileFaults.FrontMatterLink(value.Location, value.Name, text));

    public override FrontMatterNode Write(string value, LetterFileKind kind) => new FrontMatterText(0, value);
}

/// <summary>A meeting, in New York time.</summary>
internal sealed class MeetingType() : GroupType<Meeting>("this meeting", MeetingKeys.All, ReadGroup)
{
    /// <summary>The place of a key of a meeting; that of the meeting where the key is left out.</summary>
    public static Location PlaceOf(LetterKey key, FrontMatterValue meeting) =>
        meeting.Node is FrontMatterMap { Entries: var entries }
            && entries.FirstOrDefault(entry => entry.Key == key.Name) is { } found
            ? Location.In(meeting.File.Name, found.Line, $"{meeting.Field}.{key.Name}")
            : meeting.Location;

    private static Meeting? ReadGroup(FrontMatterFields fields, FrontMatterValue value)
    {
        var (title, date) = (fields.Read(MeetingKeys.Title), fields.Read(MeetingKeys.Date));
        var (from, to) = (fields.Read(MeetingKeys.From), fields.Read(MeetingKeys.To));
        var (place, link, note) = (
            fields.Read(MeetingKeys.Place),
            fields.Read(MeetingKeys.Link),
            fields.Read(MeetingKeys.Note));
        var isCancelled = fields.Read(MeetingKeys.Cancelled) ?? false;
        if (date is not { } day
            || Moment(fields.Value(MeetingKeys.From), day, from) is not { } start
            || Moment(fields.Value(MeetingKeys.To), day, to) is not { } end)
            return null;
        if (end <= start)
            return fields.Value(MeetingKeys.To)!.Refuse<Meeting>(
                LetterFileFaults.MeetingEndsBefore(fields.Place(MeetingKeys.To), from!.Value, to!.Value));
        return title is null ? null : new(title, start, end, place, link, note, isCancelled);
    }

    private static DateTimeOffset? Moment(FrontMatterValue? value, DateOnly day, TimeOnly? time)
    {
        if (value is null || time is not { } hour)
            return null;
        var wallClock = day.ToDateTime(hour);
        // The later one, where the clocks show an hour twice: see NewYorkTime.Instant.
        return NewYorkTime.Instants(wallClock) is [.., var last]
            ? last
            : value.Refuse<DateTimeOffset?>(
                LetterFileFaults.FrontMatterTimeNeverWas(
                    value.Location,
                    wallClock.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
    }
}
