using System.Globalization;
using System.Text;
using static Distribution.Characters;

namespace Distribution;

// 200-249 letter.md, 250-269 names of files and folders, 270-289 enclosures, 290-309 draft labels, 310-319 release; 350-399 are the examination's.
internal static partial class Faults
{
    private static readonly Dictionary<string, string> LetterExamples = new()
    {
        ["process"] = "process: Global Compact for Safe, Orderly and Regular Migration",
        ["draft"] = "draft: Draft Rev 1",
        ["sequence"] = "sequence: 3",
        ["date"] = "date: 2018-03-26",
        ["subject"] = "subject: Draft Rev 1 of the Global Compact",
        ["signatories"] = "signatories: with the lines “- name:”, “title:” and “letterhead:” below it",
        ["sender"] = "sender: with the lines “name:” and “letterhead:” below it",
        ["markings"] = "markings: [confidential]",
        ["translations"] = "translations: [fr, ar]",
        ["signature"] = "signature: lauber.png",
        ["contact"] = "contact: Name <name@mission.example>",
        ["enclosures"] = "enclosures: draft-rev-1.pdf",
        ["name"] = "name: Jürg Lauber",
        ["title"] = "title: Ambassador and Permanent Representative of Switzerland to the United Nations",
        ["letterhead"] = "letterhead: Permanent Mission of Switzerland to the United Nations",
        ["email"] = "email: name@mission.example",
        ["file"] = "file: draft-rev-1.pdf",
        ["deadlines"] = "deadlines: with a line such as “comments: 2018-04-13 18:00” below it",
    };

    public static Fault LetterTooLarge(string file, long bytes, long limit) => new(200, file,
        string.Create(CultureInfo.InvariantCulture, $"The file has {bytes / 1e6:0.0} MB, and the text of a letter has at most {limit / 1e6:0.#} MB."),
        "Check that this is the letter's text; the draft itself is a file of its own beside it.");

    public static Fault LetterNotUtf8(string place) => new(201, place,
        "This line has letters that cannot be read, because the file was not saved as UTF-8.",
        "Save the file again with the encoding UTF-8.");

    public static Fault LetterWithoutFrontMatter(string place) => new(202, place,
        "The letter does not begin with its particulars between two lines of three hyphens.",
        "Make --- the very first line, then the particulars (process, draft, date and so on), then --- again, then the text.");

    public static Fault FrontMatterNotClosed(string place) => new(203, place,
        "The particulars begin here, but no second line of three hyphens ends them.",
        "Put a line with --- alone between the particulars and the text of the letter.");

    public static Fault FrontMatterTooLarge(string file, int limit) => new(204, file,
        $"The particulars at the head of the letter have more than {limit} lines or are far too long.",
        "Check that the second line of three hyphens stands before the text of the letter.");

    public static Fault FrontMatterTab(string place) => new(205, place,
        "This line begins with a tab.",
        "Use spaces instead: two for each step to the right.");

