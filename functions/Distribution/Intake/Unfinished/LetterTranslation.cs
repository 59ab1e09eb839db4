using System.Collections.Immutable;
using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake.Unfinished;

/// <summary>
/// The translation of a letter in the making: its text, and what the letter's particulars say in its language, by the
/// names of the letter's fields. What it does not say is as in the letter.
/// </summary>
internal static class LetterTranslation
{
    private static readonly ReadOnlyMemory<byte> Empty = "---\n---\n"u8.ToArray();

    /// <summary>A translation that says nothing yet, with its content.</summary>
    public static (UnfinishedFile File, ReadOnlyMemory<byte> Content) Begun(string language) =>
        (UnfinishedFiles.Look(BlobNames.TranslationIn(language), Empty), Empty);

    /// <summary>The languages into which the letter is not translated yet.</summary>
    public static IEnumerable<string> Lacking(UnfinishedLetter letter) =>
        Languages.Official.Where(language =>
            language != letter.Language
            && letter.Files.TrueForAll(file => BlobNames.LanguageOf(file.Name) != language));

    /// <summary>The fields that a translation of this letter has.</summary>
    public static IEnumerable<string> Fields(UnfinishedLetter letter) =>
    [
        .. LetterSchema.Keys.Where(key => key.InTranslation != KeyUse.None && key.Keys is []).Select(key => key.Name),
        .. letter.IsNote ? In(SenderKeys.All).Select(key => $"{LetterSchema.Sender.Name}.{key.Name}") : [],
        .. letter.IsNote ? [] : Rows(letter, LetterSchema.Signatories),
        .. letter.Enclosed.Select(TitleOf),
        .. Rows(letter, LetterSchema.Meetings),
    ];

    /// <summary>The keys that a translation has, of a group.</summary>
    public static IEnumerable<LetterKey> In(IEnumerable<LetterKey> keys) =>
        keys.Where(key => key.InTranslation != KeyUse.None);

    /// <summary>The field of a document's title.</summary>
    public static string TitleOf(UnfinishedFile enclosed) => TitleOf(enclosed.Name);

    /// <summary>What a translation says that was brought.</summary>
    public static ImmutableDictionary<string, string> Read(string name, ReadOnlySpan<byte> content)
    {
        if (LetterFormFields.Read(name, content) is not { } read)
            return ImmutableDictionary<string, string>.Empty;
        var fields = read.Fields.ToImmutableDictionary();
        foreach (var enclosure in read.Enclosures)
            if (enclosure.TryGetValue(EnclosureKeys.Title.Name, out var title))
                fields = fields.SetItem(TitleOf(enclosure.GetValueOrDefault(EnclosureKeys.File.Name, "")), title);
        return fields;
    }

    /// <summary>What its subject says where none was typed.</summary>
    public static string UsualSubject(UnfinishedLetter letter, UnfinishedFile translation)
    {
        foreach (var name in (string[])[LetterSchema.Draft.Name, LetterSchema.Process.Name])
            if (translation.Field(name) is { Length: > 0 } said)
                letter = letter.With(name, said);
        return letter.UsualSubject;
    }

    /// <summary>
    /// The file as it goes into its folder. What was not changed stays as it was brought, with its comments.
    /// </summary>
    public static ReadOnlyMemory<byte> Finished(
        UnfinishedLetter letter,
        UnfinishedFile file,
        ReadOnlyMemory<byte> content)
    {
        if (file.Text is not { } text
            || TextEncoding.Read(content.Span) is not { } brought
            || LetterText.Read(file.Name, content.Span, []) is not { } read)
            return content;
        var finished = WithFields(brought, letter, file, content);
        if (read.Body != text)
            finished = LetterFileWriter.WithBody(finished, text.Trim());
        // The bytes as they came where nothing was changed: their encoding is kept too.
        return finished == brought ? content : Encoding.UTF8.GetBytes(finished);
    }

    private static string WithFields(
        string brought,
        UnfinishedLetter letter,
        UnfinishedFile file,
        ReadOnlyMemory<byte> content)
    {
        // Kept before the form had these fields.
        if (file.Particulars is not { } typed)
            return brought;
        var before = Read(file.Name, content.Span);
        // A translation without a subject would take the letter's, in the letter's language.
        var after = typed.GetValueOrDefault(LetterSchema.Subject.Name, "").Length > 0
            ? typed
            : typed.SetItem(LetterSchema.Subject.Name, UsualSubject(letter, file));
        List<FrontMatterChange> changes = [];
        foreach (var key in In(LetterSchema.Keys))
            if (!FrontMatterEdit.AreSame(Value(key, before), Value(key, after)))
                changes.Add(new(key.Name, Value(key, before), Value(key, Completed(key, after))));
        return changes is []
            ? brought
            : FrontMatterEdit.Apply(brought, changes, [.. LetterSchema.Keys.Select(key => key.Name)]);

        FrontMatterNode? Value(LetterKey key, ImmutableDictionary<string, string> fields) =>
            LetterFormFields.Value(
                key,
                fields,
                [
                    .. letter.Enclosed
                        .Where(enclosed => fields.GetValueOrDefault(TitleOf(enclosed), "").Length > 0)
                        .Select(enclosed => new Dictionary<string, string>
                        {
                            [EnclosureKeys.File.Name] = enclosed.Name,
                            [EnclosureKeys.Title.Name] = fields[TitleOf(enclosed)]
                        }),
                ]);

        // Who says one thing of a signatory in another language says all that a signatory needs of every one: the rest
        // is the letter's.
        ImmutableDictionary<string, string> Completed(LetterKey key, ImmutableDictionary<string, string> fields)
        {
            if (key.Keys is []
                || key == LetterSchema.Enclosures
                || !fields.Any(field => IsOf(key, field.Key) && field.Value.Length > 0))
                return fields;
            foreach (var name in Fields(letter).Where(name => IsOf(key, name)))
                if (key.Keys
                        .First(inner => name.EndsWith($".{inner.Name}", StringComparison.Ordinal))
                        .InTranslation == KeyUse.Required
                    && fields.GetValueOrDefault(name, "").Length == 0)
                    fields = fields.SetItem(name, letter.Field(name));
            return fields;
        }
    }

    private static bool IsOf(LetterKey key, string field) =>
        field.StartsWith($"{key.Name}.", StringComparison.Ordinal)
        || field.StartsWith($"{key.Name}[", StringComparison.Ordinal);

    /// <summary>The fields of each group of a list that the letter has.</summary>
    private static IEnumerable<string> Rows(UnfinishedLetter letter, LetterKey list) =>
        LetterFormFields
            .Rows(letter.Fields, list.Name)
            .SelectMany(row => In(list.Keys).Select(key => LetterFormFields.Item(list.Name, row, key.Name)));

    private static string TitleOf(string file) =>
        // A file's name may hold signs that the name of a field may not.
        $"{LetterSchema.Enclosures.Name}.{Sha256Hex.Of(FileNames.AsSeen(file))[..16]}";
}
