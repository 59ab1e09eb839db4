using System.Globalization;
using CsvHelper;

namespace Distribution.Letters.Reading;

/// <summary>
/// Calculates working days of the Headquarters in New York: Monday to Friday, except the holidays in
/// <c>holidays.csv</c>. Compare its dates each year with the Secretariat's circular; <c>expected</c> marks the dates
/// that depend on the moon.
/// </summary>
internal static class WorkingDays
{
    private static readonly HashSet<DateOnly> Holidays = Read();
    private static readonly HashSet<int> Years = [.. Holidays.Select(day => day.Year)];

    public static bool Has(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    /// <summary>True if the list has holidays of that year. Otherwise only weekends count as days off.</summary>
    public static bool Knows(int year) => Years.Contains(year);

    /// <summary>The day itself if it is a working day, otherwise the next working day after it.</summary>
    public static DateOnly OnOrAfter(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>The day itself if it is a working day, otherwise the last working day before it.</summary>
    public static DateOnly OnOrBefore(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(-1);
        return day;
    }

    /// <param name="count">The number of working days before, from 1.</param>
    public static DateOnly Before(DateOnly day, int count)
    {
        for (; count > 0; count--)
            day = OnOrBefore(day.AddDays(-1));
        return day;
    }

    private static HashSet<DateOnly> Read()
    {
        using var file =
            typeof(WorkingDays).Assembly.GetManifestResourceStream("holidays.csv")
            ?? throw new InvalidOperationException("The program came without its list of holidays.");
        using var content = new MemoryStream();
        file.CopyTo(content);
        using var reader = CsvReader.Create(content.ToArray(), CsvReaderOptions.Default with { HasHeader = false });
        HashSet<DateOnly> days = [];
        reader.Read();
        while (reader.Read())
            days.Add(DateOnly.ParseExact(reader.GetString(0), "yyyy-MM-dd", CultureInfo.InvariantCulture));
        return days;
    }
}
