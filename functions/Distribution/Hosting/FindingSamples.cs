using System.Globalization;
using System.Reflection;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters.Reading;
using Distribution.Letters.Typesetting;
using Distribution.Register;

namespace Distribution.Hosting;

/// <summary>Examples of what findings are about, by the names of the parameters they are made with.</summary>
internal static class FindingSamples
{
    private static readonly DateTimeOffset Moment = NewYorkTime.Instant(new DateTime(2018, 4, 13, 18, 0, 0));

    /// <summary>By the parameter's name, and where that means several things by the finding's: <c>Finding.name</c>.</summary>
    private static readonly Dictionary<string, string> Words = new()
    {
        ["CellWithoutColumn.text"] = "Permanent Mission of Mexico",
        ["CharacterNotPrintable.character"] = "\U00013000",
        ["DeadlineBeforeLetter.name"] = "comments",
        ["DeadlinePassed.name"] = "comments",
        ["EnclosureContent.kind"] = "a PDF",
        ["FrontMatterAddress.key"] = "contact",
        ["FrontMatterAddress.text"] = "Migration experts",
        ["FrontMatterColon.key"] = "subject",
        ["FrontMatterColon.value"] = "Draft Rev 1: third round",
        ["FrontMatterDate.key"] = "date",
        ["FrontMatterDate.text"] = "26 March 2018",
        ["FrontMatterFingerprint.text"] = "e3b0c442",
        ["FrontMatterNumber.key"] = "sequence",
        ["FrontMatterNumber.text"] = "third",
        ["FrontMatterSimpleName.key"] = "deadline",
        ["FrontMatterSimpleName.text"] = "third round",
        ["FrontMatterTime.text"] = "13 April",
        ["FrontMatterTimeNeverWas.text"] = "2018-03-11 02:30",
        ["FrontMatterUnknownKey.key"] = "refrence",
        ["FrontMatterUnknownKey.nearest"] = "reference",
        ["FrontMatterWord.key"] = "role",
        ["FrontMatterWord.nearest"] = "programme",
        ["FrontMatterWord.text"] = "program",
        ["HourTwice.key"] = "comments",
        ["Midnight.key"] = "comments",
        ["NoteWith.key"] = "signatories",
        ["TranslationInOtherLanguage.found"] = "Spanish",
        ["TranslationInOtherLanguage.language"] = "French",
        ["TranslationUnchanged.language"] = "French",
        ["UnknownAudience.nearest"] = "member-states",
        ["UnknownMissionKind.nearest"] = "member-state",
        ["UnknownMissionLanguage.text"] = "english",
        ["UnknownRegisterColumn.column"] = "e-mail",
        ["UnknownRegisterColumn.nearest"] = "to",
        ["WordsKeyMissing.key"] = "salutation",
        ["WordsKeyUnknown.key"] = "saluation",
        ["WordsValueWrong.key"] = "addressee",
        ["address"] = "migration@mexico.example",
        ["announced"] = "e3b0c44298fc",
        ["by"] = "Draft Rev 3",
        ["character"] = "U+13000",
        ["column"] = "to",
        ["domain"] = "letters.example.org",
        ["entry"] = "member-state",
        ["expected"] = "two lines, the missions and their city",
        ["extension"] = "exe",
        ["field"] = "letter.drft",
        ["file"] = "annex.pdf",
        ["finding"] = "Eicar-Signature",
        ["folder"] = "gcm/draft-rev-1",
        ["found"] = "4355a46b19d3",
        ["from"] = "letters@letters.example.org",
        ["greeting"] = "Excellency",
        ["group"] = "the contact",
        ["id"] = "mex",
        ["image"] = "gomez.png",
        ["inner"] = "exe",
        ["key"] = "subject",
        ["kind"] = "member",
        ["label"] = "Draft Rev 1",
        ["language"] = "fr",
        ["last"] = "Draft Rev 1",
        ["letter"] = "letter.md",
        ["line"] = "sometimes",
        ["name"] = "annex",
        ["nearest"] = "subject",
        ["other"] = "Draft Rev 2",
        ["otherMission"] = "che",
        ["part"] = "soon",
        ["problem"] = "The scanner does not answer.",
        ["process"] = "gcm",
        ["reference"] = "7QJ4-MX2K-9TWB",
        ["remedy"] = "Check that it runs.",
        ["setting"] = "Mail:From",
        ["signer"] = "mailer.example",
        ["target"] = "ftp://files.example",
        ["template"] = "co-facilitators",
        ["text"] = "the text",
        ["url"] = "http://127.0.0.1:5080",
        ["value"] = "yes",
        ["vouched"] = "Draft Rev 2",
        ["wanted"] = "a name",
        ["what"] = "name",
        ["why"] = "The scanner does not answer.",
        ["words"] = "unknown variable",
    };

