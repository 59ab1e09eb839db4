using System.Globalization;
using CsvHelper;

namespace Distribution.Letters.Reading;

/// <summary>
/// Working days of the Headquarters in New York: Monday to Friday but for the holidays of <c>holidays.csv</c>. Its
/// dates are to be compared each year with the Secretariat's circular; <c>expected</c> marks those that depend on the
/// moon.
/// </summary>
internal static class WorkingDays
{
    private static readonly HashSet<DateOnly> Holidays = Read();
    private static readonly HashSet<int> Years = [.. Holidays.Select(day => day.Year)];

    public static bool Has(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    /// <summary>Whether the holidays of that year are on the list at all.</summary>
    public static bool Knows(int year) => Years.Contains(year);

    /// <summary>The day itself where it is a working day, else the next one after it.</summary>
    public static DateOnly OnOrAfter(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>The day itself where it is a working day, else the last one before it.</summary>
    public static DateOnly OnOrBefore(DateOnly day)
    {
        while (!Has(day))
            day = day.AddDays(-1);
        return day;
    }

    /// <param name="count">How many working days before, from 1.</param>
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
