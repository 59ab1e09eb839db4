using Distribution.Common;

namespace Distribution.Letters.Settings;

/// <summary>How a field of a setting is filled in.</summary>
internal enum SettingInput
{
    /// <summary>One line.</summary>
    Line,

    /// <summary>Text of a letter, with its line ends.</summary>
    Text,

    /// <summary>A day, <c>2026-12-25</c>.</summary>
    Day,

    /// <summary>The code of one of the six languages.</summary>
    Language,

    /// <summary>The name of an image; a second field has its SHA-256 (<see cref="SettingField.Sha256"/>).</summary>
    Image,

    /// <summary>The id of a letterhead.</summary>
    Letterhead,
}

/// <summary>A field of a setting.</summary>
/// <param name="Name">As forms and storage have it.</param>
/// <param name="Language">The code of the language whose letters it is for; null for all.</param>
internal sealed record SettingField(
    string Name,
    Phrase Label,
    SettingInput Input = SettingInput.Line,
    Phrase? Hint = null,
    bool IsNeeded = false,
    string? Language = null)
{
    /// <summary>The field that has the hash of an image, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => $"{Name}.sha256";

    /// <summary>The name of a field for letters in one language: <c>title.fr</c>.</summary>
    public static string In(string name, string language) => $"{name}.{language}";
}

/// <summary>One matter of the desk's settings: what its entries consist of.</summary>
/// <param name="Name">As addresses and storage have it.</param>
internal sealed record SettingMatter(string Name, IReadOnlyList<SettingField> Fields)
{
    public SettingField? Image => Fields.FirstOrDefault(one => one.Input == SettingInput.Image);

    /// <summary>The field that is the entry's id, too, and so cannot be changed; null if ids are random.</summary>
    public SettingField? Key => Fields.FirstOrDefault(one => one.Input == SettingInput.Day);

    /// <summary>The entries that come with the service, as long as nobody has changed them.</summary>
    public Func<IReadOnlyList<Setting>> BuiltIn { get; init; } = () => [];

    /// <summary>What an entry is called: its first line that is not empty, after its day if it has one.</summary>
    public string Called(IReadOnlyDictionary<string, string> fields)
    {
        var line = Fields.Where(field => field.Input == SettingInput.Line)
            .Select(field => fields.GetValueOrDefault(field.Name, ""))
            .FirstOrDefault(value => value.Length > 0, "");
        return Key is { } key && fields.GetValueOrDefault(key.Name) is { } day ? $"{day} {line}" : line;
    }
}

/// <summary>Every matter of the desk's settings.</summary>
internal static class SettingMatters
{
    public const string Name = "name";
    public const string Title = "title";
    public const string Letterhead = "letterhead";
    public const string Address = "address";
    public const string EmblemText = "emblem_text";
    public const string Sender = "sender";
    public const string Emblem = "emblem";
    public const string Signature = "signature";
    public const string Text = "text";
    public const string Language = "language";
    public const string Day = "day";
    public const string Note = "note";

    /// <summary>Those whose names are written in another script than the Latin one.</summary>
    private static readonly string[] OtherScripts = ["ar", "zh", "ru"];

    /// <summary>English first, since most letters are in it.</summary>
    public static readonly IReadOnlyList<string> Order = ["en", "fr", "es", "ru", "zh", "ar"];

    public static readonly SettingMatter Signatories = new("signatories",
    [
        new(Name, Phrase.Say($"Name"), Hint: Phrase.Say($"as it stands under the signature"), IsNeeded: true),
        new(
            Letterhead,
            Phrase.Say($"Letterhead"),
            SettingInput.Letterhead,
            Phrase.Say($"put into the letter with the name; from the list of letterheads")),
        new(Signature, Phrase.Say($"Image of the signature"), SettingInput.Image, Phrase.Say($"PNG or JPEG")),
        .. Order.SelectMany(language => (SettingField[])
        [
            .. OtherScripts.Contains(language)
                ?
                [
                    new(
                        SettingField.In(Name, language),
                        Phrase.Say($"Name"),
                        Hint: Phrase.Say($"in its script"),
                        Language: language)
                ]
                : (SettingField[])[],
            new(
                SettingField.In(Title, language),
                Phrase.Say($"Title"),
                Hint: Phrase.Say($"the function, as it stands under the name"),
                Language: language),
        ]),
    ]);

    public static readonly SettingMatter Letterheads = new("letterheads",
    [
        .. Order.SelectMany(language => (SettingField[])
        [
            new(
                SettingField.In(Letterhead, language),
                Phrase.Say($"Letterhead"),
                Hint: Phrase.Say($"the office at the head of the letter"),
                Language: language),
            new(
                SettingField.In(Address, language),
                Phrase.Say($"Address under it"),
                Hint: Phrase.Say($"with a semicolon between lines"),
                Language: language),
            new(
                SettingField.In(Sender, language),
                Phrase.Say($"Sender of a note verbale"),
                Hint: Phrase.Say($"the office with its article, where it writes notes"),
                Language: language),
            new(
                SettingField.In(EmblemText, language),
                Phrase.Say($"What the emblem shows"),
                Hint: Phrase.Say($"for who does not see it; may be empty"),
                Language: language),
        ]),
        new(Emblem, Phrase.Say($"Emblem"), SettingInput.Image, Phrase.Say($"PNG or SVG")),
    ]);

    public static readonly SettingMatter Phrases = new("phrases",
    [
        new(Title, Phrase.Say($"Title"), Hint: Phrase.Say($"by which it is chosen"), IsNeeded: true),
        new(Language, Phrase.Say($"Language"), SettingInput.Language, IsNeeded: true),
        new(
            Text,
            Phrase.Say($"Text"),
            SettingInput.Text,
            Phrase.Say($"as in a letter: {Phrase.Plain("{{ letter.draft }}")} stands for what is sent, {Phrase.Plain("{{ deadlines.comments }}")} for when comments are due"),
            IsNeeded: true),
    ]);

    public static readonly SettingMatter Holidays = new("holidays",
    [
        new(Day, Phrase.Say($"Day"), SettingInput.Day, IsNeeded: true),
        new(Name, Phrase.Say($"Name"), Hint: Phrase.Say($"such as Good Friday"), IsNeeded: true),
        new(Note, Phrase.Say($"Note"), Hint: Phrase.Say($"may be empty")),
    ])
    {
        BuiltIn = () => DeskHolidays.BuiltIn,
    };

    /// <summary>
    /// Confirmations of fixed words, which have a page of their own (<see cref="WordConfirmations"/>) and so are not
    /// among <see cref="All"/>.
    /// </summary>
    public static readonly SettingMatter Words = new(
        "words",
        [new(Name, Phrase.Say($"Name of the native reader"), IsNeeded: true)]);

    public static readonly IReadOnlyList<SettingMatter> All = [Signatories, Letterheads, Phrases, Holidays];

    public static SettingMatter? Find(string name) => All.FirstOrDefault(matter => matter.Name == name);
}
