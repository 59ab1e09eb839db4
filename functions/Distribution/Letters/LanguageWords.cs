using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Distribution.Common;
using Scriban.Runtime;

namespace Distribution.Letters;

/// <summary>
/// The fixed words of one language: what a letter says around the author's own text, and the formats of dates, hours
/// and places. They come from <c>words/*.yaml</c>. An entry may contain fields, so that the grammar of a language is in
/// its file and not in this code.
/// </summary>
internal sealed class LanguageWords
{
    /// <summary>
    /// The entries that the email puts around the letter; <c>{{ contact }}</c> is the address for replies.
    /// </summary>
    private static readonly string[] AroundTheLetter =
    [
        "acknowledge_request",
        "acknowledge_link",
        "link_is_private",
        "link_fallback",
        "acknowledge_by_reply",
        "sent_to",
        "attached",
        "contact",
        "letter_attached",
        "documents_linked",
    ];

    /// <summary>The entries of the page on which a mission acknowledges receipt.</summary>
    private static readonly string[] OnThePage =
    [
        .. (
            (string[])
                [
                    "heading",
                    "done",
                    "done_by",
                    "for",
                    "draft",
                    "letter_of",
                    "meaning",
                    "name",
                    "function",
                    "optional",
                    "button",
                    "nothing_recorded",
                    "name_missing",
                    "unprintable",
                    "too_long",
                    "skip",
                    "reference",
                    "reference_wrong",
                    "leave_empty",
                    "once_more",
                    "expired",
                    "full",
                    "confirm_heading",
                    "confirm_give",
                    "confirm_correct",
                    "confirm_withdraw",
                    "confirm",
                    "back",
                    "for_all",
                    "correct",
                    "withdraw",
                    "withdraw_meaning",
                    "leave",
                    "documents",
                    "documents_meaning",
                    "documents_take",
                    "documents_letter",
                    "documents_embargo",
                    "documents_gone",
                    "documents_back",
                ]).Select(key => $"acknowledge_page_{key}"),
    ];

    /// <summary>
    /// How a letter to one mission is opened, in a language where that is not how one to all is. What was frozen
    /// without it stays without it, and is printed as it was looked at.
    /// </summary>
    public const string SalutationOne = "salutation_one";

    private static readonly string[] Entries =
    [
        "salutation",
        SalutationOne,
        "close_we",
        "close_i",
        "reference",
        "enclosure_one",
        "enclosure_many",
        "enclosure_joiner",
        "first_of_month",
        "date",
        "place_and_date",
        "time",
        "date_and_time",
        "weekday_and_date",
        "meeting_one",
        "meeting_many",
        "meeting_hours",
        "meeting_place",
        "meeting_cancelled",
        "calendar",
        "calendar_cancelled",
        "summary_draft",
        "summary_due",
        "unofficial_translation",
        "authentic_text",
        "embargoed_until",
        "note_opening",
        "note_opening_addressed",
        "note_closing",
        "note_closing_addressed",
        "page_of",
        "verify",
        "verify_code",
        "signature",
        .. AroundTheLetter,
        .. OnThePage,
        "reminder_subject",
        "reminder_body",
        "reminder_note",
    ];

    private static readonly Meeting Example = new(
        "Meeting",
        new(2018, 4, 3, 10, 0, 0, TimeSpan.FromHours(-4)),
        new(2018, 4, 3, 13, 0, 0, TimeSpan.FromHours(-4)),
        null,
        null,
        null);

    private readonly string language;
    private readonly Dictionary<string, TemplateText> entries = [];
    private readonly IReadOnlyDictionary<string, string> places;
    private readonly IReadOnlyDictionary<string, string> dueNames;
    private readonly IReadOnlyDictionary<string, string> markings;
    private readonly IReadOnlyDictionary<string, string> languages;
    private readonly IReadOnlyList<string> months;
    private readonly IReadOnlyList<string> weekdays;

    /// <summary>
    /// Files that were read before: every letter of a template comes with the same ones, and one takes some
    /// milliseconds to read.
    /// </summary>
    private static readonly ConcurrentDictionary<(string File, string Text), LanguageWords> Known = new();

    /// <summary>Six languages of several templates.</summary>
    private const int MostKnown = 30;

    /// <param name="file">The file's name as messages show it: <c>templates/co-facilitators/words/fr.yaml</c>.</param>
    /// <exception cref="LetterFaultException">A key is unknown or missing, or its value cannot be used.</exception>
    public static LanguageWords Read(string file, string text)
    {
        if (Known.TryGetValue((file, text), out var known))
            return known;
        if (Known.Count >= MostKnown)
            Known.Clear();
        return Known.GetOrAdd((file, text), static read => new(read.File, read.Text));
    }

