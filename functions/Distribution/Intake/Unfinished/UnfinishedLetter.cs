using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake.Unfinished;

/// <summary>A file of a letter in the making.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; its content is kept under it.</param>
/// <param name="Title">In the letter's list of enclosures, as typed; empty to make it of the name.</param>
/// <param name="Role">One of the words of <see cref="EnclosureKeys.Role"/>; empty for none.</param>
/// <param name="Label">Which draft it is, where its name does not say it; empty for nothing.</param>
internal sealed record UnfinishedFile(
    string Name,
    long Length,
    string Sha256,
    string Title = "",
    string Role = "",
    string Label = "")
{
    /// <summary>Names the file in a form: two may hold the same bytes, and a name may hold any sign.</summary>
    public string Key => Sha256Hex.Of(Name)[..16];

    /// <summary>True for a cover letter whose text is in the letter: it is not sent itself.</summary>
    public bool IsTakenApart { get; init; }

    /// <summary>Where its text begins; null if it has none that can be read.</summary>
    public string? Begins { get; init; }

    /// <summary>The text of a translation as it is in the form; null for any other file.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// What a translation says of the letter's particulars (<see cref="LetterTranslation"/>); null for any other file,
    /// and for one that was kept before the form had these fields.
    /// </summary>
    public ImmutableDictionary<string, string>? Particulars { get; init; }

    /// <summary>What was found in it, such as tracked changes, each a sentence.</summary>
    public ImmutableList<string> Remarks { get; init; } = [];

    /// <summary>What a translation says in a field; empty for nothing.</summary>
    public string Field(string name) => Particulars?.GetValueOrDefault(name) ?? "";

    public UnfinishedFile With(string name, string value) =>
        this with
        {
            Particulars = string.IsNullOrWhiteSpace(value)
                ? Particulars?.Remove(name)
                : Particulars?.SetItem(name, value.Trim(' ', '\t'))
        };
}

/// <summary>
/// The request by which a page of the form saved a letter. If its answer was lost, it shows that what is saved was
/// typed on that very page.
/// </summary>
/// <param name="Page">A random name of the page.</param>
/// <param name="Turn">
/// How many times the page had asked until then: a request that was given up may still arrive, too late.
/// </param>
internal sealed record FormTurn(string Page, int Turn)
{
    public bool IsAfter(FormTurn? other) => other?.Page == Page && other.Turn < Turn;
}

