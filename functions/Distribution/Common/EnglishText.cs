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

    /// <inheritdoc cref="Amounts.Size"/>
    public static string Size(long bytes) => Amounts.Size(bytes).In(DeskLanguage.English);

    /// <inheritdoc cref="Amounts.SizeAbove"/>
    public static string SizeAbove(long limit, long bytes) => Amounts.SizeAbove(limit, bytes).In(DeskLanguage.English);

    /// <summary>A phrase that began a sentence, as it stands within one: its first letter small.</summary>
    public static string WithinLine(string phrase) => char.ToLowerInvariant(phrase[0]) + phrase[1..];
}