    private LanguageWords(string file, string text)
    {
        language = Path.GetFileNameWithoutExtension(file);
        var faults = new List<Finding>();
        var table = new YamlTable(file, text, faults);
        table.Expect(
            ["confirmed_by", "addressee", "addressee_heads", "places", "months", "weekdays", "due_names", "markings", "languages", .. Entries.Except([SalutationOne])],
            faults,
            SalutationOne);
        Stop(faults);

        Addressee = table.List("addressee", 2, "two lines, the missions and their city", faults);
        AddresseeHeads = table.List("addressee_heads", 2, "two lines, the heads of mission and their city", faults);
        markings = table.Map("markings", Enum.GetValues<Marking>().Select(Key), "the words of each marking", faults);
        languages = table.Map("languages", Languages.Official, "the names of the six languages", faults);
        ConfirmedBy = table.Optional("confirmed_by");
        months = table.List("months", 12, "the names of twelve months", faults);
        weekdays = table.List("weekdays", 7, "the names of seven days, Monday first", faults);
        dueNames = table.Map("due_names", [], "what a deadline may be for, by the names that letters give", faults);
        places = table.Map("places", [], "the names of places in English and in this language", faults);
        foreach (var key in Entries.Intersect(table.Keys))
        {
            var value = table.Text(key, "a word or a sentence", faults);
            Collect(faults, () => entries[key] = new TemplateText(Location.In(file, table.Line(key)), value));
        }

        Stop(faults);

        // Fill each entry with fields once, so that a mistake is reported when the file is read and not by the first
        // letter that uses the entry.
        Collect(faults, () => SalutationTo(AddressForm.Addressed));
        Collect(faults, () => Close(plural: true, Salutation));
        Collect(faults, () => Close(plural: false, Salutation));
        Collect(faults, () => PlaceAndDate("New York", new DateOnly(2018, 4, 1)));
        Collect(faults, () => DateAndTime(new DateTime(2018, 4, 1, 16, 30, 0)));
        Collect(faults, () => WeekdayAndDate(new DateOnly(2018, 4, 1)));
        Collect(faults, () => Summary("Draft", [new("comments", Example.Start)]));
        Collect(faults, () => MeetingHours(Example));
        Collect(faults, () => MeetingPlace("Place"));
        Collect(faults, () => CancelledMeeting("Meeting"));
        Collect(faults, () => Around("contact@missions.example"));
        foreach (var key in (string[])["reference", "enclosure_one", "enclosure_many", "enclosure_joiner", "verify", "verify_code", "signature", "meeting_one", "meeting_many", "calendar", "calendar_cancelled"])
            Collect(faults, () => Fill(key, []));
        Collect(faults, () => Embargo(new DateTime(2018, 4, 1, 16, 30, 0)));
        Collect(faults, () => TranslationNote(Languages.English));
        foreach (var mission in (string?[])[null, "Mission"])
        {
            Collect(faults, () => NoteOpening("Sender", mission));
            Collect(faults, () => NoteClosing("Sender", mission));
        }

        Collect(faults, () => _ = PageOf);
        Collect(faults, () => AcknowledgePage("Draft", "Name", new DateTime(2018, 4, 1, 16, 30, 0), 200));
        Collect(faults, () => ReminderSubject("Subject"));
        Collect(faults, () => ReminderBody(LetterForm.Letter, new DateOnly(2018, 4, 1)));
        Collect(faults, () => ReminderBody(LetterForm.NoteVerbale, new DateOnly(2018, 4, 1)));
        Stop(faults);
    }

    /// <summary>The address lines of a letter to all missions: the missions together, then their city.</summary>
    public IReadOnlyList<string> Addressee { get; }

    /// <summary>The address lines of a cover letter to all: the heads of mission together, then their city.</summary>
    public IReadOnlyList<string> AddresseeHeads { get; }

    /// <summary>The native reader who has checked and confirmed the file; null if nobody has.</summary>
    public string? ConfirmedBy { get; }

    public string Salutation => Fill("salutation", []);

    /// <summary>How a letter is opened that says nothing of it.</summary>
    public string SalutationTo(AddressForm address) =>
        address == AddressForm.Addressed && entries.ContainsKey(SalutationOne) ? Fill(SalutationOne, []) : Salutation;

