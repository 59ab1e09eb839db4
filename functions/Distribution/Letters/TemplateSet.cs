using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// The text files of one template folder. They are frozen with each distribution, so a later edit changes no letter.
/// </summary>
/// <param name="Name">The folder's name under <c>templates/</c>.</param>
/// <param name="Files">Text by path within the folder, with <c>/</c>: <c>email.html</c>, <c>words/en.yaml</c>.</param>
internal sealed record TemplateSet(string Name, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>SHA-256 over the names and texts of all files, sorted by name; lower-case hexadecimal.</summary>
    // A null character is in no text, so that no two sets are joined to the same one.
    public string Hash { get; } =
        Sha256Hex.Of(
            string.Join(
                '\0',
                Files
                    .OrderBy(file => file.Key, StringComparer.Ordinal)
                    .SelectMany(file => new[] { file.Key, file.Value })));
}
