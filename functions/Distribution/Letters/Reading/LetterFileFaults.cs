using System.Globalization;
using System.Text;
using Distribution.Common;
using static Distribution.Common.UnsafeCharacters;

namespace Distribution.Letters.Reading;

/// <summary>The faults of letter files, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class LetterFileFaults
{
    public static Finding LetterNotUtf8(Location place) => new(201, place,
        "This line has letters that cannot be read, because the file was not saved as UTF-8.",
        "Save the file again with the encoding UTF-8.");

    public static Finding LetterWithoutFrontMatter(Location place) =>
        new(
            202,
            place,
            "The letter does not begin with its particulars between two lines of three hyphens.",
            "Make --- the very first line, then the particulars (process, draft, date and so on), then --- again, then the text."
        );

    /// <param name="kind">Such as "a Word file".</param>
    public static Finding LetterOfAnotherKind(string file, string kind) => new(349, Location.In(file),
        $"This is {kind} under the name of a plain text.",
        "Copy what it says into a plain text that begins with its particulars, and upload that under this name.");

    public static Finding FrontMatterNotClosed(Location place) => new(203, place,
        "The particulars begin here, but no second line of three hyphens ends them.",
        "Put a line with --- alone between the particulars and the text of the letter.");

    public static Finding FrontMatterTooLarge(string file, int limit) => new(204, Location.In(file),
        $"The particulars at the head of the letter have more than {limit} lines or are far too long.",
        "Check that the second line of three hyphens stands before the text of the letter.");

    public static Finding FrontMatterTab(Location place) => new(205, place,
        "This line begins with a tab.",
        "Use spaces instead: two for each step to the right.");

    public static Finding FrontMatterColon(Location place, string key, string value) => new(206, place,
        $"What follows “{Briefly(key)}:” has a second colon, so it cannot be told what belongs to what.",
        $"Put it in quotation marks: {Briefly(key)}: \"{Briefly(value).Replace('"', '\'')}\".");

    public static Finding FrontMatterQuotes(Location place) =>
        new(
            207,
            place,
            "A text in quotation marks begins on this line and does not end as it should.",
            "Close it with the same mark at the end of the line, and use no backslash and no mark of the same kind inside."
        );

    public static Finding FrontMatterBrackets(Location place) => new(208, place,
        "A bracket opens on this line and is not closed.",
        "Close it on the same line, or put the whole text in quotation marks if the bracket is part of it.");

    public static Finding FrontMatterNeedsQuotes(Location place) => new(209, place,
        "This line has a value that begins with a sign of special meaning, such as & * ! @ % or |.",
        "Put the whole value in quotation marks.");

    public static Finding FrontMatterIndent(Location place) => new(210, place,
        "This line does not fit under the one above it: it stands too far to the right or to the left.",
        "Begin each key at the left edge, and put the same number of spaces before lines that belong together.");

    public static Finding FrontMatterHyphen(Location place, string meant) => new(348, place,
        "An item of a list begins here without a hyphen and a space.",
        $"Write “{Briefly(meant)}”, with a hyphen and a space before it.");

    public static Finding FrontMatterNotKeys(Location place) => new(211, place,
        "This line is not a key, a colon, a space and a value.",
        "Write it like “draft: Draft Rev 1”, with a space after the colon.");

    public static Finding FrontMatterTooDeep(Location place) => new(212, place,
        "Lists or groups are nested too deeply here.",
        "Keep to the keys a letter has; only signatories, contact, enclosures and deadlines have lines below them.");

    public static Finding FrontMatterCut(Location place, string key, string left, string cut) => new(260, place,
        left.Length == 0
            ? $"“{Briefly(key)}” has nothing after it: what begins with # is a comment and is left out, here “{Briefly(cut)}”."
            : $"Of “{Briefly(key)}” only “{Briefly(left)}” is left: what begins with # is a comment, here “{Briefly(cut)}”.",
        $"Put the whole value in quotation marks, as in {Briefly(key)}: "
        + $"\"{Briefly($"{left} {cut}".Trim()).Replace('"', '\'')}\", or give the comment a line of its own.");

    public static Finding FrontMatterWithoutSpace(Location place, string key, string meant, bool isWide) => new(261,
        place,
        isWide
            ? $"The colon behind “{key}” is the wide one of a Chinese keyboard, which is not taken for one here."
            : $"There is no space after the colon of “{key}”.",
        $"Write “{Briefly(meant)}”, with a colon and a space.");

    public static Finding FrontMatterInPrintedQuotes(Location place, IReadOnlyList<string> keys) => new(262, place,
        $"{EnglishText.Listed([.. keys.Distinct().Select(name => $"“{name}”")])} {(keys is [_] ? "stands" : "stand")} "
        + "in curly or angled quotation marks, which are printed with the text.",
        "Take the quotation marks away, or put straight ones (\") around them if they are to be printed.",
        Severity.Tick);

    public static Finding FrontMatterUnknownKey(Location place, string key, string? nearest, string group) =>
        new(
            213,
            place,
            $"“{Briefly(key)}” is not a key that {group} has.",
            nearest is null ? "Remove the line." : $"Write “{nearest}” if that is what was meant, or remove the line.");

    public static Finding FrontMatterKeyTwice(Location place, string key, int first) => new(214, place,
        $"The key “{key}” stands here a second time; the first is on line {first}.",
        "Keep the right one and remove the other.");

    /// <summary>Of a letter that lacks keys: a form says it at each of their fields.</summary>
    public const int KeysMissingNumber = 215;

    public static Finding FrontMatterKeysMissing(Location place, string group, IReadOnlyList<LetterKey> keys) =>
        new(
            KeysMissingNumber,
            place,
            $"{char.ToUpperInvariant(group[0])}{group[1..]} lacks {EnglishText.Listed([.. keys.Select(key => $"“{key.Name}”")])}.",
            $"Add {(keys is [_] ? "it" : "a line for each")}, as in “{keys[0].Shown}”.");

    public static Finding FrontMatterEmpty(Location place, FrontMatterValue value) => new(216, place,
        $"“{value.Name}” has nothing after it.",
        $"Fill it in, as in “{value.Shown}”{(value.IsRequired ? "" : ", or remove the line")}.");

    public static Finding FrontMatterShape(Location place, FrontMatterValue value, string wanted) => new(217, place,
        $"“{value.Name}” has to be {wanted}, and here it is {Shape(value.Node)}.",
        $"Write it as in “{value.Shown}”.");

    public static Finding FrontMatterLines(Location place, string key) => new(218, place,
        $"“{key}” runs over several lines.",
        "Write it on one line, without | or > after the colon.");

    public static Finding FrontMatterCharacter(Location place, string key, Rune odd) => new(219, place,
        $"“{key}” contains {Named(odd)}.",
        "Delete the value and type it again; such characters come along when text is copied from elsewhere.");

    public static Finding FrontMatterTooLong(Location place, string key, int length, int longest) => new(220, place,
        $"“{key}” has {length} characters, and at most {longest} fit.",
        "Shorten it.");

    public static Finding FrontMatterNumber(Location place, string key, string text) => new(221, place,
        $"“{key}” has to be a whole number from 0 to 9999, not “{Briefly(text)}”.",
        "Number the drafts of a process in the order they come out: 1, 2, 3 and so on.");

    public static Finding FrontMatterDate(Location place, string key, string text) => new(222, place,
        $"“{Briefly(text)}” is not a date of the calendar written as year-month-day.",
        $"Write it as in “{key}: 2018-03-26”.");

    public static Finding FrontMatterTime(Location place, string name, string text) => new(223, place,
        $"“{Briefly(text)}” is not a date and time written as year-month-day hours:minutes.",
        $"Write it as in “{name}: 2018-04-13 18:00”, in New York time.");

    public static Finding FrontMatterTimeNeverWas(Location place, string text) => new(224, place,
        $"There is no {text} in New York: the clocks go forward over that hour.",
        "Choose a time before 02:00 or from 03:00 on.");

    public static Finding FrontMatterWord(
        Location place,
        string key,
        string text,
        IReadOnlyList<string> known,
        string? nearest) =>
        new(
            225,
            place,
            $"“{Briefly(text)}” cannot stand after “{key}”, only {EnglishText.Listed(known, "or")}.",
            nearest is null ? "Write one of these." : $"Write “{nearest}” if that is what was meant.");

    public static Finding FrontMatterAddress(Location place, string key, string text) => new(226, place,
        $"“{Briefly(text)}” after “{key}” is not an email address that a mail server would take.",
        "Write it as in “name@mission.example” or “Name <name@mission.example>”, one address only.");

    public static Finding FrontMatterSimpleName(Location place, string key, string text, char joint) =>
        new(
            227,
            place,
            $"“{Briefly(text)}” cannot be used as the name of a {key}.",
            $"Use small letters of the English alphabet, digits and {(joint == '-' ? "hyphens" : "underscores")}, beginning with a letter."
        );

    public static Finding TooManySignatories(Location place, int count) => new(228, place,
        $"The letter has {count} signatories, and at most three can sign.",
        "Keep one, two or three.");

    public static Finding EnclosureTwice(Location place, string file, int first) => new(229, place,
        $"The enclosure {file} is named a second time; the first is on line {first}.",
        "Keep one of the two.");

    public static Finding LetterEnclosesItself(Location place, string file) => new(230, place,
        $"The letter names its own text, {file}, as an enclosure.",
        "Remove it from the enclosures; the letter goes out by itself.");

    public static Finding HashNotAHash(Location place, string text) => new(231, place,
        $"“{Briefly(text)}” is not a SHA-256 fingerprint, which has 64 signs, each a digit or a letter from a to f.",
        "Copy it again from where it was given, or remove the line.");

    public static Finding DeadlineBeforeLetter(Location place, string name, DateOnly date) =>
        new(
            232,
            place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The deadline “{name}” is before the letter's own date, {date:d MMMM yyyy}."),
            "Correct whichever of the two is wrong, or confirm that both are right.",
            Severity.Tick);

    public static Finding LetterWithoutText(Location place) => new(233, place,
        "The letter has no text.",
        "Write the text of the letter; in a file it stands below the second line of three hyphens.");

    public static Finding LetterCharacter(Location place, Rune odd) => new(234, place,
        $"This line of the text contains {Named(odd)}.",
        "Delete the line and type it again; such characters come along when text is copied from elsewhere.");

    public static Finding TextHasHtml(Location place, string found, string others) => new(436, place,
        $"This line of the text has HTML, “{Briefly(found)}”{others}, and a letter has none.",
        "Take it out and type what is to be printed; a sign such as < that is meant as it stands gets a backslash before it."
    );

    public static Finding TextHasFootnote(Location place, string found, string others) => new(437, place,
        $"This line of the text has the mark of a footnote, “{Briefly(found)}”{others}, and a letter has no footnotes.",
        "Put what the note says into the sentence, in brackets, and take the mark out.");

    public static Finding TextIsStruck(Location place, string found, string others) => new(438, place,
        $"This line of the text has words struck through or underlined, “{Briefly(found)}”{others}, which a letter cannot print.",
        "Take out the signs ~~ or ++, with the words that are not to stand; put **asterisks** around words that matter.");

    public static Finding StandingKey(Location place, string key) => new(235, place,
        $"A standing letter cannot have “{key}”: the file it goes out with decides.",
        "Remove the line.");

    public static Finding StandingAutomatic(Location place) => new(236, place,
        "A standing letter cannot be released automatically: a person looks at each draft before it goes out.",
        "Remove the line, or write “release: on-approval”.");

    public static Finding FrontMatterYear(Location place, string key, int year) =>
        new(
            237,
            place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"“{key}” lies in the year {year:0000}, and a letter's dates lie between {LetterYears.First} and {LetterYears.Last}."
            ),
            "Correct the year.");

    public static Finding LetterTextTooLong(Location place, int length, int longest) =>
        new(
            238,
            place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The text of the letter has {length:N0} characters, and at most {longest:N0} fit."),
            "Shorten it, and send long texts as an enclosure.");

    public static Finding SenderOfLetter(Location place) => new(315, place,
        "Only a note verbale comes from a sender; a letter is signed.",
        "Take the line “sender:” out, or write “form: note-verbale”.");

    public static Finding NoteWith(Location place, string key) => new(316, place,
        $"A note verbale has no {key}: it is written in the third person and is not signed.",
        $"Take “{key}:” out with the lines below it, or take the line “form: note-verbale” out.");

    public static Finding NoteGreets(Location place, string greeting) =>
        new(
            317,
            place,
            $"The text of a note verbale begins with a salutation, “{greeting.Trim(',', ' ')}”; its compliments are put in by themselves.",
            "Begin with what follows “has the honour to”.");

    public static Finding CoverWithoutLetter(Location place) => new(318, place,
        "A cover letter passes on another letter, and none of its enclosures is one.",
        "Write “role: enclosed-letter” under the enclosure that is passed on.");

    public static Finding EnclosedWithoutCover(Location place, string file) => new(319, place,
        $"{file} has the role enclosed-letter, which only a cover letter passes on.",
        "Write “form: cover-letter”, or another role for this file.");

    public static Finding SecondScan(Location place, string file) => new(320, place,
        $"{file} is a second enclosure with the role letter, and a letter has one signed scan.",
        "Write another role for one of the two.");

    public static Finding ScanNotPdf(Location place, string file) => new(321, place,
        $"The signed letter {file} is not a PDF.",
        "Save the scan as a PDF and name that file.");

    public static Finding NameOfTypesetLetter(Location place, string file) => new(322, place,
        $"{file} is the name under which the typeset letter is attached.",
        "Give the file another name or, if it is the signed letter, write “role: letter” under it.");

    public static Finding NameOfCalendar(Location place, string file) => new(307, place,
        $"{file} is the name under which the letter's meetings are enclosed as a calendar file.",
        "Give the file another name.");

    public static Finding DocumentsOfConfidential(Location place) => new(308, place,
        "A confidential letter is not handed out on a page, where whoever has the link could fetch it.",
        "Take the line “page:” out, or the marking “confidential”.");

    public static Finding ReferenceOfScan(Location place, string file) =>
        new(
            354,
            place,
            $"Missions cannot be asked for the reference printed in the letter: {file} is a signed scan, on which none is printed.",
            "Write “acknowledge: name”, or take the line “acknowledge:” out.");

    public static Finding TranslationIntoItself(Location place, string language) => new(323, place,
        $"The letter itself is in {Languages.EnglishName(language)}, so it needs no translation into it.",
        "Take that translation out, or correct the line “language:” of the letter.");

    public static Finding TranslatedSignatories(Location place, int found, int expected) => new(325, place,
        $"The number of signatories is {found} in the translation and {expected} in the letter.",
        "Give the same persons in the same order in both, each with title and letterhead.");

    public static Finding TranslatedEnclosureUnknown(Location place, string file, string letter) => new(326, place,
        $"The translation names {file}, which is no enclosure of {letter}.",
        "Give the file's name as the letter has it.");

    public static Finding FrontMatterTimeOfDay(Location place, string key, string text) => new(263, place,
        $"“{Briefly(text)}” after “{key}” is not a time of day written as hours:minutes.",
        $"Write it as in “{key}: 10:00”, with the hours from 0 to 23.");

    public static Finding FrontMatterLink(Location place, string key, string text) => new(264, place,
        $"“{Briefly(text)}” after “{key}” is not an address of the web.",
        $"Write it as the browser shows it, as in “{key}: https://webtv.un.org”, without a user's name in it.");

    public static Finding MeetingEndsBefore(Location place, TimeOnly from, TimeOnly to) => new(265, place,
        string.Create(CultureInfo.InvariantCulture, $"The meeting ends at {to:H:mm} and begins at {from:H:mm}."),
        "Write under “to” a later hour of the same day; for a meeting that goes on after midnight, write 23:59.");

    public static Finding MeetingTwice(Location place, string title, int first) => new(266, place,
        $"The meeting “{Briefly(title)}” stands here a second time for the same hour; the first is number {first}.",
        "Keep one of the two, or correct its title, day or hour.");

    public static Finding TooManyMeetings(Location place, int count) => new(267, place,
        $"The letter has {count} meetings, and at most {LetterSchema.MostMeetings} fit.",
        "Send a programme as an enclosure, and list here the meetings that missions enter into their calendars.");

    public static Finding CancelledWithoutCorrection(Location place) => new(268, place,
        "Only a letter that corrects an earlier one can cancel a meeting, which the earlier one announced.",
        "Name the earlier letter under “supersedes”, with “correction”, or take the line “cancelled” out.");

    public static Finding MeetingTooEarly(Location place, string title, DateTimeOffset start, string than) => new(269,
        place,
        $"The meeting “{Briefly(title)}” begins on {NewYorkTime.Words(start)}, before {than}.",
        "Correct whichever of the two is wrong, or confirm that both are right.",
        Severity.Tick);

    public static Finding TranslatedMeetings(Location place, int found, int expected) => new(309, place,
        $"The number of meetings is {found} in the translation and {expected} in the letter.",
        "Give the same meetings in the same order in both, or take the line “meetings” and those below it out.");

    private static string Shape(FrontMatterNode node) => node switch
    {
        FrontMatterList => "a list",
        FrontMatterMap => "a group of keys",
        _ => "plain text",
    };

    public static Finding SendBeforeLetter(Location place, DateOnly date) => new(330, place,
        string.Create(CultureInfo.InvariantCulture, $"The letter is to leave before its own date, {date:d MMMM yyyy}."),
        "Correct the line “send:” or the line “date:”, whichever is wrong.");

    public static Finding ReminderNotUnderstood(Location place, string part) =>
        new(
            331,
            place,
            $"“{Briefly(part)}” does not say when to remind.",
            "Write it as in “remind: 3 working days before 2018-04-03, then the day before”; the name of a deadline may stand in place of a date."
        );

    public static Finding ReminderTooEarly(Location place, DateTimeOffset moment) => new(332, place,
        $"A reminder would leave on {NewYorkTime.Words(moment)}, before the letter itself.",
        "Choose later days.");

    public static Finding TooManyReminders(Location place, int count) => new(333, place,
        $"There are {count} reminders, and missions get {ReminderSchedule.Most} at most.",
        "Leave some out.");

    public static Finding HolidaysUnknown(Location place, int year) => new(334, place,
        $"The holidays of {year} are not on the list, so only Saturdays and Sundays count as days off.",
        "Enter them under Settings, Holidays, or check the days of the reminders on the distribution's page.",
        Severity.Note);

    public static Finding CorrectionHalf(Location place, string key) => new(340, place,
        $"A correction needs both “supersedes” and “correction”; “{key}” is missing.",
        "Write, for example, “supersedes: Draft Rev 1” and “correction: re-issue” (or corrigendum, or withdrawal).");

    public static Finding CorrectionAudience(Location place) => new(341, place,
        "A correction goes to exactly those the earlier letter went to, so it has no audience of its own.",
        "Remove the line.");
}
