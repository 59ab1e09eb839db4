using Distribution.Intake.Unfinished;
using Distribution.Letters.Reading;

namespace Distribution.Web.Desk;

/// <summary>The fields that a letter fills in, as a person knows them.</summary>
internal static class LetterFieldNames
{
    private static readonly (string Source, string Meaning)[] OfEveryLetter =
    [
        ("{{ letter.date }}", "date of the letter"),
        ("{{ letter.draft }}", "what is sent"),
        ("{{ letter.process }}", "process"),
        ("{{ letter.subject }}", "subject"),
        ("{{ letter.reference }}", "reference"),
        ("{{ letter.place }}", "place"),
        ("{{ letter.salutation }}", "salutation"),
        ("{{ enclosures }}", "documents that are enclosed"),
    ];

    private static readonly (string Source, string Meaning)[] OfMissions =
    [
        ("{{ mission.title }}", "mission, in full"),
        ("{{ mission.name }}", "country or organization"),
        ("{{ mission.head_of_mission }}", "head of mission"),
        ("{{ mission.head_title }}", "title of the head of mission"),
    ];

    /// <summary>Those that this letter can have: deadlines by their names, and a mission's own where each has its letter.</summary>
    public static IEnumerable<(string Source, string Meaning)> Of(UnfinishedLetter letter) =>
    [
        .. OfEveryLetter,
        .. Enumerable.Range(1, TypedLetterForm.Deadlines)
            .Select(row => letter.Field(LetterFormFields.Item(LetterSchema.Deadlines.Name, row, "name")))
            .Where(name => name.Length > 0 && name.All(sign => char.IsLetterOrDigit(sign) || sign == '_'))
            .Select(name => ($"{{{{ deadlines.{name} }}}}", $"when {name} are due")),
        .. letter.Field(LetterSchema.Address.Name) == "addressed" ? OfMissions : [],
    ];
}
