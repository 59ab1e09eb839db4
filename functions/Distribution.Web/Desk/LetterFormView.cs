using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Register;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What a letter can be begun from.</summary>
/// <param name="Corrected">The letter that is to be corrected; null for none.</param>
/// <param name="Liked">The letter whose text is to be copied; null for none.</param>
internal sealed record LetterBeginView(
    IReadOnlyList<KnownProcess> Processes,
    IReadOnlyList<UnfinishedLetter> Unfinished,
    DistributionRecord? Corrected,
    DistributionRecord? Liked);

/// <summary>A field in which two people have typed different things.</summary>
internal sealed record FieldDifference(Phrase Label, string Theirs);

/// <summary>What is said at a field of the form.</summary>
/// <param name="IsLack">Whether it is only that the field is empty.</param>
internal sealed record FieldWords(Phrase Words, bool IsWarning, bool IsLack = false);

/// <summary>The form of a letter in the making.</summary>
/// <param name="Letter">With what was typed, also where it was not saved.</param>
/// <param name="Version">What the next save is made from.</param>
internal sealed record LetterFormView(UnfinishedLetter Letter, string Version, MissionRegister? Register)
{
    /// <summary>
    /// Why nothing was put into the folder, each a sentence; what is found in the letter is not among it.
    /// </summary>
    public IReadOnlyList<Phrase> Problems { get; init; } = [];

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Where another person, or another page, has saved something else since; empty for none.</summary>
    public IReadOnlyList<FieldDifference> Differences { get; init; } = [];

    /// <summary>
    /// Files that were sent in parts and wait for the next press (<see cref="ChosenFiles.Entries"/>).
    /// </summary>
    public IReadOnlyList<string> Sent { get; init; } = [];

    /// <summary>Who has saved it since; null for nobody.</summary>
    public UnfinishedLetter? SavedSince { get; init; }

    /// <summary>
    /// The fingerprint of the files of the folder that the letter was opened from, as far as the reader knows; empty
    /// for none.
    /// </summary>
    public string FolderFiles { get; init; } = Letter.FolderFiles ?? "";

    /// <summary>Whether other files were put into that folder since it was opened.</summary>
    public bool IsOvertaken => Letter.FolderFiles is { } opened && FolderFiles != opened;

    public string Field(string name) => Letter.Field(name);

    /// <summary>What a letter in a language begins with by itself: to one mission, or to all together.</summary>
    public string SalutationIn(string language) =>
        BuiltInWords.Of(language).SalutationTo(
            Enum.TryParse(Field(LetterSchema.Address.Name), ignoreCase: true, out AddressForm address)
                ? address
                : AddressForm.Collective);

    public LetterRecipients Recipients => new(Letter, Register);

    /// <summary>
    /// What was found at a field, or at a key of its list. Whom the register does not know is said before the check is
    /// asked, too.
    /// </summary>
    public IEnumerable<Finding> At(string field) =>
        Findings.Where(finding => !IsOfLackingKeys(finding) && PlaceOf(finding) == field).ToList()
            is not [] and var found
                ? found
        : field == LetterSchema.Audience.Name ? Recipients.Faults
        : [];

    /// <summary>What is said at a field, in the order in which it stands there.</summary>
    public IReadOnlyList<FieldWords> Said(string field) =>
    [
        .. !Lacks(field)
            ? []
            : (FieldWords[])[new(
                field == FilesField ? Say($"At least one document is needed.") : Say($"This is needed."),
                IsWarning: false,
                IsLack: true)],
        .. At(field).Select(finding => new FieldWords(
            Sentences(
            [
                .. field == FilesField
                    && finding.Location.File is { } file and not BlobNames.Letter
                    && !finding.Words.Contains(file, StringComparison.Ordinal)
                    ? (Phrase[])[Plain($"{file}:")]
                    : [],
                ServiceWords.Plain(FormWords.Of($"{finding.Words} {finding.Remedy}", finding.Location)),
            ]),
            finding.IsWarning)),
    ];

    /// <summary>Whether anything at a field keeps the letter from its folder.</summary>
    public bool IsWrong(string field) => Lacks(field) || At(field).Any(finding => !finding.IsWarning);