    private static readonly Dictionary<Type, Func<string, object?>> Others = new()
    {
        [typeof(Location)] = _ => Location.In("letter.md", 12),
        [typeof(int)] = name => name switch
        {
            "year" => 2031,
            "bits" => 512,
            "count" or "days" => 61,
            "made" => 17,
            "all" => 223,
            "length" or "width" or "height" => 3_000,
            "longest" or "limit" or "most" => 2_000,
            "first" or "firstRow" or "expected" => 7,
            _ => 12,
        },
        [typeof(long)] = name => name == "limit" ? 25_000_000L : 31_000_000L,
        [typeof(bool)] = _ => true,
        [typeof(char)] = _ => '-',
        [typeof(Rune)] = _ => new Rune(0x202E),
        [typeof(DateOnly)] = _ => new DateOnly(2018, 3, 26),
        [typeof(DateTimeOffset)] = _ => Moment,
        [typeof(TimeSpan)] = _ => TimeSpan.FromMinutes(15),
        [typeof(Severity)] = _ => Severity.Tick,
        [typeof(IReadOnlyList<DraftFile>)] = _ => (DraftFile[])[new("gcm/draft-rev-1/Annex.pdf", "1", 48_211), new("gcm/draft-rev-1/annex.pdf", "1", 47_902)],
        [typeof(IReadOnlyList<(string, string)>)] = _ => ((string, string)[])[("Draft Rev 1", "gcm-draft-rev-1-ab12"), ("Draft Rev 1.1", "gcm-draft-rev-1-1-cd34")],
        [typeof(IReadOnlyList<LetterKey>)] = _ => (LetterKey[])[LetterSchema.Subject, LetterSchema.Date],
        [typeof(FrontMatterValue)] = _ => new FrontMatterValue(
            new("letter.md", LetterFileKind.Letter, []),
            LetterSchema.Subject,
            "subject",
            12,
            new FrontMatterText(12, "")),
        [typeof(TypesetterException)] = _ => new TypesetterException("The typesetter is not there.", "Install it again."),
        [typeof(TypesetResult)] = _ => new TypesetResult(default, 140, [], null),
    };

    /// <exception cref="InvalidOperationException">There is no example.</exception>
    public static object? Of(ParameterInfo parameter)
    {
        var name = parameter.Name!;
        if (parameter.Member.DeclaringType == typeof(RegisterFaults) && name is "place" or "file")
            return parameter.ParameterType == typeof(string) ? "register.csv" : Location.In("register.csv", 12, "to");
        if (parameter.ParameterType == typeof(string)
            && (Words.GetValueOrDefault($"{parameter.Member.Name}.{name}") ?? Words.GetValueOrDefault(name)) is { } words)
            return words;
        if (parameter.ParameterType.IsAssignableFrom(typeof(string[])))
            return Listed($"{parameter.Member.Name}.{name}");
        return Others.TryGetValue(parameter.ParameterType, out var other)
            ? other(name)
            : throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{nameof(FindingSamples)} has no example of “{name}”, a {parameter.ParameterType.Name} of {parameter.Member.DeclaringType?.Name}.{parameter.Member.Name}."));
    }

    private static string[] Listed(string name) => name switch
    {
        "WrongWeekday.dates" => ["“Friday, 4 April” is a Wednesday", "“Monday, 3 April” is a Tuesday (line 14)"],
        "NoSuchDay.dates" => ["“31 April”"],
        "DueBeforeLetter.dates" or "DueBeforeSent.dates" => ["“3 March 2018”"],
        "ChangedHour.hours" => ["“4 November, 1.30 a.m.”"],
        "MidnightInText.words" => ["“midnight”"],
        "Placeholder.words" => ["“[insert name]”", "“TBC” (line 14)"],
        "PartTyped.lines" => ["“Excellency,”", "“Yours sincerely,” (line 31)"],
        "TemplateIncomplete.missing" => ["letter.typ"],
        "WordsNotConfirmed.languages" => ["fr", "ar"],
        "NothingToSupersede.sent" => ["Draft Rev 1", "Draft Rev 2"],
        "FieldUnknown.known" => ["letter.draft", "letter.date"],
        "FieldIsGroup.members" => ["draft", "date"],
        "FrontMatterWord.known" => ["annex", "programme"],
        "ReservedMailboxes.first" => ["office@mexico.example", "office@switzerland.example"],
        _ => ["member-states", "observer-states"],
    };
}
