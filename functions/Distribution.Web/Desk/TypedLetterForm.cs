using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters.Editing;
using Distribution.Letters.Reading;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.AspNetCore.Http;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Reads what was typed into the form of a letter.</summary>
internal static class TypedLetterForm
{
    /// <summary>Says which of the form's buttons was pressed.</summary>
    public const string Do = "do";

    /// <summary>The button that puts a signatory or a letterhead of the address book into the letter.</summary>
    public const string PutIn = "put-in";

    /// <summary>Which one (<see cref="AddressBook.Choice"/>).</summary>
    public const string Book = "book";

    /// <summary>The button that puts a phrase at the end of the text.</summary>
    public const string PutPhrase = "put-phrase";

    /// <summary>The id of the phrase.</summary>
    public const string ChosenPhrase = "phrase";

    /// <summary>Which text it goes into: the key of a translation's file, or nothing for the letter itself.</summary>
    public const string PhraseInto = "phrase.into";

    /// <summary>The button that begins a translation.</summary>
    public const string Translate = "translate";

    /// <summary>Its language.</summary>
    public const string TranslateInto = "translate.into";

    /// <summary>The number of the signatory that it fills in, or <see cref="AddressBook.OfSender"/>.</summary>
    public const string BookPlace = "book.place";

    /// <summary>The field in which recipients are typed that have no box to tick.</summary>
    public const string Recipients = "audience.typed";

    /// <summary>The button that adds whoever was typed to the recipients. Every other one does, too.</summary>
    public const string AddRecipient = "add-recipient";

    /// <summary>The button that leaves out whoever was typed.</summary>
    public const string LeaveOut = "leave-out";

    /// <summary>Begins what a button says that adds one mission in place of what was typed.</summary>
    public const string Recipient = "recipient:";

    /// <summary>Begins what a button says that takes an earlier version up again.</summary>
    public const string Restore = "restore";

    /// <summary>The version that the form was made from.</summary>
    public const string Version = "version";

    /// <summary>A random name of the page that shows the form.</summary>
    public const string Page = "shown";

    /// <summary>How many times that page has sent the form.</summary>
    public const string Turn = "shown.turn";

    /// <summary>
    /// The fingerprint of the folder's files as the form was made, where the letter was opened from a folder.
    /// </summary>
    public const string FolderFiles = "folder.files";

    /// <summary>The choice between leaving when it is released and at an hour.</summary>
    public const string Leaves = "leaves";

    public const string AtAnHour = "hour";

    /// <summary>Behind the name of a text: the text as a document of the editor, where it was changed there.</summary>
    public const string Document = ".document";

    /// <summary>In characters; more than any field has, less than what would fill storage.</summary>
    private const int LongestField = 2_000;

    /// <summary>In characters: twice what a letter may have, which the check says. More is not stored.</summary>
    public const int LongestText = 200_000;

    public static readonly Phrase TooLong =
        Say($"The text has more than {Of(language => LongestText.ToString("N0", language.Numbers))} characters, which no letter has: what is long is a document, and goes among the documents.");

    /// <summary>In characters.</summary>
    private const int LongestPage = 64;

    /// <summary>The most words of one list.</summary>
    private const int MostWords = 300;

    public const int Signatories = 3;
    public const int Deadlines = 3;

    /// <summary>Fields that hold a list of words: ticked, or typed.</summary>
    public static readonly IReadOnlyList<LetterKey> Lists =
        [
            LetterSchema.Audience, LetterSchema.Markings, LetterSchema.Remind, LetterSchema.Translations,
            LetterSchema.Proof
        ];

