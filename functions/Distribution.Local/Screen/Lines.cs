using Spectre.Console;

namespace Distribution.Local.Screen;

internal static class Lines
{
    /// <summary>Writes one line as it is: never wrapped, so that it can be copied or read by another program.</summary>
    public static void Line(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);
}
