using System.Collections.Concurrent;
using Distribution.Register;

namespace Distribution.Letters;

/// <summary>
/// Renders a frozen letter for missions in all its languages. Each language is parsed once and cached. Thread-safe.
/// </summary>
internal sealed class MissionLetters(FrozenContent content)
{
    private readonly ConcurrentDictionary<string, LetterRenderer> renderers = new();

    /// <summary>
    /// Renders the email to a mission, in its language of correspondence if the letter exists in it, otherwise in the
    /// authentic language.
    /// </summary>
    /// <param name="acknowledgeLink">The mission's own link, as a full URL.</param>
    /// <exception cref="LetterFaultException">The letter cannot be made for this mission.</exception>
    public Letter Render(Mission mission, string acknowledgeLink)
    {
        var language = content.LanguagesOf(mission).Email;
        var letter = In(language).Render(mission, acknowledgeLink, content.PdfsOf(mission));
        // The subject of a reminder is made of the letter's own as it was rendered, with its fields filled in.
        return content.Reminder is null
            ? letter
            : letter with
            {
                Subject = WordsIn(language).ReminderSubject(letter.Subject),
            };
    }

    private LanguageWords WordsIn(string language) =>
        LanguageWords.Read(TemplateFiles.Words(language), content.Templates.Files[TemplateFiles.Words(language)]);

    private LetterRenderer In(string language) => renderers.GetOrAdd(language, _ =>
    {
        // Only the authentic letter says how replies are handled; its translations follow it.
        var source = content.LetterIn(language) with { TracksReplies = content.Letter.TracksReplies };
        if (content.Reminder is { } reminder)
            source = ReminderLetter.Of(source, reminder.Date, WordsIn(source.Language));
        return new(
            source,
            [.. content.Enclosures.Select(enclosure => enclosure.NamedIn(source))],
            content.Templates,
            linked: content.Linked);
    });
}
