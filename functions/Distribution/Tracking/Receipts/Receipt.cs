using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;

namespace Distribution.Tracking.Receipts;

/// <summary>
/// What a mission can keep of its acknowledgement: who acknowledged which letter, when and how, and what was sent with
/// it. It says what is on record, and no more.
/// </summary>
/// <param name="Facts">Each with its label, in the order in which they are read.</param>
/// <param name="Check">The printed reference by which anyone can check the letter.</param>
/// <param name="Files">What the mission was sent, and the beginning of each file's SHA-256.</param>
internal sealed record Receipt(
    IReadOnlyList<ReceiptFact> Facts,
    string Check,
    IReadOnlyList<(string Title, string Hash)> Files)
{
    /// <summary>Enough digits to compare by eye; the whole hash is in the archive of the letter.</summary>
    private const int HashDigits = 16;

    /// <param name="words">The letter's fixed words in the language of the receipt.</param>
    /// <param name="pageWords">The service's own words in that language.</param>
    /// <param name="stands">The acknowledgement; null for a receipt that one was withdrawn.</param>
    public static Receipt Of(
        FrozenContent content,
        Mission mission,
        LanguageWords words,
        PageWords pageWords,
        Acknowledgement? stands)
    {
        var letter = content.LetterIn(pageWords.Language);
        return new(
            [
                new(pageWords["for"], mission.TitleIn(pageWords.Language)),
                .. stands is null ? (ReceiptFact[])[] : Statement(mission, words, pageWords, stands),
                new(pageWords["process"], letter.Process, letter.Language),
                new(pageWords["draft"], letter.DraftLabel, letter.Language),
                new(pageWords["letter_of"], words.Date(letter.Date)),
                .. letter.Reference is { } reference
                    ? (ReceiptFact[])[new(pageWords["receipt_reference"], reference, letter.Language)]
                    : [],
            ],
            VerificationReference.Shown(content.Reference),
            [
                .. content.PdfsOf(mission).Select(pdf => (pdf.File, pdf.Hash[..HashDigits])),
                .. content.Enclosures.Select(enclosure =>
                    (LetterFields.Named(enclosure.NamedIn(letter), words).Title, enclosure.Hash[..HashDigits])),
            ]);
    }

    private static ReceiptFact[] Statement(
        Mission mission,
        LanguageWords words,
        PageWords pageWords,
        Acknowledgement stands) =>
    [
        new(pageWords["receipt_by"], stands.ByIn(pageWords.Language, mission), Language: null),
        .. stands.Function is { } function
            ? (ReceiptFact[])[new(pageWords["receipt_function"], function, Language: null)]
            : [],
        new(pageWords["receipt_at"], words.DateAndTime(NewYorkTime.At(stands.At).DateTime)),
        new(pageWords["receipt_how"], pageWords[$"receipt_{stands.Channel.ToString().ToLowerInvariant()}"]),
    ];
}

/// <summary>One line of a receipt.</summary>
/// <param name="Language">
/// The language of the value, by its code; empty for that of the receipt, null where it is not known, as of a name.
/// </param>
internal sealed record ReceiptFact(string Label, string Value, string? Language = "");
