using System.IO.Compression;
using System.Text;
using Distribution.Common;
using Distribution.Register;
using Xunit;
using static Distribution.Tests.Register.RegisterText;

namespace Distribution.Tests.Register;

/// <summary>Registers as Excel saves them when nobody chooses another type.</summary>
public sealed class RegisterWorkbookTests
{
    [Fact]
    public void A_workbook_holds_the_same_missions_as_the_file_saved_from_it()
    {
        var reading = Read(WorkbookFile.OfCsv(Header, Switzerland, Mexico));

        Assert.Empty(reading.Faults);
        Assert.Equal(
            Json.Write(RegisterText.Read(Switzerland, Mexico).Register!.Missions),
            Json.Write(reading.Register!.Missions));
        // What is put into use is CSV, which every version reads, and its hash is that of the register.
        Assert.Equal(
            Json.Write(reading.Register.Missions),
            Json.Write(RegisterCsv.Read("in-use.csv", reading.Content).Register!.Missions));
        Assert.Equal(reading.Register.Hash, Sha256Hex.Of(reading.Content.Span));
    }

    [Fact]
    public void What_a_formula_came_to_and_numbers_of_telephones_are_read_as_they_are_shown()
    {
        object?[] row =
        [
            .. Switzerland.Split(',').Select(cell => (object?)cell),
            12125550123d,
        ];
        row[3] = new FormulaCell("\"Permanent Mission of \"&amp;C2", "Permanent Mission_x000D_ of Switzerland & Co");
        var reading = Read(Sheet([.. Header.Split(','), "telephone"], row));

        Assert.Equal(122, Assert.Single(reading.Faults).Number);
        row[3] = new FormulaCell("C2", "Permanent Mission of Switzerland & Co");
        var mission = Read(Sheet([.. Header.Split(','), "telephone"], row)).Register!.Missions[0];
        Assert.Equal(("Permanent Mission of Switzerland & Co", "12125550123"), (mission.Title, mission.Telephone));
    }

    [Fact]
    public void A_formula_whose_result_is_the_empty_text_is_an_empty_cell()
    {
        object?[] row = [.. Switzerland.Split(',')];
        row[5] = new FormulaCell("IF(B2=\"\",\"\",B2)", "");

        Assert.Null(Read(Sheet([.. Header.Split(',')], row)).Register!.Missions[0].Head);
        // What no text can hold, as Excel writes it: half a character, and a sign that moves a printer.
        row[5] = "J._xD800_ Lauber_x000B_";
        Assert.Equal("J. Lauber", Read(Sheet([.. Header.Split(',')], row)).Register!.Missions[0].Head?.Name);
    }

