using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;
using Xunit;
using static Distribution.Common.Phrase;

namespace Distribution.Tests.Common;

/// <summary>The languages of the desk: what their files say, and when they are spoken.</summary>
public sealed partial class DeskLanguageTests
{
    private const string NoBreak = "\u00A0";

    private static readonly IReadOnlyDictionary<string, (bool IsCounted, string File)> Sources =
        SpokenSentences.InSources();

    [Fact]
    public void Each_sentence_of_the_desk_is_said_in_French_and_none_is_left_over()
    {
        Assert.Contains("No letter waits for you", Sources.Keys);
        var french = DeskLanguage.French.Sentences;

        Assert.Empty(Sources.Where(sentence => !french.ContainsKey(sentence.Key)).Select(sentence => $"{sentence.Value.File}: {sentence.Key}"));
        Assert.Empty(french.Keys.Except(Sources.Keys));
    }

    [Fact]
    public void A_translation_has_the_placeholders_of_the_sentence_and_two_forms_where_it_is_about_a_number()
    {
        foreach (var (english, (isCounted, _)) in Sources)
        {
            var french = DeskLanguage.French.Sentences[english];
            Assert.True(Placeholders(english).SetEquals(Placeholders(french.Other)), english);
            Assert.True(isCounted == french.One is not null, english);
            Assert.True(french.One is null || Placeholders(french.One).IsSubsetOf(Placeholders(english)), english);
        }
    }

    [Fact]
    public void A_translation_is_typeset_as_French_is_and_holds_no_HTML()
    {
        foreach (var text in DeskLanguage.French.Sentences.Values.SelectMany(forms => (string?[])[forms.One, forms.Other]).OfType<string>())
        {
            Assert.DoesNotContain('\'', text);
            Assert.DoesNotContain(" :", text, StringComparison.Ordinal);
            Assert.DoesNotContain(" ;", text, StringComparison.Ordinal);
            Assert.DoesNotContain(" »", text, StringComparison.Ordinal);
            Assert.DoesNotContain("New York", text, StringComparison.Ordinal);
            // An hour stays on one line with the words that say where it counts.
            Assert.DoesNotMatch($@"\d heure|[Hh]eures? de{NoBreak}New|[Hh]eures?{NoBreak}de New|\}} \(heure", text);
            Assert.False(text.AsSpan().ContainsAny('<', '>', '&'), text);
            Assert.DoesNotContain('"', text);
        }
    }

    [Theory]
    [InlineData(0, "0 missions do not have it", "0 mission ne l’a pas reçue")]
    [InlineData(1, "1 mission does not have it", "1 mission ne l’a pas reçue")]
    [InlineData(2, "2 missions do not have it", "2 missions ne l’ont pas reçue")]
    public void A_number_takes_the_form_that_the_language_gives_it(int count, string english, string french)
    {
        var phrase = Say(count, $"{count} mission does not have it", $"{count} missions do not have it");

        Assert.Equal(english, phrase.In(DeskLanguage.English));
        Assert.Equal(french, phrase.In(DeskLanguage.French));
    }

    /// <summary>Whichever version recorded them.</summary>
    [Theory]
    [InlineData("Stopped before it was sent.", "Arrêtée avant l’envoi.")]
    [InlineData("amélie vouches for it that the mission has the letter.", "amélie atteste que la mission a la lettre.")]
    [InlineData("The connection to mail.example:25 was lost before the letter was handed over: Broken pipe", "La connexion avec mail.example:25 s’est rompue avant la transmission de la lettre : Broken pipe")]
    [InlineData("Nothing was heard of it for 30 minutes. As the settings say, the same message is offered again, with the same Message-ID.", "Aucune nouvelle depuis 30 minutes. Conformément aux réglages, le même message est présenté de nouveau, avec le même Message-ID.")]
    [InlineData("This came before the letter had left, and changes nothing. Stopped before it was sent.", "Cela est arrivé avant le départ de la lettre et n’y change rien. Arrêtée avant l’envoi.")]
    // Words of a server, and of a person, stay.
    [InlineData("Search vouches for it that the mission has the letter.", "Search atteste que la mission a la lettre.")]
    [InlineData("550 5.1.1 <office@mission.example>: Recipient address rejected", "550 5.1.1 <office@mission.example>: Recipient address rejected")]
    [InlineData("called the mission, and the ambassador read it", "called the mission, and the ambassador read it")]
    [InlineData("It is stopped", "It is stopped")]
    [InlineData("", "")]
    public void What_was_recorded_in_English_in_the_words_of_a_sentence_is_said_in_French(string english, string french)
    {
        Assert.Equal(french, Phrase.Recorded(english).In(DeskLanguage.French).Replace(NoBreak, " ", StringComparison.Ordinal));
        Assert.Equal(english, Phrase.Recorded(english).In(DeskLanguage.English));
    }

