using static Distribution.Common.Phrase;

namespace Distribution.Common;

/// <summary>Durations and sizes as the desk says them.</summary>
internal static class Amounts
{
    // 47.5 hours round to 48, which people call two days.
    private static readonly TimeSpan LongestInHours = TimeSpan.FromHours(47.5);

    /// <summary><c>30 minutes</c>, <c>1 hour</c>, <c>90 seconds</c>: in the largest unit that divides it.</summary>
    public static Phrase Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerHour == 0 && span >= TimeSpan.FromHours(1) ? Hours(span)
        : span.Ticks % TimeSpan.TicksPerMinute == 0 && span >= TimeSpan.FromMinutes(1) ? Minutes(span)
        : Seconds((int)Math.Round(span.TotalSeconds));

    /// <summary><c>5 minutes</c>, <c>30 hours</c>, <c>5 days</c>: rounded to a unit that people would name.</summary>
    public static Phrase Roughly(TimeSpan span) =>
        // 59.5 minutes round to 60, which is an hour.
        span < TimeSpan.FromMinutes(59.5) ? Minutes(span)
        : span < LongestInHours ? Hours(span)
        : Days((int)Math.Round(span.TotalDays));

    /// <summary>
    /// How long it is until then. Days are counted by the calendar of New York, as people do: from the morning of the
    /// 30th to the evening of the 7th it is <c>7 days</c>.
    /// </summary>
    public static Phrase Until(DateTimeOffset then, DateTimeOffset now) =>
        then - now < LongestInHours
            ? Roughly(then - now)
            : Days(NewYorkTime.Day(then).DayNumber - NewYorkTime.Day(now).DayNumber);

    /// <summary><c>3 more</c>, after some that are named.</summary>
    public static Phrase More(int count) => Say(count, $"{count} more", $"{count} more");

    public static Phrase Seconds(int count) => Say(count, $"{count} second", $"{count} seconds");

    /// <summary>
    /// <c>900 bytes</c>, <c>20 KB</c>, <c>1.5 MB</c>, <c>60 MB</c>: in powers of 1000, as mail programs count.
    /// </summary>
    public static Phrase Size(long bytes) => bytes switch
    {
        < 1_000 => Say((int)bytes, $"{bytes} byte", $"{bytes} bytes"),
        // From here on it would be rounded to 1000 KB.
        < 999_500 => Say($"{Number(bytes / 1e3, "0")} KB"),
        _ => Say($"{Number(bytes / 1e6, "0.#")} MB"),
    };

    /// <summary>
    /// A size above a limit, where a sentence names both: <c>a little more than 5 MB</c> where rounding would make
    /// them the same.
    /// </summary>
    public static Phrase SizeAbove(long limit, long bytes) =>
        EnglishText.Size(bytes) == EnglishText.Size(limit) ? Say($"a little more than {Size(limit)}") : Size(bytes);

    private static Phrase Number(double number, string format) =>
        Of(language => number.ToString(format, language.Numbers));

    private static Phrase Minutes(TimeSpan span)
    {
        var count = Math.Max((int)Math.Round(span.TotalMinutes), 1);
        return Say(count, $"{count} minute", $"{count} minutes");
    }

    private static Phrase Hours(TimeSpan span)
    {
        var count = (int)Math.Round(span.TotalHours);
        return Say(count, $"{count} hour", $"{count} hours");
    }

    private static Phrase Days(int count) => Say(count, $"{count} day", $"{count} days");
}
