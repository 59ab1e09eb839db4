namespace Distribution.Common;

/// <summary>The clock every letter keeps: America/New_York.</summary>
internal static class NewYorkTime
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    public static DateTimeOffset At(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <summary>The instant of a wall-clock time in New York.</summary>
    /// <exception cref="ArgumentException">The clocks were put forward over that time: it never was.</exception>
    public static DateTimeOffset Instant(DateTime wallClock)
    {
        var unspecified = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return new DateTimeOffset(
            unspecified,
            Zone.IsInvalidTime(unspecified)
                ? throw new ArgumentException(
                    $"{wallClock:yyyy-MM-dd HH:mm} did not exist in New York: the clocks went forward.",
                    nameof(wallClock))
                : Zone.GetUtcOffset(unspecified));
    }

    /// <returns>
    /// Every instant at which clocks in New York showed this time, the earliest first: none where they were put forward
    /// over it, two where they were put back.
    /// </returns>
    public static IReadOnlyList<DateTimeOffset> Instants(DateTime wallClock)
    {
        var unspecified = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return Zone.IsInvalidTime(unspecified) ? []
            : Zone.IsAmbiguousTime(unspecified)
                ?
                [
                    .. Zone.GetAmbiguousTimeOffsets(unspecified)
                        .OrderDescending()
                        .Select(offset => new DateTimeOffset(unspecified, offset)),
                ]
            : [new DateTimeOffset(unspecified, Zone.GetUtcOffset(unspecified))];
    }

    /// <summary>For the desk: <c>26 March 2018, 6.05 p.m.</c> in New York time.</summary>
    public static string Words(DateTimeOffset instant)
    {
        var time = At(instant);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{time:d MMMM yyyy, h.mm} {(time.Hour < 12 ? "a.m." : "p.m.")}");
    }
}
