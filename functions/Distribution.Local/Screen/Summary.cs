using Spectre.Console;

namespace Distribution.Local;

/// <summary>The end of a distribution: missions by state, elapsed time, and one line that says whether every mission is accounted for.</summary>
internal static class Summary
{
    public static void Show(IAnsiConsole console, Tally tally, TimeSpan elapsed)
    {
        var table = new Table().AddColumn("State").AddColumn(new TableColumn("Missions").RightAligned());
        foreach (var (state, missions) in tally.ByState)
            table.AddRow(Words.For(state), $"{missions}");
        console.Write(table);
        console.Line($"in {Words.For(elapsed)}");
        console.Line(LastLine(tally));
    }

    /// <summary><c>complete: 223 of 223 missions accounted for (accepted 223, failed 0, unknown 0)</c>, or <c>incomplete: …</c>.</summary>
    public static string LastLine(Tally tally) => $"{(tally.IsComplete ? "complete" : "incomplete")}: {Words.For(tally)}";
}
