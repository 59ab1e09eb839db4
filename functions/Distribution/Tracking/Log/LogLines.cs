using System.Text.Json;
using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>The lines of a segment, a fact each.</summary>
internal static class LogLines
{
    public static string[] Of(BinaryData? segment) =>
        segment?.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static BinaryData Text(IEnumerable<string> lines) =>
        BinaryData.FromString(string.Concat(lines.Select(line => line + "\n")));

    /// <returns>Null where the line cannot be read.</returns>
    public static LoggedFact? Fact(string line)
    {
        try
        {
            return Json.Read<LoggedFact>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
