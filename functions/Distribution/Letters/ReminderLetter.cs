namespace Distribution.Letters;

/// <summary>A reminder is a short letter from the same hands, in the words of its language.</summary>
internal static class ReminderLetter
{
    /// <param name="letter">The letter it reminds of.</param>
    /// <param name="date">The reminder's own.</param>
    public static LetterSource Of(LetterSource letter, DateOnly date, LanguageWords words) => letter with
    {
        Date = date,
        Body = LetterContext.Quote(words.ReminderBody(letter.Form, letter.Date)),
        BodyLine = 1,
        Enclosures = [],
        // Its words are this program's own in each language: no one translated them from another.
        TranslationOf = null,
        EmbargoedUntil = null,
    };
}
