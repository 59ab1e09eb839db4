using System.Text.Json.Serialization;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>A person who signs: the name, the title printed under it, and the letterhead for this person.</summary>
/// <param name="Signature">
/// The file name of the signature's image in the upload folder, PNG or JPEG; null if none is given.
/// </param>
/// <param name="Office">What stands with the letterhead; null if nothing does.</param>
internal sealed record Signatory(
    string Name,
    string Title,
    string Letterhead,
    string? Signature = null,
    Office? Office = null);

/// <summary>What stands with the name of an office at the head of a letter.</summary>
/// <param name="Address">The address, with a semicolon between its lines; null if none is printed.</param>
/// <param name="Emblem">The file name of an image in the upload folder, PNG or SVG; null if there is none.</param>
/// <param name="EmblemText">
/// What the emblem shows, for people who do not see it; null if it adds nothing to the name of the office.
/// </param>
internal sealed record Office(string? Address, string? Emblem, string? EmblemText)
{
    public IReadOnlyList<string> AddressLines =>
        Address?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <returns>Null without address and emblem: words about an emblem that is not there say nothing.</returns>
    public static Office? Of(string? address, string? emblem, string? emblemText) =>
        address is null && emblem is null ? null : new(address, emblem, emblemText);
}

/// <summary>
/// The sender of a note verbale, with the article: "The Permanent Mission of Mexico to the United Nations".
/// </summary>
internal sealed record Sender(string Name, string Letterhead, Office? Office = null);

internal enum EnclosureRole
{
    Draft,

    /// <summary>The signed scan of the letter, sent instead of a typeset one.</summary>
    Letter,

    /// <summary>The letter that a cover letter transmits.</summary>
    EnclosedLetter,
    Comparison,
    Annex,
    Programme,
    Note,
    Form,
    Other,

    /// <summary>The letter's meetings as a calendar file. It is made from the letter, and nobody uploads it.</summary>
    Meetings,

    /// <inheritdoc cref="Meetings"/>
    CancelledMeetings,
}

internal enum LetterForm
{
    Letter,

    /// <summary>
    /// Written in the third person: compliments and assurances instead of salutation and close, the date at the end, no
    /// signature.
    /// </summary>
    NoteVerbale,

    /// <summary>
    /// Transmits another letter, as the President of the General Assembly does with a letter of the co-facilitators.
    /// </summary>
    CoverLetter,
}

internal enum AddressForm
{
    /// <summary>One letter to all missions together; it names none of them.</summary>
    Collective,

    /// <summary>A separate letter to each mission, with its address.</summary>
    Addressed,
}

internal enum Marking
{
    Personal,
    Confidential,
    StrictlyConfidential,
    AdvanceUnedited,
    NotForCirculation,
    ForDelegationsOnly
}

/// <summary>How the body of a letter is read.</summary>
internal enum BodyRules
{
    /// <summary>As Markdown: letters that were frozen before format 6.</summary>
    Markdown,

    /// <summary>What was typed is what is printed: see <see cref="TypedBlocks"/>.</summary>
    AsTyped,
}

internal enum Paper { A4, UsLetter }

/// <summary>What a person must enter on a mission's page to acknowledge receipt.</summary>
internal enum AcknowledgeRule
{
    Name,

    /// <summary>
    /// The name, and the reference printed on the letter's last page, which proves that the person has opened the
    /// letter.
    /// </summary>
    Reference,
}

/// <summary>An enclosure as the letter's front matter lists it.</summary>
/// <param name="File">The file's name in the upload folder.</param>
/// <param name="Title">The title in the letter's list of enclosures.</param>
/// <param name="Label">
/// The draft label that the author gives for the file if its name does not show one; otherwise null.
/// </param>
/// <param name="Sha256">
/// The SHA-256 that the author expects, 64 lower-case hexadecimal digits; null if not given.
/// </param>
/// <param name="Line">The line of letter.md that names it.</param>
internal sealed record EnclosureEntry(
    string File,
    string Title,
    EnclosureRole Role,
    string? Label,
    string? Sha256,
    int Line);