    public string Reference => Fill("reference", []);

    public string EnclosureJoiner => Fill("enclosure_joiner", []);

    public string Enclosures(int count) => Fill(count == 1 ? "enclosure_one" : "enclosure_many", []);

    /// <summary>The courtesy close. In some languages it repeats the appeal of the salutation ("Excellency").</summary>
    /// <param name="plural">True if more than one person signs.</param>
    public string Close(bool plural, string salutation) =>
        Fill(plural ? "close_we" : "close_i", new() { ["appeal"] = Appeal(salutation) });

    public string Place(string place) => places.GetValueOrDefault(place, place);

    /// <summary>
    /// A place of this language as letters write it in English; null if it is none that the words know.
    /// </summary>
    public string? InEnglish(string place) =>
        places.FirstOrDefault(known => known.Value.Equals(place, StringComparison.OrdinalIgnoreCase)).Key;

    public string PlaceAndDate(string place, DateOnly date) =>
        Fill("place_and_date", new() { ["place"] = Place(place), ["date"] = Date(date) });

    public string Date(DateOnly date) => Fill("date", new()
    {
        ["day"] = date.Day == 1 ? Fill("first_of_month", []) : date.Day.ToString(CultureInfo.InvariantCulture),
        ["month"] = months[date.Month - 1],
        ["year"] = date.Year,
    });

    public string Time(TimeOnly time) => Held(Hour(time));

    /// <summary>As other entries take it up, some of which look into it.</summary>
    private string Hour(TimeOnly time) => Filled("time", new()
    {
        ["hour"] = time.Hour,
        ["hour12"] = (time.Hour + 11) % 12 + 1,
        ["minute"] = time.Minute.ToString("00", CultureInfo.InvariantCulture),
    });

    /// <param name="newYork">Wall-clock time in New York.</param>
    public string DateAndTime(DateTime newYork) => DateAndTime(newYork, Date(DateOnly.FromDateTime(newYork)));

    private string DateAndTime(DateTime newYork, string date) => Fill("date_and_time", new()
    {
        ["date"] = date,
        ["time"] = Hour(TimeOnly.FromDateTime(newYork)),
    });

    /// <summary>What the email says first: which draft it is, and what is due by when.</summary>
    public IReadOnlyList<string> Summary(string draft, IEnumerable<Deadline> deadlines) =>
    [
        Fill("summary_draft", new() { ["draft"] = draft }),
        .. deadlines.Select(Due),
    ];

    private string Due(Deadline deadline)
    {
        var newYork = NewYorkTime.At(deadline.Instant).DateTime;
        return Fill("summary_due", new()
        {
            ["name"] = NameOf(deadline),
            ["time"] = WeekdayDateAndTime(newYork),
        });
    }

    /// <summary>
    /// What is due, as the beginning of a line: a usual name in this language, <c>Observations</c> for <c>comments</c>;
    /// any other one as the letter gives it, <c>Third round</c> for <c>third_round</c>.
    /// </summary>
    public string NameOf(Deadline deadline)
    {
        var words = deadline.Name.Split('_');
        // Where a letter gives no names, its second deadline is "comments_2".
        var usual = words is [var first, .. [] or [[>= '0' and <= '9']]] ? dueNames.GetValueOrDefault(first) : null;
        var name = usual is null
            ? string.Join(' ', words)
            : Joining.Sentences(language, [usual, .. words[1..]]);
        return $"{char.ToUpperInvariant(name[0])}{name[1..]}";
    }

    /// <summary>A time in New York with its weekday, as deadlines are told.</summary>
    public string WeekdayDateAndTime(DateTime newYork) =>
        DateAndTime(newYork, WeekdayAndDate(DateOnly.FromDateTime(newYork)));

    public string WeekdayAndDate(DateOnly date) => Fill("weekday_and_date", new()
    {
        ["weekday"] = weekdays[((int)date.DayOfWeek + 6) % 7],
        ["date"] = Date(date),
    });

    /// <summary>What stands above a letter's meetings.</summary>
    public string Meetings(int count) => Fill(count == 1 ? "meeting_one" : "meeting_many", []);

