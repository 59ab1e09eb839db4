using System.Globalization;
using CsvHelper;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>A day without business.</summary>
/// <param name="Note">What else is to be known, such as that the day is only expected; empty for nothing.</param>
internal sealed record Holiday(DateOnly Day, string Name, string Note = "");

/// <summary>
/// Calculates working days of the Headquarters in New York: Monday to Friday, except the holidays.
/// </summary>
internal sealed class WorkingDays
{
    private readonly Dictionary<DateOnly, Holiday> holidays;
    private readonly HashSet<int> years;

    public WorkingDays(IEnumerable<Holiday> holidays)
    {
        this.holidays = holidays.ToDictionary(holiday => holiday.Day);
        years = [.. this.holidays.Keys.Select(day => day.Year)];
        Version = Sha256Hex.Of(string.Join(
            '\n',
            this.holidays
                .Values.OrderBy(holiday => holiday.Day)
                .Select(holiday =>
                    string.Create(CultureInfo.InvariantCulture, $"{holiday.Day:yyyy-MM-dd} {holiday.Name}"))));
    }

    /// <summary>
    /// By the holidays in <c>holidays.csv</c>, which come with the service. Compare its dates each year with the
    /// Secretariat's circular; <c>expected</c> marks the dates that depend on the moon.
    /// </summary>
    public static WorkingDays BuiltIn { get; } = new(Read());

    public IEnumerable<Holiday> Holidays => holidays.Values;

    /// <summary>SHA-256 of its days and their names, in lower-case hexadecimal.</summary>
    public string Version { get; }

    /// <summary>The holiday on that day; null if it is none.</summary>
    public Holiday? HolidayOn(DateOnly day) => holidays.GetValueOrDefault(day);

    public bool Has(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !holidays.ContainsKey(day);

    /// <summary>True if the list has holidays of that year. Otherwise only weekends count as days off.</summary>
    public bool Knows(int year) => years.Contains(year);

    /// <summary>The day itself if it is a working day, otherwise the next working day after it.</summary>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>The day itself if it is a working day, otherwise the last working day before it.</summary>
    public DateOnly OnOrBefore(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(-1);
        return day;
    }

    /// <param name="day">The day from which to count back; it need not be a working day.</param>
    /// <param name="count">How many working days; with 0 the day itself, or the last working day before it.</param>
    public DateOnly Before(DateOnly day, int count)
    {
        if (count == 0)
            return OnOrBefore(day);
        for (; count > 0; count--)
            day = OnOrBefore(day.AddDays(-1));
        return day;
    }

    private static IReadOnlyList<Holiday> Read()
    {
        using var file =
            typeof(WorkingDays).Assembly.GetManifestResourceStream("holidays.csv")
            ?? throw new InvalidOperationException("The program came without its list of holidays.");
        using var content = new MemoryStream();
        file.CopyTo(content);
        using var reader = CsvReader.Create(content.ToArray(), CsvReaderOptions.Default with { HasHeader = false });
        List<Holiday> days = [];
        // The first line has the names of the columns.
        reader.Read();
        while (reader.Read())
            days.Add(
                new(
                    DateOnly.ParseExact(reader.GetString(0), "yyyy-MM-dd", CultureInfo.InvariantCulture),
                    reader.GetString(1),
                    reader.GetString(2) == "expected" ? "expected; it depends on the moon" : ""));
        return days;
    }
}
