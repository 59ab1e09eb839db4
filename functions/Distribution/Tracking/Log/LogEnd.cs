using System.Text.Json;
using Distribution.Common;

namespace Distribution.Tracking.Log;

/// <summary>The last line of an exported log. A file without it was truncated.</summary>
/// <param name="End">How many links come before it.</param>
/// <param name="Head">The hash of the last of them.</param>
internal sealed record LogEnd(int End, string Head)
{
    /// <returns>Null where the text is not exactly what is written for such a line.</returns>
    public static LogEnd? Read(string text)
    {
        try
        {
            var end = Json.Read<LogEnd>(text);
            return Json.Write(end) == text ? end : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
