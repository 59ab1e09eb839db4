using Distribution.Common;
using Distribution.Register;
using Xunit;
using static Distribution.Tests.Register.RegisterText;

namespace Distribution.Tests.Register;

/// <summary>What people and spreadsheet programs leave in the cells of a register, and what may well stand there.</summary>
public sealed class RegisterSlipsTests
{
    [Theory]
    [InlineData(133, "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!")]
    [InlineData(133, "#NV", "#BEZUG!", "#WERT!", "#¡REF!", "#¿NOMBRE?", "#NOM?", "#ССЫЛКА!", "#Н/Д", "#ИМЯ?", "#N/D", "########", "Err:508")]
    [InlineData(133, "Permanent Mission of #REF! to the United Nations")]
    [InlineData(134, "=A1", "=CONCATENATE(A1)", "+A1", "-B2", "@SUM(A1)", "=HYPERLINK(\"\"http://x.example\"\")")]
    [InlineData(135, "0", "45000", "-1", "1,5", "12%", "1.5E+10", "+41 31 000 00 00")]
    [InlineData(136, "1/2/2026", "2026-02-01", "01.02.2026", "2026-02-01 00:00:00", "1-Feb", "Feb-26", "1 février 2026", "mars-26", "12 May 2026", "May 12, 2026", "12:30", "1 мая 2026")]
    [InlineData(137, "TRUE", "False", "VRAI", "FAUX", "FALSCH", "VERDADERO", "ИСТИНА", "ЛОЖЬ", "PRAWDA")]
    [InlineData(138, "n/a", "N/A", "-", "–", "—", "?", "...", "TBC", "tbd", "none", "x", "XX", "NULL", "Vacant")]
    [InlineData(139, "Jürg \u202ELauber", "\u2067Jürg Lauber", "Jürg\u202A")]
    public void What_is_no_name_is_refused_wherever_a_letter_would_print_it(int number, params string[] texts)
    {
        foreach (var text in texts)
            foreach (var column in (string[])["name", "title", "head_of_mission"])
            {
                var fault = Assert.Single(ReadWith(column, Quoted(text)).Faults);
                Assert.Equal((number, $"register.csv, row 2, column {column}"), (fault.Number, fault.Place));
                Assert.Equal(Severity.Fault, fault.Severity);
            }
    }

    [Theory]
    [InlineData(143, "C?te d'Ivoire", "Türki?e", "J?rg Lauber")]
    [InlineData(144, "CÃ´te d'Ivoire", "TÃ¼rkiye", "Cote dâ€™Ivoire", "C√¥te d'Ivoire", "SÃ£o TomÃ©", "MoÃ§ambique", "VoilÃ\u00A0la", "RÃ©union", "C&ocirc;te d'Ivoire", "&#201;ire")]
    [InlineData(145, "Frаnce", "Сhina", "Μexico", "Gеorgia")]
    [InlineData(146, "office@mission.example")]
    [InlineData(147, "Switzer\u200Bland", "\uFEFFFrance", "Lux\u00ADembourg", "France\u200E")]
    public void What_was_damaged_on_its_way_is_to_be_looked_at(int number, params string[] texts)
    {
        foreach (var text in texts)
        {
            var reading = ReadWith("name", Quoted(text));
            var found = Assert.Single(reading.Faults);
            Assert.Equal((number, Severity.Tick), (found.Number, found.Severity));
            Assert.NotNull(reading.Register);
        }
    }

    [Theory]
    [InlineData("name_ru", "РљРёС‚Р°Р№")]
    [InlineData("name_ru", "ÐšÐ¸Ñ‚Ð°Ð¹")]
    [InlineData("name_zh", "ä¸­å›½")]
    [InlineData("name_ar", "Ù…ØµØ±")]
    public void Names_of_other_scripts_that_were_misread_are_to_be_looked_at(string column, string text) =>
        Assert.Contains(
            RegisterCsv.Read("register.csv", Bytes($"{Header},{column}\r\n{Switzerland},{text}")).ToConfirm,
            found => found.Number == 144);

