using System.Globalization;
using Distribution.Common;
using Distribution.Letters.Reading;
using Distribution.Register;
using Scriban.Runtime;

namespace Distribution.Letters;

/// <summary>
/// Builds the fields that a letter and its email can use. A field without a value exists and is null, so that it is
/// reported as empty and not as unknown.
/// </summary>
internal static class LetterFields
{
    /// <summary>
    /// The only field that some letters do not have: a letter to all missions together cannot name one of them.
    /// </summary>
    public const string MissionField = "mission";

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm"];

    /// <summary>The fields for authors that are the same for every mission.</summary>
    public static ScriptObject ForAuthors(
        LetterSource source,
        IReadOnlyList<Enclosure> enclosures,
        LanguageWords words) =>
        Group(
            ("letter", null),
            (
                "deadlines",
                Group([
                    .. source.Deadlines.Select(deadline =>
                        (deadline.Name, (object?)words.DateAndTime(NewYorkTime.At(deadline.Instant).DateTime))),
                ])
            ),
            ("enclosures", Listed(enclosures, words)),
            (
                "date",
                DelegateCustomFunction.CreateFunc((object? value) => value is string text ? Date(text, words) : "")));

    public static ScriptObject Letter(LetterSource source, LanguageWords words, string? subject) => Group(
        ("process", source.Process),
        ("draft", source.DraftLabel),
        ("date", words.Date(source.Date)),
        ("subject", subject),
        ("reference", source.Reference),
        ("place", words.Place(source.Place)),
        ("salutation", Salutation(source, words)));

    public static ScriptObject Mission(Mission mission, string language) => Group(
        ("id", mission.Id),
        ("name", mission.NameIn(language)),
        ("title", mission.TitleIn(language)),
        ("head_of_mission", mission.Head is { } head ? $"{head.FormOfAddress} {head.Name}".Trim() : null),
        ("head_title", mission.HeadTitle));

    /// <summary>The further fields for the email templates, which authors cannot use.</summary>
    public static ScriptObject ForEmail(
        LetterSource source,
        LetterContent content,
        IReadOnlyList<string> attachments,
        LanguageWords words) =>
        Group(
            ("language", source.Language),
            ("direction", Languages.IsRightToLeft(source.Language) ? "rtl" : "ltr"),
            ("is_note_verbale", source.Form == LetterForm.NoteVerbale),
            ("summary", List(words.Summary(source.DraftLabel, Due(source)))),
            ("letterheads", List(content.Letterheads)),
            ("place_and_date", content.PlaceAndDate),
            ("reference", content.Reference),
            ("markings", List(content.Markings)),
            ("translation_note", content.TranslationNote),
            ("addressee", List(content.Addressee)),
            ("salutation", content.Salutation),
            ("close", content.Close),
            (
                "signatories",
                List(
                    content.Signatories.Select(signatory => Group(("name", signatory.Name), ("title", signatory.Title)))
                )),
            (
                "contact",
                Group(
                    ("name", source.Contact.Name is { } name ? NoBreakSpaces.In(name, source.Language) : null),
                    ("email", source.Contact.Address),
                    (
                        "link",
                        $"mailto:{Uri.EscapeDataString(source.Contact.Address).Replace("%40", "@", StringComparison.Ordinal)}"
                    ))),
            ("enclosures_heading", content.EnclosuresHeading),
            ("attachments", List(attachments)),
            ("space", Joining.Space(source.Language)),
            ("comma", Joining.Comma(PageWords.Of(source.Language))),
            ("words", Group([.. words.Around(source.Contact.Address).Select(word => (word.Key, (object?)word.Value))])),
            (
                "lines",
                DelegateCustomFunction.CreateFunc(
                    (object? text) => string.Join('\n', TextWrapping.Wrap(text as string ?? "", TextWrapping.Columns)))
            ),
            (
                "hang",
                DelegateCustomFunction.CreateFunc(
                    (string start, object? text) =>
                        string.Join(
                            '\n',
                            TextWrapping.Hanging(
                                start,
                                TextWrapping.Wrap(
                                    text as string ?? "",
                                    TextWrapping.Columns - TextWrapping.Width(start)))))));

    /// <summary>The deadlines to come: a reminder repeats none that has passed.</summary>
    private static IEnumerable<Deadline> Due(LetterSource source) =>
        source.Deadlines.Where(deadline => NewYorkTime.Day(deadline.Instant) >= source.Date);

    /// <summary>A read-only copy with further fields. A further field replaces one of the same name.</summary>
    public static ScriptObject With(this ScriptObject fields, params (string Name, object? Value)[] further)
    {
        var wider = new ScriptObject();
        fields.CopyTo(wider);
        foreach (var (name, value) in further)
            wider[name] = value;
        wider.IsReadOnly = true;
        return wider;
    }

    /// <inheritdoc cref="With(ScriptObject, ValueTuple{string, object}[])"/>
    public static ScriptObject With(this ScriptObject fields, ScriptObject further) =>
        fields.With([.. further.Select(field => (field.Key, (object?)field.Value))]);

    public static string Salutation(LetterSource source, LanguageWords words) =>
        source.Salutation ?? words.SalutationTo(source.Address);

    /// <summary>The enclosures that a letter lists: all but the signed scan, which is the letter itself.</summary>
    public static EnclosureList Listed(IEnumerable<Enclosure> enclosures, LanguageWords words) =>
        new(
            enclosures
                .Where(enclosure => enclosure.Role != EnclosureRole.Letter)
                .Select(enclosure => Named(enclosure, words)),
            words.EnclosureJoiner);

    /// <summary>
    /// An enclosure as a letter in this language calls it; a calendar file has no title of its author's.
    /// </summary>
    public static Enclosure Named(Enclosure enclosure, LanguageWords words) =>
        enclosure.IsCalendar ? enclosure with { Title = words.Calendar(enclosure.Role) } : enclosure;

    private static string Date(string value, LanguageWords words) =>
        !DateTime.TryParseExact(value, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        || !LetterYears.Has(date.Year)
            ? throw new DateNotReadableException(value)
        : value.Length == DateForms[0].Length ? words.Date(DateOnly.FromDateTime(date))
        : words.DateAndTime(date);

    public static ScriptObject Group(params (string Name, object? Value)[] members) =>
        new ScriptObject().With(members);

    public static ScriptArray List(IEnumerable<object> items) => new(items) { IsReadOnly = true };
}
