using Distribution.Common;
using Distribution.Intake.Unfinished;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The fields that a letter fills in, as a person knows them.</summary>
internal static class LetterFieldNames
{
    private static readonly (string Source, Phrase Meaning)[] OfEveryLetter =
    [
        ("{{ letter.date }}", Say($"date of the letter")),
        ("{{ letter.draft }}", Say($"what is sent")),
        ("{{ letter.process }}", Say($"process")),
        ("{{ letter.subject }}", Say($"subject")),
        ("{{ letter.reference }}", Say($"reference")),
        ("{{ letter.place }}", Say($"place")),
        ("{{ letter.salutation }}", Say($"salutation")),
        ("{{ enclosures }}", Say($"documents that are enclosed")),
    ];

    private static readonly (string Source, Phrase Meaning)[] OfMissions =
    [
        ("{{ mission.title }}", Say($"mission, in full")),
        ("{{ mission.name }}", Say($"country or organization")),
        ("{{ mission.head_of_mission }}", Say($"head of mission")),
        ("{{ mission.head_title }}", Say($"title of the head of mission")),
    ];

    /// <summary>
    /// Those that this letter can have: deadlines by their names, and a mission's own where each has its letter.
    /// </summary>
    public static IEnumerable<(string Source, Phrase Meaning)> Of(UnfinishedLetter letter) =>
    [
        .. OfEveryLetter,
        .. Enumerable.Range(1, TypedLetterForm.Deadlines)
            .Select(row => letter.Field(LetterFormFields.Item(LetterSchema.Deadlines.Name, row, "name")))
            // Only what the templates can read as a name; another one is a fault, which the check tells.
            .Where(name => name.Length > 0 && name.All(sign => char.IsLetterOrDigit(sign) || sign == '_'))
            .Select(name =>
                ($"{{{{ deadlines.{name} }}}}", Say($"when {DeskText.NameOf(new(name, default)).WithinLine} are due"))),
        .. letter.Field(LetterSchema.Address.Name) == "addressed" ? OfMissions : [],
    ];
}
