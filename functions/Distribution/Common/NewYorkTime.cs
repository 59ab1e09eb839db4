namespace Distribution.Common;

/// <summary>Converts to and from New York time (America/New_York), which all dates and times of letters use.</summary>
internal static class NewYorkTime
{
    public const string ZoneId = "America/New_York";

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(ZoneId);

    /// <returns>The same instant, with the offset of New York.</returns>
    public static DateTimeOffset At(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <returns>The date in New York at that instant.</returns>
    public static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(At(instant).DateTime);

    /// <summary>
    /// The instant of a wall-clock time in New York. A time that occurs twice, when the clocks go back, means its
    /// second occurrence (standard time).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The time does not exist because the clocks went forward over it (start of daylight saving time).
    /// </exception>
    public static DateTimeOffset Instant(DateTime wallClock)
    {
        var unspecified = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return new DateTimeOffset(
            unspecified,
            Zone.IsInvalidTime(unspecified)
                ? throw new ArgumentException(
                    $"{wallClock:yyyy-MM-dd HH:mm} did not exist in New York: the clocks went forward.",
                    nameof(wallClock))
                // Of a time that occurs twice, .NET gives the offset of standard time.
                : Zone.GetUtcOffset(unspecified));
    }

    /// <returns>
    /// Every instant at which clocks in New York show this time, earliest first: none if the clocks go forward over it,
    /// two if they go back over it.
    /// </returns>
    public static IReadOnlyList<DateTimeOffset> Instants(DateTime wallClock)
    {
        var unspecified = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return Zone.IsInvalidTime(unspecified) ? []
            : Zone.IsAmbiguousTime(unspecified)
                ?
                [
                    .. Zone.GetAmbiguousTimeOffsets(unspecified)
                        // Daylight time comes first, and its offset, -4 hours, is the larger one.
                        .OrderDescending()
                        .Select(offset => new DateTimeOffset(unspecified, offset)),
                ]
            : [new DateTimeOffset(unspecified, Zone.GetUtcOffset(unspecified))];
    }

    /// <summary>
    /// An instant in New York time and in English, for what is recorded and mailed: <c>26 March 2018, 6.05 p.m.</c>
    /// Pages say it as <see cref="Phrase.OfMoment"/>.
    /// </summary>
    public static string Words(DateTimeOffset instant) => DeskLanguage.English.Moment(instant);
}
