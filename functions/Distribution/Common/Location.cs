using System.Globalization;
using System.Text.RegularExpressions;

namespace Distribution.Common;

/// <summary>
/// Where a fault is: in a file, at a line or a field of it; at a setting; or elsewhere, in words
/// (<c>The register of missions, France</c>).
/// </summary>
internal sealed partial record Location
{
    /// <summary>
    /// The file as its author knows it, with its folder where that matters; null if it is in no file.
    /// </summary>
    public string? File { get; private init; }

    /// <summary>The line of the file, or the row of a table, from 1; null for the file as a whole.</summary>
    public int? Line { get; private init; }

    /// <summary>
    /// The key path in the file's front matter, with numbers of list items from 1: <c>signatories[2].title</c>; the
    /// column of a table; without a file, the name of a setting. Null if it is no single field.
    /// </summary>
    public string? Field { get; private init; }

    /// <summary>The place in words if it is neither a file nor a setting; otherwise null.</summary>
    public string? Elsewhere { get; private init; }

    /// <param name="line">From 1; null for the file as a whole.</param>
    /// <param name="field">As <see cref="Field"/> has it.</param>
    public static Location In(string file, int? line = null, string? field = null) =>
        new() { File = file, Line = line, Field = field };

    /// <param name="name">With its section: <c>Mail:From</c>.</param>
    public static Location Setting(string name) => new() { Field = name };

    public static Location InWords(string place) => new() { Elsewhere = place };

    /// <summary>
    /// The place in words a reader knows: <c>letter.md, line 19</c>, <c>letter.md, “send:”</c>, <c>register.csv, row
    /// 12, column to</c>, <c>Setting Mail:From</c>.
    /// </summary>
    public override string ToString() => this switch
    {
        { Elsewhere: { } words } => words,
        { File: null } => $"Setting {Field}",
        { WithinFile: { } within } => $"{File}, {within}",
        _ => File,
    };

    /// <summary>
    /// The same without the file: <c>line 19</c>, <c>“signatories:” number 2, “title:”</c>; null for the file as a
    /// whole.
    /// </summary>
    public string? WithinFile => this switch
    {
        { Line: null, Field: null } => null,
        { Line: null } => Named(Field),
        _ when IsTable => Numbered("row") + (Field is null ? "" : $", column {Field}"),
        // The line says it more exactly than its key.
        _ => Numbered("line"),
    };

    // Their readers name rows and columns, where those of other files name lines and keys.
    private bool IsTable =>
        Path.GetExtension(File)?.ToLowerInvariant() is ".csv" or ".xlsx";

    private string Numbered(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {Line}");

    private static string Named(string field) => Item().Match(field) is { Success: true } item
        ? $"“{item.Groups["list"]}:” number {item.Groups["number"]}{Below(item.Groups["key"].Value)}"
        : field.Split('.', 2) is [var group, var key] ? $"“{group}:”{Below(key)}"
        : $"“{field}:”";

    private static string Below(string key) => key.Length == 0 ? "" : $", “{key}:”";

    [GeneratedRegex(@"^(?<list>[^.\[]+)\[(?<number>[0-9]+)\](?:\.(?<key>.+))?$")]
    private static partial Regex Item();
}
