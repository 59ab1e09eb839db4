using Distribution.Tracking;
using Spectre.Console;

namespace Distribution.Local.Screen;

/// <summary>
/// The end of a distribution: missions by state, elapsed time, and one line that says whether every mission is
/// accounted for.
/// </summary>
internal static class Summary
{
    /// <param name="reach">
    /// Which missions have the letter, for people. The last line is for scripts and counts differently: it counts
    /// missions that are accounted for.
    /// </param>
    public static void Show(IAnsiConsole console, Tally tally, Reach reach, TimeSpan elapsed)
    {
        var table = new Table().AddColumn("State").AddColumn(new TableColumn("Missions").RightAligned());
        foreach (var (state, missions) in tally.ByState)
            table.AddRow(ConsoleText.For(state), $"{missions}");
        console.Write(table);
        console.Line($"in {ConsoleText.For(elapsed)}");
        console.Line($"{reach.Word}: {reach.Sentence}");
        console.Line(LastLine(tally));
    }

    /// <summary>
    /// For scripts: this format must not change. A mission that is accounted for does not necessarily have the letter.
    /// <c>complete: 223 of 223 missions accounted for (accepted 223, failed 0, unknown 0)</c>, or <c>incomplete: …</c>.
    /// </summary>
    public static string LastLine(Tally tally) =>
        $"{(tally.IsComplete ? "complete" : "incomplete")}: {ConsoleText.For(tally)}";
}
