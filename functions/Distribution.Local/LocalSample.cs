using System.Globalization;
using Distribution.Letters.Reading;

namespace Distribution.Local;

/// <summary>The sample letter as it is uploaded.</summary>
internal static class LocalSample
{
    private const string Letter = "2018-03-26";

    private const string Deadline = "2018-04-03";

    private const string ByItself = "release: automatic\n";

    /// <summary>
    /// The sample with the dates of a letter of today: its own is the day it is sent, its deadline the first working
    /// day at least a week later. With dates in 2018, a person would have to confirm that they are meant.
    /// </summary>
    /// <param name="sample">The sample's <c>letter.md</c>, as it comes with the program.</param>
    /// <param name="today">The date in New York.</param>
    /// <param name="leavesByItself">Whether it may be released without a person; else it waits for one.</param>
    public static string Adapted(string sample, DateOnly today, bool leavesByItself = true) =>
        (leavesByItself ? sample : sample.ReplaceLineEndings("\n").Replace(ByItself, "", StringComparison.Ordinal))
            .Replace(Letter, Written(today), StringComparison.Ordinal)
            .Replace(Deadline, Written(WorkingDays.BuiltIn.OnOrAfter(today.AddDays(7))), StringComparison.Ordinal);

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