    [Theory]
    [InlineData("name_ru", "РОССИЙСКАЯ ФЕДЕРАЦИЯ")]
    [InlineData("name_ru", "Республика Сербия")]
    [InlineData("name_zh", "中国")]
    [InlineData("name_ar", "مصر")]
    [InlineData("title_es", "Misión Permanente de España ante las Naciones Unidas")]
    public void Names_of_other_scripts_pass_without_a_word(string column, string text) =>
        Assert.Empty(RegisterCsv.Read("register.csv", Bytes($"{Header},{column}\r\n{Switzerland},{text}")).Faults);

    [Fact]
    public void A_blank_or_an_invisible_sign_beside_a_word_of_the_register_s_own_is_not_there() =>
        Assert.Empty(Read(Switzerland.Replace("che,member-state", "\u200Bche\u00A0,member-state\u200B")).Faults);

    [Theory]
    [InlineData("head_of_mission", "H.E. Mr.")]
    [InlineData("head_of_mission", "Permanent Mission of Switzerland")]
    [InlineData("name", "Permanent Mission of Switzerland to the United Nations")]
    [InlineData("name", "Швейцария")]
    [InlineData("title", "Permanent Representative")]
    public void What_belongs_in_another_column_is_to_be_looked_at(string column, string text) =>
        Assert.Equal(146, Assert.Single(ReadWith(column, Quoted(text)).ToConfirm).Number);

    [Theory]
    [InlineData("name", "Côte d’Ivoire", "Türkiye", "Lao People's Democratic Republic", "Åland", "ISLAS ÑÚ", "Group of 77", "May Islands", "Mali")]
    [InlineData("head_of_mission", "Pascale Baeriswyl", "Nguyễn Văn An", "U Thant", "'Utoikamanu", "Þórður Ægir Óskarsson", "Zhang Jun (张军)", "رياض منصور", "Jean-Noël Ñáñez", "April May", "José Ânderson", "Мария Заболоцкая", "Mary N.O. Test")]
    [InlineData("title", "Permanent Mission of Côte d’Ivoire to the United Nations", "MISSION PERMANENTE DE L’ÎLE MAURICE – NEW YORK", "Mission of “São Tomé”")]
    public void What_may_well_stand_there_passes_without_a_word(string column, params string[] texts)
    {
        foreach (var text in texts)
            Assert.Empty(ReadWith(column, Quoted(text)).Faults);
    }

    [Fact]
    public void Blanks_of_any_kind_are_one_space_and_accents_are_composed()
    {
        var mission = ReadWith("title", "\u00A0Mission\u00A0\u202F of  Cote\u0302\u2009d'Ivoire\u3000").Register!.Missions[0];
        Assert.Equal("Mission of Cotê d'Ivoire", mission.Title);
    }

    [Fact]
    public void One_slip_in_many_rows_is_one_finding_that_names_the_first_of_them()
    {
        var reading = Read([.. Enumerable.Range(1, 9).Select(number =>
            Switzerland.Replace("che", $"m{number}", StringComparison.Ordinal)
                .Replace(",Switzerland,", $",State {number},", StringComparison.Ordinal)
                .Replace("of Switzerland", $"of State {number}", StringComparison.Ordinal)
                .Replace("Representative,,", "Representative,0,", StringComparison.Ordinal))]);

        Assert.Equal(
            "“0” is a number where a name or title belongs; likewise “0” in row 3, column head_of_mission, “0” in row 4, column head_of_mission, “0” in row 5, column head_of_mission, “0” in row 6, column head_of_mission and in 4 more cells.",
            Assert.Single(reading.Faults).Words);
    }

    [Theory]
    [InlineData("Switzerland", "The Switzerland")]
    [InlineData("Switzerland", "SWITZERLAND")]
    [InlineData("Switzerland", "Swizerland")]
    [InlineData("Côte d’Ivoire", "Cote d'Ivoire")]
    [InlineData("Netherlands", "Netherlands (Kingdom of the)")]
    public void The_same_State_in_two_rows_is_to_be_looked_at(string one, string other)
    {
        var found = Assert.Single(TwoRows(one, other).ToConfirm);
        Assert.Equal((142, "register.csv, row 3, column name"), (found.Number, found.Place));
    }

