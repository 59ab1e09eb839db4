using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.Letters.Reading;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using static Distribution.Common.UnsafeCharacters;

namespace Distribution.Letters;

/// <summary>The faults of this room, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class LetterFaults
{
    public static Finding LetterTooLarge(string file, long bytes, long limit) =>
        new(
            200,
            Location.In(file),
            $"The file has {EnglishText.SizeAbove(limit, bytes)}, and the text of a letter has at most {EnglishText.Size(limit)}.",
            "Check that this is the letter's text; the draft itself is a file of its own beside it.");

    public static Finding FurtherFaults(string file, int count, Severity worst) =>
        new(
            239,
            Location.In(file),
            $"There {(count == 1 ? "is" : "are")} {EnglishText.Counted(count, worst == Severity.Fault ? "further fault" : "further warning")}, not listed here.",
            "Correct what is listed first; what is left is then shown.",
            worst);

    public static Finding SignatureNotImage(string file) => new(327, Location.In(file),
        "The signature is not a PNG or JPEG image.",
        "Save it as PNG or JPEG, under a name that ends in .png or .jpg, and upload it again.");

    /// <param name="what">What the image is of: <c>signature</c> or <c>emblem</c>.</param>
    public static Finding ImageTooLarge(string what, string file, long bytes, long limit) => new(328, Location.In(file),
        $"The image of the {what} has {EnglishText.SizeAbove(limit, bytes)}; {EnglishText.Size(limit)} is the most.",
        "Save or scan it with fewer dots or cut away what is around it.");

    /// <inheritdoc cref="ImageTooLarge"/>
    public static Finding ImageTooManyDots(string what, string file, int width, int height, int limit) => new(329,
        Location.In(file),
        $"The image of the {what} is {width:N0} dots wide and {height:N0} high; {limit:N0} each way are the most.",
        "Save or scan it with fewer dots or cut away what is around it.");

    public static Finding EmblemNotImage(string file) => new(248, Location.In(file),
        "The emblem is not a whole PNG or SVG image.",
        "Save it again as PNG or as plain SVG, under a name that ends in .png or .svg, and upload it.");

    /// <param name="what">What it holds: an element or attribute of SVG.</param>
    public static Finding EmblemUnsafe(string file, string what) => new(249, Location.In(file),
        $"The emblem holds more than shapes and colours: “{Briefly(what)}”.",
        "Save it as plain SVG with all text turned into outlines, or as PNG, and upload it again.");

    public static Finding NameOfDevice(Location place, string name) => new(247, place,
        $"Windows keeps the name “{Briefly(name)}” for a device, so that missions could not save such a file.",
        "Give it another name.");

    public static Finding NameCharacter(Location place, string name, Rune odd) => new(250, place,
        $"The name “{Briefly(name)}” contains {Named(odd)}.",
        "Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only.");

    public static Finding NameDots(Location place, string name) => new(251, place,
        $"“{name}” cannot be the name of a file or folder.",
        "Give it a name with letters or digits.");

    public static Finding NameEmpty(Location place) => new(252, place,
        "A folder on the way has no name: two slashes follow each other, or one stands first.",
        "Upload the file into a folder for the process and, in it, a folder for the draft.");

    public static Finding NameEdge(Location place, string name) => new(253, place,
        $"The name “{Briefly(name)}” begins or ends with a space or a dot.",
        "Rename it without the space or dot.");

    public static Finding NameTooLong(Location place, string name, int longest) => new(254, place,
        $"The name “{Briefly(name)}” has more than {longest} characters.",
        "Shorten it.");

    public static Finding NameIsAPath(Location place, string name) => new(258, place,
        $"“{Briefly(name)}” is a path, not the name of a file.",
        "Put the file beside the letter and write its name alone.");

    /// <summary>The most faults of one letter that a person is shown.</summary>
    public const int Most = 50;

    /// <summary>
    /// All the faults if there are at most <see cref="Most"/>. Otherwise the most severe ones first, cut to that
    /// number; the last then says how many more there are.
    /// </summary>
    public static IReadOnlyList<Finding> AtMost(string file, IReadOnlyList<Finding> faults)
    {
        if (faults.Count <= Most)
            return faults;
        var urgent = faults.OrderBy(fault => fault.Severity).ToList();
        return [.. urgent.Take(Most - 1), FurtherFaults(file, urgent.Count - Most + 1, urgent[Most - 1].Severity)];
    }

    /// <param name="letter">The letter's file.</param>
    /// <param name="known">The names of those there are.</param>
    public static Finding TemplateUnknown(string letter, string name, IReadOnlyList<string> known) => new(400,
        Location.In(letter, field: "template"),
        $"There is no letter template called “{Briefly(name)}”.",
        known is []
            ? "Have whoever looks after this service set Templates to the folder that holds the letter templates."
            : $"Write the name of one there is after “template:”: {EnglishText.Listed(known, "or")}.");

    public static Finding TemplateIncomplete(string name, IEnumerable<string> missing) => new(401,
        Location.In($"templates/{name}"),
        $"The letter template has no {EnglishText.Listed(missing)}.",
        "Put what is missing into the template's folder, or name another template in the letter.");

    public static Finding TemplateFileUnreadable(string file) => new(402, Location.In(file),
        "The file cannot be read as text.",
        "Save it again as plain text in UTF-8, and see that the service may read it.");

    public static Finding WordsMissing(string template, string language) =>
        new(
            403,
            Location.In($"templates/{template}/words/{language}.yaml"),
            $"The letter template has no words for a letter in {Languages.EnglishName(language)}.",
            "Add the file, or write the letter in a language the template has.");

    public static Finding WordsNotReadable(Location place) => new(404, place,
        "The file cannot be read from here on.",
        "Write each entry as a key, a colon and a value, and put quotation marks around a value that holds a colon.");

    public static Finding WordsKeyUnknown(Location place, string key) => new(405, place,
        $"The key {key} is not one that this file has.",
        "Correct its spelling or remove the line.");

    public static Finding WordsKeyMissing(string file, int lastLine, string key) => new(406,
        Location.In(file, lastLine),
        $"The file ends without the key {key}.",
        "Add it; the same file of the template co-facilitators shows what belongs there.");

    public static Finding WordsValueWrong(Location place, string key, string expected) => new(407, place,
        $"The key {key} needs {expected}.",
        "Complete it; the same file of the template co-facilitators shows its form.");

    public static Finding InstructionNotUnderstood(Location place, string line) => new(410, place,
        $"The field or instruction in double braces cannot be understood: “{line}”.",
        "Check that every {{ has its }} and that nothing inside is misspelt.");

    public static Finding FieldUnknown(Location place, string field, IEnumerable<string> known) => new(411, place,
        $"There is no field called {field}.",
        $"Correct its name; what can stand here is {EnglishText.Listed(known)}.");

    public static Finding FieldEmpty(Location place, string field) => new(412, place,
        $"The field {field} is empty.",
        "Fill it in where it comes from, or take it out of the text.");

    public static Finding FieldIsGroup(Location place, string field, IEnumerable<string> members) => new(413, place,
        $"{field} is a group of fields and cannot be printed as one.",
        $"Name one of them: {EnglishText.Listed(members.Select(member => $"{field}.{member}"))}.");

    public static Finding InstructionFailed(Location place, string line) => new(414, place,
        $"The instruction in double braces cannot be carried out: “{line}”.",
        "Correct it, or write the words out in its place.");

    public static Finding LoopTooLong(Location place, int steps) => new(415, place,
        $"The text repeats itself more than {steps:N0} times.",
        "Shorten the repetition between {{ for }} or {{ while }} and {{ end }}.");

    public static Finding NestedTooDeep(Location place, int depth) => new(416, place,
        $"An instruction calls itself more than {depth} times.",
        "Take out the place where it calls itself.");

    public static Finding TooSlow(Location place, TimeSpan limit) => new(417, place,
        $"Making the letter takes more than {limit.TotalSeconds:0.#} seconds of processor time.",
        "Take repetitions and calculations out of the text.");

    public static Finding TooLong(string file, int characters) => new(418, Location.In(file),
        $"The text comes out longer than {characters:N0} characters.",
        "Shorten it, and send long texts as an enclosure.");

    public static Finding DateNotReadable(Location place, string value) =>
        new(
            419,
            place,
            $"“{value}” is not a date that can be written out.",
            "Write it as year, month and day, such as \"2018-04-03\", with the New York hour where wanted: \"2018-04-03 18:00\"."
        );

    public static Finding LinkNotAllowed(Location place, string target) => new(420, place,
        $"A link leads to “{target}”, which a letter may not carry.",
        "Give the full address of a web page, starting with https://, or an e-mail address, starting with mailto:.");

    public static Finding ImageNotAllowed(Location place, string target) => new(421, place,
        $"The letter shows a picture, “{target}”, and letters are sent without pictures.",
        "Take it out of the text and send it as an enclosure.");

    public static Finding TableTooWide(Location place, int columns) => new(422, place,
        $"A table of the text has more than {columns} columns.",
        "Send the table as an enclosure, or make several tables of it.");

    public static Finding TextTooTangled(Location place) => new(423, place,
        "Quotations, lists, brackets or asterisks are nested too deeply in the text.",
        "Take out the signs that are not needed, or put a backslash before each that is meant as it stands.");

    public static Finding TooManyBrackets(string file, int brackets) => new(424, Location.In(file),
        $"The text has more than {brackets:N0} square brackets.",
        "Take out those that are not needed, and send long lists of links as an enclosure.");

    public static Finding MissionInCollective(Location place, string field) =>
        new(
            426,
            place,
            $"The letter goes to all missions together and cannot name one of them, as {{{{ {field} }}}} would.",
            "Take the field out, or write “address: addressed” above the text, so that each mission gets a letter of its own."
        );

    public static Finding WordsNotConfirmed(IEnumerable<string> languages) =>
        new(
            427,
            Location.InWords("Words of letters"),
            $"The fixed words of letters in {EnglishText.Listed(languages.Select(Languages.EnglishName))} were not confirmed by a native reader when this letter was checked.",
            "Have them read by someone who writes such letters, under Settings, Words of letters.",
            Severity.Note);

    public static Finding TitlesMissing(string file, string language, IReadOnlyList<string> missions) =>
        new(
            605,
            Location.In(file),
            $"The register has no title in {Languages.EnglishName(language)} for {EnglishText.Counted(missions.Count, "mission")}, whose letters print the English one: {EnglishText.Listed(missions.Take(3))}{(missions.Count > 3 ? $" and {missions.Count - 3} more" : "")}.",
            $"Write their titles into the register, in the column {RegisterColumns.TitleIn(language)}, or confirm that the English ones are meant.",
            Severity.Tick);

    public static Finding LettersTooSlow(string file, TimeSpan limit, int made, int all) =>
        new(
            425,
            Location.In(file),
            all == 1
                ? $"Trying the letter takes more than {limit.TotalSeconds:0.#} seconds of processor time."
                : $"Trying the letters to all {all} missions takes more than {limit.TotalSeconds:0.#} seconds of processor time; {made} were made in it.",
            "Take repetitions, calculations and large tables out of the text.");

    public static Finding CharactersNotPrintable(Location place, IReadOnlyList<string> characters) =>
        new(
            430,
            place,
            characters is [var one]
                ? $"The letter cannot be printed with the character {Coded(one)}: no font of the letter has it."
                : $"The letter cannot be printed with {EnglishText.Counted(characters.Count, "character")}, {EnglishText.Listed(characters.Take(MostCoded).Select(Coded))}{(characters.Count > MostCoded ? " among them" : "")}: no font of the letter has them.",
            "Write it in another way; the fonts hold the letters of the six official languages and of all Latin spellings."
        );

    private const int MostCoded = 4;

    private static string Coded(string character) =>
        $"“{character}” ({string.Join(' ', character.EnumerateRunes().Select(rune => $"U+{rune.Value:X4}"))})";

    public static Finding TableWiderThanPage(Location place) => new(431, place,
        "A table is wider than the page, even with each line broken at every word.",
        "Take columns out of it, or send it as an enclosure.");

    public static Finding ImageNotReadable(string file, string image) => new(432,
        Location.In(file, field: "signatories"),
        $"The picture {image} cannot be read as an image.",
        "Save it again as what its name says, such as PNG, and upload it under the same name.");

    public static Finding DocumentNotTypeset(Location place, string words) => new(433, place,
        $"The letter cannot be typeset: {words.TrimEnd('.')}.",
        "Correct the template, or name another template in the letter.");

    public static Finding TypesetterUnavailable(string folder, TypesetterException unavailable) => new(434,
        Location.InWords(folder),
        $"The letters could not be typeset, by no fault of theirs: {unavailable.Problem.TrimEnd('.')}.",
        $"{unavailable.Remedy} Then upload the letter again.");

    public static Finding LetterTooLarge(string file, TypesetResult letter) =>
        new(
            435,
            Location.In(file),
            letter.Pages > TypesetResult.MostPages
                ? $"The letter comes to {letter.Pages:N0} pages; {TypesetResult.MostPages:N0} are the most."
                : $"The letter comes to {EnglishText.SizeAbove(TypesetResult.MostBytes, letter.Bytes)}; {EnglishText.Size(TypesetResult.MostBytes)} is the most.",
            "Shorten it and send long texts as an enclosure, or correct letter.typ where the template makes it so long."
        );

    /// <param name="holiday">Null for a Saturday or a Sunday.</param>
    public static Finding DueOnDayOff(Location place, string key, DateOnly day, Holiday? holiday) => new(613, place,
        $"“{Briefly(key)}” are due on {DayOff(day, holiday)}.",
        "Choose another day, unless it is meant so.",
        Severity.Note);

    /// <inheritdoc cref="DueOnDayOff"/>
    public static Finding LeavesOnDayOff(Location place, DateOnly day, Holiday? holiday) => new(614, place,
        $"The letter is to leave on {DayOff(day, holiday)}.",
        "Choose another day, unless it is meant so.",
        Severity.Note);

    /// <summary>The same fault, with the missions whose letters have it added to its text.</summary>
    public static Finding InLetters(Finding fault, Mission first, int count, int all) =>
        fault with
        {
            Words =
                $"{fault.Words[..^1]}, {(count == all ? $"in every letter ({all})" : count == 1 ? $"in the letter to {first.Name}" : $"in the letters to {first.Name} and {count - 1} other {(count == 2 ? "mission" : "missions")}")}.",
        };

    private static string DayOff(DateOnly day, Holiday? holiday) => string.Create(
        CultureInfo.InvariantCulture,
        $"{day:dddd, d MMMM yyyy}, a day without business{(holiday is null ? "" : $" ({Briefly(holiday.Name)})")}");
}
