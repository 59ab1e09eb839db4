using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Distribution.Common;

/// <summary>
/// Writes a fault as flat JSON: <c>code</c>, <c>severity</c>, <c>file</c>, <c>line</c>, <c>field</c> or
/// <c>elsewhere</c>, <c>words</c>, <c>remedy</c>. Reads what earlier formats wrote as well: 1 to 3 have <c>number</c>,
/// and <c>place</c> and <c>problem</c> as text; 1 and 2 have <c>isWarning</c> and no severity.
/// </summary>
internal sealed class FindingConverter : JsonConverter<Finding>
{
    public override Finding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stored = JsonSerializer.Deserialize<Stored>(ref reader, options)!;
        return new(
            stored.Code is ['D', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException($"“{stored.Code}” is not the code of a fault."),
            stored.Where,
            stored.Words ?? stored.Problem ?? throw new JsonException("A fault has no words."),
            stored.Remedy ?? throw new JsonException("A fault has no remedy."),
            stored.Severity ?? (stored.IsWarning == true ? Severity.Note : Severity.Fault));
    }

    public override void Write(Utf8JsonWriter writer, Finding value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            new Stored(value.Code, value.Severity, value.Words, value.Remedy)
            {
                File = value.Location.File,
                Line = value.Location.Line,
                Field = value.Location.Field,
                Elsewhere = value.Location.Elsewhere,
            },
            options);

    private sealed record Stored(string? Code, Severity? Severity, string? Words, string? Remedy)
    {
        public string? File { get; init; }

        public int? Line { get; init; }

        public string? Field { get; init; }

        public string? Elsewhere { get; init; }

        public string? Place { get; init; }

        public string? Problem { get; init; }

        public bool? IsWarning { get; init; }

        [JsonIgnore]
        public Location Where => this switch
        {
            // In this order: a field beside a file is a key in it, and a field alone is a setting.
            { File: { } file } => Location.In(file, Line, Field),
            { Elsewhere: { } words } => Location.InWords(words),
            { Place: { } words } => Location.InWords(words),
            { Field: { } name } => Location.Setting(name),
            _ => throw new JsonException("A fault has no place."),
        };
    }
}
