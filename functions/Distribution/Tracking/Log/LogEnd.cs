using System.Text.Json;
using Distribution.Common;

namespace Distribution.Tracking.Log;

/// <summary>The last line of an exported log, so that a file cut short is known for one.</summary>
/// <param name="End">How many links stand before it.</param>
/// <param name="Head">The hash of the last of them.</param>
internal sealed record LogEnd(int End, string Head)
{
    /// <returns>Null where the text is not such a line exactly as it is written.</returns>
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
