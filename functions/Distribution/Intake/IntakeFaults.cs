using System.Globalization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using static Distribution.Common.UnsafeCharacters;

namespace Distribution.Intake;

/// <summary>The faults that this folder reports, each with its number; see <see cref="Finding"/>.</summary>
internal static class IntakeFaults
{
    public static Finding TranslationLanguageUnknown(string file, string language) =>
        new(
            324,
            Location.In(file),
            $"A translation into “{language}” cannot be sent: letters go out in the six official languages.",
            $"Name the file after one of them, {EnglishText.Listed(Languages.Official.Select(code => $"letter.{code}.md"), "or")}, or take it out."
        );

    /// <summary>Where a letter to start from is kept.</summary>
    private const string Sample = "templates/co-facilitators/sample/letter.md";

    public static Finding LetterMisnamed(string folder, string file, LetterKind kind, IReadOnlyList<string> there)
    {
        var name = Briefly(file);
        var (words, remedy) = kind switch
        {
            LetterKind.OtherSigns => (
                $"The letter has to be called letter.md, and here it is called “{name}”",
                "Rename it to letter.md, in small letters and without spaces."),
            LetterKind.SecondType => (
                $"The letter has to be called letter.md, and here it is called “{name}”, with a second ending that Windows does not show",
                "Have Windows show file name extensions, and rename it to letter.md."),
            LetterKind.OtherName => (
                $"There is no letter.md; “{name}” may be meant as the letter",
                "Rename it to letter.md if it is the letter, or upload letter.md beside it."),
            LetterKind.PlainText => (
                $"There is no letter.md; “{name}” may be meant as the letter",
                $"Rename it to letter.md; it begins with its particulars, as the sample does: {Sample}."),
            LetterKind.Document => (
                $"There is no letter.md; “{name}” may be meant as the letter, but it is a document of a word processor and not a plain text",
                $"Start from the sample, {Sample}: put the text in place of the sample's, and upload it as letter.md."),
            LetterKind.Translation => (
                $"“{name}” is a translation, and the letter that it translates, letter.md, is not there",
                "Upload the letter as letter.md, whatever its language."),
            _ => (
                $"“{name}” can go out as the signed scan of the letter, but letter.md, which holds the letter's particulars, is not there",
                $"Upload letter.md beside it, made like the sample, {Sample}, with the scan among its enclosures as “role: letter”."),
        };
        return new(240, Location.InWords(folder), $"{words}. {Holds(there)}", remedy);
    }