    /// <summary>The fields at which something can be said, in the order of the form, with what it calls them.</summary>
    public IEnumerable<(string Name, Phrase Label)> Places =>
    [
        .. TypedLetterForm.Texts.Concat(TypedLetterForm.Lists.Select(key => key.Name))
            .Concat([
                LetterSchema.Deadlines.Name, LetterSchema.Send.Name, LetterSchema.EmbargoedUntil.Name,
                FilesField, TextField])
            .Select(name => (name, TypedLetterForm.LabelOf(name))),
        .. Letter.Translations.SelectMany(file => LetterTranslation.Fields(Letter).Prepend(TextField)
            .Select(name => (
                TypedLetterForm.FileField(file, name),
                name == TextField
                    ? TypedLetterForm.TranslationLabel(file)
                    : TypedLetterForm.TranslationLabel(Letter, file, name)))),
    ];

    /// <summary>Whether the letter needs the field, and it is empty.</summary>
    public bool Lacks(string field)
    {
        var (group, key) = field.Split('.') is [.. var above, var last] && above is not []
            ? (string.Join('.', above), last)
            : (null, field);
        // A letter without any signatory lacks the first one's name.
        return Findings.Any(finding => IsOfLackingKeys(finding)
                && finding.Location.Field == group
                && finding.Words.Contains($"“{key}”", StringComparison.Ordinal))
            || (field == LetterFormFields.Item(LetterSchema.Signatories.Name, 1, SignatoryKeys.Name.Name)
                && Lacks(LetterSchema.Signatories.Name))
            || (field == $"{LetterSchema.Sender.Name}.{SenderKeys.Name.Name}" && Lacks(LetterSchema.Sender.Name))
            || (field == FilesField && Lacks(LetterSchema.Enclosures.Name));
    }

    /// <summary>What was found at no field of the form.</summary>
    public IEnumerable<Finding> Elsewhere =>
        Findings.Where(finding => !IsOfLackingKeys(finding) && PlaceOf(finding) is null);

    /// <summary>What the letter lacks is said at each of the fields; see <see cref="Lacks"/>.</summary>
    private bool IsOfLackingKeys(Finding finding) =>
        finding.Number == LetterFileFaults.KeysMissingNumber && InTranslation(finding) is null;

    /// <summary>The translation that a finding is in; null for none.</summary>
    private UnfinishedFile? InTranslation(Finding finding) =>
        Letter.Translations.FirstOrDefault(file => file.Name == finding.Location.File);

    /// <summary>A sentence in pieces; those that are quoted keep their quotation marks.</summary>
    public static IEnumerable<string> Quotations(string sentence)
    {
        while (sentence.IndexOf('“') is >= 0 and var open && sentence.IndexOf('”', open) is >= 0 and var close)
        {
            yield return sentence[..open];
            yield return sentence[open..(close + 1)];
            sentence = sentence[(close + 1)..];
        }

        yield return sentence;
    }

    public const string TextField = "text";

    public const string FilesField = "files";

    /// <summary>The field of the form at which a finding is shown; null for none.</summary>
    public string? PlaceOf(Finding finding) =>
        InTranslation(finding) is { } translation ? PlaceIn(translation, finding) : finding.Location switch
        {
            { Field: { } field } =>
                field.StartsWith(LetterSchema.Enclosures.Name, StringComparison.Ordinal) ? FilesField : Shown(field),
            { File: { } file } when Letter.Files.Any(known => known.Name == file) => FilesField,
            // At a line, or in the text as a whole.
            { File: BlobNames.Letter } => TextField,
            _ => null,
        };

    private string PlaceIn(UnfinishedFile translation, Finding finding) =>
        TypedLetterForm.FileField(
            translation,
            finding.Location.Field is not { } field ? TextField
                : LetterTranslation.Fields(Letter).Contains(field) ? field
                // A list as a whole, or a group of it, stands at the first of its fields.
                : LetterTranslation
                    .Fields(Letter)
                    .FirstOrDefault(name => name.StartsWith(field.Split('[', '.')[0], StringComparison.Ordinal))
                    ?? TextField);

    // "deadlines" and "signatories[4]" stand at the first field of their list.
    private static string? Shown(string field) => field.Split('[', '.')[0] switch
    {
        "signatories" or "meetings" when field.Contains('.') => field,
        "meetings" =>
            field.Contains('[')
                ? $"{field}.{MeetingKeys.Title.Name}"
                : LetterFormFields.Item("meetings", 1, MeetingKeys.Title.Name),
        "signatories" =>
            field.Contains('[')
                ? $"{field}.{SignatoryKeys.Name.Name}"
                : LetterFormFields.Item("signatories", 1, SignatoryKeys.Name.Name),
        "deadlines" => LetterSchema.Deadlines.Name,
        "contact" => LetterSchema.Contact.Name,
        "sender" when !field.Contains('.') => $"sender.{SenderKeys.Name.Name}",
        var list when field.Contains('[') => list,
        _ => field,
    };
}
