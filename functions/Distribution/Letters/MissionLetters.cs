using System.Collections.Concurrent;

namespace Distribution;

/// <summary>A frozen letter in all its languages, each parsed once. Safe for any number of threads.</summary>
internal sealed class MissionLetters(FrozenContent content)
{
    private readonly ConcurrentDictionary<string, LetterRenderer> renderers = new();

    /// <summary>The email to a mission, in its language where the letter has it.</summary>
    /// <param name="acknowledgeLink">The mission's own link, whole.</param>
    /// <exception cref="LetterFaultException">The letter cannot be made for this mission.</exception>
    public Letter Render(Mission mission, string acknowledgeLink) =>
        In(content.LanguagesOf(mission).Email).Render(mission, acknowledgeLink, content.PdfsOf(mission));

    private LetterRenderer In(string language) => renderers.GetOrAdd(language, _ =>
    {
        var source = content.LetterIn(language);
        return new(source, [.. content.Enclosures.Select(enclosure => enclosure.NamedIn(source))], content.Templates);
    });
}
