using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters.Reading;

/// <summary>When silent missions are reminded, in the words that <see cref="ReminderSchedule"/> parses.</summary>
internal sealed class ReminderType : ValueType<string>
{
    private static readonly TextType Words = new();

    public override string Name => Words.Name;

    public override string? Read(FrontMatterValue value) => Words.Read(value);

    public override FrontMatterNode Write(string value, LetterFileKind kind) => Words.Write(value, kind);

    public override Phrase Said(string written) => ReminderSchedule.Said(written);
}

/// <summary>
/// Parses when missions that have not acknowledged are reminded: <c>3 working days before 2018-04-03, then the day
/// before</c>. Reminders are sent on working days only: one that would fall on another day is sent on the last working
/// day before it.
/// </summary>
internal static partial class ReminderSchedule
{
    /// <summary>The most reminders of one letter. More would annoy missions.</summary>
    public const int Most = 5;

    private const string Format = "yyyy-MM-dd 'at' HH:mm";

    // The New York time of a reminder that gives none.
    private static readonly TimeOnly Morning = new(10, 0);

    private static readonly string[] Numbers =
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
    ];

    /// <param name="deadlines">The letter's deadlines; their names can be used instead of a date.</param>
    /// <param name="days">Which days are working days.</param>
    /// <param name="problem">The part of the text that cannot be parsed; null if all of it can.</param>
    /// <returns>The times of the reminders, earliest first; empty if there is a problem.</returns>
    public static IReadOnlyList<DateTimeOffset> Read(
        string text,
        IReadOnlyList<Deadline> deadlines,
        WorkingDays days,
        out string? problem)
    {
        List<DateTimeOffset> moments = [];
        // "then the day before" counts from the date that was named last.
        DateOnly? last = null;
        foreach (var part in Parts().Split(text.Trim()))
        {
            problem = part;
            if (Part().Match(part) is not { Success: true } found)
                return [];
            if (found.Groups["of"] is { Success: true, Value: var named })
                last =
                    DateOnly.TryParseExact(
                        named,
                        "yyyy-MM-dd",
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out var written)
                        ? written
                    : deadlines.FirstOrDefault(deadline =>
                        deadline.Name.Equals(named, StringComparison.OrdinalIgnoreCase))
                        is { } deadline
                        ? NewYorkTime.Day(deadline.Instant)
                    : null;
            var time = Morning;
            if (last is not { } day
                || !LetterYears.Has(day.Year)
                || (
                    found.Groups["time"] is { Success: true, Value: var hour }
                    && !TimeOnly.TryParseExact(
                        hour,
                        "H:mm",
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out time)))
                return [];
            var leaves = found.Groups["count"] is { Success: true, Value: var count }
                ? found.Groups["working"].Success
                    ? days.Before(day, Number(count))
                    : days.OnOrBefore(day.AddDays(-Number(count)))
                : days.OnOrBefore(day);
            try
            {
                moments.Add(NewYorkTime.Instant(leaves.ToDateTime(time)));
            }
            catch (ArgumentException)
            {
                // The clocks go forward over that hour.
                return [];
            }
        }

        problem = null;
        return [.. moments.Distinct().Order()];
    }

    /// <summary>One reminder's time, so that it is read as the same.</summary>
    public static string Written(DateTimeOffset moment) =>
        NewYorkTime.At(moment).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>How a page says a time that was <see cref="Written"/>.</summary>
    public static Phrase Said(string written) =>
        Say($"{OfMoment(NewYorkTime.Instant(DateTime.ParseExact(written, Format, CultureInfo.InvariantCulture)))} New York time");

    private static int Number(string count) =>
        count.Equals("the", StringComparison.OrdinalIgnoreCase) ? 1
        : int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits
        : Array.FindIndex(Numbers, number => number.Equals(count, StringComparison.OrdinalIgnoreCase)) + 1;

    [GeneratedRegex(
        @"\s*(?:,\s*(?:and\s+)?then\s+|,\s*and\s+|;\s*|,\s*|\s+(?:and\s+)?then\s+|\s+and\s+)\s*",
        RegexOptions.IgnoreCase)]
    private static partial Regex Parts();

    [GeneratedRegex(
        @"^(?:(?<count>\d{1,2}|the|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?<working>working\s+)?days?\s+before(?:\s+(?<of>\d{4}-\d{2}-\d{2}|(?!at\b)[a-z][a-z0-9_]*))?|(?:on\s+)?(?<of>\d{4}-\d{2}-\d{2}))(?:\s+at\s+(?<time>\d{1,2}:\d{2}))?(?:\s+New York(?: time)?)?$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Part();
}
