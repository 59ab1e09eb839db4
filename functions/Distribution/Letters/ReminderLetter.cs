namespace Distribution.Letters;

/// <summary>
/// Makes the reminder of a letter: a short letter from the same signatories, with the fixed words of its language.
/// </summary>
internal static class ReminderLetter
{
    /// <param name="letter">The letter that it reminds of.</param>
    /// <param name="date">The date of the reminder itself.</param>
    public static LetterSource Of(LetterSource letter, DateOnly date, LanguageWords words) => letter with
    {
        Date = date,
        Body = LetterContext.Quote(words.ReminderBody(letter.Form, letter.Date)),
        BodyLine = 1,
        Enclosures = [],
        MeetsAt = null,
        // The text comes from the words of each language, so it is not a courtesy translation and must not be marked as
        // one.
        TranslationOf = null,
        EmbargoedUntil = null,
    };
}
