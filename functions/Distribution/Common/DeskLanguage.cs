using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Distribution.Common;

/// <summary>
/// A language that the desk speaks to people of the secretariat. The English text of a sentence is its key; every other
/// language has a file that says it, <c>desk.CODE.yaml</c>.
/// </summary>
/// <remarks>
/// Only a page that is being rendered speaks another language than English: what is recorded, hashed, logged, mailed or
/// downloaded is English, whoever asked for it.
/// </remarks>
internal sealed class DeskLanguage
{
    public static readonly DeskLanguage English = new(
        "en",
        "English",
        Culture(CultureInfo.InvariantCulture),
        "d MMMM yyyy",
        ", ",
        "h.mm tt",
        "h.mm.ss tt",
        count => count == 1);

    public static readonly DeskLanguage French = new(
        "fr",
        "Français",
        CultureInfo.GetCultureInfo("fr"),
        "d\u00A0MMMM yyyy",
        " à ",
        "H\u00A0'h'\u00A0mm",
        "H\u00A0'h'\u00A0mm\u00A0'min'\u00A0ss\u00A0's'",
        // French counts nothing like one: 0 mission, 1 mission, 2 missions (CLDR, plural rules of French).
        count => count is 0 or 1);

    public static IReadOnlyList<DeskLanguage> All { get; } = [English, French];

    private static readonly AsyncLocal<DeskLanguage?> spoken = new();

    private readonly string date;
    private readonly string beforeHour;
    private readonly string hour;
    private readonly string clock;
    private readonly Func<int, bool> isOne;
    private readonly Lazy<IReadOnlyDictionary<string, Forms>> sentences;
    private readonly Lazy<RecordedSentences> recorded;

    private DeskLanguage(
        string code,
        string name,
        CultureInfo culture,
        string date,
        string beforeHour,
        string hour,
        string clock,
        Func<int, bool> isOne)
    {
        (Code, Name, Numbers, this.date, this.beforeHour, this.hour, this.clock, this.isOne) =
            (code, name, culture, date, beforeHour, hour, clock, isOne);
        // Read when it is first needed: a process without readers of French never reads the file.
        sentences = new(() => code == Languages.English ? new Dictionary<string, Forms>() : Read(code));
        recorded = new(() => new(sentences.Value));
    }

    /// <summary>What the page that is being rendered speaks; English everywhere else.</summary>
    public static DeskLanguage Spoken => spoken.Value ?? English;

    /// <summary>ISO 639-1.</summary>
    public string Code { get; }

    /// <summary>Its own name, in itself.</summary>
    public string Name { get; }

    /// <summary>How it writes numbers.</summary>
    public CultureInfo Numbers { get; }

    /// <summary>All that its file says, by the English text; nothing for English.</summary>
    public IReadOnlyDictionary<string, Forms> Sentences => sentences.Value;

    /// <returns>The language of the code; English where the desk does not speak it.</returns>
    public static DeskLanguage Of(string? code) => All.FirstOrDefault(language => language.Code == code) ?? English;

    /// <summary>Renders a page in this language.</summary>
    public async Task Speak(Func<Task> render)
    {
        // Ends with this method: what an asynchronous method sets does not reach its caller.
        spoken.Value = this;
        await render();
    }

    /// <summary>Whether a sentence about so many has the form for one.</summary>
    public bool IsOne(int count) => isOne(count);

    /// <summary>
    /// What was recorded in English in the words of one of the desk's sentences, as this language says it.
    /// </summary>
    /// <returns>Null for other words.</returns>
    public string? FindRecorded(string english) => recorded.Value.Find(english);

    /// <returns>Null where the language's file does not have it.</returns>
    public Forms? Find(string english) => Sentences.GetValueOrDefault(english);

    /// <summary><c>26 March 2018</c>. French has the first of a month as an ordinal.</summary>
    public string Date(DateOnly day) => day.ToString(date, Numbers) is var words && day.Day == 1 && Code == "fr"
        ? $"1er{words[1..]}"
        : words;

    /// <summary><c>26 March 2018, 6.05 p.m.</c>, in New York.</summary>
    public string Moment(DateTimeOffset instant)
    {
        var time = NewYorkTime.At(instant).DateTime;
        return $"{Date(DateOnly.FromDateTime(time))}{beforeHour}{Hour(time)}";
    }

    /// <summary><c>Monday, 26 March 2018</c>.</summary>
    public string WeekdayAndDate(DateOnly day) =>
        // lundi 26 mars 2018: in French no comma follows the day.
        $"{Numbers.DateTimeFormat.GetDayName(day.DayOfWeek)}{(Code == "fr" ? "" : ",")} {Date(day)}";

    /// <summary>The day of the week in New York: <c>Tuesday</c>.</summary>
    public string Weekday(DateTimeOffset instant) =>
        Numbers.DateTimeFormat.GetDayName(NewYorkTime.At(instant).DayOfWeek);

    /// <summary>The time of day alone, in New York: <c>6.05 p.m.</c></summary>
    public string Hour(DateTimeOffset instant) => Hour(NewYorkTime.At(instant).DateTime);

    /// <summary>
    /// A time of the clock, also one that does not exist: <c>2.30 a.m.</c> in the night when clocks go forward. French
    /// writes a full hour as a word: <c>10 heures</c>.
    /// </summary>
    public string Hour(DateTime time) => time.Minute == 0 && Code == "fr"
        ? $"{time.Hour}\u00A0{(IsOne(time.Hour) ? "heure" : "heures")}"
        : time.ToString(hour, Numbers);

    /// <summary>The time of day alone, to the second, in New York: <c>6.05.10 p.m.</c></summary>
    public string Clock(DateTimeOffset instant) => NewYorkTime.At(instant).ToString(clock, Numbers);

    private static CultureInfo Culture(CultureInfo like)
    {
        var culture = (CultureInfo)like.Clone();
        // The invariant culture writes AM and PM, the United Nations a.m. and p.m.
        (culture.DateTimeFormat.AMDesignator, culture.DateTimeFormat.PMDesignator) = ("a.m.", "p.m.");
        return culture;
    }

    private static Dictionary<string, Forms> Read(string code)
    {
        var name = $"desk.{code}.yaml";
        using var stream =
            typeof(DeskLanguage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return ((YamlMappingNode)yaml.Documents[0].RootNode).Children.ToDictionary(
            entry => Text(entry.Key),
            entry => entry.Value is YamlMappingNode forms
                ? new Forms(Typeset(Text(forms["one"])), Typeset(Text(forms["other"])))
                : new Forms(null, Typeset(Text(entry.Value))),
            StringComparer.Ordinal);

        static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

        // Spaces that do not break are hard to see in a file: it is written with plain ones. An hour stays on one line
        // with the words that say where it counts.
        string Typeset(string text) => code == "fr"
            ? Regex.Replace(
                text,
                @"(?<=«) | (?=[»:;?!])|(?<=\}) (?=(?:octets?|[kM]o)$)|(?<=\}) (?=\(heure de New York)|(?<=[Hh]eures?) (?=de New York)|(?<=[Hh]eures? de) (?=New York)|(?<=New) (?=York)|(?<=\d) (?=heures?\b)",
                "\u00A0")
            : text;
    }

    /// <summary>How a language says a sentence, with the placeholders of the English one in any order.</summary>
    /// <param name="One">About one, and what the language counts like one; null where nothing is counted.</param>
    /// <param name="Other">About any other number, and where nothing is counted.</param>
    internal sealed record Forms(string? One, string Other);
}
