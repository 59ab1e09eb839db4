using System.Collections.Immutable;
using System.Globalization;
using Distribution.Letters.Reading;

namespace Distribution.Letters.Settings;

/// <summary>The working days by the holidays of the desk's settings.</summary>
internal sealed class DeskHolidays(DeskSettings settings, TimeProvider clock)
{
    /// <summary>
    /// How long the days are remembered: every examination asks for them, and holidays change a few times a year.
    /// </summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private volatile Known? known;

    /// <summary>
    /// The working days as the settings are, except for changes by another process in the last minute.
    /// </summary>
    public async Task<WorkingDays> Now(CancellationToken cancellation)
    {
        // Counted before the entries are read: what changes during the read makes what is remembered old at once.
        var (now, changes) = (clock.GetUtcNow(), settings.Changes);
        // By its duration, so that a clock that is set back does not make it last for hours.
        if (known is { } last && last.Changes == changes && (now - last.At).Duration() < Remembered)
            return last.Days;
        var days = new WorkingDays(
            (await settings.All(SettingMatters.Holidays, cancellation)).Select(Of).OfType<Holiday>());
        // One object as long as nothing changed.
        known = new(now, changes, days.Version == WorkingDays.BuiltIn.Version ? WorkingDays.BuiltIn : days);
        return known.Days;
    }

    /// <summary>The holidays that come with the service, as entries that nobody has changed yet.</summary>
    public static IReadOnlyList<Setting> BuiltIn { get; } =
    [
        .. WorkingDays.BuiltIn.Holidays.Select(holiday => new Setting(
            Written(holiday.Day),
            ((IEnumerable<KeyValuePair<string, string>>)
            [
                new(SettingMatters.Day, Written(holiday.Day)),
                new(SettingMatters.Name, holiday.Name),
                new(SettingMatters.Note, holiday.Note),
            ]).Where(pair => pair.Value.Length > 0).ToImmutableDictionary(),
            IsTakenOut: false,
            [])),
    ];

    /// <returns>Null if it is no day as <c>2026-12-25</c> of a year that letters have.</returns>
    public static DateOnly? Day(string typed) =>
        DateOnly.TryParseExact(typed, DateType.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && LetterYears.Has(day.Year)
            ? day
            : null;

    private static string Written(DateOnly day) => day.ToString(DateType.Format, CultureInfo.InvariantCulture);

    private static Holiday? Of(Setting entry) =>
        Day(entry.Field(SettingMatters.Day)) is { } day
            ? new(day, entry.Field(SettingMatters.Name), entry.Field(SettingMatters.Note))
            : null;

    private sealed record Known(DateTimeOffset At, long Changes, WorkingDays Days);
}