    /// <summary>The day and the hours of a meeting, in New York time, as the beginning of a line.</summary>
    public string MeetingHours(Meeting meeting)
    {
        var (start, end) = (NewYorkTime.At(meeting.Start).DateTime, NewYorkTime.At(meeting.End).DateTime);
        var hours = Fill("meeting_hours", new()
        {
            ["date"] = WeekdayAndDate(DateOnly.FromDateTime(start)),
            ["from"] = Hour(TimeOnly.FromDateTime(start)),
            ["to"] = Hour(TimeOnly.FromDateTime(end)),
        });
        return $"{char.ToUpperInvariant(hours[0])}{hours[1..]}";
    }

    public string MeetingPlace(string place) => Fill("meeting_place", new() { ["place"] = place });

    public string CancelledMeeting(string title) => Fill("meeting_cancelled", new() { ["meeting"] = title });

    /// <summary>The title of a calendar file in the list of enclosures.</summary>
    public string Calendar(EnclosureRole role) =>
        Fill(role == EnclosureRole.CancelledMeetings ? "calendar_cancelled" : "calendar", []);

    /// <summary>The filled entries that the email puts around the letter, by key.</summary>
    public IReadOnlyDictionary<string, string> Around(string contact) =>
        AroundTheLetter.ToDictionary(key => key, key => Fill(key, new() { ["contact"] = contact }));

    /// <summary>The text of a letter's markings, the embargo last.</summary>
    public IReadOnlyList<string> Markings(LetterSource letter) =>
    [
        .. letter.Markings.Select(marking => markings[Key(marking)]),
        .. letter.EmbargoedUntil is { } embargo ? [Embargo(NewYorkTime.At(embargo).DateTime)] : (string[])[],
    ];

    /// <summary>
    /// The note in a courtesy translation that says it is unofficial and in which language the authentic text is.
    /// </summary>
    /// <param name="authentic">The language of the authentic text.</param>
    public string TranslationNote(string authentic)
    {
        var sentence = Fill("authentic_text", new() { ["language"] = languages[authentic] });
        var title = Fill("unofficial_translation", []);
        return Joining.Sentences(language, [sentence.EndsWith('。') ? $"{title}。" : $"{title}.", sentence]);
    }

    /// <summary>The opening of a note verbale. The author's text continues the sentence.</summary>
    /// <param name="mission">The mission it is addressed to; null if it goes to all missions.</param>
    public string NoteOpening(string sender, string? mission) => Note("note_opening", sender, mission);

    /// <summary>The closing of a note verbale: the assurances after the author's text.</summary>
    /// <param name="mission">The mission it is addressed to; null if it goes to all missions.</param>
    public string NoteClosing(string sender, string? mission) => Note("note_closing", sender, mission);

    /// <summary>The page footer, with the placeholders <c>{page}</c> and <c>{pages}</c> for the numbers.</summary>
    public string PageOf => Fill("page_of", new() { ["page"] = "{page}", ["pages"] = "{pages}" });

    /// <summary>Tells the reader what the QR code on a letter is for.</summary>
    public string Verify => Fill("verify", []);

    /// <summary>Tells who cannot see the code where it leads.</summary>
    public string VerifyCode => Fill("verify_code", []);

    /// <summary>Tells who cannot see an image that it is a signature.</summary>
    public string SignatureWords => Fill("signature", []);

    /// <summary>
    /// The filled entries of the page on which a mission acknowledges, by key without the prefix
    /// <c>acknowledge_page_</c>.
    /// </summary>
    /// <param name="name">Who has acknowledged; empty if nobody has yet.</param>
    /// <param name="at">When they acknowledged: wall-clock time in New York.</param>
    /// <param name="most">The most characters that a field of the form may have.</param>
    public IReadOnlyDictionary<string, string> AcknowledgePage(string draft, string name, DateTime at, int most)
    {
        // Written once, for all the entries of a page.
        var fields = new ScriptObject
        {
            ["draft"] = draft,
            ["name"] = name,
            ["date"] = DateAndTime(at),
            ["most"] = most,
        };
        return OnThePage.ToDictionary(key => key["acknowledge_page_".Length..], key => Fill(key, fields));
    }

    /// <summary>The subject of a reminder to a mission that has not acknowledged.</summary>
    public string ReminderSubject(string subject) =>
        NoBreakSpaces.Subject(Fill("reminder_subject", new() { ["subject"] = subject }));

    /// <summary>
    /// The text of such a reminder: a letter's body, or the continuation of the opening compliments of a note verbale.
    /// </summary>
    public string ReminderBody(LetterForm form, DateOnly letterDate) =>
        Fill(form == LetterForm.NoteVerbale ? "reminder_note" : "reminder_body", new() { ["date"] = Date(letterDate) });