    [Theory]
    [InlineData("Niger", "Nigeria")]
    [InlineData("Guinea", "Guinea-Bissau")]
    [InlineData("Gambia", "Zambia")]
    [InlineData("Congo", "Democratic Republic of the Congo")]
    [InlineData("Republic of Korea", "Democratic People's Republic of Korea")]
    [InlineData("Dominica", "Dominican Republic")]
    [InlineData("Austria", "Australia")]
    public void Two_States_with_names_alike_are_two(string one, string other) => Assert.Empty(TwoRows(one, other).Faults);

    [Fact]
    public void A_file_that_breaks_off_in_a_row_is_refused_and_one_that_was_typed_by_hand_is_not()
    {
        var fault = Assert.Single(Read(Switzerland, Mexico[..70]).Faults);
        Assert.Equal((132, "register.csv, row 3"), (fault.Number, fault.Place));
        Assert.NotNull(Read(Switzerland, Mexico).Register);
        // Whoever types by hand leaves out what is empty at the end of a row.
        Assert.NotNull(Read(Switzerland[..^1], Mexico[..^1]).Register);
        Assert.NotNull(RegisterCsv.Read("register.csv", Bytes($"{Header}\r\n{Switzerland}\r\n{Mexico[..^1]}\r\n")).Register);
    }

    [Theory]
    [InlineData("sep=;\r\n")]
    [InlineData("\uFEFFsep=;\n")]
    public void The_line_by_which_programs_tell_Excel_the_separator_is_no_row(string line)
    {
        var text = $"{line}{Header.Replace(',', ';')}\r\n{Switzerland.Replace(',', ';').Replace(";fr;", ";xx;")}";
        Assert.Equal(
            "register.csv, row 2, column language",
            Assert.Single(RegisterCsv.Read("register.csv", Bytes(text)).Faults).Place);
    }

    [Fact]
    public void Ten_thousand_missions_are_read_in_a_few_seconds()
    {
        var rows = Enumerable.Range(0, 10_000).Select(number =>
            $"m{number},member-state,Land {number},Permanent Mission of Land {number} to the United Nations,Permanent Representative,,,en,,m{number}@missions.example,");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var reading = Read([.. rows]);
        Assert.Equal((10_000, 0), (reading.Register!.Missions.Count, reading.Faults.Count));
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.Elapsed}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Telephone_code_and_groups_are_kept_with_the_mission()
    {
        var mission = Assert.Single(
            RegisterCsv.Read(
                "register.csv",
                Bytes($"{Header},telephone,code,groups\r\n{Switzerland},+1 212 286 1540 ext 3; 212-286-1555,CH,\"Alps  g77, alps\""))
                .Register!.Missions);
        Assert.Equal(
            ("+1 212 286 1540 ext 3; 212-286-1555", "CH", "alps g77"),
            (mission.Telephone, mission.Code, string.Join(' ', mission.Groups!)));
    }

    [Fact]
    public void What_an_earlier_version_put_into_use_stays_in_use_though_it_would_be_refused_today()
    {
        var bytes = Bytes(string.Join("\r\n", Header, Switzerland.Replace("Representative,,", "Representative,0,"), Mexico));
        Assert.Null(RegisterCsv.Read("register.csv", bytes).Register);
        Assert.Equal(2, RegisterCsv.ReadInUse("in-use.csv", bytes)!.Missions.Count);
        Assert.Null(RegisterCsv.ReadInUse("in-use.csv", Bytes($"{Header}\r\n{Switzerland.Replace("@", "")}")));
    }

    private static RegisterReading TwoRows(string one, string other) => Read(
        $"one,member-state,\"{one}\",Mission one,Permanent Representative,,,en,,one@missions.example,",
        $"two,member-state,\"{other}\",Mission two,Permanent Representative,,,en,,two@missions.example,");
}
