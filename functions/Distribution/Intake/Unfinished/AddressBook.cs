using System.Globalization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Letters.Settings;
using Distribution.Letters.Slips;

namespace Distribution.Intake.Unfinished;

/// <summary>A letter after something was put into it from the desk's settings.</summary>
/// <param name="Words">What was put in, or why nothing was, in sentences.</param>
/// <param name="IsDone">False where nothing was put in.</param>
internal sealed record PutIn(UnfinishedLetter Letter, Phrase Words, bool IsDone = true);

/// <summary>
/// Puts signatories, letterheads and phrases of the desk's settings into a letter in the making. The letter gets
/// copies, images included: what becomes of the settings later changes no letter.
/// </summary>
internal sealed class AddressBook(DeskSettings settings, SettingImages images, UnfinishedLetters letters)
{
    /// <summary>The place of a letterhead that a note verbale has.</summary>
    public const string OfSender = "sender";

    /// <summary>The name by which a form chooses an entry: its matter and its id.</summary>
    public static string Choice(SettingMatter matter, Setting entry) => $"{matter.Name}/{entry.Id}";

    /// <param name="choice">See <see cref="Choice"/>.</param>
    /// <param name="place">The number of a signatory, from 1, or <see cref="OfSender"/>.</param>
    /// <param name="mostSignatories">As many as the form has.</param>
    public async Task<PutIn> Put(
        UnfinishedLetter letter,
        string choice,
        string place,
        int mostSignatories,
        CancellationToken cancellation)
    {
        if (choice.Length == 0)
            return new(
                letter,
                Phrase.Say($"Nothing was put in: choose somebody, or a letterhead, from the address book first."),
                IsDone: false);
        if (choice.Split('/') is not [var matterName, var id]
            || SettingMatters.Find(matterName) is not { } matter
            || await settings.Find(matter, id, cancellation) is not { IsTakenOut: false } entry)
            return new(
                letter,
                Phrase.Say($"Nothing was put in: this entry was taken out of the address book meanwhile. Choose another one."),
                IsDone: false);
        var row = place == OfSender
            ? (int?)null
            : int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1
                && number <= mostSignatories
                    ? number
                    : 1;
        if (matter == SettingMatters.Signatories && row is null)
            return new(
                letter,
                Phrase.Say($"Nothing was put in: a note verbale has a letterhead and no signatory. Choose a letterhead."),
                IsDone: false);
        var language = letter.Language;
        var filling = new Filling(letter, images, letters, cancellation);
        var office = matter == SettingMatters.Letterheads ? entry
            : entry.Field(SettingMatters.Letterhead) is { Length: > 0 } of
                ? await settings.Find(SettingMatters.Letterheads, of, cancellation)
            : null;
        var said = new List<Phrase>();
        if (matter == SettingMatters.Signatories)
        {
            filling.Set(
                Of(SignatoryKeys.Name),
                entry.Field(SettingField.In(SettingMatters.Name, language)) is { Length: > 0 } inScript
                    ? inScript
                    : entry.Field(SettingMatters.Name));
            filling.Set(Of(SignatoryKeys.Title), In(entry, SettingMatters.Title, language, said));
            await filling.Image(Of(SignatoryKeys.Signature), entry, SettingMatters.Signature);
        }

        if (office is { IsTakenOut: false })
        {
            // All of one language, so that no letterhead is half in another one.
            var spoken = SettingMatters.Order.Prepend(language).First(code =>
                office.Field(SettingField.In(SettingMatters.Letterhead, code)).Length > 0);
            filling.Set(Of(SignatoryKeys.Letterhead), In(office, SettingMatters.Letterhead, language, said));
            filling.Set(Of(SignatoryKeys.Address), office.Field(SettingField.In(SettingMatters.Address, spoken)));
            filling.Set(
                Of(SignatoryKeys.EmblemText),
                office.Field(SettingMatters.Emblem).Length > 0
                    ? office.Field(SettingField.In(SettingMatters.EmblemText, spoken))
                    : "");
            await filling.Image(Of(SignatoryKeys.Emblem), office, SettingMatters.Emblem);
            if (row is null && office.Field(SettingField.In(SettingMatters.Sender, spoken)) is { Length: > 0 } sender)
                filling.Set($"{LetterSchema.Sender.Name}.{SenderKeys.Name.Name}", sender);
        }

        var called = matter.Called(entry.Fields);
        said.Insert(0, row switch
        {
            null => Phrase.Say($"“{called}” stands at the head of the note now."),
            { } at when matter == SettingMatters.Letterheads =>
                Phrase.Say($"“{called}” is the letterhead of signatory {at} now."),
            { } at => Phrase.Say($"{called} is signatory {at} of this letter now."),
        });
        if (filling.IsLost)
            said.Add(
                Phrase.Say($"An image of it cannot be read any more and was left out: choose it anew on the page of the settings."));
        return new(filling.Finished(), Phrase.Sentences(said));

        // The keys of a signatory and of a sender have the same names.
        string Of(LetterKey key) => row is { } at
            ? LetterFormFields.Item(LetterSchema.Signatories.Name, at, key.Name)
            : $"{LetterSchema.Sender.Name}.{key.Name}";
    }