    /// <summary>Every field of one text.</summary>
    public static readonly IReadOnlyList<string> Texts =
    [
        .. ((LetterKey[])
        [
            LetterSchema.Process, LetterSchema.Draft, LetterSchema.Sequence, LetterSchema.Date, LetterSchema.Place,
            LetterSchema.Language, LetterSchema.Reference, LetterSchema.Subject, LetterSchema.Form,
            LetterSchema.Address, LetterSchema.Salutation, LetterSchema.Contact, LetterSchema.Replies,
            LetterSchema.PaperSize, LetterSchema.Supersedes, LetterSchema.Correction, LetterSchema.Release,
            LetterSchema.Acknowledge, LetterSchema.Page, LetterSchema.Template,
        ]).Select(key => key.Name),
        .. ((LetterKey[])[LetterSchema.Send, LetterSchema.EmbargoedUntil]).SelectMany(key => Moment(key.Name)),
        .. SenderKeys.All.Select(key => $"{LetterSchema.Sender.Name}.{key.Name}"),
        .. Enumerable.Range(1, Signatories).SelectMany(row =>
            SignatoryKeys.All.Select(key => LetterFormFields.Item(LetterSchema.Signatories.Name, row, key.Name))),
        .. Enumerable.Range(1, LetterSchema.MostMeetings).SelectMany(row =>
            MeetingKeys.All.Select(key => LetterFormFields.Item(LetterSchema.Meetings.Name, row, key.Name))),
        .. Enumerable.Range(1, Deadlines).SelectMany(row => (string[])
        [
            LetterFormFields.Item(LetterSchema.Deadlines.Name, row, "name"),
            .. Moment(LetterFormFields.Item(LetterSchema.Deadlines.Name, row, "at")),
        ]),
    ];

    /// <summary>Whether the form is made from what is saved now, or by the very page that has saved it.</summary>
    public static bool IsMadeFrom(Stored<UnfinishedLetter> now, IFormCollection form) =>
        // By the page as well: where the answer to a save was lost, the page has an older version of its own text.
        form[Version] == now.ETag || TurnOf(form)?.IsAfter(now.Value.SavedFrom) is true;

    /// <summary>Which page sends the form; null where it does not say so.</summary>
    public static FormTurn? TurnOf(IFormCollection form) =>
        form[Page].ToString() is { Length: > 0 and <= LongestPage } page
        && int.TryParse(form[Turn], NumberStyles.None, CultureInfo.InvariantCulture, out var turn)
            ? new(page, turn)
            : null;

    /// <summary>The letter with what was typed. What the form does not have stays as it is.</summary>
    /// <param name="register">Knows missions by their names; null where it cannot be read.</param>
    public static UnfinishedLetter Read(UnfinishedLetter letter, IFormCollection form, MissionRegister? register)
    {
        var read = letter;
        foreach (var name in Texts.Where(form.ContainsKey))
            read = read.With(name, Cut(form[name].ToString()));
        // What is not ticked is not in the form, so a form that has any field has all of these.
        if (form.ContainsKey(LetterFormView.TextField))
            foreach (var key in Lists)
                read = read.With(
                    key.Name,
                    string.Join(
                        '\n',
                        (key == LetterSchema.Audience
                            ? Audience(form, register)
                            : form[key.Name].SelectMany(value => Words(key, value ?? "")))
                        .Distinct()
                        .Take(MostWords)));
        // A date may still stand in a field that is hidden, and would hold the letter back unseen.
        if (form.ContainsKey(Leaves) && form[Leaves] != AtAnHour)
            foreach (var name in Moment(LetterSchema.Send.Name))
                read = read.With(name, "");
        if (form.ContainsKey(LetterFormView.TextField))
            read = read with { Text = Text(form, LetterFormView.TextField) };
        return read with { Files = [.. read.Files.Select(file => File(read, file, form))] };
    }

