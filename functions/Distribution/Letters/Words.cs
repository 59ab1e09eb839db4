using System.Globalization;
using Scriban.Runtime;

namespace Distribution;

/// <summary>
/// What a letter in one language says around the author's own text, and how that language writes dates, hours and places.
/// It comes from <c>words/*.yaml</c>; an entry may hold fields, so no language is special here.
/// </summary>
internal sealed class Words
{
    /// <summary>What the email says around the letter; <c>{{ contact }}</c> is the address replies go to.</summary>
    private static readonly string[] AroundTheLetter =
        ["acknowledge_request", "acknowledge_link", "link_is_private", "link_fallback", "sent_to", "attached", "contact"];

    private static readonly string[] Entries =
    [
        "salutation", "close_we", "close_i", "reference", "enclosure_one", "enclosure_many", "enclosure_joiner",
        "first_of_month", "date", "place_and_date", "time", "date_and_time", .. AroundTheLetter,
    ];

    private readonly Dictionary<string, TemplateText> entries = [];
    private readonly IReadOnlyDictionary<string, string> places;
    private readonly IReadOnlyList<string> months;

    /// <param name="file">As messages name it: <c>templates/co-facilitators/words/fr.yaml</c>.</param>
    /// <exception cref="LetterFaultException">A key is unknown or missing, or its value cannot be used.</exception>
    public Words(string file, string text)
    {
        var faults = new List<Fault>();
        var table = new YamlTable(file, text, faults);
        table.Expect(["confirmed_by", "addressee", "places", "months", .. Entries], faults);
        Stop(faults);

        Addressee = table.List("addressee", 2, "two lines, the missions and their city", faults);
        months = table.List("months", 12, "the names of twelve months", faults);
        places = table.Map("places", "the names of places in English and in this language", faults);
        foreach (var key in Entries)
        {
            var value = table.Text(key, "a word or a sentence", faults);
            Collect(faults, () => entries[key] = new TemplateText(file, value, table.Line(key)));
        }

        Stop(faults);

        // Tried once, so that a slip in an entry is found with the file and not with the first letter that needs it.
        Collect(faults, () => Close(plural: true, Salutation));
        Collect(faults, () => Close(plural: false, Salutation));
        Collect(faults, () => PlaceAndDate("New York", new DateOnly(2018, 4, 1)));
        Collect(faults, () => DateAndTime(new DateTime(2018, 4, 1, 16, 30, 0)));
        Collect(faults, () => Around("contact@missions.example"));
        foreach (var key in (string[])["reference", "enclosure_one", "enclosure_many", "enclosure_joiner"])
            Collect(faults, () => Fill(key, []));
        Stop(faults);
    }

    /// <summary>The missions together, then their city.</summary>
    public IReadOnlyList<string> Addressee { get; }

    public string Salutation => Fill("salutation", []);

    public string Reference => Fill("reference", []);

    public string EnclosureJoiner => Fill("enclosure_joiner", []);

    public string Enclosures(int count) => Fill(count == 1 ? "enclosure_one" : "enclosure_many", []);

    /// <summary>The courtesy close, which repeats the appeal of the salutation where the language does.</summary>
    /// <param name="plural">Whether more than one person signs.</param>
    public string Close(bool plural, string salutation) =>
        Fill(plural ? "close_we" : "close_i", new() { ["appeal"] = Appeal(salutation) });

    public string Place(string place) => places.GetValueOrDefault(place, place);

    public string PlaceAndDate(string place, DateOnly date) =>
        Fill("place_and_date", new() { ["place"] = Place(place), ["date"] = Date(date) });

    public string Date(DateOnly date) => Fill("date", new()
    {
        ["day"] = date.Day == 1 ? Fill("first_of_month", []) : date.Day.ToString(CultureInfo.InvariantCulture),
        ["month"] = months[date.Month - 1],
        ["year"] = date.Year,
    });

    public string Time(TimeOnly time) => Fill("time", new()
    {
        ["hour"] = time.Hour,
        ["hour12"] = (time.Hour + 11) % 12 + 1,
        ["minute"] = time.Minute.ToString("00", CultureInfo.InvariantCulture),
    });

    /// <param name="newYork">Wall-clock time in New York.</param>
    public string DateAndTime(DateTime newYork) => Fill("date_and_time", new()
    {
        ["date"] = Date(DateOnly.FromDateTime(newYork)),
        ["time"] = Time(TimeOnly.FromDateTime(newYork)),
    });

    /// <summary>The email's own words around the letter, by key.</summary>
    public IReadOnlyDictionary<string, string> Around(string contact) =>
        AroundTheLetter.ToDictionary(key => key, key => Fill(key, new() { ["contact"] = contact }));

    private static string Appeal(string salutation) => salutation.TrimEnd().TrimEnd(',', ':', '،', '：', '，', '.', '!').TrimEnd();

    private string Fill(string key, ScriptObject fields)
    {
        var faults = new List<Fault>();
        var filled = LetterContext.Fill(entries[key], Medium.Plain, fields, RenderLimits.Default, faults, CancellationToken.None);
        Stop(faults);
        return filled;
    }

    private static void Collect(List<Fault> faults, Action attempt)
    {
        try
        {
            attempt();
        }
        catch (LetterFaultException found)
        {
            faults.AddRange(found.Faults);
        }
    }

    private static void Stop(List<Fault> faults)
    {
        if (faults.Count > 0)
            throw new LetterFaultException([.. faults.Distinct()]);
    }
}
