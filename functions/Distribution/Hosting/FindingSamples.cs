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

    private static readonly Location WordsFile = Location.In("templates/co-facilitators/words/fr.yaml", 30);

    /// <summary>
    /// By the parameter's name, and where that means several things by the finding's: <c>Finding.name</c>.
    /// </summary>
    private static readonly Dictionary<string, string> Words = new()
    {
        ["FileMisnamed.named"] = "Annex 1.pdf",
        ["WordFileTooLarge.limit"] = "20 MB",
        ["NotAWordFile.kind"] = "a PDF",
        ["FileMisnamed.there"] = "annex-1.pdf",
        ["TranslationMisnamed.right"] = "letter.fr.md",
        ["FrontMatterCut.left"] = "Annex",
        ["FrontMatterCut.cut"] = "#2.pdf",
        ["FrontMatterWithoutSpace.meant"] = "reference: GCM/2018/7",
        ["FrontMatterHyphen.meant"] = "- name: Jürg Lauber",
        ["LetterOfAnotherKind.kind"] = "a text with formatting (RTF)",
        ["LoneCell.text"] = "Total: 223",
        ["EnclosureElsewhere.extension"] = "gdoc",
        ["TextHasHtml.others"] = "",
        ["TextHasFootnote.others"] = "",
        ["TextIsStruck.others"] = "",
        ["RepeatedCode.code"] = "MEX",
        ["SheetGoesOn.cell"] = "AA1",
        ["OtherSheets.read"] = "Missions",
        ["Hidden.sheet"] = "Old",
        ["CellWithoutColumn.text"] = "Permanent Mission of Mexico",
        ["DeadlineBeforeLetter.name"] = "comments",
        ["DeadlinePassed.name"] = "comments",
        ["AutomaticNotAllowed.file"] = "letter.md",
        ["CaFileUnreadable.file"] = "authority.der",
        ["CaFileUnreadable.setting"] = "Mail:TlsCaFile",
        ["ControlCharacters.what"] = "The name",
        ["CorrectionHalf.key"] = "correction",
        ["DueOnDayOff.key"] = "comments",
        ["DateNotReadable.value"] = "3 April",
        ["DkimDomainNotAligned.domain"] = "example.net",
        ["NeverArrived.near"] = "draft-rev1.pdf",
        ["PageOfWhole.label"] = "Draft Rev 1/Corr.1",
        ["DraftUnchanged.label"] = "Draft Rev 2",
        ["DraftUnlike.label"] = "Draft Rev 2",
        ["EnclosureNotItsType.kind"] = "a PDF",
        ["EnclosureUnknownType.extension"] = "pages",
        ["FieldEmpty.field"] = "letter.reference",
        ["FieldIsGroup.field"] = "letter",
        ["FingerprintUnreadable.setting"] = "Mail:TlsFingerprint",
        ["FrontMatterAddress.key"] = "contact",
        ["FrontMatterAddress.text"] = "Migration experts",
        ["FrontMatterColon.key"] = "subject",
        ["FrontMatterColon.value"] = "Draft Rev 1: third round",
        ["FrontMatterDate.key"] = "date",
        ["FrontMatterDate.text"] = "26 March 2018",
        ["FrontMatterLink.key"] = "link",
        ["FrontMatterLink.text"] = "webtv.un.org",
        ["FrontMatterTimeOfDay.key"] = "from",
        ["FrontMatterTimeOfDay.text"] = "10 a.m.",
        ["FrontMatterKeysMissing.group"] = "the letter",
        ["FrontMatterNumber.key"] = "sequence",
        ["FrontMatterNumber.text"] = "third",
        ["FrontMatterSimpleName.key"] = "deadline",
        ["FrontMatterSimpleName.text"] = "third round",
        ["FrontMatterShape.wanted"] = "a list of groups with “name”, “title”, “letterhead”",
        ["FrontMatterTime.name"] = "comments",
        ["FrontMatterTime.text"] = "13 April",
        ["FrontMatterTimeNeverWas.text"] = "2018-03-11 02:30",
        ["FrontMatterTooLarge.file"] = "letter.md",
        ["FrontMatterUnknownKey.group"] = "the letter",
        ["FrontMatterUnknownKey.key"] = "refrence",
        ["FrontMatterUnknownKey.nearest"] = "reference",
        ["FrontMatterWord.key"] = "role",
        ["FrontMatterWord.nearest"] = "programme",
        ["FrontMatterWord.text"] = "program",
        ["FurtherFaults.file"] = "letter.md",
        ["HashNotAHash.text"] = "e3b0c442",
        ["HourTwice.key"] = "comments",
        ["ImageNotAllowed.target"] = "seal.png",
        ["InstructionFailed.line"] = "{{ 'a' * letter }}",
        ["InstructionNotUnderstood.line"] = "{{ letter.draft",
        ["LetterEnclosesItself.file"] = "letter.md",
        ["LetterTooLarge.file"] = "letter.md",
        ["LettersTooSlow.file"] = "letter.md",
        ["Midnight.key"] = "comments",
        ["MissingSetting.name"] = "Mail:SendGridApiKey",
        ["MissingSetting.what"] = "SendGrid's key",
        ["MissionInCollective.field"] = "mission.name",
        ["NameCharacter.name"] = "annex|1.pdf",
        ["NameDots.name"] = "..",
        ["NameEdge.name"] = "annex.pdf.",
        ["NameIsAPath.name"] = "annexes/annex.pdf",
        ["NoDraftEnclosed.file"] = "letter.md",
        ["NotAName.setting"] = "Mail:DkimSelector",
        ["NotAName.value"] = "letters 2026",
        ["NotAnAddress.address"] = "migration at mexico.example",
        ["NoteWith.key"] = "signatories",
        ["NothingToSupersede.label"] = "Draft Rev 0",
        ["NotTheFirstVersion.file"] = "letter.md",
        ["ProofWithAutomatic.file"] = "letter.md",
        ["PublicUrlNotAbsolute.value"] = "letters.example.org",
        ["RepliesWithoutAddress.file"] = "letter.md",
        ["ReplyAddressUnusable.value"] = "replies+all@letters.example.org",
        ["ReturnPathWithoutRoom.address"] = "bounces+letters@letters.example.org",
        ["SendGridUrlUnusable.value"] = "http://api.sendgrid.com",
        ["SentAlready.id"] = "gcm-draft-rev-1-e3b0c44298fc",
        ["SenderDomainTooLong.domain"] = "letters.of-the-permanent-mission-in-new-york.mission.example",
        ["SettingIsNoAddress.name"] = "Mail:From",
        ["SettingIsNoAddress.value"] = "Migration experts",
        ["SettingOutOfRange.name"] = "Mail:Connections",
        ["SettingOutOfRange.problem"] = "The number of connections to the mail server is not from 0 to 1000.",
        [
            "SettingOutOfRange.remedy"
        ] = "Write how many the mail server allows at once, or 0 for no limit of the service's own.",
        ["EmblemNotImage.file"] = "arms.gif",
        ["EmblemUnsafe.file"] = "arms.svg",
        ["EmblemUnsafe.what"] = "script",
        ["ImageNotReadable.file"] = "letter.md",
        ["SignatureNotImage.file"] = "gomez.gif",
        ["ImageTooLarge.file"] = "gomez.png",
        ["ImageTooLarge.what"] = "signature",
        ["ImageTooManyDots.file"] = "gomez.png",
        ["ImageTooManyDots.what"] = "signature",
        ["SignedElsewhere.setting"] = "Mail:DkimKey",
        ["SignedElsewhere.signer"] = "SendGrid",
        ["TemplateFileUnreadable.file"] = "templates/co-facilitators/email.html",
        ["TemplateIncomplete.name"] = "co-facilitators",
        ["TemplateUnknown.name"] = "co-facilitator",
        ["TooLargeToRead.file"] = "letter.md",
        ["TooLong.file"] = "letter.md",
        ["TooManyBrackets.file"] = "letter.md",
        ["TranslationLanguageUnknown.language"] = "pt",
        ["TranslationInOtherLanguage.found"] = "Spanish",
        ["TranslationInOtherLanguage.language"] = "French",
        ["TranslationUnchanged.language"] = "French",
        ["UnknownAudience.nearest"] = "member-states",
        ["UnknownEncryption.value"] = "tls",
        ["UnknownImapEncryption.value"] = "tls",
        ["UnknownImapServer.value"] = "mail.example.org",
        ["UnknownMissionKind.nearest"] = "member-state",
        ["UnknownMissionLanguage.text"] = "english",
        ["UnknownRegisterColumn.column"] = "e-mail",
        ["UnknownRegisterColumn.nearest"] = "to",
        ["UnknownRevocation.setting"] = "Mail:TlsRevocation",
        ["UnknownRevocation.value"] = "maybe",
        ["UnknownTransport.value"] = "mail.example.org",
        ["WordsKeyMissing.file"] = "templates/co-facilitators/words/fr.yaml",
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
        ["reference"] = "7QJ4-MX2K-9TWB-X",
        ["remedy"] = "Check that it runs.",
        ["setting"] = "Mail:From",
        ["signer"] = "mailer.example",
        ["target"] = "ftp://files.example",
        ["template"] = "co-facilitators",
        ["than"] = "the day the letter is dated",
        ["text"] = "the text",
        ["title"] = "First reading",
        ["url"] = "http://127.0.0.1:5080",
        ["value"] = "yes",
        ["vouched"] = "Draft Rev 2",
        ["whole"] = "Draft Rev 1",
        ["wanted"] = "a name",
        ["what"] = "name",
        ["why"] = "The scanner does not answer.",
        ["words"] = "unknown variable",
    };

    /// <summary>What is no text, of single findings: <c>Finding.name</c>.</summary>
    private static readonly Dictionary<string, object> OfOne = new()
    {
        ["DocumentNotTypeset.place"] = Location.In("templates/co-facilitators/letter.typ", 40),
        ["FrontMatterShape.value"] = Value(LetterSchema.Signatories, "signatories", "Juan José Gómez Camacho"),
        ["FurtherFaults.count"] = 12,
        ["HourTwice.moment"] = NewYorkTime.Instant(new DateTime(2018, 11, 4, 1, 30, 0)),
        ["LetterTooLarge.bytes"] = 1_900_000L,
        ["LetterTooLarge.limit"] = 1_000_000L,
        ["LettersTooSlow.limit"] = TimeSpan.FromSeconds(16),
        ["LoopTooLong.steps"] = 1_000,
        ["Midnight.moment"] = NewYorkTime.Instant(new DateTime(2018, 4, 13)),
        ["NestedTooDeep.depth"] = 50,
        ["ImageTooLarge.bytes"] = 3_100_000L,
        ["ImageTooLarge.limit"] = 2_097_152L,
        ["TableTooWide.columns"] = 20,
        ["TooLong.characters"] = 524_288,
        ["TooManyBrackets.brackets"] = 2_000,
        ["TooManyReminders.count"] = 6,
        ["TooManySignatories.count"] = 4,
        ["TooSlow.limit"] = TimeSpan.FromSeconds(5),
        ["TooManyMeetings.count"] = 13,
        ["TranslatedMeetings.expected"] = 2,
        ["TranslatedMeetings.found"] = 1,
        ["TranslatedSignatories.expected"] = 2,
        ["TranslatedSignatories.found"] = 1,
        ["WordsKeyMissing.lastLine"] = 118,
        ["WordsKeyUnknown.place"] = WordsFile,
        ["WordsNotReadable.place"] = WordsFile,
        ["WordsValueWrong.place"] = WordsFile,
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
        [typeof(TimeOnly)] = name => name == "from" ? new TimeOnly(15, 0) : new TimeOnly(13, 0),
        [typeof(TimeSpan)] = _ => TimeSpan.FromMinutes(15),
        [typeof(Severity)] = _ => Severity.Tick,
        [typeof(IReadOnlyList<DraftFile>)] = _ =>
            (DraftFile[])[new("gcm/draft-rev-1/Annex.pdf", "1", 48_211), new("gcm/draft-rev-1/annex.pdf", "1", 47_902)],
        [typeof(IReadOnlyList<(string, string)>)] = _ =>
            ((string, string)[])[("Draft Rev 1", "gcm-draft-rev-1-ab12"), ("Draft Rev 1.1", "gcm-draft-rev-1-1-cd34")],
        [typeof(IReadOnlyList<LetterKey>)] = _ => (LetterKey[])[LetterSchema.Subject, LetterSchema.Date],
        [typeof(FrontMatterValue)] = _ => Value(LetterSchema.Subject, "subject", ""),
        [typeof(LetterKind)] = _ => LetterKind.SecondType,
        [typeof(Holiday)] = _ => new Holiday(new(2018, 3, 30), "Good Friday"),
        [typeof(NameDifference)] = _ => NameDifference.Spaces,
        [typeof(PdfParts)] = _ => new PdfParts(2, ["setup.exe"], ["budget.xlsx"], [], 3, ["A. Reader"], true),
        [typeof(FoundCells)] = _ => new FoundCells(
            [(Location.In("register.csv", 12, "name"), "#REF!"), (Location.In("register.csv", 14, "name"), "#REF!")]),
        [typeof(IReadOnlyList<RowPair>)] = _ => (RowPair[])[new(7, "Mexico", 12, "Mexiko", "name")],
        [typeof(IReadOnlyList<int>)] = _ => (int[])[12, 13],
        [typeof(TypesetterException)] = _ =>
            new TypesetterException("The typesetter is not there.", "Install it again."),
        [typeof(TypesetResult)] = _ => new TypesetResult(default, 140, [], null),
    };

    /// <exception cref="InvalidOperationException">There is no example.</exception>
    public static object? Of(ParameterInfo parameter)
    {
        var name = parameter.Name!;
        // From the most particular to the most general: an example of this very finding wins.
        if (OfOne.GetValueOrDefault($"{parameter.Member.Name}.{name}") is { } one
            && parameter.ParameterType.IsInstanceOfType(one))
            return one;
        // Findings of a register would otherwise be shown at a letter's file.
        if (parameter.Member.DeclaringType == typeof(RegisterFaults) && name is "place" or "file")
            return parameter.ParameterType == typeof(string) ? "register.csv" : Location.In("register.csv", 12, "to");
        if (parameter.ParameterType == typeof(string)
            && (Words.GetValueOrDefault($"{parameter.Member.Name}.{name}") ?? Words.GetValueOrDefault(name))
                is { } words)
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

    private static FrontMatterValue Value(LetterKey key, string name, string text) =>
        new(new("letter.md", LetterFileKind.Letter, []), key, name, 12, new FrontMatterText(12, text));

    private static string[] Listed(string name) => name switch
    {
        "WrongWeekday.dates" => ["“Friday, 4 April” is a Wednesday", "“Monday, 3 April” is a Tuesday (line 14)"],
        "NoSuchDay.dates" => ["“31 April”"],
        "DueBeforeLetter.dates" or "DueBeforeSent.dates" => ["“3 March 2018”"],
        "ChangedHour.hours" => ["“4 November, 1.30 a.m.”"],
        "MidnightInText.words" => ["“midnight”"],
        "CharactersNotPrintable.characters" => ["\U00013000", "\U00013001"],
        "Damaged.words" => ["“CafÃ©”", "“C?te” (line 31)"],
        "Placeholder.words" => ["“[insert name]”", "“TBC” (line 14)"],
        "PartTyped.lines" => ["“Excellency,”", "“Yours sincerely,” (line 31)"],
        "TemplateIncomplete.missing" => ["letter.typ"],
        "TemplateUnknown.known" => ["co-facilitators", "secretariat"],
        "WordsNotConfirmed.languages" => ["fr", "ar"],
        "NothingToSupersede.sent" => ["Draft Rev 1", "Draft Rev 2"],
        "FieldUnknown.known" => ["letter.draft", "letter.date"],
        "FieldIsGroup.members" => ["draft", "date"],
        "FileNamesGarbled.files" => ["草案.pdf"],
        "EnclosuresLinked.files" => ["annex.pdf"],
        "NothingToCancel.announced" or "MeetingsLeftOut.announced" => ["“First reading” on 3 April 2018, 10.00 a.m."],
        "FrontMatterWord.known" => ["annex", "programme"],
        "TitlesMissing.missions" => ["Office of the Permanent Observer for the African Union to the United Nations"],
        "MergedCells.ranges" => ["B2:B5"],
        "StruckCells.cells" => ["C7", "F12"],
        "ReservedMailboxes.first" => ["office@mexico.example", "office@switzerland.example"],
        _ => ["member-states", "observer-states"],
    };
}