    public static Fault FrontMatterColon(string place, string key, string value) => new(206, place,
        $"What follows “{Briefly(key)}:” has a second colon, so it cannot be told what belongs to what.",
        $"Put it in quotation marks: {Briefly(key)}: \"{Briefly(value).Replace('"', '\'')}\".");

    public static Fault FrontMatterQuotes(string place) => new(207, place,
        "A text in quotation marks begins on this line and does not end as it should.",
        "Close it with the same mark at the end of the line, and use no backslash and no mark of the same kind inside.");

    public static Fault FrontMatterBrackets(string place) => new(208, place,
        "A bracket opens on this line and is not closed.",
        "Close it on the same line, or put the whole text in quotation marks if the bracket is part of it.");

    public static Fault FrontMatterNeedsQuotes(string place) => new(209, place,
        "This line has a value that begins with a sign of special meaning, such as & * ! @ % or |.",
        "Put the whole value in quotation marks.");

    public static Fault FrontMatterIndent(string place) => new(210, place,
        "This line does not fit under the one above it: it stands too far to the right or to the left.",
        "Begin each key at the left edge, and put the same number of spaces before lines that belong together.");

    public static Fault FrontMatterNotKeys(string place) => new(211, place,
        "This line is not a key, a colon, a space and a value.",
        "Write it like “draft: Draft Rev 1”, with a space after the colon.");

    public static Fault FrontMatterTooDeep(string place) => new(212, place,
        "Lists or groups are nested too deeply here.",
        "Keep to the keys a letter has; only signatories, contact, enclosures and deadlines have lines below them.");

    public static Fault FrontMatterUnknownKey(string place, string key, string? nearest, string group) => new(213, place,
        $"“{Briefly(key)}” is not a key that {group} has.",
        nearest is null ? "Remove the line." : $"Write “{nearest}” if that is what was meant, or remove the line.");

    public static Fault FrontMatterKeyTwice(string place, string key, int first) => new(214, place,
        $"The key “{key}” stands here a second time; the first is on line {first}.",
        "Keep the right one and remove the other.");

    public static Fault FrontMatterKeysMissing(string place, string group, IReadOnlyList<string> keys) => new(215, place,
        $"{char.ToUpperInvariant(group[0])}{group[1..]} lacks {Wording.Listed([.. keys.Select(key => $"“{key}”")])}.",
        keys is [var only] ? $"Add it, as in “{LetterExamples[only]}”." : $"Add a line for each, as in “{LetterExamples[keys[0]]}”.");

    public static Fault FrontMatterEmpty(string place, string key) => new(216, place,
        $"“{key}” has nothing after it.",
        LetterExamples.TryGetValue(key, out var example) ? $"Fill it in, as in “{example}”." : "Fill it in, or remove the line.");

    public static Fault FrontMatterShape(string place, string key, string wanted, FrontMatterNode found) => new(217, place,
        $"“{key}” has to be {wanted}, and here it is {Shape(found)}.",
        LetterExamples.TryGetValue(key, out var example) ? $"Write it as in “{example}”." : "Write one line of text after the colon.");

    public static Fault FrontMatterLines(string place, string key) => new(218, place,
        $"“{key}” runs over several lines.",
        "Write it on one line, without | or > after the colon.");

    public static Fault FrontMatterCharacter(string place, string key, Rune odd) => new(219, place,
        $"“{key}” contains {Named(odd)}.",
        "Delete the value and type it again; such characters come along when text is copied from elsewhere.");

    public static Fault FrontMatterTooLong(string place, string key, int length, int longest) => new(220, place,
        $"“{key}” has {length} characters, and at most {longest} fit.",
        "Shorten it.");

    public static Fault FrontMatterNumber(string place, string key, string text) => new(221, place,
        $"“{key}” has to be a whole number from 0 to 9999, not “{Briefly(text)}”.",
        "Number the drafts of a process in the order they come out: 1, 2, 3 and so on.");

    public static Fault FrontMatterDate(string place, string key, string text) => new(222, place,
        $"“{Briefly(text)}” is not a date of the calendar written as year-month-day.",
        $"Write it as in “{key}: 2018-03-26”.");

    public static Fault FrontMatterTime(string place, string name, string text) => new(223, place,
        $"“{Briefly(text)}” is not a date and time written as year-month-day hours:minutes.",
        $"Write it as in “{name}: 2018-04-13 18:00”, in New York time.");

    public static Fault FrontMatterTimeNeverWas(string place, string text) => new(224, place,
        $"There is no {text} in New York: the clocks go forward over that hour.",
        "Choose a time before 02:00 or from 03:00 on.");

    public static Fault FrontMatterWord(string place, string key, string text, IReadOnlyList<string> known, string? nearest) => new(225, place,
        $"“{Briefly(text)}” cannot stand after “{key}”, only {Wording.Listed(known, "or")}.",
        nearest is null ? "Write one of these." : $"Write “{nearest}” if that is what was meant.");

    public static Fault FrontMatterAddress(string place, string key, string text) => new(226, place,
        $"“{Briefly(text)}” after “{key}” is not an email address that a mail server would take.",
        "Write it as in “name@mission.example” or “Name <name@mission.example>”, one address only.");

    public static Fault FrontMatterSimpleName(string place, string key, string text, char joint) => new(227, place,
        $"“{Briefly(text)}” cannot be used as the name of a {key}.",
        $"Use small letters of the English alphabet, digits and {(joint == '-' ? "hyphens" : "underscores")}, beginning with a letter.");

    public static Fault TooManySignatories(string place, int count) => new(228, place,
        $"The letter has {count} signatories, and at most three can sign.",
        "Keep one, two or three.");

    public static Fault EnclosureTwice(string place, string file, int first) => new(229, place,
        $"The enclosure {file} is named a second time; the first is on line {first}.",
        "Keep one of the two.");

    public static Fault LetterEnclosesItself(string place, string file) => new(230, place,
        $"The letter names its own text, {file}, as an enclosure.",
        "Remove it from the enclosures; the letter goes out by itself.");

    public static Fault HashNotAHash(string place, string text) => new(231, place,
        $"“{Briefly(text)}” is not a SHA-256 fingerprint, which has 64 signs, each a digit or a letter from a to f.",
        "Copy it again from where it was given, or remove the line.");

    public static Fault DeadlineBeforeLetter(string place, string name, DateOnly date) => new(232, place,
        string.Create(CultureInfo.InvariantCulture, $"The deadline “{name}” is before the letter's own date, {date:d MMMM yyyy}."),
        "Check both dates.", Severity.Tick);

    public static Fault LetterWithoutText(string place) => new(233, place,
        "The letter has particulars but no text.",
        "Write the text of the letter below the second line of three hyphens.");

    public static Fault LetterCharacter(string place, Rune odd) => new(234, place,
        $"This line of the text contains {Named(odd)}.",
        "Delete the line and type it again; such characters come along when text is copied from elsewhere.");

    public static Fault StandingKey(string place, string key) => new(235, place,
        $"A standing letter cannot have “{key}”: the file it goes out with decides.",
        "Remove the line.");

    public static Fault StandingAutomatic(string place) => new(236, place,
        "A standing letter cannot be released automatically: a person looks at each draft before it goes out.",
        "Remove the line, or write “release: on-approval”.");

    public static Fault FrontMatterYear(string place, string key, int year) => new(237, place,
        string.Create(CultureInfo.InvariantCulture, $"“{key}” lies in the year {year:0000}, and a letter's dates lie between {LetterYears.First} and {LetterYears.Last}."),
        "Correct the year.");

    public static Fault LetterTextTooLong(string place, int length, int longest) => new(238, place,
        string.Create(CultureInfo.InvariantCulture, $"The text of the letter has {length:N0} characters, and at most {longest:N0} fit."),
        "Shorten it, and send long texts as an enclosure.");

    public static Fault FurtherFaults(string file, int count, Severity worst) => new(239, file,
        $"There {(count == 1 ? "is" : "are")} {Wording.Counted(count, worst == Severity.Fault ? "further fault" : "further warning")}, not listed here.",
        "Correct what is listed first; what is left is then shown.", worst);

    public static Fault SenderOfLetter(string place) => new(315, place,
        "Only a note verbale comes from a sender; a letter is signed.",
        "Take the key sender out, or write “form: note-verbale”.");

    public static Fault NoteWith(string place, string key) => new(316, place,
        $"A note verbale has no {key}: it is written in the third person and is not signed.",
        $"Take the key {key} out, or take “form: note-verbale” out.");

    public static Fault NoteGreets(string place, string greeting) => new(317, place,
        $"The text of a note verbale begins with a salutation, “{greeting.Trim(',', ' ')}”; its compliments are put in by themselves.",
        "Begin with what follows “has the honour to”.");

    public static Fault CoverWithoutLetter(string place) => new(318, place,
        "A cover letter passes on another letter, and none of its enclosures is one.",
        "Give the enclosure that is passed on the role enclosed-letter.");

    public static Fault EnclosedWithoutCover(string place, string file) => new(319, place,
        $"{file} has the role enclosed-letter, which only a cover letter passes on.",
        "Write “form: cover-letter”, or give the file another role.");

    public static Fault SecondScan(string place, string file) => new(320, place,
        $"{file} is a second enclosure with the role letter, and a letter has one signed scan.",
        "Give one of the two another role.");

    public static Fault ScanNotPdf(string place, string file) => new(321, place,
        $"The signed letter {file} is not a PDF.",
        "Save the scan as a PDF and name that file.");

    public static Fault NameOfTypesetLetter(string place, string file) => new(322, place,
        $"{file} is the name under which the typeset letter is attached.",
        "Give the file another name, or the role letter if it is the signed letter.");

    public static Fault ReferenceOfScan(string place, string file) => new(354, place,
        $"Missions cannot be asked for the reference printed in the letter: {file} is a signed scan, on which none is printed.",
        "Write “acknowledge: name”, or take the key acknowledge out.");

    public static Fault TranslationIntoItself(string place, string language) => new(323, place,
        $"The letter itself is in {Languages.EnglishName(language)}, so it needs no translation into it.",
        "Take the language out, or correct the key language of the letter.");

    public static Fault TranslationLanguageUnknown(string file, string language) => new(324, file,
        $"A translation into “{language}” cannot be sent: letters go out in the six official languages.",
        $"Name the file after one of them, {Wording.Listed(Languages.Official.Select(code => $"letter.{code}.md"), "or")}, or take it out.");

    public static Fault TranslatedSignatories(string place, int found, int expected) => new(325, place,
        $"The number of signatories is {found} in the translation and {expected} in the letter.",
        "Give the same persons in the same order, each with title and letterhead.");

    public static Fault TranslatedEnclosureUnknown(string place, string file, string letter) => new(326, place,
        $"The translation names {file}, which is no enclosure of {letter}.",
        "Give the file's name as the letter has it.");

    public static Fault SignatureNotImage(string file) => new(327, file,
        "The signature is not a PNG or JPEG image.",
        "Save it as PNG or JPEG, under a name that ends in .png or .jpg, and upload it again.");

    public static Fault SignatureTooLarge(string file, long bytes, long limit) => new(328, file,
        $"The image of the signature has {bytes / 1024:N0} kilobytes; {limit / 1024:N0} are the most.",
        "Scan it with fewer dots or cut away what is around it.");

    public static Fault SignatureTooManyDots(string file, int width, int height, int limit) => new(329, file,
        $"The image of the signature is {width:N0} dots wide and {height:N0} high; {limit:N0} each way are the most.",
        "Scan it with fewer dots or cut away what is around it.");

    public static Fault NameCharacter(string place, string name, Rune odd) => new(250, place,
        $"The name “{Briefly(name)}” contains {Named(odd)}.",
        "Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only.");

    public static Fault NameDots(string place, string name) => new(251, place,
        $"“{name}” cannot be the name of a file or folder.",
        "Give it a name with letters or digits.");

    public static Fault NameEmpty(string place) => new(252, place,
        "A folder on the way has no name: two slashes follow each other, or one stands first.",
        "Upload the file into a folder for the process and, in it, a folder for the draft.");

    public static Fault NameEdge(string place, string name) => new(253, place,
        $"The name “{Briefly(name)}” begins or ends with a space or a dot.",
        "Rename it without the space or dot.");

    public static Fault NameTooLong(string place, string name, int longest) => new(254, place,
        $"The name “{Briefly(name)}” has more than {longest} characters.",
        "Shorten it.");

    public static Fault NameTooDeep(string place) => new(255, place,
        "The file stands in a folder within the folder of its draft.",
        "Move it up beside the letter: process, then draft, then the files.");

    public static Fault NameOutsideFolder(string place) => new(256, place,
        "The file stands outside any draft's folder, so no letter goes out with it.",
        "Upload it into a folder for the process and, in it, a folder for the draft.");

    public static Fault LetterInStandingFolder(string place, string process) => new(257, place,
        "A letter stands among the drafts that the standing letter goes out with.",
        $"Upload the standing letter as {process}/standing.md, beside the folder and not in it.");

    public static Fault NameIsAPath(string place, string name) => new(258, place,
        $"“{Briefly(name)}” is a path, not the name of a file.",
        "Put the file beside the letter and write its name alone.");

    public static Fault EnclosureEmpty(string file) => new(270, file,
        "The file is empty.",
        "Upload it again; the upload may have broken off.");

    public static Fault EnclosureHash(string place, string file, string announced, string found) => new(271, place,
        $"{file} is not the file the letter announces: its fingerprint begins {found[..12]}, and the letter says {announced[..12]}.",
        "Upload the right file, or correct the sha256 line if the file is right.");

    public static Fault EnclosureBlocked(string file, string extension) => new(272, file,
        $"Mail servers refuse files of the type .{extension}, and the whole letter with them.",
        "Enclose a PDF or a plain Word file instead.");

    public static Fault EnclosureTwoTypes(string file, string inner) => new(273, file,
        $"The name hides a second type, .{inner}, before its last dot, and mail servers refuse such names.",
        "Rename the file so that one dot is left, the one before its type.");

    public static Fault EnclosureNotItsType(string file, string kind) => new(274, file,
        $"By its name this is {kind}, but by its content it is not.",
        "Open it, save it anew in the type its name says, without a password, and upload it again.");

    public static Fault EnclosureMacros(string file) => new(275, file,
        "The file contains macros, and mail servers refuse those.",
        "Save it without macros, or enclose a PDF instead.");

    public static Fault EnclosureEncrypted(string file) => new(276, file,
        "The PDF is encrypted or locked with a password; some missions may not be able to open, search or comment on it.",
        "Enclose a copy without protection if you can.", Severity.Tick);

    public static Fault EnclosureUnknownType(string file, string extension) => new(277, file,
        extension.Length == 0 ? "The name does not show of what type the file is." : $"Files of the type .{extension} are unusual, and some missions' mail servers may hold them back.",
        "Enclose a PDF as well if missions have to read it.", Severity.Tick);

    public static Fault EnclosureProgram(string file) => new(278, file,
        "By its content this is a program, and mail servers refuse those.",
        "Find the right file and upload it in its place.");

    public static Fault LabelOtherInText(string place, string label, string other) => new(290, place,
        $"The letter is marked {label}, but its text speaks of {other} and never of {label}.",
        "Correct the text, or the line “draft:”, whichever is wrong.");

    public static Fault LabelNotInText(string place, string label) => new(291, place,
        $"The text of the letter never says {label}.",
        "Name the draft in the text, or write {{ letter.draft }} where its name belongs.");

    public static Fault LabelOtherInSubject(string place, string label, string other) => new(292, place,
        $"The letter is marked {label}, but its subject says {other}.",
        "Correct the subject, or the line “draft:”, whichever is wrong.");

    public static Fault LabelAlsoInText(string place, string label, string other) => new(293, place,
        $"The text of the letter, which is marked {label}, also mentions {other}.",
        "Check that this is meant.", Severity.Tick);

    public static Fault LabelVouchedOther(string place, string label, string file, string vouched) => new(294, place,
        $"The letter is marked {label}, but its line “label:” says that {file} is {vouched}.",
        "Enclose the right file, or correct the line that is wrong.");

    public static Fault LabelOtherInFileName(string place, string label, string file, string other) => new(295, place,
        $"The letter says {label}, but by its name {file} is {other}.",
        $"Enclose the right file; if it is the right one, add “label: {label}” to the enclosure.");

    public static Fault LabelOtherInTitle(string place, string label, string file, string other) => new(296, place,
        $"The letter says {label}, but the title it gives {file} says {other}.",
        "Correct the title, or enclose the right file.");

    public static Fault LabelNotInFileName(string place, string label, string file) => new(297, place,
        $"The name {file} does not show that it is {label}.",
        $"Check that it is, and add “label: {label}” to the enclosure to say so.", Severity.Tick);

    public static Fault LabelOtherOnPage(string file, string label, string other) => new(298, file,
        $"The letter says {label} but page 1 of {file} says {other}.",
        "Enclose the right file, or correct the letter.");

    public static Fault PageNotReadable(string file) => new(299, file,
        "Page 1 of the file could not be read, so whether it is the right draft was not checked.",
        "Open the file and check it yourself.", Severity.Tick);

    public static Fault NoDraftEnclosed(string file) => new(300, file,
        "No enclosure of the letter is marked as the draft.",
        "Add “role: draft” to the enclosure that is the draft, if there is one.", Severity.Tick);

    public static Fault LabelNotRecognised(string file, string label) => new(301, file,
        $"The name of the file shows no draft, so it will go out as “{label}”.",
        "Check that this is meant, or rename the file, for instance to draft-rev-1.pdf.", Severity.Tick);

    public static Fault AutomaticNotAllowed(string file) => new(310, file,
        "The letter asks to be released automatically, which is switched off here.",
        "Write “release: on-approval”, or leave the line out, and release it by hand.");

    public static Fault ProofWithAutomatic(string file) => new(311, file,
        "The letter names people for a proof and asks to be released automatically, so it would leave before they have read it.",
        "Write “release: on-approval”, or leave out the proof.");

    public static Fault NeverArrived(string folder, string file, TimeSpan waited) => new(350, folder,
        $"The file {Briefly(file)} did not arrive within {Minutes(waited)}.",
        "Upload it, or correct its name in the letter; the upload is then examined by itself.");

    public static Fault TooLargeToRead(string file, long bytes, long limit) => new(351, file,
        string.Create(CultureInfo.InvariantCulture, $"The files it names come to {bytes / 1e6:0.0} MB together, and no letter carries more than {limit / 1e6:0} MB."),
        "Enclose smaller files, or post the large one on a web page and say so in the letter.");

    public static Fault NotNamedInLetter(string file, string letter) => new(352, letter,
        $"The file {Briefly(file)} is in the folder but the letter does not name it, so it will not be sent.",
        "Name it under enclosures if it belongs to the letter, or take it out of the folder.", Severity.Tick);

    public static Fault BrokenOff(string folder, string reference) => new(353, folder,
        "The examination broke off for a fault of the system itself.",
        $"Report it with the reference {reference}; the upload is examined again when one of its files is uploaded anew.");

    /// <summary>The longest list of faults a person is shown of one letter.</summary>
    public const int Most = 50;

    /// <summary>The first faults, those that stop the letter before warnings where not all fit; the last says how many more there are.</summary>
    public static IReadOnlyList<Fault> AtMost(string file, IReadOnlyList<Fault> faults)
    {
        if (faults.Count <= Most)
            return faults;
        var urgent = faults.OrderBy(fault => fault.Severity).ToList();
        return [.. urgent.Take(Most - 1), FurtherFaults(file, urgent.Count - Most + 1, urgent[Most - 1].Severity)];
    }

    private static string Minutes(TimeSpan time) =>
        time == TimeSpan.FromMinutes(1) ? "1 minute"
        : time >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} seconds");

    private static string Shape(FrontMatterNode node) => node switch
    {
        FrontMatterList => "a list",
        FrontMatterMap => "a group of keys",
        _ => "plain text",
    };
}
