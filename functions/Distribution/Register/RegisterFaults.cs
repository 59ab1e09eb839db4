using Distribution.Common;

namespace Distribution.Register;

/// <summary>The faults of this room, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class RegisterFaults
{
    public static Finding RegisterTooLarge(string file, int limit) => new(100, Location.In(file),
        $"The file is larger than {EnglishText.Size(limit)}, and no register is.",
        "Check that this is the register of missions and not another file.");

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

    public static Finding DoubtfulAddress(FoundCells found) => new(173, found.First,
        $"“{found.Text}” looks like an email address, and is none that anybody has{found.Likewise}.",
        "Type the address again by hand, in the letters of one alphabet and without signs around it, such as office@mission.example.");

    public static Finding LoneCell(Location place, string text) => new(177, place,
        $"“{UnsafeCharacters.Briefly(text)}” stands alone in its row, and each row below the column names is a mission.",
        "Remove the row, or fill in the mission's cells.");

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

    public static Finding UnknownAudience(Location place, string entry, string? nearest, bool hasGroups) =>
        new(
            130,
            place,
            $"“{UnsafeCharacters.Briefly(entry)}” is neither a mission{(hasGroups ? " or a group" : "")} of the register nor a kind of mission.",
            nearest is null
                ? $"Write a mission such as che, {(hasGroups ? "a group of the register, " : "")}or one of these: {EnglishText.Listed(Audience.Kinds, "or")}."
                : $"Write {nearest}, if that is meant.");

    public static Finding EmptyAudience(Location place) => new(131, place,
        "Nobody is left to write to.",
        "Name at least one mission or kind of mission that is not left out.");

    public static Finding CutOff(Location place, string last) => new(132, place,
        $"The file breaks off in this row, after “{UnsafeCharacters.Briefly(last)}”: the rest of the row is missing, and perhaps more rows.",
        "Save the register again, and upload the whole file.");

    public static Finding SpreadsheetError(FoundCells found) => new(133, found.First,
        $"“{found.Text}” is an error of the spreadsheet and no text{found.Likewise}.",
        "Type what belongs there, or empty the cell where it may be empty.");

    public static Finding Formula(FoundCells found) => new(134, found.First,
        $"“{found.Text}” is a formula, or begins like one, and a letter would print it as it stands{found.Likewise}.",
        "Type the text itself, without =, +, - or @ at its beginning.");

    public static Finding NumberForText(FoundCells found) => new(135, found.First,
        $"“{found.Text}” is a number where a name or title belongs{found.Likewise}.",
        "Type the name or title, or empty the cell where it may be empty.");

    public static Finding DateForText(FoundCells found) => new(136, found.First,
        $"“{found.Text}” is a date where a name or title belongs{found.Likewise}.",
        "Type the name or title, or empty the cell where it may be empty.");

    public static Finding TruthValueForText(FoundCells found) => new(137, found.First,
        $"“{found.Text}” is a truth value of the spreadsheet where a name or title belongs{found.Likewise}.",
        "Type the name or title, or empty the cell where it may be empty.");

    public static Finding Placeholder(FoundCells found) => new(138, found.First,
        $"“{found.Text}” stands in for a name or title that is not known, and a letter would print it{found.Likewise}.",
        "Type the name or title, or empty the cell where it may be empty.");

    public static Finding TurnsDirection(FoundCells found) => new(139, found.First,
        $"“{found.Text}” holds an invisible sign that turns the direction of the letters after it{found.Likewise}.",
        "Empty the cell, and type the text again by hand.");

    public static Finding RowsAboveHeader(Location place, string text, int header) => new(140, place,
        $"“{UnsafeCharacters.Briefly(text)}” stands above the column names, which are in row {header}.",
        $"Delete the rows above row {header}, so that the column names are in the first row.");

    public static Finding NoHeader(Location place, string text, bool isMission, IEnumerable<string> columns) => new(
        141,
        place,
        isMission
            ? $"The first row is a mission, “{UnsafeCharacters.Briefly(text)}”, and the column names are missing."
            : $"The first row does not hold the column names: it reads “{UnsafeCharacters.Briefly(text)}”.",
        $"{(isMission ? "Put a row above it with" : "Write into it")} the names {EnglishText.Listed(columns)}.");

    public static Finding SameMissionTwice(string file, IReadOnlyList<RowPair> pairs) => new(142, Second(file, pairs),
        $"The same State or organization seems to be there twice: {Pairs(pairs)}.",
        "Remove one of the two rows, or confirm that they are two missions.",
        Severity.Tick);

    public static Finding QuestionMark(FoundCells found) => new(143, found.First,
        $"“{found.Text}” has a question mark, as where a letter with an accent was lost{found.Likewise}.",
        "Type the word again, and save as an Excel workbook or as “CSV UTF-8 (Comma delimited)”.",
        Severity.Tick);

    public static Finding Misread(FoundCells found) => new(144, found.First,
        $"“{found.Text}” has wrong signs in place of letters with accents or of another script{found.Likewise}.",
        "Type the text again, and save as an Excel workbook or as “CSV UTF-8 (Comma delimited)”.",
        Severity.Tick);

    public static Finding MixedScripts(FoundCells found) => new(145, found.First,
        $"“{found.Text}” mixes letters of two scripts in one word, which look alike and are not the same{found.Likewise}.",
        "Type the word again by hand.",
        Severity.Tick);

    public static Finding AnotherColumn(FoundCells found) => new(146, found.First,
        $"“{found.Text}” seems to belong in another column{found.Likewise}.",
        "Move it to its column, or confirm that it is right here.",
        Severity.Tick);

    public static Finding InvisibleSigns(FoundCells found) => new(147, found.First,
        $"“{found.Text}” was typed with signs that cannot be seen, and is used without them{found.Likewise}.",
        "Type the text again by hand, or confirm that it reads right.",
        Severity.Tick);

    public static Finding SameTextTwice(string file, IReadOnlyList<RowPair> pairs) => new(148, Second(file, pairs),
        $"Two missions have the same title or the same head, as where a cell was copied down: {Pairs(pairs)}.",
        "Correct the row that is wrong, or confirm that both are right.",
        Severity.Tick);

    public static Finding BadTelephone(FoundCells found) => new(149, found.First,
        $"“{found.Text}” is not a telephone number{found.Likewise}.",
        "Write it with digits, such as +1 212 555 0123, with a semicolon between two numbers, or empty the cell.");

    public static Finding BadCode(FoundCells found) => new(150, found.First,
        $"“{found.Text}” cannot be the code of a mission{found.Likewise}.",
        "Use at most four letters or digits, such as CHE, or empty the cell.");

    public static Finding RepeatedCode(Location place, string code, int firstRow) => new(151, place,
        $"The code “{code}” is already that of the mission in row {firstRow}.",
        "Give one of the two another code, or empty the cell.");

    public static Finding BadGroup(FoundCells found) => new(152, found.First,
        $"“{found.Text}” cannot be the name of a group{found.Likewise}.",
        "Use small letters a to z, digits and hyphens, such as g77, with a space between two groups.");

    public static Finding GroupIsAMission(Location place, string group) => new(153, place,
        $"“{group}” is a mission of this register, so it cannot be a group too.",
        "Give the group another name.");

    public static Finding FormOfAddressTwice(FoundCells found) => new(154, found.First,
        $"“{found.Text}” begins with a form of address, and form_of_address holds one too, so that letters print it twice{found.Likewise}.",
        "Write the name alone in head_of_mission.",
        Severity.Tick);

    public static Finding WorkbookDamaged(string file) => new(155, Location.In(file),
        "This is an archive or an Excel workbook, and it cannot be opened: it is damaged, or not all of it has arrived.",
        "Open it in Excel, save it again as an Excel workbook (.xlsx), and upload that file.");

    public static Finding WorkbookLocked(string file) => new(156, Location.In(file),
        "This Excel workbook is locked with a password.",
        "In Excel take the password away (File, Info, Protect Workbook, Encrypt with Password), save it, and upload it again.");

    /// <param name="kind">Such as "an Excel workbook of the old kind (.xls)".</param>
    public static Finding OtherWorkbook(string file, string kind) => new(157, Location.In(file),
        $"This is {kind}, and a register is an Excel workbook (.xlsx) or a CSV file.",
        "Open it where it was made, save it as an Excel workbook (.xlsx) or as “CSV UTF-8 (Comma delimited)”, and upload that file.");

    public static Finding WorkbookTooLarge(string file) => new(158, Location.In(file),
        "The workbook unpacks to more than any register has.",
        "Copy the rows with missions into a new workbook, save that, and upload it.");

    public static Finding SheetGoesOn(string file, string cell) => new(159, Location.In(file),
        $"The sheet goes on as far as the cell {cell}, far beyond the missions.",
        "Copy the rows with missions into a new workbook, save that, and upload it.");

    public static Finding SeveralSheets(string file, IReadOnlyList<string> sheets) => new(160, Location.In(file),
        $"{EnglishText.Counted(sheets.Count, "sheet")} of the workbook hold a register: {EnglishText.Listed(sheets.Select(Named))}.",
        "Keep the one that is right, and delete or hide the others.");

    public static Finding OtherSheets(string file, string read, IReadOnlyList<string> others) => new(
        161,
        Location.In(file),
        $"Only the sheet {Named(read)} is read, and not {EnglishText.Listed(others.Take(5).Select(Named))}{(others.Count > 5 ? " and others" : "")}.",
        "If missions stand in another sheet, copy them into this one.",
        Severity.Note);

    public static Finding Hidden(string file, string? sheet, IReadOnlyList<int> rows, IReadOnlyList<string> columns) =>
        new(162, Location.In(file, rows is [var first, ..] ? first : null),
            $"The workbook hides {EnglishText.Listed([
                .. sheet is null ? (string[])[] : [$"the sheet {Named(sheet)}"],
                .. rows is [] ? (string[])[] : [Numbered("row", [.. rows.Select(row => $"{row}")])],
                .. columns is [] ? (string[])[] : [Numbered("column", columns)],
            ])}, and what is hidden is read like the rest.",
            "Show it in Excel (take filters away) and delete what does not belong there, or confirm that it belongs.",
            Severity.Tick);

    public static Finding MergedCells(string file, IReadOnlyList<string> ranges) => new(163, Location.In(file),
        $"Cells are merged in {EnglishText.Listed(ranges.Take(5))}{(ranges.Count > 5 ? $" and {ranges.Count - 5} more places" : "")}, so that only the first of them holds the text.",
        "In Excel choose Unmerge Cells, and write into each cell what belongs there.");

    public static Finding StruckCells(string file, IReadOnlyList<string> cells) => new(607, Location.In(file),
        $"Text is struck through in {EnglishText.Listed(cells.Take(5))}{(cells.Count > 5 ? $" and {EnglishText.Counted(cells.Count - 5, "more cell")}" : "")}, and a letter would be made from it all the same.",
        "In Excel delete what is struck through, or take the line away where the text counts.");

    public static Finding TooManyMissions(string file, int missions, int most) => new(164, Location.In(file),
        $"The register has {Number(missions)} missions, and this service is promised to send to {Number(most)} at the most.",
        "Take out the rows that no letter goes to. Where letters must go to more, have whoever looks after this service read infra/SCALE.md, which says what that takes.");

    private static string Number(int count) => count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOnlyBeyondAscii(string address) =>
        EmailAddresses.ReadAlone(address) is { } read && EmailAddresses.NeedsUtf8(read);

    private static string Named(string sheet) => $"“{UnsafeCharacters.Briefly(sheet)}”";

    private static string Numbered(string what, IReadOnlyList<string> some) =>
        some.Count == 1
            ? $"{what} {some[0]}"
            : $"{what}s {EnglishText.Listed([.. some.Take(5), .. some.Count > 5 ? [$"{some.Count - 5} more"] : (string[])[]])}";

    private static Location Second(string file, IReadOnlyList<RowPair> pairs) =>
        Location.In(file, pairs[0].Row, pairs[0].Column);

    private static string Pairs(IReadOnlyList<RowPair> pairs) =>
        EnglishText.Listed([
            .. pairs.Take(5).Select(pair => pair.FirstText == pair.Text
                ? $"“{UnsafeCharacters.Briefly(pair.Text)}” in rows {pair.FirstRow} and {pair.Row}"
                : $"“{UnsafeCharacters.Briefly(pair.FirstText)}” in row {pair.FirstRow} and “{UnsafeCharacters.Briefly(pair.Text)}” in row {pair.Row}"),
            .. pairs.Count > 5 ? [$"{pairs.Count - 5} more"] : (string[])[],
        ]);
}
