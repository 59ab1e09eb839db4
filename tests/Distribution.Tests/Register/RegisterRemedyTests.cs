using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Register;
using Distribution.Tests.Letters;
using Xunit;
using static Distribution.Tests.Register.RegisterText;

namespace Distribution.Tests.Register;

/// <summary>
/// Whoever does what the remedy of a finding says gets rid of it, and gets no new one: for each finding of a register, a
/// file that has it and what its remedy makes of the file.
/// </summary>
public sealed partial class RegisterRemedyTests
{
    private static readonly IReadOnlyList<string> Columns = Header.Split(',');

    private static readonly byte[] Sound = Csv(Switzerland);

    private static readonly SheetOf Sheet = new("Missions", [Header.Split(','), Switzerland.Split(',')]);

    private static readonly string[] Many =
    [
        .. Enumerable.Range(0, MissionRegister.MostMissions).Select(number =>
            Mexico.Replace("mex", $"m{number}", StringComparison.Ordinal).Replace("Mexico", $"Land {number}", StringComparison.Ordinal)),
    ];

    /// <summary>A file with a finding, and the file once its remedy was followed.</summary>
    /// <param name="Says">Words of the remedy that lead there.</param>
    private sealed record Case(int Number, string Says, byte[] Before, byte[] After);

    private static readonly IReadOnlyList<Case> Cases =
    [
        new(100, "Check that this is the register", new byte[RegisterCsv.LargestFile + 1], Sound),
        new(102, "CSV UTF-8", Encoding.Latin1.GetBytes(Text(With("name", "Türkiye"))), Csv(With("name", "Türkiye"))),
        new(103, "Upload a register with the column names", [], Sound),
        new(104, "Put one mission in each row", Csv(), Sound),
        new(105, "Call it “cc”", Of(Header[..^2] + "ccc", Switzerland), Sound),
        new(105, "Remove the column", Of($"{Header},colour", $"{Switzerland},"), Sound),
        new(106, "Add a column with “cc”", Of(Header[..^3], Switzerland[..^1]), Sound),
        new(107, "Keep one of the two", Of($"{Header},cc", $"{Switzerland},"), Sound),
        new(108, "correct the row", Csv(With("name", "\"Switzer\"land")), Sound),
        new(109, "or empty the cell", Csv($"{Switzerland},lost"), Sound),
        Cell(110, "name", "", "Switzerland", "Fill in the cell"),
        Cell(111, "mission", "CHE", "che", "such as che"),
        new(112, "Keep one of the two rows", Csv(Switzerland, Switzerland), Sound),
        Cell(113, "kind", "member-stat", "member-state", "Write member-state"),
        Cell(114, "language", "French", "fr", "fr for French"),
        Cell(115, "alternate_language", "fr", "en", "or write another language"),
        Cell(116, "to", "", "che@missions.example", "Write at least one address"),
        Cell(117, "to", "Office <che@missions.example>", "che@missions.example", "Write the addresses alone"),
        Cell(118, "to", "che@missions", "che@missions.example", "Type the address again"),
        Cell(173, "to", "'che@missions.example", "che@missions.example", "without signs around it"),
        new(177, "Remove the row", Csv("Member States", Switzerland), Sound),
        new(
            119,
            "Correct one of the two",
            Csv(Switzerland, Mexico.Replace("mex@", "che@", StringComparison.Ordinal)),
            Csv(Switzerland, Mexico)),
        Cell(120, "cc", "che@missions.example", "", "Remove one of the two"),
        Cell(121, "form_of_address", "H.E. Ms.", "", "or empty this cell"),
        Cell(122, "name", "Switzer\u0007land", "Switzerland", "Write the text again"),
        Cell(123, "name", "T\uFFFDrkiye", "Türkiye", "Type the word again"),
        Cell(124, "title", new string('t', 301), new string('t', 300), "Shorten it"),
        new(132, "upload the whole file", Of(Header, Switzerland, Mexico[..60]), Csv(Switzerland, Mexico)),
        Cell(133, "head_of_mission", "#REF!", "", "or empty the cell"),
        Cell(134, "head_of_mission", "=A1", "Jürg Lauber", "Type the text itself"),
        Cell(135, "head_of_mission", "0", "", "or empty the cell"),
        Cell(136, "head_of_mission", "1/2/2026", "", "or empty the cell"),
        Cell(137, "head_of_mission", "FAUX", "", "or empty the cell"),
        Cell(138, "head_of_mission", "n/a", "", "or empty the cell"),
        Cell(139, "title", "Mission \u202Eof Switzerland", "Mission of Switzerland", "type the text again by hand"),
        new(140, "Delete the rows above row 2", Of($"Missions as of 1 May{new string(',', 10)}", Header, Switzerland), Sound),
        new(141, "Put a row above it with the names mission, kind", Of(Switzerland), Sound),
        new(141, "Write into it the names mission, kind", Of("Pays,Nom,Langue", Switzerland), Sound),
        new(142, "Remove one of the two rows", Csv(Switzerland, With("mission", "sui", ("to", "x@missions.example"), ("title", "Swiss Mission"))), Sound),
        Cell(143, "name", "C?te d'Ivoire", "Côte d'Ivoire", "Type the word again"),
        Cell(144, "name", "CÃ´te d'Ivoire", "Côte d'Ivoire", "Type the text again"),
        Cell(145, "name", "Switzerlаnd", "Switzerland", "Type the word again by hand"),
        Cell(146, "head_of_mission", "H.E. Ms.", "", "Move it to its column"),
        Cell(147, "title", "Mission\u200B of Switzerland", "Mission of Switzerland", "Type the text again by hand"),
        new(
            148,
            "Correct the row that is wrong",
            Csv(Switzerland, Mexico.Replace("Mission of Mexico", "Mission of Switzerland", StringComparison.Ordinal)),
            Csv(Switzerland, Mexico)),
        More(149, "telephone", "ask at the desk", "+1 212 555 0123", "Write it with digits"),
        More(150, "code", "SWISS", "CHE", "at most four letters or digits"),
        new(
            151,
            "Give one of the two another code",
            Of($"{Header},code", $"{Switzerland},XX", $"{Mexico},XX"),
            Of($"{Header},code", $"{Switzerland},XX", $"{Mexico},MX")),
        new(
            151,
            "or empty the cell",
            Of($"{Header},code", $"{Switzerland},MEX", $"{Mexico},"),
            Of($"{Header},code", $"{Switzerland},", $"{Mexico},")),
        More(152, "groups", "G_77", "g77", "small letters a to z"),
        More(153, "groups", "che", "alps", "another name"),
        new(
            154,
            "Write the name alone",
            Csv(With("head_of_mission", "H.E. Ms. Pascale Baeriswyl", ("form_of_address", "H.E. Ms."))),
            Csv(With("head_of_mission", "Pascale Baeriswyl", ("form_of_address", "H.E. Ms.")))),
        new(155, "save it again as an Excel workbook", WorkbookFile.Of(Sheet)[..500], WorkbookFile.Of(Sheet)),
        new(
            156,
            "take the password away",
            [0xD0, 0xCF, 0x11, 0xE0, .. "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8],
            WorkbookFile.Of(Sheet)),
        new(157, "save it as an Excel workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1], WorkbookFile.Of(Sheet)),
        new(
            158,
            "Copy the rows with missions into a new workbook",
            WorkbookFile.Zip(new Dictionary<string, byte[]> { ["xl/workbook.xml"] = new byte[50_000_001] }),
            WorkbookFile.Of(Sheet)),
        new(
            159,
            "Copy the rows with missions into a new workbook",
            WorkbookFile.Of(Sheet with { Rows = [[.. Sheet.Rows[0], .. new object?[300], "x"], Sheet.Rows[1]] }),
            WorkbookFile.Of(Sheet)),
        new(160, "delete or hide the others", WorkbookFile.Of(Sheet, Sheet with { Name = "Old" }), WorkbookFile.Of(Sheet)),
        new(161, "copy them into this one", WorkbookFile.Of(Sheet, new("Notes", [["Note"]])), WorkbookFile.Of(Sheet)),
        new(162, "Show it in Excel", WorkbookFile.Of(Sheet with { HiddenRows = [2] }), WorkbookFile.Of(Sheet)),
        new(164, "Take out the rows", Csv([.. Many, Switzerland]), Csv(Many)),
        new(
            607,
            "delete what is struck through",
            WorkbookFile.Of(Sheet with { Rows = [.. Sheet.Rows, [new StruckCell("mex"), .. Mexico.Split(',').Skip(1)]] }),
            WorkbookFile.Of(Sheet)),
        new(163, "choose Unmerge Cells", WorkbookFile.Of(Sheet with { Merged = ["C2:C3"] }), WorkbookFile.Of(Sheet)),
    ];

    [Fact]
    public void Doing_what_a_remedy_says_ends_the_finding_and_makes_no_new_one()
    {
        List<string> wrong = [];
        foreach (var (number, says, before, after) in Cases)
        {
            var found = RegisterCsv.Read("register.xlsx", before).Faults;
            if (!found.Any(finding => finding.Number == number && finding.Remedy.Contains(says, StringComparison.Ordinal)))
                wrong.Add($"{number} is not found, or its remedy does not say “{says}”: {string.Join(" ", found)}");
            if (RegisterCsv.Read("register.xlsx", after).Faults is { Count: > 0 } left)
                wrong.Add($"{number}, after its remedy: {string.Join(" ", left)}");
        }

        Assert.True(wrong is [], string.Join("\n", wrong));
    }

    /// <summary>The others, 130 and 131, are about the audience of a letter and are for <see cref="AudienceTests"/>.</summary>
    [Fact]
    public void Every_finding_of_a_register_has_a_case() => Assert.Equal(
        [130, 131],
        Catalogued()
            .Matches(
                File.ReadAllText(
                    Path.Combine(
                        SampleLetter.Templates, "..", "functions", "Distribution", "Register", "RegisterFaults.cs")))
            .Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
            .Except(Cases.Select(one => one.Number))
            .Order());

    private static Case Cell(int number, string column, string before, string after, string says) =>
        new(number, says, Csv(With(column, before)), Csv(With(column, after)));

    private static Case More(int number, string column, string before, string after, string says) =>
        new(
            number,
            says,
            Of($"{Header},{column}", $"{Switzerland},{before}"),
            Of($"{Header},{column}", $"{Switzerland},{after}"));

    private static string With(string column, string value, params (string Column, string Value)[] more)
    {
        var cells = Switzerland.Split(',');
        foreach (var (name, text) in more.Prepend((column, value)))
            cells[Columns.ToList().IndexOf(name)] = text;
        return string.Join(',', cells);
    }

    private static byte[] Csv(params string[] rows) => Of([Header, .. rows]);

    private static byte[] Of(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines));

    private static string Text(string row) => $"{Header}\r\n{row}";

    [GeneratedRegex(@"public static Finding \w+\([^;]*?new\(\s*(\d{3}),")]
    private static partial Regex Catalogued();
}