    /// <summary>The fields of two states of a letter that differ, with what the second one says.</summary>
    public static IReadOnlyList<FieldDifference> Differences(UnfinishedLetter mine, UnfinishedLetter theirs) =>
    [
        .. mine.Fields.Keys.Union(theirs.Fields.Keys)
            .Where(name => mine.Field(name) != theirs.Field(name))
            .Order(StringComparer.Ordinal)
            .Select(name => new FieldDifference(LabelOf(name), theirs.Field(name).Replace('\n', ','))),
        .. mine.Text.Trim() == theirs.Text.Trim() ? [] : (FieldDifference[])[new(Say($"The letter"), theirs.Text)],
        .. mine.Files
            .Select(file => (Mine: file, Theirs: theirs.Files.Find(other => other.Name == file.Name)))
            .Where(file =>
                file.Theirs is { } other
                    && (file.Mine.Title, file.Mine.Role, file.Mine.Label) != (other.Title, other.Role, other.Label))
            .Select(file => new FieldDifference(
                Plain(file.Mine.Name),
                string.Join(
                    ", ",
                    ((string[])[file.Theirs!.Title, file.Theirs.Role, file.Theirs.Label])
                        .Where(said => said.Length > 0)))),
        .. mine.Translations
            .Select(file => (Mine: file, Theirs: theirs.Files.Find(other => other.Name == file.Name)))
            .Where(file => file.Theirs is not null)
            .SelectMany(file => LetterTranslation.Fields(mine)
                .Where(name => file.Mine.Field(name) != file.Theirs!.Field(name))
                .Select(name =>
                    new FieldDifference(TranslationLabel(mine, file.Mine, name), file.Theirs!.Field(name)))),
        .. mine.Translations
            .Select(file => (Mine: file, Theirs: theirs.Files.Find(other => other.Name == file.Name)))
            .Where(file => file.Theirs?.Text is { } text && text.Trim() != file.Mine.Text!.Trim())
            .Select(file => new FieldDifference(TranslationLabel(file.Mine), file.Theirs!.Text!)),
    ];

    /// <summary>The field of a file's title, role or label in the form.</summary>
    public static string FileField(UnfinishedFile file, string key) => $"file.{file.Key}.{key}";

    /// <summary>What the form calls a field where it stands alone, as in a list of what is to be mended.</summary>
    public static Phrase LabelOf(string name) =>
        Called.ContainsKey(name) || KeyOf(name) is not { } key || LetterSchema.Keys.Contains(key)
            ? NameOf(name)
            : Say($"{NameOf(name.Split('[', '.')[0])}, {key.Label.WithinLine}");

    /// <summary>What stands beside a field in the form.</summary>
    public static Phrase NameOf(string name) =>
        Called.GetValueOrDefault(name)
        ?? (KeyOf(name) is not { } key ? Plain(name)
            : LetterSchema.Keys.Contains(key) ? Called.GetValueOrDefault(key.Name) ?? key.Label
            : key.Label);

    /// <summary>The key of the letter, or of a group in it, that a field is.</summary>
    public static LetterKey? KeyOf(string name)
    {
        var path = name.Split('[', '.');
        return LetterSchema.Keys.FirstOrDefault(key => key.Name == path[0]) is { } key
            ? key.Keys.FirstOrDefault(inner => path.Length > 1 && inner.Name == path[^1]) ?? key
            : null;
    }

    /// <summary>The fields that the form calls otherwise than the file does.</summary>
    private static readonly Dictionary<string, Phrase> Called = new()
    {
        [LetterSchema.Draft.Name] = Say($"What is sent"),
        [LetterSchema.Date.Name] = Say($"Date of the letter"),
        [LetterSchema.Deadlines.Name] = Say($"Due"),
        [LetterSchema.Send.Name] = Say($"Leaves"),
        [LetterSchema.Remind.Name] = Say($"Remind the silent"),
        [LetterSchema.Audience.Name] = Say($"To"),
        [LetterSchema.Signatories.Name] = Say($"Signed by"),
        [$"{LetterSchema.Sender.Name}.{SenderKeys.Name.Name}"] = Say($"Sender of a note verbale"),
        [$"{LetterSchema.Sender.Name}.{SenderKeys.Letterhead.Name}"] = Say($"Letterhead of a note verbale"),
        [$"{LetterSchema.Sender.Name}.{SenderKeys.Address.Name}"] = Say($"Address under it"),
        [$"{LetterSchema.Sender.Name}.{SenderKeys.Emblem.Name}"] = Say($"Emblem above it"),
        [$"{LetterSchema.Sender.Name}.{SenderKeys.EmblemText.Name}"] = Say($"What the emblem shows"),
        [LetterFormView.FilesField] = Say($"Documents"),
        [LetterFormView.TextField] = Say($"The letter"),
    };

