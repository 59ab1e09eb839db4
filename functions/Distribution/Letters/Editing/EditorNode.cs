using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Distribution.Letters.Editing;

/// <summary>
/// A piece of a letter's text as the editor of the desk holds it: a node of a ProseMirror document in JSON. The names
/// are those of the editor's schema (<c>schema.js</c>).
/// </summary>
/// <param name="Type">
/// <c>doc</c>, <c>paragraph</c>, <c>heading</c>, <c>quotation</c>, <c>rule</c>, <c>list</c>, <c>item</c>, <c>table</c>,
/// <c>table_row</c>, <c>table_header</c>, <c>table_cell</c>, <c>text</c>, <c>hard_break</c> or <c>field</c>.
/// </param>
/// <param name="Text">Of a text only.</param>
internal sealed record EditorNode(
    string Type,
    EditorAttributes? Attrs = null,
    IReadOnlyList<EditorNode>? Content = null,
    string? Text = null,
    IReadOnlyList<EditorMark>? Marks = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Deeper than any letter is nested (TypedBlocks.MaxNesting): each node takes two levels.
        MaxDepth = 160,
    };

    /// <summary>Its parts; none where it has none.</summary>
    [JsonIgnore]
    public IReadOnlyList<EditorNode> Parts => Content ?? [];

    public string Json() => JsonSerializer.Serialize(this, Options);

    /// <returns>Null if it is no document of the editor.</returns>
    public static EditorNode? Of(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EditorNode>(json, Options) is { Type: "doc" } document
                && IsWhole(document)
                ? document
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// True if nothing is null that cannot be. The types alone do not ensure it: JSON may say <c>null</c> anywhere.
    /// </summary>
    private static bool IsWhole(EditorNode? node) =>
        node is { Type: not null }
        && (node.Type != "text" || node.Text is not null)
        && (node.Type != "field" || node.Attrs?.Source is not null)
        && node.Marks?.Any(mark => mark is not { Type: not null }) != true
        && node.Parts.All(IsWhole);
}

/// <summary>How a text is set: <c>strong</c>, <c>em</c> or <c>link</c>.</summary>
internal sealed record EditorMark(string Type, EditorAttributes? Attrs = null);

/// <summary>What nodes and marks say of themselves; null where they say nothing.</summary>
/// <param name="Mark">Of an item: its number or sign, as it prints.</param>
/// <param name="Loose">Of a list: whether there is space between its items.</param>
/// <param name="Level">Of a heading: 1 to 6.</param>
/// <param name="Source">Of a field: as the letter has it, <c>{{ letter.date }}</c>.</param>
/// <param name="Align">Of a cell: <c>center</c> or <c>right</c>.</param>
/// <param name="Href">Of a link.</param>
/// <param name="Title">Of a link.</param>
internal sealed record EditorAttributes(
    string? Mark = null,
    bool? Loose = null,
    int? Level = null,
    string? Source = null,
    string? Align = null,
    string? Href = null,
    string? Title = null);
