namespace Distribution.Common;

/// <summary>
/// Words of the desk that are put into a language only when they are shown, so that what is gathered for a page, or
/// recorded for another one, knows no language yet.
/// </summary>
internal sealed class Phrase
{
    private readonly Func<DeskLanguage, string> words;

    private Phrase(Func<DeskLanguage, string> words) => this.words = words;

    /// <summary>
    /// What the desk says. The English text, with its placeholders, is the key to every other language.
    /// </summary>
    public static Phrase Say(FormattableString english) => new(language => In(language, english, count: null, english));

    /// <summary>What the desk says about a number.</summary>
    /// <param name="count">What decides between the forms.</param>
    /// <param name="one">The English form for one.</param>
    /// <param name="other">The English form for every other number, and the key; it has every placeholder.</param>
    public static Phrase Say(int count, FormattableString one, FormattableString other) =>
        new(language => In(language, DeskLanguage.English.IsOne(count) ? one : other, count, other));

    /// <summary>
    /// What was recorded in English in the words of one of the desk's sentences; other words stay as they are.
    /// </summary>
    public static Phrase Recorded(string english) => new(language => language.FindRecorded(english) ?? english);

    /// <summary>A name, or other words that are the same in every language.</summary>
    public static Phrase Plain(string words) => new(_ => words);

    /// <summary>Words that are found or made for each language, such as the name of a mission or a number.</summary>
    public static Phrase Of(Func<DeskLanguage, string> words) => new(words);

    /// <summary><c>26 March 2018</c>.</summary>
    public static Phrase OfDay(DateOnly day) => new(language => language.Date(day));

    /// <summary><c>26 March 2018, 6.05 p.m.</c>, in New York.</summary>
    public static Phrase OfMoment(DateTimeOffset instant) => new(language => language.Moment(instant));

    /// <summary>The day of the week in New York: <c>Tuesday</c>.</summary>
    public static Phrase OfWeekday(DateTimeOffset instant) => new(language => language.Weekday(instant));

    /// <summary>The time of day alone, in New York: <c>6.05 p.m.</c></summary>
    public static Phrase OfHour(DateTimeOffset instant) => new(language => language.Hour(instant));

    /// <summary>The time of day alone, to the second, in New York: <c>6.05.10 p.m.</c></summary>
    public static Phrase OfClock(DateTimeOffset instant) => new(language => language.Clock(instant));

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static Phrase Listed(IEnumerable<Phrase> phrases) =>
        Listed([.. phrases], (first, last) => Say($"{first} and {last}"));

    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b or c</c>.</summary>
    public static Phrase Either(IEnumerable<Phrase> phrases) =>
        Listed([.. phrases], (first, last) => Say($"{first} or {last}"));

    /// <summary><c>a; b</c>.</summary>
    public static Phrase Joined(IEnumerable<Phrase> phrases) => Joined(Say($"; "), [.. phrases]);

    /// <summary>Sentences one after the other.</summary>
    public static Phrase Sentences(IEnumerable<Phrase> phrases) => Joined(Plain(" "), [.. phrases]);

    /// <summary>A phrase that begins a sentence, as it stands within one: its first letter small.</summary>
    public Phrase WithinLine => new(language => EnglishText.WithinLine(In(language)));

    /// <summary>A phrase from within a sentence, as it begins one: its first letter large.</summary>
    public Phrase Begun =>
        new(language => In(language) is [var first, .. var rest] ? char.ToUpperInvariant(first) + rest : "");

    /// <summary>A sentence as it stands in brackets: without its full stop.</summary>
    public Phrase WithoutStop => new(language => In(language).TrimEnd('.'));

    /// <summary>As it is recorded: in English, by which <see cref="Recorded"/> knows it again.</summary>
    public string ForRecord => In(DeskLanguage.English);

    /// <summary>The words in one language; in English where the language does not have them.</summary>
    public string In(DeskLanguage language) => words(language);

    /// <summary>In the language of the page that is being rendered; English elsewhere.</summary>
    public override string ToString() => In(DeskLanguage.Spoken);

    public static implicit operator string(Phrase phrase) => phrase.ToString();

    /// <summary>The pattern of a sentence in a language, with the values of its placeholders.</summary>
    public static (string Format, object?[] Values) Pattern(DeskLanguage language, FormattableString english) =>
        (language.Find(english.Format)?.Other ?? english.Format, english.GetArguments());

    /// <inheritdoc cref="Pattern(DeskLanguage, FormattableString)"/>
    public static (string Format, object?[] Values) Pattern(
        DeskLanguage language, int count, FormattableString one, FormattableString other) =>
        language.Find(other.Format) is { One: { } } forms
            ? (language.IsOne(count) ? forms.One : forms.Other, other.GetArguments())
            : DeskLanguage.English.IsOne(count)
                ? (one.Format, one.GetArguments())
                : (other.Format, other.GetArguments());

    private static Phrase Joined(Phrase between, Phrase[] phrases) =>
        new(language => string.Join(between.In(language), phrases.Select(phrase => phrase.In(language))));

    private static Phrase Listed(Phrase[] phrases, Func<Phrase, Phrase, Phrase> last) => phrases switch
    {
        [] => Plain(""),
        [var only] => only,
        [.. var first, var end] => last(Joined(Plain(", "), first), end),
    };

    private static string In(DeskLanguage language, FormattableString english, int? count, FormattableString key)
    {
        var (format, values) = count is { } number ? Pattern(language, number, english, key) : Pattern(language, key);
        return string.Format(
            language.Numbers,
            format,
            // A phrase within a phrase is put into the language of this one, which need not be the one of the page.
            [.. values.Select(value => value is Phrase phrase ? phrase.In(language) : value)]);
    }
}
