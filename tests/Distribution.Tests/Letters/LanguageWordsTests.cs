using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class LanguageWordsTests
{
    [Theory]
    [InlineData("en", "New York, 26 March 2018", "1 April 2018")]
    [InlineData("fr", "New York, le 26 mars 2018", "1er avril 2018")]
    [InlineData("es", "Nueva York, 26 de marzo de 2018", "1 de abril de 2018")]
    [InlineData("ar", "نيويورك، 26 آذار/مارس 2018", "1 نيسان/أبريل 2018")]
    [InlineData("ru", "Нью-Йорк, 26 марта 2018 года", "1 апреля 2018 года")]
    [InlineData("zh", "2018年3月26日，纽约", "2018年4月1日")]
    public void Writes_dates_and_places_as_the_language_does(string language, string placeAndDate, string first)
    {
        Assert.Equal(placeAndDate, Of(language).PlaceAndDate("New York", new DateOnly(2018, 3, 26)).Plain());
        Assert.Equal(first, Of(language).Date(new DateOnly(2018, 4, 1)).Plain());
    }

    [Theory]
    [InlineData("en", 10, 0, "10 a.m.")]
    [InlineData("en", 16, 30, "4.30 p.m.")]
    [InlineData("en", 12, 0, "12 noon")]
    [InlineData("en", 12, 5, "12.05 p.m.")]
    [InlineData("en", 0, 0, "midnight")]
    [InlineData("en", 0, 30, "12.30 a.m.")]
    [InlineData("fr", 10, 0, "10 heures")]
    [InlineData("fr", 1, 0, "1 heure")]
    [InlineData("fr", 16, 30, "16 h 30")]
    [InlineData("es", 10, 0, "10.00 horas")]
    [InlineData("ar", 10, 0, "الساعة 10:00")]
    [InlineData("ru", 10, 0, "10 ч. 00 м.")]
    [InlineData("zh", 10, 0, "上午10时")]
    [InlineData("zh", 12, 0, "中午12时")]
    [InlineData("zh", 12, 30, "中午12时30分")]
    [InlineData("zh", 0, 0, "零时")]
    [InlineData("zh", 0, 5, "零时05分")]
    [InlineData("zh", 16, 30, "下午4时30分")]
    public void Writes_hours_as_the_language_does(string language, int hour, int minute, string expected) =>
        Assert.Equal(expected, Of(language).Time(new TimeOnly(hour, minute)).Plain());

    [Theory]
    [InlineData("en", "6 p.m. (New York time) on 3 April 2018")]
    [InlineData("fr", "3 avril 2018 à 18 heures (heure de New York)")]
    [InlineData("es", "3 de abril de 2018 a las 18.00 horas (hora de Nueva York)")]
    [InlineData("ar", "الساعة 18:00 (بتوقيت نيويورك) يوم 3 نيسان/أبريل 2018")]
    [InlineData("ru", "3 апреля 2018 года, 18 ч. 00 м. (по нью-йоркскому времени)")]
    [InlineData("zh", "2018年4月3日下午6时（纽约时间）")]
    public void Says_that_a_deadline_is_in_New_York_time(string language, string expected)
    {
        // The instant is 22:00 UTC: four hours apart, as New York's clocks are in April.
        var source = SampleLetter.WithBody("[{{ deadlines.comments }}] [{{ date \"2018-04-03 18:00\" }}]") with
        {
            Language = language,
            Deadlines = [new Deadline("comments", new DateTimeOffset(2018, 4, 3, 22, 0, 0, TimeSpan.Zero))],
        };

        Assert.Contains(
            $"[{expected}] [{expected}]",
            SampleLetter.Render(source).Text.Replace('\n', ' '),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3 April 2018")]
    [InlineData("2018-02-30")]
    [InlineData("")]
    public void Refuses_a_date_that_cannot_be_read(string date)
    {
        var fault = Assert.Single(SampleLetter.Faults(SampleLetter.WithBody($"x\n{{{{ date \"{date}\" }}}}")));

        Assert.Equal((419, "letter.md, line 11"), (fault.Number, fault.Place));
    }

    [Theory]
    [InlineData(
        "en",
        "Please accept, Excellency, the assurances of our highest consideration.",
        "Please accept, Excellency, the assurances of my highest consideration.")]
    [InlineData(
        "fr",
        "Veuillez agréer, Excellence, les assurances de notre très haute considération.",
        "Veuillez agréer, Excellence, les assurances de ma très haute considération.")]
    [InlineData(
        "es",
        "Le rogamos que acepte, Excelencia, las seguridades de nuestra más alta consideración.",
        "Le ruego que acepte, Excelencia, las seguridades de mi más alta consideración.")]
    [InlineData(
        "ar",
        "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.",
        "وتفضلوا، سعادتكم، بقبول فائق تقديري واحترامي.")]
    [InlineData(
        "ru",
        "Примите, Ваше Превосходительство, уверения в нашем весьма высоком уважении.",
        "Примите, Ваше Превосходительство, уверения в моем весьма высоком уважении.")]
    [InlineData("zh", "顺致最崇高的敬意。", "顺致最崇高的敬意。")]
    public void Closes_with_we_for_two_signatories_and_I_for_one(string language, string we, string one)
    {
        Assert.Contains(we, Unwrapped(SampleLetter.Source with { Language = language }), StringComparison.Ordinal);
        Assert.Contains(
            one,
            Unwrapped(SampleLetter.OneSignatory with { Language = language }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_to_one_mission_is_opened_in_its_own_way_where_the_language_has_one()
    {
        const string ToAll = "أصحاب السعادة،", ToOne = "صاحب/صاحبة السعادة،";
        var arabic = SampleLetter.WithBody("x") with { Language = "ar" };
        string? Opening(LetterSource letter, TemplateSet? template = null) =>
            new LetterRenderer(letter, [], template ?? SampleLetter.Template).Content(SampleLetter.Swiss).Salutation;

        Assert.Equal(ToOne, Opening(arabic));
        Assert.Equal(ToAll, Opening(arabic with { Address = AddressForm.Collective }));
        Assert.Equal("معالي الوزير،", Opening(arabic with { Salutation = "معالي الوزير،" }));
        Assert.Equal("Excellency,", Opening(arabic with { Language = "en" }));

        // A letter that was frozen before there was such an entry is opened as it was looked at.
        var words = SampleLetter.Template.Files["words/ar.yaml"];
        var earlier = SampleLetter.Template with
        {
            Files = SampleLetter.Template.Files.ToDictionary(
                file => file.Key,
                file => file.Value.Replace($"salutation_one: \"{ToOne}\"\n", "", StringComparison.Ordinal)),
        };
        Assert.NotEqual(words, earlier.Files["words/ar.yaml"]);
        Assert.Equal(ToAll, Opening(arabic, BuiltInWords.Complete(earlier)));
    }

    [Fact]
    public void Repeats_the_letters_own_salutation_in_the_close()
    {
        var text = Unwrapped(SampleLetter.Source with { Language = "fr", Salutation = "Madame l'Ambassadrice," });

        Assert.Contains(" Madame l'Ambassadrice, ", text, StringComparison.Ordinal);
        Assert.Contains("Veuillez agréer, Madame l'Ambassadrice, les assurances", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_with_the_addressee_in_two_lines_and_names_one_enclosure_or_several()
    {
        var two = new LetterRenderer(
            SampleLetter.Source,
            [SampleLetter.Draft, SampleLetter.Draft with { File = "b.pdf", Title = "Programme of work" }],
            SampleLetter.Template)
            .Render(SampleLetter.Swiss, SampleLetter.Link)
            .Text;

        Assert.Contains(
            "\nPermanent and Observer Missions to the United Nations\nNew York\n",
            two,
            StringComparison.Ordinal);
        Assert.Contains("\nEnclosures:\n", two, StringComparison.Ordinal);
        Assert.Contains("\nEnclosure:\n", SampleLetter.Render(SampleLetter.Source).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_file_and_line_of_a_key_that_is_unknown_missing_or_wrong()
    {
        var words = SampleLetter.Template.Files["words/en.yaml"];

        Assert.Equal(
            (405, "words/en.yaml, line 6"),
            Fault(words.Replace("\nsalutation:", "\nsalutaton:", StringComparison.Ordinal))[0]);
        Assert.Equal(
            (406, $"words/en.yaml, line {words.TrimEnd().Count(sign => sign == '\n') + 1}"),
            Fault(words.Replace("\nsalutation:", "\nsalutaton:", StringComparison.Ordinal))[1]);
        Assert.Equal(
            [(407, "words/en.yaml, line 6")],
            Fault(words.Replace("\nsalutation: \"Excellency,\"", "\nsalutation:", StringComparison.Ordinal)));
        Assert.Equal(
            [(407, "words/en.yaml, line 20")],
            Fault(words.Replace("December", "December, Thirteenth", StringComparison.Ordinal)));
        Assert.Equal(
            [(410, "words/en.yaml, line 22")],
            Fault(words.Replace("{{ day }} {{ month }}", "{{ day }} {{ month", StringComparison.Ordinal)));
        Assert.Equal(
            [(411, "words/en.yaml, line 22")],
            Fault(words.Replace("{{ day }} {{ month }}", "{{ day }} {{ mnth }}", StringComparison.Ordinal)));
        Assert.Equal(
            [(404, "words/en.yaml, line 6")],
            Fault(words.Replace("\"Excellency,\"", "a: b", StringComparison.Ordinal)));

        static (int, string)[] Fault(string text) =>
            [
                .. Assert
                    .Throws<LetterFaultException>(() => LanguageWords.Read("words/en.yaml", text))
                    .Faults.Select(fault => (fault.Number, fault.Place)),
            ];
    }

    [Fact]
    public void Says_which_file_would_hold_the_words_of_a_language_the_template_lacks()
    {
        var template = SampleLetter.Template with
        {
            Files = SampleLetter.Template.Files.Where(file => file.Key != "words/es.yaml").ToDictionary(),
        };

        var fault = Assert.Single(
            Assert
                .Throws<LetterFaultException>(() =>
                    new LetterRenderer(SampleLetter.Source with { Language = "es" }, [], template))
                .Faults);

        Assert.Equal((403, "templates/co-facilitators/words/es.yaml"), (fault.Number, fault.Place));
    }

    private static LanguageWords Of(string language) =>
        LanguageWords.Read(language, SampleLetter.Template.Files[$"words/{language}.yaml"]);

    private static string Unwrapped(LetterSource source) => SampleLetter.Render(source).Text.Replace('\n', ' ');

    [Fact]
    public void A_sentence_of_a_note_begins_with_a_capital_however_its_sender_is_written()
    {
        var words = SampleLetter.Words("en");

        Assert.StartsWith(
            "The Permanent Mission of Switzerland presents",
            words.NoteOpening("the Permanent Mission of Switzerland", null),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The Permanent Mission of Switzerland avails",
            words.NoteClosing("the Permanent Mission of Switzerland", "Permanent Mission of X"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "La Mission",
            SampleLetter.Words("fr").NoteOpening("la Mission permanente de la Suisse", null),
            StringComparison.Ordinal);
        Assert.Contains(
            "البعثة الدائمة",
            SampleLetter.Words("ar").NoteOpening("البعثة الدائمة", null),
            StringComparison.Ordinal);
    }
}
