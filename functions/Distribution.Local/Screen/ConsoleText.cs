using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Local.Screen;

/// <summary>The words of the screen for the state of a letter and of a distribution.</summary>
internal static class ConsoleText
{
    /// <summary>A finding with what it keeps the letter from, as one line.</summary>
    public static string For(Finding finding) =>
        $"{finding.Severity switch
        {
            Severity.Fault => "Fault",
            Severity.Note => "Note",
            _ => "To be confirmed at release",
        }}: {finding}";

    /// <summary>The state in the words of the pages, within a line.</summary>
    public static string For(DeliveryState state) =>
        EnglishText.WithinLine(DeliveryStateWords.Of(state));

    /// <summary>
    /// <c>223 of 223 missions accounted for (accepted 223, failed 0, unknown 0)</c>; with the number that still waits,
    /// if any.
    /// </summary>
    public static string For(Tally tally) =>
        $"{tally.AccountedFor} of {tally.Missions} missions accounted for (accepted {tally.Accepted}, failed {tally.Failed}, unknown {tally.Unknown}{(tally.Unfinished > 0 ? $", waiting {tally.Unfinished}" : "")})";

    /// <summary><c>accepted 20 of 100, failed 0, unknown 0, waiting 80</c>.</summary>
    public static string OnItsWay(Tally tally) =>
        $"accepted {tally.Accepted} of {tally.Missions}, failed {tally.Failed}, unknown {tally.Unknown}{(tally.Unfinished > 0 ? $", waiting {tally.Unfinished}" : "")}";

    /// <summary><c>4.2 s</c>, <c>1 min 5 s</c>.</summary>
    public static string For(TimeSpan elapsed) => elapsed < TimeSpan.FromMinutes(1)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s")
        : $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds} s";
}
