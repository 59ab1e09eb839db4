using System.Security.Cryptography;
using System.Text;
using Distribution.Register;
using Xunit;
using static Distribution.Tests.Register.RegisterText;

namespace Distribution.Tests.Register;

public sealed class RegisterCsvTests
{
    [Fact]
    public void Reads_everything_a_row_says()
    {
        var bytes = Bytes(
            $"{Header},official_languages,name_fr,title_fr,title_ar\r\n"
                + "che,Member-State,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,Pascale Müller-Òdon,H.E. Ms.,FR,en,"
                + "\"one@missions.example; two@missions.example,three@missions.example\nfour@missions.example\",copy@missions.example,fr,Suisse,Mission permanente de la Suisse,\r\n"
        );
        var register = RegisterCsv.Read("register.csv", bytes).Register!;
        var mission = Assert.Single(register.Missions);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), register.Hash);
        Assert.Equal(
            ("che", MissionKind.MemberState, "fr", "en"),
            (mission.Id, mission.Kind, mission.Language, mission.AlternateLanguage));
        Assert.Equal(
            ("Switzerland", "Permanent Mission of Switzerland to the United Nations", "Permanent Representative"),
            (mission.Name, mission.Title, mission.HeadTitle));
        Assert.Equal(new HeadOfMission("Pascale Müller-Òdon", "H.E. Ms."), mission.Head);
        Assert.Equal(["fr"], mission.OfficialLanguages);
        Assert.Equal(("Suisse", "Switzerland"), (mission.NameIn("fr"), mission.NameIn("ru")));
        Assert.Equal(
            ("Mission permanente de la Suisse", mission.Title),
            (mission.TitleIn("fr"), mission.TitleIn("ar")));
        Assert.Equal(
            [
                new("one@missions.example", MailboxField.To),
                new("two@missions.example", MailboxField.To),
                new("three@missions.example", MailboxField.To),
                new("four@missions.example", MailboxField.To),
                new("copy@missions.example", MailboxField.Cc),
            ],
            mission.Mailboxes);
    }

    [Theory]
    [InlineData(',', "\r\n", false)]
    [InlineData(',', "\n", true)]
    [InlineData(';', "\r\n", true)]
    [InlineData(';', "\n", false)]
    [InlineData('\t', "\r\n", true)]
    [InlineData('\t', "\r", false)]
    public void Reads_what_any_Excel_saves(char separator, string lineEnd, bool mark)
    {
        var text = string.Join(lineEnd, [Header, Switzerland, Mexico, ""]).Replace(',', separator)
            .Replace("che@missions.example", Quoted("a@missions.example;b@missions.example, c@missions.example"));
        var reading = RegisterCsv.Read("register.csv", Bytes(mark ? $"\uFEFF{text}" : text));

        Assert.Empty(reading.Faults);
        Assert.Equal(["mex", "che"], reading.Register!.Missions.Select(mission => mission.Id));
        Assert.Equal(3, reading.Register.Missions[1].Mailboxes.Count);
    }

    [Fact]
    public void Passes_over_empty_rows_empty_columns_and_capitals_in_column_names()
    {
        var text = $"{Header.ToUpperInvariant()},,\r\n{Switzerland},,\r\n\r\n,,,,,,,,,,,,\r\n{Mexico}";
        Assert.Equal(2, RegisterCsv.Read("register.csv", Bytes(text)).Register!.Missions.Count);
    }

    [Fact]
    public void Puts_a_row_added_anywhere_in_its_place()
    {
        string Row(string id, string kind, string name) =>
            $"{id},{kind},{name},Mission of {name},Head,,,en,,{id}@missions.example,";
        var reading = Read(
            Row("red", "other-entity", "Aid of the World"),
            Row("zwe", "member-state", "Zimbabwe"),
            Row("vat", "observer-state", "Holy See"),
            Row("ocean", "intergovernmental-organization", "Ocean Council"),
            Row("civ", "member-state", "Côte d’Ivoire"),
            Row("hrv", "member-state", "Croatia"),
            Row("nga", "member-state", "Nigeria"),
            Row("ner", "member-state", "Niger"),
            Row("cri", "member-state", "Costa Rica"));

        Assert.Equal(
            ["cri", "civ", "hrv", "ner", "nga", "zwe", "vat", "ocean", "red"],
            reading.Register!.Missions.Select(mission => mission.Id));
    }

    [Fact]
    public void Refuses_a_register_without_mailboxes_naming_row_and_column() =>
        Assert.Equal(
            "register.csv, row 3, column to: The mission has no email address to write to. Write at least one address in this cell, or remove the whole row. (D116)",
            Assert.Single(Read(Switzerland, Mexico.Replace("mex@missions.example", "")).Faults).ToString());

    [Fact]
    public void Gives_every_fault_of_every_row_and_no_register()
    {
        var reading = Read(
            Switzerland.Replace("member-state", "member-stat"),
            Mexico.Replace(",es,", ",de,").Replace("mex@", "mex@@"),
            Switzerland);

        Assert.Null(reading.Register);
        Assert.Equal(
            [
                "register.csv, row 2, column kind D113",
                "register.csv, row 3, column language D114",
                "register.csv, row 3, column to D118",
                "register.csv, row 4, column mission D112",
                "register.csv, row 4, column to D119",
            ],
            reading.Faults.Select(fault => $"{fault.Place} {fault.Code}"));
    }

    [Fact]
    public void Numbers_rows_as_Excel_does_past_empty_rows_and_cells_with_line_breaks()
    {
        var reading = Read(
            Switzerland.Replace(
                "che@missions.example",
                Quoted("a@missions.example\r\nb@missions.example\r\nc@missions.example")),
            "",
            ",,,",
            Mexico.Replace(",es,", ",xx,"));
        Assert.Equal("register.csv, row 5, column language", Assert.Single(reading.Faults).Place);
    }

    [Theory]
    [InlineData("mission", "", 110, "The cell is empty, and every mission needs a short name of its own.")]
    [InlineData("mission", "CHE", 111, "“CHE” cannot stand for a mission.")]
    [InlineData("mission", "../che", 111, "“../che” cannot stand for a mission.")]
    [InlineData("mission", "che--1", 111, "“che--1” cannot stand for a mission.")]
    [InlineData("mission", "member-states", 111, "“member-states” cannot stand for a mission.")]
    [InlineData("kind", "", 110, "The cell is empty, and every mission needs a kind.")]
    [InlineData("kind", "observer-organization", 113, "“observer-organization” is not a kind of mission.")]
    [InlineData("name", " ", 110, "The cell is empty, and every mission needs a name.")]
    [InlineData("title", "", 110, "The cell is empty, and every mission needs a title.")]
    [InlineData("head_title", "", 110, "The cell is empty, and every mission needs the title its head has.")]
    [InlineData("language", "", 110, "The cell is empty, and every mission needs a language.")]
    [InlineData("language", "French", 114, "“French” does not stand for an official language of the United Nations.")]
    [InlineData("alternate_language", "de", 114, "“de” does not stand for an official language of the United Nations.")]
    [InlineData("alternate_language", "fr", 115, "The alternate language is the language itself, French.")]
    [InlineData("form_of_address", "H.E. Ms.", 121, "There is a form of address but no head of mission.")]
    [InlineData(
        "title",
        "\"Permanent\r\nBcc: all@missions.example\"",
        122,
        "The cell holds a line break or another character that cannot be printed.")]
    [InlineData(
        "name",
        "Swit\u0007zerland",
        122,
        "The cell holds a line break or another character that cannot be printed.")]
    [InlineData(
        "head_of_mission",
        "Jürg\u2028Lauber",
        122,
        "The cell holds a line break or another character that cannot be printed.")]
    [InlineData(
        "name",
        "T\uFFFDrkiye",
        123,
        "A letter of this cell was lost when the file was saved, and � stands in its place.")]
    [InlineData("to", "", 116, "The mission has no email address to write to.")]
    [InlineData("to", " ; ", 116, "The mission has no email address to write to.")]
    [InlineData(
        "to",
        "Office <che@missions.example>",
        117,
        "The cell holds names, brackets or quotation marks beside the email addresses.")]
    [InlineData(
        "cc",
        "che(at)missions.example",
        117,
        "The cell holds names, brackets or quotation marks beside the email addresses.")]
    public void Says_what_is_wrong_in_a_cell(string column, string value, int number, string problem)
    {
        var fault = Assert.Single(ReadWith(column, value).Faults);
        Assert.Equal(
            (number, $"register.csv, row 2, column {column}", problem),
            (fault.Number, fault.Place, fault.Words));
    }

    [Theory]
    [InlineData("che")]
    [InlineData("che@")]
    [InlineData("@missions.example")]
    [InlineData("che@@missions.example")]
    [InlineData("che@home@missions.example")]
    [InlineData("che@missions")]
    [InlineData("che@missions..example")]
    [InlineData("che@-missions.example")]
    [InlineData("che@missions.example.")]
    [InlineData("che@miss_ions.example")]
    [InlineData("che@[127.0.0.1]")]
    [InlineData("c..he@missions.example")]
    [InlineData(".che@missions.example")]
    [InlineData("ché@missions.example")]
    [InlineData("che\u200B@missions.example")]
    [InlineData("che@miss\u200Bions.example")]
    [InlineData("che\u0000@missions.example")]
    [InlineData("mailto:che@missions.example")]
    public void Refuses_an_address_no_server_would_take(string address) =>
        Assert.Contains(
            ReadWith("cc", $"{address};good@missions.example").Faults,
            fault => !fault.IsWarning && fault.Number is 118 or 102);

    [Fact]
    public void Refuses_an_address_too_long_for_mail() =>
        Assert.Equal(118, Assert.Single(ReadWith("to", $"{new string('a', 65)}@missions.example").Faults).Number);

    [Theory]
    [InlineData("ché@missions.example")]
    [InlineData("代表処@例え.テスト")]
    [InlineData("пост@missions.example")]
    public void Says_of_letters_beyond_ASCII_before_the_at_sign_what_to_ask_the_mission_for(string address)
    {
        var fault = Assert.Single(ReadWith("cc", address).Faults, fault => fault.Number == 118);

        Assert.Contains($"“{address}” has letters beyond plain A to Z before the @", fault.Words);
        Assert.Contains("Ask the mission for an address in plain letters", fault.Words + fault.Remedy);
    }

    [Theory]
    [InlineData("o'neil+un@missions.example", "o'neil+un@missions.example")]
    [InlineData("Office@Missions.Example", "Office@missions.example")]
    [InlineData("office@bücher.example", "office@xn--bcher-kva.example")]
    [InlineData("office@例え.テスト", "office@xn--r8jz45g.xn--zckzah")]
    public void Keeps_an_address_as_mail_servers_know_it(string typed, string kept) =>
        Assert.Equal(kept, Assert.Single(ReadWith("to", typed).Register!.Missions[0].Mailboxes).Address);

    [Fact]
    public void Warns_of_an_address_that_two_missions_share_and_keeps_both()
    {
        var reading = Read(Switzerland, Mexico.Replace("mex@missions.example", "CHE@missions.example"));
        var warning = Assert.Single(reading.Faults);
        Assert.True(warning.IsWarning);
        Assert.Equal("register.csv, row 3, column to", warning.Place);
        Assert.Equal(
            "CHE@missions.example is also an address of “Switzerland” in row 2, so one mailbox receives the letters of both.",
            warning.Words);
        Assert.Equal(2, reading.Register!.Missions.Count);
    }

    [Fact]
    public void Warns_of_an_address_a_mission_has_twice_and_uses_it_once()
    {
        var reading = ReadWith("cc", "Che@missions.example");
        Assert.Equal((120, true), (Assert.Single(reading.Faults).Number, reading.Faults[0].IsWarning));
        Assert.Equal([new("che@missions.example", MailboxField.To)], reading.Register!.Missions[0].Mailboxes);
    }

    [Fact]
    public void Takes_a_title_of_300_characters_and_no_more()
    {
        Assert.Empty(ReadWith("title", new string('t', 300)).Faults);
        Assert.Equal(
            "The text has 301 characters, and at most 300 fit into a letter.",
            Assert.Single(ReadWith("title", new string('t', 301)).Faults).Words);
    }

    [Theory]
    [InlineData("Head of mission")]
    [InlineData("head-of-mission")]
    [InlineData("\u200Bhead_of_mission\uFEFF")]
    [InlineData("ｈｅａｄ_of_mission")]
    public void A_column_is_the_one_that_its_name_shows(string typed) => Assert.Empty(
        RegisterCsv.Read("register.csv", Bytes($"{Header.Replace("head_of_mission", typed)}\r\n{Switzerland}")).Faults);

    [Fact]
    public void A_column_with_a_wrong_name_is_not_missing_as_well() => Assert.Equal(
        [105],
        RegisterCsv.Read("register.csv", Bytes($"{Header.Replace("head_title", "head_titel")}\r\n{Switzerland}"))
            .Faults.Select(fault => fault.Number));

    [Theory]
    [InlineData("'che@missions.example")]
    [InlineData("che@missions.example»")]
    [InlineData("che@missions.exаmple")]
    [InlineData("che@192.0.2.1")]
    public void An_address_that_nobody_has_is_refused_and_stays_where_it_is_in_use(string typed)
    {
        Assert.Equal(173, Assert.Single(ReadWith("to", typed).Faults).Number);
        var inUse = Bytes($"{Header}\r\n{Switzerland.Replace("che@missions.example", typed)}");
        Assert.Single(RegisterCsv.ReadInUse("register.csv", inUse)!.Missions);
    }

    [Theory]
    [InlineData("a@missions.example، b@missions.example")]
    [InlineData("a@missions.example；b@missions.example")]
    [InlineData("a@missions.example、b@missions.example")]
    public void Addresses_are_set_apart_by_the_commas_of_any_keyboard(string typed) => Assert.Equal(
        ["a@missions.example", "b@missions.example"],
        ReadWith("to", typed).Register!.Missions[0].Mailboxes.Select(mailbox => mailbox.Address));

    [Fact]
    public void A_sign_that_cannot_be_seen_is_named() => Assert.StartsWith(
        "“che[U+200B]@missions.example” is not an email address",
        Assert.Single(ReadWith("to", "che\u200B@missions.example").Faults).Words,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("head of misson", "“head of misson”", "Call it “head_of_mission”, or remove the column.")]
    [InlineData("aliases", "“aliases”", "Remove the column, or correct its name in the first row.")]
    public void Names_an_unknown_column_and_the_one_that_was_meant(string typed, string named, string remedy)
    {
        var fault = Assert.Single(
            RegisterCsv.Read("register.csv", Bytes($"{Header},{typed}\r\n{Switzerland},")).Faults);
        Assert.Equal((105, "register.csv, row 1, column L", remedy), (fault.Number, fault.Place, fault.Remedy));
        Assert.Contains(named, fault.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_missing_and_repeated_columns_together() =>
        Assert.Equal(
            ["The column “name” is there twice.", "The column “title” is missing.", "The column “cc” is missing."],
            RegisterCsv
                .Read(
                    "register.csv",
                    Bytes(
                        "mission,kind,name,name,head_title,head_of_mission,form_of_address,language,alternate_language,to\r\nche"
                    ))
                .Faults.Select(fault => fault.Words));

    [Fact]
    public void Refuses_a_cell_beyond_the_last_column()
    {
        var fault = Assert.Single(Read($"{Switzerland},,lost@missions.example").Faults);
        Assert.Equal((109, "register.csv, row 2, column M"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Refuses_rows_whose_quotation_marks_are_astray()
    {
        Assert.Equal(
            "register.csv, row 2",
            Assert.Single(Read(Switzerland.Replace("Switzerland,", "\"Switzer\"land,"), Mexico).Faults).Place);
        var fault = Assert.Single(Read(Switzerland, Mexico.Replace("Mexico,", "\"Mexico,"), Switzerland).Faults);
        Assert.Equal((108, "register.csv, row 3"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Refuses_letters_that_are_not_UTF_8_and_says_where_they_begin()
    {
        var old = Encoding.Latin1.GetBytes(
            string.Join("\r\n", [Header, Switzerland, Mexico.Replace("Mission of Mexico", "Mission of México")]));
        var fault = Assert.Single(RegisterCsv.Read("register.csv", old).Faults);
        Assert.Equal((102, "register.csv, row 3, column title"), (fault.Number, fault.Place));
        Assert.Contains("CSV UTF-8", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_Unicode_text_of_two_bytes_a_letter()
    {
        var text = string.Join("\r\n", [Header, Switzerland]);
        Assert.Equal(
            102,
            Assert.Single(RegisterCsv.Read("register.csv", Encoding.Unicode.GetBytes(text)).Faults).Number);
        Assert.Equal(
            102,
            Assert
                .Single(
                    RegisterCsv
                        .Read(
                            "register.csv",
                            (byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)])
                        .Faults)
                .Number);
        Assert.Equal(
            102,
            Assert
                .Single(
                    RegisterCsv
                        .Read(
                            "register.csv",
                            (byte[])[.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)]
                        )
                        .Faults)
                .Number);
    }

    [Fact]
    public void Knows_a_workbook_by_what_is_in_it_whatever_its_name() =>
        Assert.Single(
            RegisterCsv.Read("register.csv", WorkbookFile.OfCsv(Header, Switzerland)).Register!.Missions);

    [Theory]
    [InlineData("", 103)]
    [InlineData("\uFEFF", 103)]
    [InlineData("\r\n\r\n ,\r\n", 103)]
    [InlineData(Header, 104)]
    [InlineData(Header + "\r\n,,,\r\n", 104)]
    public void Refuses_a_file_with_no_mission(string text, int number) =>
        Assert.Equal(number, Assert.Single(RegisterCsv.Read("register.csv", Bytes(text)).Faults).Number);

    [Fact]
    public void Refuses_a_file_far_too_large_without_reading_it() =>
        Assert.Equal(
            "The file is larger than 10 MB, and no register is.",
            Assert.Single(RegisterCsv.Read("register.csv", new byte[RegisterCsv.LargestFile + 1]).Faults).Words);

    [Fact]
    public void Repeats_what_was_typed_briefly_and_on_one_line()
    {
        var problem = Assert.Single(ReadWith("language", $"e\u202En{new string('x', 100)}").Faults).Words;
        Assert.Equal(
            $"“e n{new string('x', 56)}…” does not stand for an official language of the United Nations.",
            problem);
    }
}