    public static TheoryData<object, int> Cells => new()
    {
        { new ErrorCell("#REF!"), 133 },
        { new ErrorCell("#N/A"), 133 },
        { new FormulaCell("VLOOKUP(A2,Sheet2!A:B,2)"), 134 },
        { 0d, 135 },
        { 45000d, 135 },
        { new DateCell(45000), 136 },
        { true, 137 },
        { false, 137 },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell_that_is_no_text_is_refused_with_its_place(object cell, int number)
    {
        object?[] row = [.. Switzerland.Split(',')];
        row[5] = cell;
        var fault = Assert.Single(Read(Sheet([.. Header.Split(',')], row)).Faults);

        Assert.Equal((number, "register.xlsx, row 2, column head_of_mission"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Empty_rows_count_and_rows_are_named_as_Excel_numbers_them()
    {
        object?[] bad = [.. Mexico.Replace(",es,", ",xx,").Split(',')];
        Assert.Equal(
            "register.xlsx, row 4, column language",
            Assert.Single(
                Read(WorkbookFile.Of(new SheetOf("Missions", [Header.Split(','), Switzerland.Split(','), [], bad]))).Faults).Place);
    }

    [Fact]
    public void The_sheet_that_holds_the_register_is_read_and_the_others_are_named()
    {
        var register = new SheetOf("Missions", [Header.Split(','), Switzerland.Split(',')]);
        var reading = Read(WorkbookFile.Of(new("Notes", [["Call them"]]), register));
        var note = Assert.Single(reading.Faults);
        Assert.Equal((161, Severity.Note), (note.Number, note.Severity));
        Assert.Contains("Only the sheet “Missions” is read, and not “Notes”.", note.Words);

        // A copy from last year that is hidden is no second register.
        var old = register with { Name = "2024", State = "hidden" };
        Assert.NotNull(Read(WorkbookFile.Of(old, register)).Register);
        Assert.Contains(
            "“Missions” and “2024”",
            Assert.Single(Read(WorkbookFile.Of(register, old with { State = "visible" })).Faults).Words);
    }

    [Fact]
    public void What_is_hidden_is_read_and_must_be_looked_at()
    {
        var sheet = new SheetOf("Missions", [Header.Split(','), Switzerland.Split(','), Mexico.Split(',')]);
        var reading = Read(WorkbookFile.Of(sheet with { HiddenRows = [3], HiddenColumns = [8, 30] }));

        Assert.Equal(2, reading.Register!.Missions.Count);
        Assert.Equal(
            "The workbook hides row 3 and column H, and what is hidden is read like the rest.",
            Assert.Single(reading.ToConfirm).Words);
    }

    /// <summary>As people strike out who has left: such a name was once written to.</summary>
    [Fact]
    public void What_is_struck_through_is_refused_whether_it_is_a_cell_or_a_part_of_one()
    {
        var struck = Mexico.Split(',').Cast<object?>().ToArray();
        struck[2] = new StruckCell("Mexico");
        struck[3] = new StruckCell("Permanent Mission", IsPart: true);
        Assert.Equal(
            "Text is struck through in C3 and D3, and a letter would be made from it all the same.",
            Assert.Single(Read(Sheet(Header.Split(','), Switzerland.Split(','), struck)).Faults, fault => fault.Number == 607).Words);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 and so on", 155)]
    [InlineData("\u00D0\u00CF\u0011\u00E0 W\0o\0r\0k\0b\0o\0o\0k\0", 157)]
    [InlineData("\u00D0\u00CF\u0011\u00E0 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 156)]
    [InlineData("%PDF-1.7", 157)]
    [InlineData("<html><table><tr><td>mission", 157)]
    [InlineData("\r\n <?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", 157)]
    public void Other_files_are_named_for_what_they_are(string start, int number) =>
        Assert.Equal(number, Assert.Single(Read(Encoding.Latin1.GetBytes(start)).Faults).Number);

    [Theory]
    [InlineData("content.xml", "(.ods)")]
    [InlineData("xl/workbook.bin", "(.xlsb)")]
    [InlineData("Index/Document.iwa", "Apple Numbers")]
    [InlineData("word/document.xml", "a Word document")]
    [InlineData("photo.jpg", "holds no Excel workbook")]
    public void Other_archives_are_named_for_what_they_are(string part, string named) =>
        Assert.Contains(
            named,
            Assert.Single(Read(WorkbookFile.Zip(new Dictionary<string, byte[]> { [part] = [1] })).Faults).Words);

    [Fact]
    public void A_workbook_cut_off_anywhere_is_damaged_and_never_half_a_register()
    {
        var whole = WorkbookFile.OfCsv(Header, Switzerland, Mexico);
        foreach (var length in Enumerable.Range(1, 40).Select(part => whole.Length * part / 41))
            Assert.Equal(155, Assert.Single(Read(whole[..length]).Faults, fault => fault.Number is not 157).Number);
    }

    [Fact]
    public void Whatever_its_bytes_a_workbook_is_read_or_refused_in_words()
    {
        var random = new Random(19);
        var parts = Parts(WorkbookFile.OfCsv(Header, Switzerland, Mexico));
        foreach (var _ in Enumerable.Range(0, 400))
        {
            // In the parts and not in the archive around them, whose checksums would find it out.
            var changed = parts.ToDictionary(part => part.Key, part => part.Value.ToArray());
            var part = changed.Values.ElementAt(random.Next(changed.Count));
            foreach (var __ in Enumerable.Range(0, random.Next(1, 4)))
                part[random.Next(part.Length)] = (byte)"<>\"/=&;0129Ax".ElementAt(random.Next(13));
            var reading = Read(WorkbookFile.Zip(changed));
            Assert.True(reading.Succeeded || reading.Faults.Any(fault => !fault.IsWarning));
        }
    }

    [Fact]
    public void A_workbook_that_unpacks_without_end_is_not_unpacked()
    {
        var bomb = WorkbookFile.Zip(new Dictionary<string, byte[]>
        {
            ["xl/workbook.xml"] = [],
            ["xl/worksheets/sheet1.xml"] = new byte[60_000_000],
        });
        Assert.True(bomb.Length < 1_000_000);
        Assert.Equal(158, Assert.Single(Read(bomb).Faults).Number);
    }

    [Fact]
    public void A_part_that_says_it_is_small_and_is_not_is_read_no_farther_than_it_says()
    {
        var sheet = WorkbookFile.Of(
            new SheetOf("Missions", [Header.Split(','), [new string('x', 30_000_000)]]));
        Assert.NotNull(sheet);
        // The size stands in the archive's list of parts: the four bytes are found by their value and made small.
        using var archive = new ZipArchive(new MemoryStream(sheet));
        var size = BitConverter.GetBytes((uint)archive.GetEntry("xl/sharedStrings.xml")!.Length);
        for (var place = sheet.AsSpan().IndexOf(size); place >= 0; place = sheet.AsSpan().IndexOf(size))
            BitConverter.GetBytes(1000u).CopyTo(sheet, place);
        Assert.Null(Read(sheet).Register);
    }

    [Fact]
    public void A_cell_far_away_is_told_and_costs_nothing()
    {
        var rows = Enumerable.Repeat<IReadOnlyList<object?>>([], 60_000).ToList();
        (rows[0], rows[1], rows[^1]) = (Header.Split(','), Switzerland.Split(','), ["x"]);
        Assert.Equal(
            "The sheet goes on as far as the cell A60000, far beyond the missions.",
            Assert.Single(Read(WorkbookFile.Of(new SheetOf("Missions", rows))).Faults).Words);
    }

    private static Dictionary<string, byte[]> Parts(byte[] workbook)
    {
        using var archive = new ZipArchive(new MemoryStream(workbook));
        return archive.Entries.ToDictionary(
            part => part.FullName,
            part =>
            {
                using var content = part.Open();
                using var copy = new MemoryStream();
                content.CopyTo(copy);
                return copy.ToArray();
            });
    }

    private static RegisterReading Read(byte[] workbook) => RegisterCsv.Read("register.xlsx", workbook);

    private static byte[] Sheet(params IReadOnlyList<object?>[] rows) => WorkbookFile.Of(new SheetOf("Missions", rows));
}
