using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Distribution.Common;

/// <summary>
/// The JSON format of records in tables, blobs and queues: names in camel case, enumerations by name, null values left
/// out, non-ASCII text written as it is and not as \u escapes.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It leaves <, > and & as they are, so nothing written here may be put into a page unencoded.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>One line of JSON.</returns>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <returns>The same in UTF-8.</returns>
    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="JsonException">The text is not a <typeparamref name="T"/>.</exception>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options)
        ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");

    /// <inheritdoc cref="Read{T}(string)"/>
    public static T Read<T>(ReadOnlySpan<byte> text) =>
        JsonSerializer.Deserialize<T>(text, Options)
        ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");
}
