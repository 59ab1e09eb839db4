using Distribution.Common;

namespace Distribution.Register;

/// <summary>The faults of this room, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class RegisterFaults
{
    public static Finding RegisterTooLarge(string file, long bytes, int limit) => new(100, Location.In(file),
        $"The file has {EnglishText.Megabytes(bytes)}, and a register has at most {EnglishText.Megabytes(limit)}.",
        "Check that this is the register of missions and not another file.");

    public static Finding RegisterIsAWorkbook(string file) => new(101, Location.In(file),
        "This is an Excel workbook, not a CSV file.",
        "In Excel choose Save As and the type “CSV UTF-8 (Comma delimited)”, then upload that file.");

    public static Finding RegisterNotUtf8(Location place) =>
        new(
            102,
            place,
            "From here on letters with accents or of other scripts cannot be read, because the file was not saved as UTF-8.",
            "In Excel choose Save As and the type “CSV UTF-8 (Comma delimited)”, then upload that file.");

    public static Finding RegisterEmpty(string file) => new(103, Location.In(file),
        "The file is empty.",
        "Upload a register with the column names in its first row and one mission in each row below.");

    public static Finding RegisterWithoutMissions(string file) => new(104, Location.In(file),
        "The file has column names but no mission.",
        "Put one mission in each row below the column names.");

    public static Finding UnknownRegisterColumn(Location place, string column, string? nearest) =>
        new(
            105,
            place,
            $"The register has no column called “{UnsafeCharacters.Briefly(column)}”.",
            nearest is null
                ? "Remove the column, or correct its name in the first row."
                : $"Call it “{nearest}”, or remove the column.");

    public static Finding MissingRegisterColumn(string file, string column) => new(106, Location.In(file),
        $"The column “{column}” is missing.",
        $"Add a column with “{column}” in the first row.");

    public static Finding RepeatedRegisterColumn(Location place, string column) => new(107, place,
        $"The column “{column}” is there twice.",
        "Keep one of the two and remove the other.");

    public static Finding QuotationMarksAstray(Location place) => new(108, place,
        "The quotation marks in this row do not come in pairs, so its cells cannot be told apart.",
        "Open the file in Excel, correct the row, and save it again as “CSV UTF-8 (Comma delimited)”.");

    public static Finding CellWithoutColumn(Location place, string text) => new(109, place,
        $"“{UnsafeCharacters.Briefly(text)}” stands in a column that has no name.",
        "Move it to the column where it belongs, or empty the cell.");

    public static Finding EmptyRegisterCell(Location place, string what) => new(110, place,
        $"The cell is empty, and every mission needs {what}.",
        "Fill in the cell, or remove the whole row.");

    public static Finding BadMissionId(Location place, string id) => new(111, place,
        $"“{UnsafeCharacters.Briefly(id)}” cannot stand for a mission.",
        "Use at most 64 small letters a to z, digits and single hyphens, such as che or african-union.");

    public static Finding RepeatedMission(Location place, string id, int firstRow) => new(112, place,
        $"The mission “{id}” is already in row {firstRow}.",
        "Keep one of the two rows, or give this mission a short name of its own.");

    public static Finding UnknownMissionKind(Location place, string kind, string? nearest, IEnumerable<string> known) =>
        new(
            113,
            place,
            $"“{UnsafeCharacters.Briefly(kind)}” is not a kind of mission.",
            nearest is null
                ? $"Write one of these: {EnglishText.Listed(known, "or")}."
                : $"Write {nearest}, if that is meant.");

    public static Finding UnknownMissionLanguage(Location place, string language) => new(114, place,
        $"“{UnsafeCharacters.Briefly(language)}” does not stand for an official language of the United Nations.",
        "Write en for English, fr for French, es for Spanish, ar for Arabic, ru for Russian or zh for Chinese.");

    public static Finding AlternateLanguageIsTheLanguage(Location place, string language) => new(115, place,
        $"The alternate language is the language itself, {Languages.EnglishName(language)}.",
        "Empty the cell, or write another language.");

    public static Finding MissionWithoutMailbox(Location place) => new(116, place,
        "The mission has no email address to write to.",
        "Write at least one address in this cell, or remove the whole row.");

    public static Finding AddressWithMore(Location place) => new(117, place,
        "The cell holds names, brackets or quotation marks beside the email addresses.",
        "Write the addresses alone, such as office@mission.example, with a semicolon between two of them.");

    public static Finding BadAddress(Location place, string address) => new(118, place,
        IsOnlyBeyondAscii(address)
            ? $"“{UnsafeCharacters.Briefly(address)}” has letters beyond plain A to Z before the @, and not every mail server takes them."
            : $"“{UnsafeCharacters.Briefly(address)}” is not an email address a letter can be sent to.",
        IsOnlyBeyondAscii(address)
            ? "Ask the mission for an address in plain letters; after the @ any letters may stand."
            : "Type the address again by hand, such as office@mission.example.");

    public static Finding AddressOfTwoMissions(Location place, string address, int otherRow, string otherMission) =>
        new(
            119,
            place,
            $"{address} is also an address of “{otherMission}” in row {otherRow}, so one mailbox receives the letters of both.",
            "Correct one of the two, unless the missions do share the mailbox.",
            Severity.Note);

    public static Finding RepeatedAddress(Location place, string address) => new(120, place,
        $"{address} is there twice for this mission and is used once.",
        "Remove one of the two.", Severity.Note);

    public static Finding FormOfAddressWithoutHead(Location place) => new(121, place,
        "There is a form of address but no head of mission.",
        "Write the name in head_of_mission, or empty this cell.");

    public static Finding UnprintableCharacter(Location place) => new(122, place,
        "The cell holds a line break or another character that cannot be printed.",
        "Write the text again on one line.");

    public static Finding LostLetter(Location place) => new(123, place,
        "A letter of this cell was lost when the file was saved, and � stands in its place.",
        "Type the word again, and save as “CSV UTF-8 (Comma delimited)”.");

    public static Finding RegisterTextTooLong(Location place, int length, int limit) => new(124, place,
        $"The text has {length} characters, and at most {limit} fit into a letter.",
        "Shorten it.");

    public static Finding UnknownAudience(Location place, string entry, string? nearest) =>
        new(
            130,
            place,
            $"“{UnsafeCharacters.Briefly(entry)}” is neither a mission of the register nor a kind of mission.",
            nearest is null
                ? $"Write a mission such as che, or one of these: {EnglishText.Listed(Audience.Kinds, "or")}."
                : $"Write {nearest}, if that is meant.");

    public static Finding EmptyAudience(Location place) => new(131, place,
        "Nobody is left to write to.",
        "Name at least one mission or kind of mission that is not left out.");

    private static bool IsOnlyBeyondAscii(string address) =>
        EmailAddresses.ReadAlone(address) is { } read && EmailAddresses.NeedsUtf8(read);
}
