using Scriban.Runtime;

namespace Distribution.Letters;

/// <summary>
/// The enclosures as a template field: a list for loops, and a phrase of all titles when it is printed.
/// </summary>
internal sealed class EnclosureList : ScriptArray
{
    public EnclosureList(IEnumerable<Enclosure> enclosures, string joiner)
    {
        var listed = enclosures.ToArray();
        Titles = [.. listed.Select(enclosure => enclosure.Title)];
        Words = string.Join(joiner, Titles);
        foreach (var enclosure in listed)
            Add(new ScriptObject { ["title"] = enclosure.Title, ["file"] = enclosure.File, IsReadOnly = true });
        IsReadOnly = true;
    }

    public string Words { get; }

    public IReadOnlyList<string> Titles { get; }
}
