using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Slips;
using Xunit;

namespace Distribution.Tests.Letters.Slips;

/// <summary>Slips of the pen in a letter dated Monday, 26 March 2018, and what is none.</summary>
public sealed class SlipCheckTests
{
    private const int Typed = 363;
    private const int Placeholder = 364;
    private const int Weekday = 365;
    private const int NoDay = 366;
    private const int Due = 367;
    private const int Midnight = 370;
    private const int Changed = 372;

    [Theory]
    [InlineData("Excellency,")]
    [InlineData("**Your Excellency,**")]
    [InlineData("Excellencies, Ladies and Gentlemen,")]
    [InlineData("Dear Ambassador,")]
    [InlineData("Dear Permanent Representatives,")]
    [InlineData("Dear Sir or Madam:")]
    [InlineData("Excellence,")]
    [InlineData("Monsieur l’Ambassadeur,")]
    [InlineData("Mesdames et Messieurs les Ambassadeurs,")]
    [InlineData("Chers collègues,")]
    [InlineData("Excelencia:")]
    [InlineData("Señora Embajadora:")]
    [InlineData("Estimados colegas:")]
    [InlineData("Ваше Превосходительство,")]
    [InlineData("Уважаемый господин Посол!")]
    [InlineData("أصحاب السعادة،")]
    [InlineData("صاحبة السعادة،")]
    [InlineData("صاحب/صاحبة السعادة،")]
    [InlineData("各位阁下：")]
    [InlineData("尊敬的大使：")]
    [InlineData("New York, 26 March 2018")]
    [InlineData("26 March 2018")]
    [InlineData("New York, le 26 mars 2018")]
    [InlineData("26 de marzo de 2018")]
    [InlineData("26 марта 2018 г.")]
    [InlineData("2018年3月26日")]
    [InlineData("Subject: Draft Rev 1")]
    [InlineData("Objet : Projet de révision 1")]
    public void What_the_letter_prints_above_the_text_is_found_where_it_is_typed(string line)
    {
        var found = Assert.Single(Check($"{line}\n\nWe transmit the text.\n\nIt is enclosed."));

        Assert.Equal((Typed, Severity.Tick), (found.Number, found.Severity));
        Assert.Contains(UnsafeCharacters.Briefly(line), found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Please accept, Excellency, the assurances of our highest consideration.")]
    [InlineData("Accept, Sir, the renewed assurances of my highest consideration.")]
    [InlineData("Yours sincerely,")]
    [InlineData("Sincerely,")]
    [InlineData("With best regards,")]
    [InlineData("Veuillez agréer, Excellence, l’expression de notre haute considération.")]
    [InlineData("Je vous prie d'agréer, Monsieur l'Ambassadeur, les assurances de ma très haute considération.")]
    [InlineData("Cordialement,")]
    [InlineData("Le ruego acepte, Excelencia, las seguridades de mi más alta consideración.")]
    [InlineData("Atentamente,")]
    [InlineData("Примите, Ваше Превосходительство, уверения в моем весьма высоком уважении.")]
    [InlineData("С уважением,")]
    [InlineData("وتفضلوا، أصحاب السعادة، بقبول فائق الاحترام والتقدير.")]
    [InlineData("顺致最崇高的敬意。")]
    [InlineData("此致")]
    [InlineData("Juan José Gómez Camacho")]
    [InlineData("(Signed) Jürg Lauber")]
    [InlineData("/s/ Jürg Lauber")]
    [InlineData("JÜRG LAUBER")]
    [InlineData("Permanent Mission of Mexico to the United Nations")]
    [InlineData("(Signed)")]
    [InlineData("Enclosure: Draft Rev 1")]
    [InlineData("Encl.: as stated")]
    [InlineData("P.J. : projet de révision 1")]
    public void What_the_letter_prints_below_the_text_is_found_where_it_is_typed(string line)
    {
        var found = Assert.Single(Check($"We transmit the text.\n\nIt is enclosed.\n\n{line}"));

        Assert.Equal(Typed, found.Number);
        Assert.Contains(UnsafeCharacters.Briefly(line), found.Words, StringComparison.Ordinal);
        Assert.EndsWith("line 19", $"{found.Place}", StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_typed_twice_is_one_finding_with_its_lines()
    {
        var found = Assert.Single(Check("""
            Excellency,

            We transmit the text.

            Please accept, Excellency, the assurances of our highest consideration.

            Juan José Gómez Camacho
            """));

        Assert.Matches(
            "“Excellency,”, “Please accept, Excellency, the assurances of our .*…” [(]line 19[)] and “Juan José Gómez Camacho” [(]line 21[)]",
            found.Words);
    }

    [Theory]
    [InlineData("Excellency, the text is enclosed with this letter, as the Assembly has decided.")]
    [InlineData("We have the honour to write to you on behalf of Jürg Lauber and others.")]
    [InlineData("We would be grateful if you would accept the assurances given in the text as they stand.")]
    [InlineData("Subject to the approval of the Assembly, the text is final.")]
    [InlineData("Enclosures are numbered as in the text of the draft.")]
    [InlineData("Dear colleagues of all missions have asked for the text, which we now send to everyone.")]
    [InlineData("Annex I is unchanged.")]
    public void What_only_begins_like_it_is_none(string line) => Assert.Empty(Check($"{line}\n\nMore text.\n\n{line}"));

    [Fact]
    public void A_note_verbale_has_compliments_and_assurances_of_its_own()
    {
        var found = Assert.Single(Check(
            """
            The Permanent Mission of Mexico to the United Nations presents its compliments and has the honour to

            transmit the text.

            The Permanent Mission of Mexico avails itself of this opportunity to renew the assurances of its highest consideration.
            """,
            letter => letter with { Form = LetterForm.NoteVerbale, Signatories = [], Sender = new("The Permanent Mission", "Mission") }));

        Assert.Equal(Typed, found.Number);
        Assert.Contains("“The Permanent Mission of Mexico to the United Nations pre", found.Words, StringComparison.Ordinal);
        Assert.Contains("(line 19)", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[insert name]")]
    [InlineData("[Name]")]
    [InlineData("[date]")]
    [InlineData("[name of the mission]")]
    [InlineData("[TBC]")]
    [InlineData("[●]")]
    [InlineData("[XX]")]
    [InlineData("(to be confirmed)")]
    [InlineData("(tbc)")]
    [InlineData("TBD")]
    [InlineData("XX")]
    [InlineData("XXXX")]
    [InlineData("«Title»")]
    [InlineData("«LastName»")]
    [InlineData("«Adresse_1»")]
    [InlineData("{FirstName}")]
    [InlineData("｛｛ letter.draft ｝｝")]
    [InlineData("Choose an item.")]
    [InlineData("${date}")]
    [InlineData("<<Country>>")]
    [InlineData("<insert date>")]
    [InlineData("[[Country]]")]
    [InlineData("((name))")]
    [InlineData("______")]
    [InlineData("..........")]
    [InlineData("???")]
    [InlineData("??")]
    [InlineData("....")]
    [InlineData("……")]
    [InlineData("%Name%")]
    [InlineData("%%FIRST_NAME%%")]
    [InlineData("@@NAME@@")]
    [InlineData("##Country##")]
    [InlineData("==the new deadline==")]
    [InlineData("A/C.3/80/L.xx")]
    [InlineData("A/XX/123")]
    [InlineData("A/CONF.231/XXX")]
    [InlineData("TODO:")]
    [InlineData("[to check with the President]")]
    [InlineData("[à vérifier]")]
    [InlineData("dd/mm/yyyy")]
    [InlineData("DD.MM.YYYY")]
    [InlineData("[à compléter]")]
    [InlineData("[insérer le nom]")]
    [InlineData("(à confirmer)")]
    [InlineData("jj/mm/aaaa")]
    [InlineData("[insertar fecha]")]
    [InlineData("[fecha]")]
    [InlineData("(por confirmar)")]
    [InlineData("[вставить имя]")]
    [InlineData("[дата]")]
    [InlineData("(уточняется)")]
    [InlineData("дд.мм.гггг")]
    [InlineData("[أدخل الاسم]")]
    [InlineData("[الاسم]")]
    [InlineData("[يحدد لاحقا]")]
    [InlineData("[填写姓名]")]
    [InlineData("（待定）")]
    [InlineData("Click or tap here to enter text")]
    [InlineData("Error! Reference source not found")]
    [InlineData("Lorem ipsum")]
    public void A_place_left_to_be_filled_in_is_found(string placeholder)
    {
        var found = Assert.Single(Check($"We transmit the text.\n\nIt was given to us by {placeholder} at the last meeting."));

        Assert.Equal((Placeholder, Severity.Tick), (found.Number, found.Severity));
        Assert.Contains($"“{placeholder}", found.Words, StringComparison.Ordinal);
        Assert.EndsWith("line 17", $"{found.Place}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ letter.draft }} of {{ deadlines.comments }}")]
    [InlineData("Annex XX and chapter XX of the text")]
    [InlineData("los retos del siglo XX y del XXI")]
    [InlineData("проблемы ХХ века")]
    [InlineData("au XXe siècle")]
    [InlineData("items (xix), (xx) and (xxi)")]
    [InlineData("“It was decided […] to go on”")]
    [InlineData("paragraph 5 [bis], [Alt 1] and [Mexico]")]
    [InlineData("le « projet » et le «mot» juste")]
    [InlineData("二〇〇八年……")]
    [InlineData("[Title](https://un.example/title)")]
    [InlineData("https://un.example/TBC/XX")]
    [InlineData("Who could have known?!")]
    [InlineData("A/C.3/80/L.20 and A/RES/71/1")]
    [InlineData("A/RES/3314 (XXIX)")]
    [InlineData("from 20% to 30% of 5 %")]
    [InlineData("the year 2018=2018, 1 == 1")]
    [InlineData("“We agree....” it said, and so on....")]
    [InlineData("他说……")]
    [InlineData("А ты??")]
    [InlineData("what is to do: all of it")]
    [InlineData("the “name” and the “date”, to be confirmed by the Assembly")]
    [InlineData("a draft and its annex (see below)")]
    public void What_people_write_on_purpose_is_no_placeholder(string words) => Assert.Empty(Check($"We transmit {words}."));

    [Fact]
    public void A_line_of_underscores_is_a_rule() => Assert.Empty(Check("We transmit it.\n\n____________\n\nMore."));

    [Fact]
    public void Particulars_are_looked_through_as_the_text_is()
    {
        var found = Check("We transmit it to [name].", letter => letter with
        {
            Subject = "Draft Rev 1 of [date]",
            Enclosures = [letter.Enclosures[0] with { Title = "TBC" }],
        });

        Assert.Equal(
            "These look as if they were still to be filled in: “[name]”, “[date]” (“subject:”) and “TBC” (“enclosures:” number 1, “title:”).",
            Assert.Single(found).Words);
    }

    [Fact]
    public void So_are_meetings_and_letterheads_with_the_place_in_the_file()
    {
        var hour = NewYorkTime.Instant(new(2018, 4, 10, 10, 0, 0));
        LetterSource With(LetterSource letter) => letter with
        {
            Signatories = [letter.Signatories[0] with { Office = new("[address]", null, null) }],
            MeetsAt = [new("Consultations", hour, hour.AddHours(2), "Room XX", null, "On Monday, 10 April 2018, see [insert link]")],
        };
        var found = Check("We transmit the text.", With);

        Assert.Equal([(Placeholder, "signatories[1].address"), (Weekday, "meetings[1].note")], found.Select(finding => (finding.Number, finding.Location.Field)));
        Assert.Contains(
            "“[address]”, “XX” (“meetings:” number 1, “place:”) and “[insert link]” (“meetings:” number 1, “note:”)",
            found[0].Words,
            StringComparison.Ordinal);
        // A translation is asked only about what it says itself.
        var translated = With(SampleLetter.Source) with { File = "letter.fr.md", Body = "Le texte." };
        Assert.DoesNotContain(
            new SlipCheck().Check(new(false, With(SampleLetter.Source), null, [], [], [translated])),
            finding => finding.Location.File == "letter.fr.md");
    }

    [Fact]
    public void Many_of_a_kind_are_one_finding()
    {
        var found = Assert.Single(Check("[name], [date], [title], [country], [place], [time] and [venue]"));

        Assert.Contains("“[place]” and 2 more", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on Friday, 4 April 2018", "Wednesday")]
    [InlineData("on Monday, 3 April", "Tuesday")]
    [InlineData("on Mon. 3 Apr.", "Tuesday")]
    [InlineData("on Tuesday, April 4", "Wednesday")]
    [InlineData("on Tuesday, the 4th of April 2018", "Wednesday")]
    [InlineData("on 4 April 2018 (Tuesday)", "Wednesday")]
    [InlineData("le mardi 4 avril 2018", "Wednesday")]
    [InlineData("le lundi 1er mai 2018", "Tuesday")]
    [InlineData("el martes 4 de abril de 2018", "Wednesday")]
    [InlineData("el sábado, 6 de abril", "Friday")]
    [InlineData("во вторник, 4 апреля 2018 года", "Wednesday")]
    [InlineData("в пятницу 4 апреля", "Wednesday")]
    [InlineData("يوم الثلاثاء 4 نيسان/أبريل 2018", "Wednesday")]
    [InlineData("يوم الجمعة، ٤ نيسان/أبريل ٢٠١٨", "Wednesday")]
    [InlineData("于2018年4月4日（星期二）", "Wednesday")]
    [InlineData("于4月4日星期二", "Wednesday")]
    [InlineData("on Friday, 2018-04-04", "Wednesday")]
    [InlineData("on Friday, {{ deadlines.comments }}", "Wednesday")]
    [InlineData("on Friday,\n4 April 2018", "Wednesday")]
    public void A_weekday_that_does_not_fit_its_date_is_found(string date, string right)
    {
        var found = Assert.Single(Check($"The meeting is {date}, in Room 2."));

        Assert.Equal(Weekday, found.Number);
        Assert.Contains($"is a {right}", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on Wednesday, 4 April 2018")]
    [InlineData("on Wednesday, April 4, 2018, and Thursday, 5 April")]
    [InlineData("from Monday to Friday, 2 to 6 April 2018")]
    [InlineData("on Tuesday 3, Wednesday 4 and Thursday 5 April")]
    [InlineData("le mercredi 4 avril")]
    [InlineData("el miércoles, 4 de abril de 2018")]
    [InlineData("в среду, 4 апреля 2018 года")]
    [InlineData("يوم الأربعاء 4 نيسان/أبريل 2018")]
    [InlineData("2018年4月4日（星期三）")]
    [InlineData("on Wednesday, {{ deadlines.comments }}")]
    [InlineData("on Wednesday. On 3 April 2018 it is open")]
    [InlineData("in 2017, on Thursday, 4 January 2018")]
    [InlineData("States may 30 days later do so, on a Friday")]
    public void A_date_that_is_right_is_not(string date) => Assert.Empty(Check($"The meeting is {date}, in Room 2."));

    [Fact]
    public void A_date_without_a_year_is_near()
    {
        Assert.Empty(Check("The meeting is on Thursday, 4 January.", letter => letter with { Date = new(2017, 12, 20) }));
        // 2017 or 2018: both may be meant, so only a weekday of neither is wrong.
        Assert.Empty(Check("It met on Saturday, 4 November."));
        Assert.Empty(Check("It meets on Sunday, 4 November."));
        Assert.Contains("is a Sunday", Assert.Single(Check("It meets on Friday, 4 November.")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on 31 April 2018")]
    [InlineData("on 30 February")]
    [InlineData("le 31 avril")]
    [InlineData("el 31 de abril de 2018")]
    [InlineData("31 апреля")]
    [InlineData("31 نيسان/أبريل 2018")]
    [InlineData("2018年4月31日")]
    [InlineData("on 29 February 2018")]
    [InlineData("on 31.04.2018")]
    public void A_day_that_does_not_exist_is_found(string date) => Assert.Equal(
        NoDay,
        Assert.Single(Check($"The meeting is {date} in Room 2.")).Number);

    [Theory]
    [InlineData("by 3 January 2018")]
    [InlineData("no later than Wednesday, 3 January 2018")]
    [InlineData("by 6 p.m. (New York time) on 3 January 2018")]
    [InlineData("by close of business on 3 January 2018")]
    [InlineData("until 20 March")]
    [InlineData("The deadline for comments is 20 March 2018")]
    [InlineData("au plus tard le mercredi 3 janvier 2018")]
    [InlineData("d’ici au 20 mars 2018 à 18 heures")]
    [InlineData("jusqu’au 20 mars")]
    [InlineData("a más tardar el 20 de marzo de 2018")]
    [InlineData("antes del 20 de marzo")]
    [InlineData("не позднее 20 марта 2018 года")]
    [InlineData("до 18 часов 20 марта")]
    [InlineData("في موعد أقصاه 20 آذار/مارس 2018")]
    [InlineData("قبل 20 آذار/مارس")]
    [InlineData("请于2018年3月20日之前")]
    [InlineData("截至3月20日")]
    public void What_is_due_before_the_letter_is_dated_is_found(string due)
    {
        var found = Assert.Single(Check($"We would be grateful for comments {due}."));

        Assert.Equal(Due, found.Number);
        Assert.Contains("26 March 2018", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as we wrote on 20 March 2018")]
    [InlineData("by 20 April 2018")]
    [InlineData("by 26 March 2018")]
    [InlineData("the resolution adopted before 3 March 2015")]
    [InlineData("as presented by Mexico on 20 March 2018")]
    [InlineData("до 20 апреля 2018 года")]
    [InlineData("по письму от 20 марта")]
    public void What_is_due_later_or_was_before_is_not(string due) => Assert.Empty(Check($"We would be grateful for comments {due}."));

    [Theory]
    [InlineData("by midnight on 4 April 2018")]
    [InlineData("by midnight")]
    [InlineData("on 4 April at 24:00")]
    [InlineData("on 4 April at 00:00")]
    [InlineData("by 12 a.m. on 4 April")]
    [InlineData("le 4 avril à minuit")]
    [InlineData("avant minuit")]
    [InlineData("a medianoche del 4 de abril")]
    [InlineData("до полуночи 4 апреля")]
    [InlineData("حتى منتصف الليل في 4 نيسان/أبريل")]
    [InlineData("4月4日午夜12时之前")]
    public void Midnight_is_found(string due) => Assert.Equal(
        Midnight,
        Assert.Single(Check($"We would be grateful for comments {due}.")).Number);

    [Theory]
    [InlineData("The talks went on past midnight.")]
    [InlineData("The price is 24.00 dollars, to be paid by 4 April.")]
    [InlineData("We would be grateful for comments by 12 p.m. on 4 April, at 10:00 or 20:00.")]
    public void What_is_no_hour_to_keep_to_is_not(string text) => Assert.Empty(Check(text));

    [Theory]
    [InlineData("at 1:30 a.m. on Sunday, 4 November 2018")]
    [InlineData("at 2:30 a.m. on 10 March 2019")]
    [InlineData("le 4 novembre 2018 à 1 h 30")]
    public void An_hour_that_clocks_show_twice_or_never_is_found(string hour) => Assert.Equal(
        Changed,
        Assert.Single(Check($"The meeting begins {hour}.")).Number);

    [Theory]
    [InlineData("at 1:30 p.m. on Sunday, 4 November 2018")]
    [InlineData("at 3:30 a.m. on 10 March 2019")]
    [InlineData("at 1:30 a.m. on 5 November 2018")]
    [InlineData("on 4 November 2018, in Room 2")]
    public void Another_hour_is_not(string hour) => Assert.Empty(Check($"The meeting begins {hour}."));

    [Fact]
    public void A_day_that_has_passed_when_the_letter_leaves_is_found_then()
    {
        var letter = SampleLetter.Source with { Body = "We would be grateful for comments by 4 April 2018." };

        Assert.Empty(SlipCheck.AtRelease(letter, new(2018, 4, 4)));
        var found = Assert.Single(SlipCheck.AtRelease(letter, new(2018, 4, 5)));
        Assert.Equal(368, found.Number);
        Assert.Contains("5 April 2018", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The round in the cafÃ© is open.", "“cafÃ©”")]
    [InlineData("The delegation of C?te d'Ivoire, and\nof Türki?e.", "“C?te” and “Türki?e” (line 16)")]
    public void Words_that_were_damaged_on_their_way_are_asked_about(string body, string words)
    {
        var found = Assert.Single(Check(body));
        Assert.Equal((373, Severity.Tick), (found.Number, found.Severity));
        Assert.Contains(words, found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Draft <b>Rev 1</b>")]
    [InlineData("Draft **Rev 1**")]
    [InlineData("Draft Rev 1 &amp; annex")]
    [InlineData("Projet RÃ©v. 1")]
    public void So_is_markup_in_a_particular(string subject) =>
        Assert.Equal([373], Check("We transmit it.", letter => letter with { Subject = subject }).Select(found => found.Number));

    [Theory]
    [InlineData("Is it open? Yes. See https://un.org/page?id=1, <https://un.org> or **this**.")]
    [InlineData("MADAGASCAR, SÃO TOMÉ, l’Âge d’or, (why?) “what?” and/or 3 < 4.")]
    public void What_only_looks_like_it_is_none(string body) => Assert.Empty(Check(body));

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ru")]
    [InlineData("ar")]
    [InlineData("zh")]
    public void A_sound_letter_has_none(string language)
    {
        var letter = SampleLetter.Source;
        var translation = SixLanguages.In(language);

        Assert.Empty(new SlipCheck().Check(new(false, letter, null, [], [], language == "en" ? [] : [translation])));
    }

    [Fact]
    public void What_a_text_takes_grows_with_its_length_and_not_with_its_square()
    {
        // So that nothing is compiled while it is measured.
        Taken(1_000);

        // As a ratio, whatever the machine; of this thread, whatever else runs. A pattern that goes back and forth takes 25.
        Assert.InRange(Taken(50_000) / Taken(10_000), 0, 12);

        static TimeSpan Taken(int length)
        {
            var before = ProcessorTime.OfThread;
            foreach (var piece in (string[])["by 4 ", "_", "[", "dear ", "до ", "{", "4 ", "a.m. ", "monday ", "4年", "((a", "A/x", "%a", "==a", "##a", "@@ ", " ?? ", "\n"])
                _ = Check(string.Concat(Enumerable.Repeat(piece, length / piece.Length)));
            return ProcessorTime.OfThread - before;
        }
    }

    private static IReadOnlyList<Finding> Check(string body, Func<LetterSource, LetterSource>? change = null)
    {
        var letter = SampleLetter.Source with
        {
            Body = body,
            BodyLine = 15,
            Date = new(2018, 3, 26),
            Deadlines = [new("comments", NewYorkTime.Instant(new(2018, 4, 4, 18, 0, 0)))],
        };
        return [.. new SlipCheck().Check(new(false, change?.Invoke(letter) ?? letter, null, [], []))];
    }
}
