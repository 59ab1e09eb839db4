using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Distribution.Tracking.Archive;

/// <summary>What <c>manifest.json</c> says of an archive and of every other file in it.</summary>
/// <param name="State">The name of the <see cref="ReachPhase"/> it was in.</param>
/// <param name="Have">How many missions had the letter.</param>
/// <param name="Format">
/// In which format the records in it are written; null in archives of versions that did not archive the frozen content.
/// </param>
internal sealed record ArchiveManifest(
    string Distribution,
    string Process,
    string Draft,
    DateOnly Date,
    string State,
    int Have,
    int Missions,
    DateTimeOffset? ReleasedAt,
    DateTimeOffset? CompletedAt,
    string ContentHash,
    string RegisterHash,
    int? Format,
    IReadOnlyList<ArchiveFile> Files)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The same bytes on every system: the archive of the same state is the same.
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It is read by people in an editor and never put into a page, so letters beyond ASCII stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>Indented JSON that ends with a line feed.</returns>
    public string Write() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <returns>Null where the text is no manifest.</returns>
    public static ArchiveManifest? Read(string text)
    {
        try
        {
            // What is missing in the text becomes null, also where this type has none.
            return JsonSerializer.Deserialize<ArchiveManifest>(text, Options)
                is { Distribution: not null, Files: not null } read
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