/// <summary>A named time by which something is due, always in New York time.</summary>
internal sealed record Deadline(string Name, DateTimeOffset Instant);

/// <summary>The earlier letter that this one corrects, replaces or withdraws.</summary>
/// <param name="Label">The draft label of the earlier letter, or the id of its distribution.</param>
/// <param name="Line">The line of letter.md that names it.</param>
internal sealed record Supersession(FollowUpKind Kind, string Label, int Line);

internal enum ReleaseRule { OnApproval, Automatic }

/// <summary>The content of letter.md: its checked front matter and its body, not yet rendered.</summary>
/// <param name="File">The name of the uploaded file, for messages.</param>
/// <param name="Process">The full name of the process, as the letter prints it.</param>
/// <param name="DraftLabel">"Draft Rev 1": free text decided by the facilitators.</param>
/// <param name="Sequence">
/// The order of the drafts of a process. Draft labels are free text and cannot be sorted.
/// </param>
/// <param name="Salutation">Replaces the default of the language ("Excellency,"); null to use that.</param>
/// <param name="Audience">Kinds of mission and mission ids; empty means every mission of the register.</param>
/// <param name="Proof">The addresses that receive a proof, one mission's letter, before release.</param>
/// <param name="Body">Markdown with Scriban fields.</param>
/// <param name="BodyLine">The line of the file on which the body starts, counted from 1.</param>
/// <param name="Signatories">Empty for a note verbale.</param>
/// <param name="Sender">The sender of a note verbale; null for a letter.</param>
/// <param name="EmbargoedUntil">Printed as a marking. It does not delay sending.</param>
/// <param name="TranslationOf">
/// The language of the authentic text if this is a courtesy translation; otherwise null.
/// </param>
/// <param name="SendAt">
/// The earliest time at which it is sent, even if it is released before; null to send it on release.
/// </param>
/// <param name="RemindAt">When missions that have not acknowledged are reminded, earliest first.</param>
/// <param name="Supersedes">The earlier letter it corrects; null if it corrects none.</param>
/// <param name="TracksReplies">
/// True if replies also go to an address of this service that is unique to the mission, besides the contact. Such a
/// reply acknowledges receipt if it gives the reference printed in the letter.
/// </param>
/// <param name="AwaitedTranslations">
/// The languages in which a translation is required; null to take whatever translations are uploaded.
/// </param>
/// <param name="Acknowledge">What a person must enter on a mission's page to acknowledge receipt.</param>
/// <param name="BodyRules">
/// How the body is read. It is frozen with the letter, so that a letter leaves as it was looked at, whatever later
/// versions print.
/// </param>
/// <param name="MeetsAt">The meetings it announces or cancels, in its order; null for none.</param>
/// <param name="OffersDocuments">
/// Whether a mission's page hands out the letter and its enclosures; those too large for mail are then linked.
/// </param>
internal sealed record LetterSource(
    string File,
    string Process,
    string DraftLabel,
    int Sequence,
    DateOnly Date,
    string Place,
    string Language,
    string? Reference,
    string Subject,
    string? Salutation,
    IReadOnlyList<Signatory> Signatories,
    Correspondent Contact,
    IReadOnlyList<EnclosureEntry> Enclosures,
    IReadOnlyList<string> Audience,
    ReleaseRule Release,
    IReadOnlyList<Correspondent> Proof,
    IReadOnlyList<Deadline> Deadlines,
    string Template,
    string Body,
    int BodyLine,
    LetterForm Form = LetterForm.Letter,
    AddressForm Address = AddressForm.Collective,
    Sender? Sender = null,
    IReadOnlyList<Marking>? MarkedAs = null,
    DateTimeOffset? EmbargoedUntil = null,
    Paper Paper = Paper.A4,
    string? TranslationOf = null,
    IReadOnlyList<string>? AwaitedTranslations = null,
    DateTimeOffset? SendAt = null,
    IReadOnlyList<DateTimeOffset>? RemindAt = null,
    Supersession? Supersedes = null,
    bool TracksReplies = false,
    AcknowledgeRule Acknowledge = AcknowledgeRule.Name,
    // A letter that was frozen before format 6 does not say its rules.
    BodyRules BodyRules = BodyRules.Markdown,
    IReadOnlyList<Meeting>? MeetsAt = null,
    bool OffersDocuments = false)
{
    public IReadOnlyList<Marking> Markings => MarkedAs ?? [];

    public IReadOnlyList<Meeting> Meetings => MeetsAt ?? [];

    /// <summary>
    /// The markings because of which the service passes the letter on to nobody: a person decides who may read it.
    /// A letter for delegations, or an unedited one, may be read by a colleague at the same mission.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Marking> Restraints =>
        [.. Markings.Where(marking => marking is not (Marking.AdvanceUnedited or Marking.ForDelegationsOnly))];

    public bool IsConfidential =>
        Markings.Any(marking => marking is Marking.Confidential or Marking.StrictlyConfidential);

    /// <summary>The file names of the signatures' images, each once.</summary>
    public IReadOnlyList<string> Signatures =>
        [.. Signatories.Select(signatory => signatory.Signature).OfType<string>().Distinct()];

    /// <summary>The file names of the letterheads' emblems, each once.</summary>
    public IReadOnlyList<string> Emblems =>
    [
        .. Signatories.Select(signatory => signatory.Office).Append(Sender?.Office)
            .Select(office => office?.Emblem).OfType<string>().Distinct(),
    ];

    /// <summary>
    /// Every text of the author's besides the body that reaches a mission: in print, in the calendar, or read aloud.
    /// Each with its place, as <see cref="Location.Field"/> has it.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<(string Field, string Text)> Particulars =>
        from particular in ((string Field, string? Text)[])
        [
            ("process", Process),
            ("subject", Subject),
            ("draft", DraftLabel),
            ("reference", Reference),
            ("place", Place),
            ("salutation", Salutation),
            .. Signatories.Index().SelectMany(signatory =>
                Of(
                        $"signatories[{signatory.Index + 1}]",
                        signatory.Item.Name,
                        signatory.Item.Letterhead,
                        signatory.Item.Office)
                    .Append(($"signatories[{signatory.Index + 1}].title", signatory.Item.Title))),
            .. Sender is { } sender ? Of("sender", sender.Name, sender.Letterhead, sender.Office) : [],
            .. Meetings.Index().SelectMany(meeting => ((string, string?)[])
            [
                ($"meetings[{meeting.Index + 1}].title", meeting.Item.Title),
                ($"meetings[{meeting.Index + 1}].place", meeting.Item.Place),
                ($"meetings[{meeting.Index + 1}].note", meeting.Item.Note),
            ]),
            ("contact", Contact.Name),
            .. Enclosures.Index().Select(entry => ($"enclosures[{entry.Index + 1}].title", (string?)entry.Item.Title)),
        ]
        where particular.Text is { Length: > 0 }
        select (particular.Field, particular.Text!);

    private static IEnumerable<(string, string?)> Of(string field, string name, string letterhead, Office? office) =>
    [
        ($"{field}.name", name),
        ($"{field}.letterhead", letterhead),
        ($"{field}.address", office?.Address),
        ($"{field}.emblem_text", office?.EmblemText),
    ];

    /// <summary>Where the letter names an enclosure, or one key of it.</summary>
    public Location LocationOf(EnclosureEntry enclosure, string? key = null)
    {
        // Records are equal by their values; two entries of one file still differ in their lines.
        var number = Enclosures.Index().First(entry => entry.Item == enclosure).Index + 1;
        return Location.In(File, enclosure.Line, $"enclosures[{number}]{(key is null ? "" : $".{key}")}");
    }

    public IReadOnlyList<DateTimeOffset> Reminders => RemindAt ?? [];
}