    public static Finding FileMisnamed(Location place, string named, string there, NameDifference by, string? key)
    {
        var (name, other) = (Briefly(named), Briefly(there));
        return new(
            241,
            place,
            $"The letter names “{name}”, which is not there; “{other}” is, and differs from it {by switch
            {
                NameDifference.Capitals => "only in capitals",
                NameDifference.Signs => "only in a sign that looks almost the same",
                NameDifference.Spaces => "only in spaces, hyphens or other signs between its words",
                NameDifference.Copy => "only in what is added to the name of a copy",
                _ => "in its type",
            }}.",
            // A name that no file may have has a fault of its own.
            key is null || !FileNames.IsSound(there)
                ? $"Rename it to {name}."
                : $"If it is the file that is meant, write “{key}: \"{other}\"” in the letter, or upload it as {name}.");
    }

    public static Finding FilesLeftOut(string folder, IReadOnlyList<string> files) =>
        new(
            242,
            Location.InWords(folder),
            $"Left out as made by a system or a program for itself: {ListedBriefly(files)}.",
            "Nothing has to be done about it.",
            Severity.Note);

    public static Finding TranslationMisnamed(string file, string right) => new(243, Location.In(Briefly(file)),
        $"By its name this is meant as a translation, and is not taken for one, for a translation is a plain text called {right}.",
        $"Rename it to {right}, with its text in it, or take it out of the folder.");

    public static Finding StandingMisnamed(Location place) => new(244, place,
        "The standing letter has to be called standing.md, and here its name is written in another way.",
        "Rename it to standing.md, in small letters and without spaces.");

    public static Finding LetterNeverArrived(
        string folder,
        string letter,
        IReadOnlyList<string> there,
        TimeSpan waited) =>
        new(
            245,
            Location.InWords(folder),
            $"No {letter} arrived within {Minutes(waited)}. {Holds(there)}",
            $"Make one like the sample, {Sample}, and upload it; the upload is then examined by itself.");

    public static Finding ToolFileNamed(Location place, string file) => new(246, place,
        $"The letter names “{Briefly(file)}”, which a system or a program makes for itself and which is never sent.",
        "Name the document itself in its place, or take the line out.");

    /// <summary>What a folder holds, as a sentence.</summary>
    private static string Holds(IReadOnlyList<string> files) =>
        files is [] ? "The folder holds nothing else." : $"The folder holds {ListedBriefly(files)}.";

    private static string ListedBriefly(IReadOnlyList<string> files) => EnglishText.Listed(
    [
        .. files.Take(MostListed).Select(Briefly),
        .. files.Count > MostListed ? [EnglishText.Counted(files.Count - MostListed, "more file")] : (string[])[],
    ]);

    private const int MostListed = 8;

    public static Finding NameTooDeep(Location place) => new(255, place,
        "The file stands in a folder within the folder of its draft.",
        "Move it up beside the letter: process, then draft, then the files.");

    public static Finding NameOutsideFolder(Location place) => new(256, place,
        "The file stands outside any draft's folder, so no letter goes out with it.",
        "Upload it into a folder for the process and, in it, a folder for the draft.");

    public static Finding LetterInStandingFolder(Location place, string process) => new(257, place,
        "A letter stands among the drafts that the standing letter goes out with.",
        $"Upload the standing letter as {process}/standing.md, beside the folder and not in it.");

    public static Finding NamesAlike(IReadOnlyList<DraftFile> files) =>
        new(
            259,
            Location.In(Briefly(files[0].Name)),
            $"The folder holds {EnglishText.Listed(files.Select(Sized))}, under names that look the same, so it is not known which is meant.",
            "Remove them from the folder with a storage tool, and upload the right one again.");

    private static string Sized(DraftFile file) => string.Create(
        CultureInfo.InvariantCulture,
        $"“{Briefly(file.File)}” of {file.Length:N0} bytes{(file.Name.IsNormalized() ? "" : " (named as a Mac does)")}");

    public static Finding EnclosureEmpty(string file) => new(270, Location.In(file),
        "The file is empty.",
        "Upload it again; the upload may have broken off.");

    public static Finding EnclosureHash(Location place, string file, string announced, string found) =>
        new(
            271,
            place,
            $"{file} is not the file the letter announces: its fingerprint begins {found[..12]}, and the letter says {announced[..12]}.",
            "Upload the right file, or correct the sha256 line if the file is right.");

    public static Finding EnclosureBlocked(string file, string extension) => new(272, Location.In(file),
        $"Mail servers refuse files of the type .{extension}, and the whole letter with them.",
        "Enclose a PDF or a plain Word file instead.");

    public static Finding EnclosureTwoTypes(string file, string inner) => new(273, Location.In(file),
        $"The name hides a second type, .{inner}, before its last dot, and mail servers refuse such names.",
        "Rename the file so that one dot is left, the one before its type.");

    public static Finding EnclosureNotItsType(string file, string kind) => new(274, Location.In(file),
        $"By its name this is {kind}, but by its content it is not.",
        "Open it, save it anew in the type its name says, without a password, and upload it again.");

    public static Finding EnclosureMacros(string file) => new(275, Location.In(file),
        "The file contains macros, and mail servers refuse those.",
        "Save it without macros, or enclose a PDF instead.");

    public static Finding EnclosureEncrypted(string file) =>
        new(
            276,
            Location.In(file),
            "The PDF is protected, though it opens without a password; some missions may not be able to print, search or comment on it.",
            "Enclose a copy without protection if you can.",
            Severity.Tick);

    public static Finding EnclosureElsewhere(string file, string extension) => new(289, Location.In(file),
        $"A file of the type .{extension} is no document: it only says where one lies, and missions cannot open that.",
        "Open it, save the document as a PDF or Word file, and enclose that.");

    public static Finding EnclosureUnknownType(string file, string extension) =>
        new(
            277,
            Location.In(file),
            extension.Length == 0
                ? "The name does not show of what type the file is."
                : $"Files of the type .{extension} are unusual, and some missions' mail servers may hold them back.",
            "Enclose a PDF as well if missions have to read it.",
            Severity.Tick);

    public static Finding EnclosureProgram(string file) => new(278, Location.In(file),
        "By its content this is a program, and mail servers refuse those.",
        "Find the right file and upload it in its place.");

    public static Finding EnclosureLocked(string file) => new(279, Location.In(file),
        "The file opens only with a password, so nobody could check it, and the missions could not read it.",
        "Save a copy without the password, and upload that under the same name.");

    public static Finding EnclosureDamaged(string file) => new(280, Location.In(file),
        "The file is damaged or was cut off on its way, and cannot be read.",
        "Open it where it was made; save it anew there, and upload that.");

    public static Finding ProgramsWithin(string file, IReadOnlyList<string> programs) => new(281, Location.In(file),
        $"The file holds {ListedBriefly(programs)}, which {(programs.Count == 1 ? "is a program" : "are programs")} or can start one, and mail servers refuse those.",
        "Take them out, or enclose the documents themselves instead.");

    public static Finding ArchiveClosed(string file, string why) => new(282, Location.In(file),
        $"What is in the archive cannot be checked, for {why}.",
        "Enclose the documents themselves, or pack them into one plain zip file.");

    public static Finding LeftFromWriting(string file, OfficeParts parts) => LeftFromWriting(
        file,
        [
            By(EnglishText.Counted(parts.Changes, "tracked change"), parts.Changes, parts.ChangedBy),
            By(EnglishText.Counted(parts.Comments, "comment"), parts.Comments, parts.CommentedBy),
            By($"{EnglishText.Counted(parts.HiddenTexts, "piece")} of hidden text", parts.HiddenTexts, []),
            parts.HiddenSheets is []
                ? ""
                : $"{EnglishText.Counted(parts.HiddenSheets.Count, "hidden sheet")}, {ListedBriefly(parts.HiddenSheets)}",
            By(EnglishText.Counted(parts.HiddenRows, "hidden row"), parts.HiddenRows, []),
            By(EnglishText.Counted(parts.HiddenColumns, "hidden column"), parts.HiddenColumns, []),
            parts.HasMoreRows ? "more rows than are looked through for hidden ones" : "",
            parts.Embedded is []
                ? ""
                : $"{EnglishText.Counted(parts.Embedded.Count, "embedded file")}, {ListedBriefly(parts.Embedded)}",
            By($"the rows behind {EnglishText.Counted(parts.PivotData, "pivot table")}", parts.PivotData, []),
            By($"values of {EnglishText.Counted(parts.LinkedWorkbooks, "other workbook")}", parts.LinkedWorkbooks, []),
            parts.Contacted.Any()
                ? $"what it fetches when it is opened, from {ListedBriefly([.. parts.Contacted])}"
                : "",
            By(EnglishText.Counted(parts.HiddenSlides, "hidden slide"), parts.HiddenSlides, []),
            By($"notes for the speaker on {EnglishText.Counted(parts.Notes, "slide")}", parts.Notes, []),
        ]);

    public static Finding LeftFromWriting(string file, PdfParts parts) =>
        LeftFromWriting(file, [By(EnglishText.Counted(parts.Comments, "comment"), parts.Comments, parts.Commenters)]);

    private static Finding LeftFromWriting(string file, IEnumerable<string> what) =>
        new(
            283,
            Location.In(file),
            $"{Briefly(file)} still holds {EnglishText.Listed(what.Where(words => words.Length > 0))}.",
            "Take out what missions are not to see, by accepting or rejecting changes and deleting the rest, or confirm that it is meant so.",
            Severity.Tick);

    public static Finding AuthorsNamed(string file, IEnumerable<string> authors) =>
        new(
            284,
            Location.In(file),
            $"The properties of {Briefly(file)} name {ListedBriefly([.. authors])} as having written it.",
            "Where that is not meant, take the names out (in Word: File, Info, Inspect Document).",
            Severity.Note);

    public static Finding PdfActs(string file, PdfParts parts) => new(
        285,
        Location.In(file),
        $"{Briefly(file)} {EnglishText.Listed(((string[])[
            parts.Scripts == 0 ? "" : $"runs {EnglishText.Counted(parts.Scripts, "script")} (JavaScript)",
            parts.Launched is [] ? "" : $"starts {ListedBriefly(parts.Launched)} on the reader's machine",
            parts.Embedded is [] ? "" : $"holds {(parts.Embedded.Count == 1 ? "another file" : $"{parts.Embedded.Count} other files")}, {ListedBriefly(parts.Embedded)}",
            parts.Contacted is [] ? "" : $"opens or sends to {ListedBriefly(parts.Contacted)}",
            parts.IsWhole ? "" : "has more parts than are looked through",
        ]).Where(words => words.Length > 0))}.",
        "Print it to a new PDF, which leaves that out, and enclose the new one, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding PdfNotSearched(string file) => new(286, Location.In(file),
        $"{Briefly(file)} could not be searched for scripts, embedded files and comments.",
        "Print it to a new PDF and enclose that, or confirm that it is as it should be.", Severity.Tick);

    private static string By(string what, int count, IEnumerable<string> people) =>
        count == 0 ? "" : people.ToList() is [_, ..] named ? $"{what} by {ListedBriefly(named)}" : what;

    public static Finding LabelOtherInText(Location place, string label, string other) => new(290, place,
        $"The letter is marked {label}, but its text speaks of {other} and never of {label}.",
        "Correct the text, or the line “draft:”, whichever is wrong.");

    public static Finding LabelNotInText(Location place, string label) => new(291, place,
        $"The text of the letter never says {label}.",
        "Name the draft in the text, or write {{ letter.draft }} where its name belongs.");

    public static Finding LabelOtherInSubject(Location place, string label, string other) => new(292, place,
        $"The letter is marked {label}, but its subject says {other}.",
        "Correct the subject, or the line “draft:”, whichever is wrong.");

    public static Finding LabelAlsoInText(Location place, string label, string other) => new(293, place,
        $"The text of the letter, which is marked {label}, also mentions {other}.",
        "Check that this is meant.", Severity.Tick);

    public static Finding LabelVouchedOther(Location place, string label, string file, string vouched) => new(
        294,
        place,
        $"The letter is marked {label}, but its line “label:” says that {file} is {vouched}.",
        "Enclose the right file, or correct the line that is wrong.");

    public static Finding LabelOtherInFileName(Location place, string label, string file, string other) => new(
        295,
        place,
        $"The letter says {label}, but by its name {file} is {other}.",
        $"Enclose the right file; if it is the right one, add “label: {label}” to the enclosure.");

    public static Finding LabelOtherInTitle(Location place, string label, string file, string other) => new(296, place,
        $"The letter says {label}, but the title it gives {file} says {other}.",
        "Correct the title, or enclose the right file.");

    public static Finding LabelNotInFileName(Location place, string label, string file) => new(297, place,
        $"The name {file} does not show that it is {label}.",
        $"Check that it is, and add “label: {label}” to the enclosure to say so.", Severity.Tick);

    public static Finding LabelOtherOnPage(string file, string label, string other) => new(298, Location.In(file),
        $"The letter says {label} but page 1 of {file} says {other}.",
        "Enclose the right file, or correct the letter.");

    public static Finding PageOfWhole(string file, string label, string whole) => new(172, Location.In(file),
        $"Page 1 of {file} says {whole} and nothing of {label}.",
        $"Open the file and check that it is {label}, and not the document that this belongs to.", Severity.Tick);

    public static Finding LabelAlsoOnPage(string file, string label, string other) => new(606, Location.In(file),
        $"Page 1 of {file} says {other} as well as {label}.",
        $"Open the file and check that it is {label}, and not {other} or a comparison of the two.", Severity.Tick);

    public static Finding PageNotReadable(string file) => new(299, Location.In(file),
        "Page 1 of the file could not be read, so whether it is the right draft was not checked.",
        "Open the file and check it yourself.", Severity.Tick);

    public static Finding NoDraftEnclosed(string file) => new(300, Location.In(file, field: "enclosures"),
        "No enclosure of the letter is marked as the draft.",
        "Add “role: draft” to the enclosure that is the draft, or confirm that none is.", Severity.Tick);

    public static Finding LabelNotRecognised(string file, string label) => new(301, Location.In(file),
        $"The name of the file shows no draft, so it will go out as “{label}”.",
        "Rename the file, for instance to draft-rev-1.pdf, or confirm that this is meant.", Severity.Tick);

    public static Finding LabelInWordsOnPage(string file, string label, string other) => new(302, Location.In(file),
        $"Page 1 of {file} speaks of “{other}” and does not say {label}.",
        "Open the file and check that it is the right draft.", Severity.Tick);

    public static Finding LabelNotInTranslation(Location place, string label) => new(303, place,
        $"The translation does not say {label} in any way that is known here.",
        "Check that it speaks of the right draft, or write {{ letter.draft }} where its name belongs.", Severity.Tick);

    public static Finding TranslationUnchanged(Location place, string language) => new(304, place,
        $"The text of the {language} translation is that of the letter, word for word.",
        "Put the translation in its place, or take the file out.", Severity.Tick);

    public static Finding TranslationInOtherLanguage(Location place, string language, string found) => new(305, place,
        $"By its name this is the {language} translation, but its text looks {found}.",
        "Rename the file, or put the right text into it.", Severity.Tick);

    public static Finding LabelOfTranslation(Location place, string label, string other) => new(306, place,
        $"The letter is marked {label}, but its translation is marked {other}.",
        "Correct the line “draft:” of the translation, or leave it out.");

    public static Finding AutomaticNotAllowed(string file) => new(310, Location.In(file, field: "release"),
        "The letter asks to be released automatically, which is switched off here.",
        "Write “release: on-approval”, or leave the line out, and release it by hand.");

    public static Finding ProofWithAutomatic(string file) =>
        new(
            311,
            Location.In(file, field: "proof"),
            "The letter names people for a proof and asks to be released automatically, so it would leave before they have read it.",
            "Write “release: on-approval”, or leave out the proof.");

    public static Finding NeverArrived(string folder, string file, string? near, TimeSpan waited) => new(
        350,
        Location.InWords(folder),
        $"The file {Briefly(file)} did not arrive within {Minutes(waited)}.{(near is null ? "" : $" {MisnamedFiles.Hint(near).In(DeskLanguage.English)}")}",
        "Upload it, or correct its name in the letter; the folder is then examined again by itself.");

    public static Finding TooLargeToRead(string file, long bytes, long limit) =>
        new(
            351,
            Location.In(file),
            $"The files it names come to {EnglishText.SizeAbove(limit, bytes)} together, and no letter carries more than {EnglishText.Size(limit)}.",
            "Enclose smaller files, or post the large one on a web page and say so in the letter.");

    public static Finding NotNamedInLetter(string file, string letter) => new(352, Location.In(letter),
        $"The file {Briefly(file)} is in the folder but the letter does not name it, so it will not be sent.",
        "Name it under enclosures if it belongs to the letter, or take it out of the folder.", Severity.Tick);

    public static Finding BrokenOff(string folder, string reference) =>
        new(
            353,
            Location.InWords(folder),
            "The examination broke off for a fault of the system itself.",
            $"Upload one of its files again. If that does not help, give the reference {reference} to whoever looks after this service."
        );

    public static Finding NotTypeset(string folder) =>
        new(
            355,
            Location.InWords(folder),
            "The letters could not be typeset in several tries, for a fault of the system itself.",
            "Have the service's log looked at; the folder is examined again when one of its files is uploaded anew.");

    public const int SentAlreadyNumber = 356;

    public const int DraftUnchangedNumber = 346;

    /// <param name="id">The distribution that there is a log or content of.</param>
    public static Finding SentAlready(string folder, string id, bool hasLog) =>
        new(
            SentAlreadyNumber,
            Location.InWords(folder),
            hasLog
                ? $"A letter of this folder has a sealed log already, {id}, so it was released before."
                : $"This letter has frozen content already, {id}, so it may have been released before.",
            $"If the tables were lost, release nothing: stop the service and bring the record back with “rebuild {id}”, as the runbook says. If this is another letter, give the reason when you release it.",
            Severity.Overrule);

    public static Finding NotTheFirstVersion(string file) => new(617, Location.In(file, field: "release"),
        "The letter asks to be released automatically, but an earlier version of its folder was examined before, and only a first one leaves by itself.",
        "Look at what has changed, and release it by hand.", Severity.Note);

    public static string Minutes(TimeSpan time) =>
        time == TimeSpan.FromMinutes(1) ? "1 minute"
        : time >= TimeSpan.FromMinutes(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} seconds");

    public static Finding SendPassed(Location place, DateTimeOffset hour) => new(335, place,
        $"The letter is to leave on {NewYorkTime.Words(hour)} New York time, and that hour has passed.",
        "Give an hour to come, or remove the line “send:” so that it leaves when it is released.");

    public const int HourPassedNumber = 336;

    public static Finding HourPassed(Location place, DateTimeOffset hour) =>
        new(
            HourPassedNumber,
            place,
            $"The letter was to leave on {NewYorkTime.Words(hour)} New York time. That hour has passed, so it leaves as soon as it is released.",
            "Confirm that it may leave later than was meant, or upload it again with another hour.",
            Severity.Tick);

    public static Finding DeadlinePassed(Location place, string name, DateTimeOffset deadline) =>
        new(
            337,
            place,
            $"The deadline “{Briefly(name)}”, {NewYorkTime.Words(deadline)} New York time, will have passed when the letter leaves.",
            "Upload the letter again with a later deadline, or confirm that it is meant so.",
            Severity.Tick);

    public static Finding MeetingPassed(Location place, string title, DateTimeOffset start) => new(312, place,
        $"The meeting “{Briefly(title)}”, {NewYorkTime.Words(start)} New York time, will have begun when the letter leaves.",
        "Upload the letter again with a later day, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding NothingToCancel(
        Location place,
        string title,
        DateTimeOffset start,
        IReadOnlyList<string> announced) => new(
        313,
        place,
        $"The letter that this one corrects has announced no meeting “{Briefly(title)}” for {NewYorkTime.Words(start)}, so there is none to cancel.",
        announced is []
            ? "It has announced no meeting at all: take this one out."
            : $"That letter has {EnglishText.Listed(announced)}: write title, day and hours as they stand there.");

    public static Finding MeetingsLeftOut(Location place, IReadOnlyList<string> announced) => new(314, place,
        $"The letter that this one corrects has announced {EnglishText.Listed(announced)}, which this one leaves out: calendars will keep {(announced is [_] ? "it" : "them")}.",
        "List under “meetings” what has changed, with “cancelled: yes” what does not take place, or confirm that all of it stays as it was.",
        Severity.Tick);

    public static Finding DateFarAway(Location place, DateOnly date, int days) =>
        new(
            338,
            place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The letter is dated {date:d MMMM yyyy}, {Math.Abs(days)} days {(days < 0 ? "before" : "after")} the day it leaves."
            ),
            "Upload the letter again with the right date, or confirm that it is meant so.",
            Severity.Tick);

    public static Finding NothingToSupersede(Location place, string label, IReadOnlyList<string> sent) =>
        new(
            342,
            place,
            $"No letter “{Briefly(label)}” of this process has been released, so there is nothing to correct.",
            sent is []
                ? "Nothing of this process has been released yet: leave out “supersedes” and “correction”."
                : $"Released were: {EnglishText.Listed(sent)}. Write one of these labels.");

    public static Finding SupersededTwice(Location place, string label, string by) => new(343, place,
        $"“{Briefly(label)}” has been superseded already, by “{Briefly(by)}”.",
        $"If this letter corrects that one, write “supersedes: {Briefly(by)}”; if not, confirm that this is meant.", Severity.Tick);

    public static Finding SeveralToSupersede(
        Location place,
        string label,
        IReadOnlyList<(string Label, string Id)> fits) =>
        new(
            345,
            place,
            $"“{Briefly(label)}” fits several letters that were sent: {EnglishText.Listed(fits.Select(one => $"“{Briefly(one.Label)}” ({one.Id})"))}.",
            $"Write after “supersedes:” the label of the one that is meant in full, or what stands in brackets behind it, as in “supersedes: {fits[0].Id}”.");

    public static Finding DraftUnchanged(string file, string label, string last, bool isFile) => new(
        DraftUnchangedNumber,
        Location.In(file),
        $"{file} is to go out {(DraftLabels.AreSame(label, last) ? $"with a correction of {last}" : $"as {label}")}, but {(isFile ? "it is the very file" : "its text is word for word the one")} that was sent as {last}.",
        "Enclose the new draft. If nothing in it was changed, give the reason when you release.", Severity.Overrule);

    public static Finding DraftUnlike(string file, string label, string last) => new(347, Location.In(file),
        $"{file} is to go out as {label}, but its text has almost nothing in common with {last}, the last draft that was sent.",
        "Open the file and check that it is the draft. If it is, give the reason when you release.", Severity.Overrule);

    public static Finding LabelSentBefore(Location place, string label, DateTimeOffset released) =>
        new(
            344,
            place,
            $"“{Briefly(label)}” was released on {NewYorkTime.Words(released)} with another file under the same name of draft.",
            "If this one puts it right, say so with “supersedes” and “correction”, so that the missions are told. If both are meant, give the reason when you release: missions then hold two texts of one name.",
            Severity.Overrule);
}