    /// <exception cref="BadHttpRequestException">It is no document of the editor.</exception>
    private static string Text(IFormCollection form, string name) =>
        // Only where the editor was used; a page without scripts sends the text alone.
        form[name + Document] is [{ Length: > 0 } document]
            ? EditorWriter.Write(
                EditorNode.Of(document)
                    ?? throw new BadHttpRequestException("The text cannot be read as the editor writes it."))
            : form[name].ToString().ReplaceLineEndings("\n");

    /// <summary>What a version has changed (<see cref="LetterVersion.Changed"/>), each matter once.</summary>
    public static Phrase Changed(IEnumerable<string> names) => Listed(
        names
            .Select(name => name == UnfinishedLetter.TextChanged ? Say($"The letter")
                : name == UnfinishedLetter.FilesChanged ? Say($"Documents")
                : BlobNames.LanguageOf(name) is { } language ? Say($"The letter in {DeskText.Language(language)}")
                : NameOf(name.Split('[', '.')[0]))
            .DistinctBy(label => label.In(DeskLanguage.English))
            .Select(label => label.WithinLine));

    /// <summary>“The letter in French, subject”.</summary>
    public static Phrase TranslationLabel(UnfinishedLetter letter, UnfinishedFile translation, string name) =>
        Say($"{TranslationLabel(translation)}, {(letter.Enclosed.FirstOrDefault(file => LetterTranslation.TitleOf(file) == name) is { } enclosed ? Plain(enclosed.Name) : LabelOf(name)).WithinLine}");

    /// <summary>“The letter in French”.</summary>
    public static Phrase TranslationLabel(UnfinishedFile file) =>
        Say($"The letter in {DeskText.Language(BlobNames.LanguageOf(file.Name)!)}");

    private static UnfinishedFile File(UnfinishedLetter letter, UnfinishedFile file, IFormCollection form) =>
        file.Text is not null
            ? form.ContainsKey(FileField(file, LetterFormView.TextField)) ? Translation(letter, file, form) : file
        : form.ContainsKey(FileField(file, EnclosureKeys.Title.Name))
            ? file with
            {
                Title = Cut(form[FileField(file, EnclosureKeys.Title.Name)].ToString()).Trim(),
                Role = Cut(form[FileField(file, EnclosureKeys.Role.Name)].ToString()).Trim(),
                Label = Cut(form[FileField(file, EnclosureKeys.Label.Name)].ToString()).Trim(),
            }
            : file;

    private static UnfinishedFile Translation(UnfinishedLetter letter, UnfinishedFile file, IFormCollection form)
    {
        foreach (var name in LetterTranslation.Fields(letter).Where(name => form.ContainsKey(FileField(file, name))))
            file = file.With(name, Cut(form[FileField(file, name)].ToString()));
        return file with { Text = Text(form, FileField(file, LetterFormView.TextField)) };
    }

    /// <summary>Those that are ticked, and who was typed; who is left out is not among the others as well.</summary>
    private static IEnumerable<string> Audience(IFormCollection form, MissionRegister? register)
    {
        var pressed = form[Do].ToString();
        var typed = Lines(
            pressed.StartsWith(Recipient, StringComparison.Ordinal)
                ? pressed[Recipient.Length..]
                : form[Recipients].ToString());
        if (pressed == LeaveOut)
            typed = typed.Select(Register.Audience.LeftOut);
        List<string> entries =
        [
            .. form[LetterSchema.Audience.Name]
                .SelectMany(value => Lines(value ?? ""))
                .Where(entry => !typed.Contains(Opposite(entry))),
            .. typed
        ];
        return entries;

        IEnumerable<string> Lines(string value) =>
            Cut(value)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .SelectMany(line => Register.Audience.Meant(register, line));

        static string Opposite(string entry) =>
            Register.Audience.LeavesOut(entry) ? Register.Audience.Word(entry) : Register.Audience.LeftOut(entry);
    }

    private static IEnumerable<string> Words(LetterKey key, string typed) =>
        Cut(typed)
            .Split(
                // Their entries may have commas of their own.
                key == LetterSchema.Remind || key == LetterSchema.Proof ? ['\n', '\r', ';'] : ['\n', '\r', ',', ';'],
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Moment(string name) => [name + LetterFormFields.Date, name + LetterFormFields.Time];

    private static string Cut(string typed) => TextStart.Of(typed, LongestField);
}
