using System.Text;

namespace Distribution.Letters.Reading;

/// <summary>
/// Writes a letter as <c>letter.md</c>: reading what was written gives the same letter. In a file that exists, only the
/// values that change are written; every other line, with its comments, stays as its author wrote it.
/// </summary>
internal static class LetterFileWriter
{
    private const string Fence = "---";

    /// <summary>A new file. Keys whose absence says the same are left out.</summary>
    public static string Write(LetterSource letter) => string.Join('\n', [
        Fence,
        .. Values(letter, LetterFileKind.Letter)
            .Where(entry => entry.Value is not null)
            .SelectMany(entry => FrontMatterWriter.Entry(entry.Key.Name, entry.Value!)),
        Fence,
        "",
        letter.Body,
        "",
    ]);

    /// <summary>The file with the changes between two states of its letter.</summary>
    /// <param name="file">The file's text, which can be read without faults.</param>
    /// <param name="before">What is read from it.</param>
    /// <param name="after">What is to be read from it.</param>
    public static string Edit(string file, LetterFileKind kind, LetterSource before, LetterSource after)
    {
        // Of one kind, so the same keys in the same order.
        var changes = Values(before, kind)
            .Zip(Values(after, kind))
            .Where(pair => !FrontMatterEdit.AreSame(pair.First.Value, pair.Second.Value))
            .Select(pair => new FrontMatterChange(pair.First.Key.Name, pair.First.Value, pair.Second.Value))
            .ToList();
        var edited = changes is [] ? file : FrontMatterEdit.Apply(file, changes, [.. Names]);
        return before.Body == after.Body ? edited : WithBody(edited, after.Body);
    }

    private static IEnumerable<string> Names => LetterSchema.Keys.Select(key => key.Name);

    private static IEnumerable<(LetterKey Key, FrontMatterNode? Value)> Values(
        LetterSource letter,
        LetterFileKind kind) =>
        LetterSchema
            .Keys.Where(key => key.In(kind) != KeyUse.None)
            .Select(key => ((LetterKey)key, key.Write(letter, kind)));

    /// <summary>Replaces all below the front matter, and keeps the blank lines around the text.</summary>
    public static string WithBody(string file, string body)
    {
        var text = LetterText.Read("", Encoding.UTF8.GetBytes(file), [])
            ?? throw new ArgumentException("The file cannot be read.", nameof(file));
        var lines = FileLines.Of(file);
        var head = lines.Take(text.BodyLine - 1).ToList();
        var end = lines.Skip(text.BodyLine - 1).Reverse().TakeWhile(string.IsNullOrWhiteSpace).Reverse();
        var written = string.Join(FileLines.EndOf(file), body.Split('\n'));
        // There was no text yet.
        if (text.Body.Length == 0)
            return string.Concat([
                .. lines.Take(text.FrontMatterEnd),
                lines[text.FrontMatterEnd].TrimEnd('\r', '\n'),
                FileLines.EndOf(file),
                FileLines.EndOf(file),
                written,
                FileLines.EndOf(file)
            ]);
        return string.Concat([
            .. head,
            lines[^1].EndsWith('\n') || lines[^1].EndsWith('\r') ? written + FileLines.EndOf(file) : written,
            .. end,
        ]);
    }
}