/// <summary>
/// A letter that a person is writing at the desk: what was typed, as it was typed. It is no draft before it is put into
/// a folder, and nothing can be sent from it.
/// </summary>
/// <param name="Id">A random name, which its address shows.</param>
/// <param name="Fields">By the names of <see cref="LetterFormFields"/>; what is empty is left out.</param>
/// <param name="Process">The folder of its process.</param>
/// <param name="Folder">
/// The folder it was opened from, whose files it takes the place of; null for a new one, named after its draft.
/// </param>
/// <param name="Notes">What became of what was brought, each a sentence.</param>
internal sealed record UnfinishedLetter(
    string Id,
    Person BegunBy,
    DateTimeOffset BegunAt,
    Person SavedBy,
    DateTimeOffset SavedAt,
    ImmutableDictionary<string, string> Fields,
    string Text,
    ImmutableList<UnfinishedFile> Files,
    string Process,
    UploadFolder? Folder,
    ImmutableList<string> Notes)
{
    /// <summary>In hexadecimal digits.</summary>
    public const int IdLength = 16;

    /// <summary>
    /// The fingerprint of that folder's files when it was opened from there; null for none, and for a letter of an
    /// earlier version.
    /// </summary>
    public string? FolderFiles { get; init; }

    /// <summary>
    /// The page of the form that saved it last as it was typed there; null where a press made something else of it.
    /// </summary>
    public FormTurn? SavedFrom { get; init; }

    /// <summary>A text that another one has taken the place of; null for none.</summary>
    public string? FormerText { get; init; }

    /// <summary>Earlier states of it, the first one first.</summary>
    public ImmutableList<LetterVersion> Versions { get; init; } = [];

    /// <summary>What has changed since the last of them, as <see cref="LetterVersion.Changed"/> says it.</summary>
    public ImmutableSortedSet<string> ChangedSince { get; init; } = [];

    /// <summary>
    /// When a notice at the desk said that nobody goes on with it; null for never. Saving it later takes it up again.
    /// </summary>
    public DateTimeOffset? ToldAt { get; init; }

    [JsonIgnore]
    public Phrase Called =>
        Field(LetterSchema.Draft.Name) is { Length: > 0 } draft
            ? Phrase.Plain(draft)
            : Phrase.Say($"A letter without a name");

    /// <summary>
    /// Whether it asks to leave without a person who releases it (<see cref="ReleaseRule.Automatic"/>).
    /// </summary>
    [JsonIgnore]
    public bool LeavesByItself => Field(LetterSchema.Release.Name) == "automatic";

    /// <summary>The code of the language it is in.</summary>
    [JsonIgnore]
    public string Language =>
        Languages.IsOfficial(Field(LetterSchema.Language.Name))
            ? Field(LetterSchema.Language.Name)
            : Languages.English;

    [JsonIgnore]
    public bool IsNote => Field(LetterSchema.Form.Name) == "note-verbale";

    public string Field(string name) => Fields.GetValueOrDefault(name, "");

    public UnfinishedLetter With(string name, string? value) =>
        this with
        {
            Fields = string.IsNullOrWhiteSpace(value)
                ? Fields.Remove(name)
                : Fields.SetItem(name, value.Trim(' ', '\t'))
        };

    /// <summary>In <see cref="Changed"/>, stands for the text.</summary>
    public const string TextChanged = "text";

    /// <summary>In <see cref="Changed"/>, stands for the documents.</summary>
    public const string FilesChanged = "files";

    /// <summary>The names of the fields that another state has changed, and of the translations.</summary>
    public IEnumerable<string> Changed(UnfinishedLetter other) =>
    [
        .. Fields.Keys.Union(other.Fields.Keys).Where(name => Meant(name) != other.Meant(name)),
        .. Text.Trim() == other.Text.Trim() ? [] : (string[])[TextChanged],
        .. Documents.SequenceEqual(other.Documents) ? [] : (string[])[FilesChanged],
        .. Translations.Select(file => file.Name).Intersect(other.Translations.Select(file => file.Name))
            .Where(name => Said(this, name) != Said(other, name)),
    ];

    /// <summary>
    /// The form has the first deadline's usual name in its field, whether somebody has typed it or not.
    /// </summary>
    private string Meant(string name) =>
        Field(name) is { Length: > 0 } said ? said
        : name == LetterFormFields.Item(LetterSchema.Deadlines.Name, 1, "name") ? LetterFormFields.UsualDeadline
        : "";

    /// <summary>Its files, each with what is typed of it; what a translation says is another matter.</summary>
    private IEnumerable<(string, string, string, string, string, bool)> Documents =>
        Files.Select(file => (
            file.Name,
            file.Text is null ? file.Sha256 : "",
            file.Title,
            file.Role,
            file.Label,
            file.IsTakenApart));

    private static string Said(UnfinishedLetter letter, string translation) =>
        letter.Files.First(file => file.Name == translation) is var file
            ? string.Join(
                '\n',
                [
                    file.Text!.Trim(),
                    .. (file.Particulars ?? ImmutableDictionary<string, string>.Empty)
                        .OrderBy(field => field.Key, StringComparer.Ordinal)
                        .Select(field => $"{field.Key}: {field.Value}")
                ])
            : "";

    /// <summary>Where it goes: the folder it was opened from, or one that is named after its draft.</summary>
    public UploadFolder Target =>
        Folder ?? new(
            Process.Length > 0 ? Process : Slug(Field(LetterSchema.Process.Name), "letters"),
            Slug(Field(LetterSchema.Draft.Name), "letter"));

    /// <summary>The files that go into its folder beside the letter.</summary>
    public IEnumerable<UnfinishedFile> Beside => Files.Where(file => !file.IsTakenApart);

    /// <summary>The letter as <c>letter.md</c>.</summary>
    public string File =>
        LetterFormFields.Write(
            Field(LetterSchema.Subject.Name).Length > 0 || Field(LetterSchema.Draft.Name).Length == 0
                ? Fields
                : With(LetterSchema.Subject.Name, UsualSubject).Fields,
            [.. Enclosed.Select(Group)],
            Text);

    /// <summary>What the subject says where none was typed.</summary>
    public string UsualSubject =>
        Field(LetterSchema.Process.Name) is { Length: > 0 } process
            ? $"{Field(LetterSchema.Draft.Name)}: {process}"
            : Field(LetterSchema.Draft.Name);

    /// <summary>The translations whose text is in the form, in the order of the languages.</summary>
    public IEnumerable<UnfinishedFile> Translations =>
        Languages.Official
            .Where(language => language != Language)
            .SelectMany(language =>
                Beside
                    .Where(file => file.Text is not null && BlobNames.LanguageOf(file.Name) == language)
                    .Take(1));

    /// <summary>Its text, and those of its translations.</summary>
    public IEnumerable<string> Texts => [Text, .. Translations.Select(file => file.Text!)];

    /// <summary>The files that the letter encloses: neither translations of it nor images in it.</summary>
    public IEnumerable<UnfinishedFile> Enclosed =>
        Beside.Where(file => BlobNames.LanguageOf(file.Name) is null && !IsImage(file.Name));

    private bool IsImage(string name) =>
        Fields.Any(field => IsOfImage(field.Key) && FileNames.AreSame(field.Value, name));

    /// <summary>Whether a field names a signature or an emblem, of a signatory or of a sender.</summary>
    private static bool IsOfImage(string field) =>
        field == $"{LetterSchema.Sender.Name}.{SenderKeys.Emblem.Name}"
        || (field.StartsWith($"{LetterSchema.Signatories.Name}[", StringComparison.Ordinal)
            && (field.EndsWith($".{SignatoryKeys.Signature.Name}", StringComparison.Ordinal)
                || field.EndsWith($".{SignatoryKeys.Emblem.Name}", StringComparison.Ordinal)));

    private static Dictionary<string, string> Group(UnfinishedFile file) => new()
    {
        [EnclosureKeys.File.Name] = file.Name,
        [EnclosureKeys.Title.Name] = file.Title,
        [EnclosureKeys.Role.Name] = file.Role,
        [EnclosureKeys.Label.Name] = file.Label,
    };

    /// <summary>A name for a folder, of the letters and digits of a text: <c>draft-rev-4</c>.</summary>
    private static string Slug(string text, string otherwise)
    {
        var words = string
            .Concat(text.Normalize().ToLowerInvariant().Select(sign => char.IsLetterOrDigit(sign) ? sign : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slug = "";
        foreach (var word in words.TakeWhile(_ => slug.Length < LongestSlug))
            slug += slug.Length == 0 ? word : $"-{word}";
        slug = slug[..Math.Min(slug.Length, LongestSlug)];
        // “standing” is the folder of letters that go out by themselves.
        return slug.Length == 0 || slug == BlobNames.StandingFolder || !FileNames.IsSound(slug) ? otherwise : slug;
    }

    private const int LongestSlug = 60;
}
