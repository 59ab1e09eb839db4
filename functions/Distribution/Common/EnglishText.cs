using System.Globalization;

namespace Distribution.Common;

/// <summary>
/// Lists, counts, durations and sizes in English, for findings, mails and the console. What pages say is a
/// <see cref="Phrase"/>.
/// </summary>
internal static class EnglishText
{
    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string Listed(IEnumerable<string> words, string last = "and") => words.ToArray() switch
    {
        [] => "",
        [var only] => only,
        [.. var first, var end] => $"{string.Join(", ", first)} {last} {end}",
    };

    /// <summary><c>1 fault</c>, <c>2 faults</c>.</summary>
    public static string Counted(int count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");

    /// <summary><c>30 minutes</c>, <c>1 hour</c>, <c>90 seconds</c>: in the largest unit that divides it.</summary>
    public static string Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerHour == 0 && span >= TimeSpan.FromHours(1) ? Counted((int)span.TotalHours, "hour")
        : span.Ticks % TimeSpan.TicksPerMinute == 0 && span >= TimeSpan.FromMinutes(1)
            ? Counted((int)span.TotalMinutes, "minute")
        : Counted((int)Math.Round(span.TotalSeconds), "second");

    /// <summary>
    /// <c>900 bytes</c>, <c>20 KB</c>, <c>1.5 MB</c>: in powers of 1000, as mail programs count.
    /// </summary>
    public static string Size(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        // From here on it would be rounded to 1000 KB.
        < 999_500 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };

    /// <summary>
    /// A size above a limit, where a sentence names both: <c>a little more than 5.0 MB</c> where rounding would make
    /// them the same.
    /// </summary>
    public static string SizeAbove(long limit, long bytes) =>
        Size(bytes) == Size(limit) ? $"a little more than {Size(limit)}" : Size(bytes);

    /// <summary>A phrase that began a sentence, as it stands within one: its first letter small.</summary>
    public static string WithinLine(string phrase) => char.ToLowerInvariant(phrase[0]) + phrase[1..];
}