    /// <summary>
    /// Everything that the file says, as it prints in an example, by its key and in the order of the file's kinds:
    /// entries first, then lists, a line for each of their words.
    /// </summary>
    /// <param name="mission">A mission's title in this language, as sentences have it.</param>
    public IReadOnlyList<(string Key, string Words)> Printed(string mission)
    {
        var day = DateOnly.FromDateTime(Example.Start.DateTime);
        var example = new ScriptObject
        {
            ["appeal"] = Appeal(Salutation),
            ["place"] = Place("New York"),
            ["day"] = day.Day.ToString(CultureInfo.InvariantCulture),
            ["month"] = months[day.Month - 1],
            ["year"] = day.Year,
            ["weekday"] = weekdays[((int)day.DayOfWeek + 6) % 7],
            ["date"] = Date(day),
            ["hour"] = 16,
            ["hour12"] = 4,
            ["minute"] = "30",
            ["time"] = Hour(new(16, 30)),
            ["from"] = Hour(new(10, 0)),
            ["to"] = Hour(new(13, 0)),
            ["meeting"] = "Draft Rev 1",
            ["draft"] = "Draft Rev 1",
            ["subject"] = "Draft Rev 1",
            ["name"] = "A. Lee",
            ["sender"] = mission,
            ["mission"] = mission,
            ["language"] = languages[Languages.English],
            ["contact"] = "contact@missions.example",
            ["most"] = 200,
            ["page"] = 1,
            ["pages"] = 2,
        };
        return
        [
            .. Entries.Where(entries.ContainsKey).Select(key => (key, Fill(key, Of(key)))),
            ("addressee", string.Join('\n', Addressee)),
            ("addressee_heads", string.Join('\n', AddresseeHeads)),
            ("months", string.Join('\n', months)),
            ("weekdays", string.Join('\n', weekdays)),
            ("places", string.Join('\n', places.Values)),
            ("due_names", string.Join('\n', dueNames.Values)),
            ("markings", string.Join('\n', markings.Values)),
            ("languages", string.Join('\n', languages.Values)),
        ];

        // What some entries call a date or a time is made of others.
        ScriptObject Of(string key)
        {
            var moment = Example.Start.DateTime;
            return key switch
            {
                "summary_due" => example.With(("name", dueNames.Values.FirstOrDefault("A. Lee")), ("time", WeekdayDateAndTime(moment))),
                "embargoed_until" => example.With(("time", DateAndTime(moment))),
                "meeting_hours" => example.With(("date", WeekdayAndDate(day))),
                _ when OnThePage.Contains(key) => example.With(("date", DateAndTime(moment))),
                _ => example,
            };
        }
    }

    private static string Key(Marking marking) => JsonNamingPolicy.KebabCaseLower.ConvertName(marking.ToString());

    private string Embargo(DateTime newYork) => Fill("embargoed_until", new() { ["time"] = DateAndTime(newYork) });

    /// <summary>
    /// Fills the opening or closing of a note verbale. If the sentence starts with the sender, its first letter becomes
    /// a capital ("the Permanent Mission"). This changes nothing in Arabic and Chinese, which have no capitals.
    /// </summary>
    private string Note(string key, string sender, string? mission)
    {
        var sentence = mission is null
            ? Filled(key, new() { ["sender"] = sender })
            : Filled($"{key}_addressed", new() { ["sender"] = sender, ["mission"] = mission });
        return sentence.StartsWith(sender, StringComparison.Ordinal)
            ? $"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}"
            : sentence;
    }

    private static string Appeal(string salutation) =>
        salutation.TrimEnd().TrimEnd(',', ':', '،', '：', '，', '.', '!').TrimEnd();

    /// <summary>An entry as it is printed.</summary>
    private string Fill(string key, ScriptObject fields) => Held(Filled(key, fields));

    private string Held(string text) => NoBreakSpaces.In(text, language);

    private string Filled(string key, ScriptObject fields)
    {
        if (entries[key].Plain is { } plain)
            return plain;
        var faults = new List<Finding>();
        using var time = new RenderBudget(RenderLimits.Default.Time).Begin();
        var filled = LetterContext.Fill(
            entries[key],
            Medium.Plain,
            fields,
            RenderLimits.Default,
            faults,
            time);
        Stop(faults);
        return filled;
    }

    private static void Collect(List<Finding> faults, Action attempt)
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

    private static void Stop(List<Finding> faults)
    {
        if (faults.Count > 0)
            throw new LetterFaultException([.. faults.Distinct()]);
    }
}
