using System.Text;

namespace Distribution.Letters.Reading;

/// <summary>The keys of a letter as a table in Markdown, for the page that explains them.</summary>
internal static class LetterSchemaTable
{
    private static readonly (LetterFileKind Kind, string Name)[] Files =
    [
        (LetterFileKind.Letter, "letter"),
        (LetterFileKind.Standing, "standing letter"),
        (LetterFileKind.Translation, "translation"),
    ];

    /// <summary>A row for each key, and one for each key of a group below it.</summary>
    public static string Markdown()
    {
        var table = new StringBuilder("| Key | What it says | Value | Stands in |\n|---|---|---|---|\n");
        foreach (var key in LetterSchema.Keys)
        {
            Row(table, key, $"`{key.Name}`", key);
            // A mailbox is usually one line; its keys as a group are explained once.
            foreach (var below in key.Keys)
                if (key != LetterSchema.Proof)
                    Row(table, below, $"`{key.Name}`: `{below.Name}`", key);
        }

        return table.ToString();
    }

    private static void Row(StringBuilder table, LetterKey key, string name, LetterKey whole) => table
        .Append("| ")
        .AppendJoin(" | ", name, key.Help, Value(key), Uses(key, whole))
        .Append(" |\n");

    private static string Value(LetterKey key) => key.Choices is []
        ? key.Type
        : $"{key.Type} {string.Join(", ", key.Choices.Select(word => $"`{word}`"))}";

    /// <summary>The files that have the key, in bold where they need it.</summary>
    /// <param name="whole">The key it stands below, or itself.</param>
    private static string Uses(LetterKey key, LetterKey whole)
    {
        var uses = Files
            .Where(file => key.In(file.Kind) != KeyUse.None && whole.In(file.Kind) != KeyUse.None)
            .Select(file => key.In(file.Kind) == KeyUse.Required ? $"**{file.Name}**" : file.Name);
        return string.Join(", ", uses) + (key.RequiredIf is { } condition ? $"; needed {condition.Words}" : "");
    }
}
