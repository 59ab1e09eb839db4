using System.Globalization;
using Distribution.Letters.Reading;

namespace Distribution.Local;

/// <summary>
/// Moves the dates of the sample letter: its date to the day it is sent, its deadline to the first working day at least
/// a week later. With dates in 2018, a person would have to confirm that they are meant.
/// </summary>
internal static class SampleDates
{
    private const string Letter = "2018-03-26";

    private const string Deadline = "2018-04-03";

    /// <param name="sample">The sample's <c>letter.md</c>, as it comes with the program.</param>
    /// <param name="today">The date in New York.</param>
    public static string Moved(string sample, DateOnly today) => sample
        .Replace(Letter, Written(today), StringComparison.Ordinal)
        .Replace(Deadline, Written(WorkingDays.BuiltIn.OnOrAfter(today.AddDays(7))), StringComparison.Ordinal);

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