    /// <summary>Puts a phrase at the end of the text, or of that of a translation.</summary>
    /// <param name="translation">The key of the translation's file; any other word for the letter itself.</param>
    public async Task<PutIn> PutPhrase(
        UnfinishedLetter letter,
        string id,
        string translation,
        CancellationToken cancellation)
    {
        if (id.Length == 0)
            return new(letter, Phrase.Say($"Nothing was put in: choose a phrase first."), IsDone: false);
        if (await settings.Find(SettingMatters.Phrases, id, cancellation) is not { IsTakenOut: false } phrase)
            return new(
                letter,
                Phrase.Say($"Nothing was put in: this phrase was taken out meanwhile. Choose another one."),
                IsDone: false);
        var title = phrase.Field(SettingMatters.Title);
        return letter.Translations.FirstOrDefault(file => file.Key == translation) is { } into
            ? new(
                letter with { Files = letter.Files.Replace(into, into with { Text = WithPhrase(into.Text!) }) },
                Phrase.Say($"“{title}” stands at the end of the translation now."))
            : new(
                letter with { Text = WithPhrase(letter.Text) },
                Phrase.Say($"“{title}” stands at the end of the text now."));

        string WithPhrase(string text) =>
            string.Join(
                "\n\n",
                ((string[])[text.TrimEnd(), phrase.Field(SettingMatters.Text)]).Where(some => some.Length > 0));
    }

    /// <summary>A translation with what the address book says of the letter's signatories in its language.</summary>
    public async Task<UnfinishedFile> Signed(
        UnfinishedLetter letter,
        UnfinishedFile translation,
        string language,
        CancellationToken cancellation)
    {
        var known = await settings.All(SettingMatters.Signatories, cancellation);
        foreach (var row in LetterFormFields.Rows(letter.Fields, LetterSchema.Signatories.Name))
        {
            // Known by name, in English or in the letter's language: a letter does not keep from which entry it was
            // filled.
            var name = FoldedText.Of(letter.Field(Of(SignatoryKeys.Name)));
            if (known.FirstOrDefault(entry =>
                    FoldedText.Of(entry.Field(SettingMatters.Name)) == name
                    || FoldedText.Of(In(entry, SettingMatters.Name, letter.Language)) == name)
                is not { } signatory)
                continue;
            translation = translation
                .With(Of(SignatoryKeys.Name), In(signatory, SettingMatters.Name, language))
                .With(Of(SignatoryKeys.Title), In(signatory, SettingMatters.Title, language));
            if (signatory.Field(SettingMatters.Letterhead) is { Length: > 0 } of
                && await settings.Find(SettingMatters.Letterheads, of, cancellation) is { IsTakenOut: false } office)
                translation = translation
                    .With(Of(SignatoryKeys.Letterhead), In(office, SettingMatters.Letterhead, language))
                    .With(Of(SignatoryKeys.Address), In(office, SettingMatters.Address, language))
                    .With(Of(SignatoryKeys.EmblemText), In(office, SettingMatters.EmblemText, language));

            string Of(LetterKey key) => LetterFormFields.Item(LetterSchema.Signatories.Name, row, key.Name);
        }

        return translation;

        static string In(Setting entry, string field, string language) => entry.Field(SettingField.In(field, language));
    }

    /// <summary>
    /// What an entry says in a language; where it says nothing in it, what it says in the first one that it has.
    /// </summary>
    private static string In(Setting entry, string field, string language, List<Phrase> said)
    {
        var spoken = SettingMatters.Order
            .Prepend(language)
            .FirstOrDefault(code => entry.Field(SettingField.In(field, code)).Length > 0, language);
        if (spoken != language)
            said.Add(field == SettingMatters.Title
                ? Phrase.Say($"The title stands there in another language than the letter's: the address book has none in it.")
                : Phrase.Say($"The letterhead stands there in another language than the letter's: the address book has none in it."));
        return entry.Field(SettingField.In(field, spoken));
    }

    /// <summary>A letter that is being filled in.</summary>
    private sealed class Filling(
        UnfinishedLetter letter,
        SettingImages images,
        UnfinishedLetters letters,
        CancellationToken cancellation)
    {
        private readonly UnfinishedLetter before = letter;

        private UnfinishedLetter letter = letter;

        /// <summary>Whether an image that an entry names is gone.</summary>
        public bool IsLost { get; private set; }

        public void Set(string field, string value) => letter = letter.With(field, value);

        /// <summary>Copies an image among the letter's files, under a name that no other file of it has.</summary>
        public async Task Image(string field, Setting entry, string image)
        {
            Set(field, "");
            var (name, sha256) = (entry.Field(image), entry.Field($"{image}.sha256"));
            if (name.Length == 0)
                return;
            if (await images.Read(sha256, cancellation) is not { } content)
            {
                IsLost = true;
                return;
            }

            // There is one name more than there are files, so one is free.
            var free = Enumerable.Range(1, letter.Files.Count + 1)
                .Select(number =>
                    number == 1
                        ? name
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}"))
                .First(wanted =>
                    letter.Files.Find(file => FileNames.AsSeen(file.Name) == FileNames.AsSeen(wanted))
                        is not { } taken
                    // The same image under this name is the one that is wanted.
                    || taken.Sha256 == sha256);
            if (!letter.Files.Exists(file => FileNames.AsSeen(file.Name) == FileNames.AsSeen(free)))
            {
                await letters.PutFile(letter.Id, sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
                letter = letter with
                {
                    // An image was checked when it was put into the settings.
                    Files = letter.Files.Add(UnfinishedFiles.Look(free, content) with { Remarks = [] })
                };
            }

            Set(field, free);
        }

        /// <summary>
        /// An image that the letter names no more would become a document that is sent: it is taken out.
        /// </summary>
        public UnfinishedLetter Finished() => letter with
        {
            Files = letter.Files.RemoveAll(file =>
                !before.Enclosed.Contains(file) && before.Files.Contains(file) && letter.Enclosed.Contains(file)),
        };
    }
}