    [Fact]
    public void Dates_hours_and_sizes_are_written_as_each_language_writes_them()
    {
        // 6.05.10 p.m. in New York on 1 May 2018.
        var at = new DateTimeOffset(2018, 5, 1, 22, 5, 10, TimeSpan.Zero);

        Assert.Equal(NewYorkTime.Words(at), OfMoment(at).In(DeskLanguage.English));
        Assert.Equal("1 May 2018, 6.05 p.m.", OfMoment(at).In(DeskLanguage.English));
        Assert.Equal("6.05.10 p.m.", OfClock(at).In(DeskLanguage.English));
        Assert.Equal(
            $"1er{NoBreak}mai 2018 à 18{NoBreak}h{NoBreak}05",
            OfMoment(at).In(DeskLanguage.French));
        Assert.Equal($"26{NoBreak}mars 2018", OfDay(new(2018, 3, 26)).In(DeskLanguage.French));
        Assert.Equal($"1er{NoBreak}mai 2018 à 18{NoBreak}h{NoBreak}05{NoBreak}(heure{NoBreak}de{NoBreak}New{NoBreak}York)", Say($"{OfMoment(at)} New York time").In(DeskLanguage.French));
        Assert.Equal($"1er{NoBreak}mai 2018 à 18{NoBreak}heures", OfMoment(at.AddMinutes(-5)).In(DeskLanguage.French));
        Assert.Equal($"0{NoBreak}heure", DeskLanguage.French.Hour(default));
        Assert.Equal("1.5 MB", Amounts.Size(1_500_000).In(DeskLanguage.English));
        Assert.Equal("1,5\u00A0Mo", Amounts.Size(1_500_000).In(DeskLanguage.French));
        Assert.Equal("60\u00A0Mo", Amounts.Size(60_000_000).In(DeskLanguage.French));
        Assert.Equal("20\u00A0ko", Amounts.Size(20_000).In(DeskLanguage.French));
    }

    [Theory]
    [InlineData("2018-03-26 02:37", "2018-04-02 18:00", "7 days")]
    [InlineData("2018-03-26 23:30", "2018-04-02 00:30", "7 days")]
    [InlineData("2018-03-26 10:00", "2018-03-28 18:00", "2 days")]
    [InlineData("2018-03-26 10:00", "2018-03-27 18:00", "32 hours")]
    [InlineData("2018-03-26 10:00", "2018-03-26 10:30", "30 minutes")]
    public void How_long_it_is_until_a_deadline_is_counted_as_people_count(string now, string then, string left)
    {
        Assert.Equal(left, Amounts.Until(At(then), At(now)).In(DeskLanguage.English));

        static DateTimeOffset At(string hour) =>
            NewYorkTime.Instant(DateTime.ParseExact(hour, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Only_a_page_that_is_being_rendered_speaks_another_language_than_English()
    {
        var phrase = Say($"No letter waits for you");
        // A machine that is set to French is none.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");

        await DeskLanguage.French.Speak(() =>
        {
            Assert.Equal("Aucune lettre ne vous attend", phrase);
            return Task.CompletedTask;
        });

        Assert.Equal("No letter waits for you", phrase);
    }

    private static HashSet<string> Placeholders(string text) =>
        [.. Placeholder().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Placeholder();
}
