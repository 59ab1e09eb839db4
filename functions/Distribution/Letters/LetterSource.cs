using Distribution.Common;

namespace Distribution.Letters;

/// <summary>Who signs: the name, the capacity under it, and the letterhead the letter carries for them.</summary>
/// <param name="Signature">The image of the signature in the upload folder, PNG or JPEG, where one is given.</param>
internal sealed record Signatory(string Name, string Title, string Letterhead, string? Signature = null);

/// <summary>
/// Whom a note verbale comes from, with its article: "The Permanent Mission of Mexico to the United Nations".
/// </summary>
internal sealed record Sender(string Name, string Letterhead);

internal enum EnclosureRole
{
    Draft,

    /// <summary>The signed scan, sent instead of the letter that would be typeset.</summary>
    Letter,

    /// <summary>The letter that a cover letter passes on.</summary>
    EnclosedLetter,
    Comparison,
    Annex,
    Programme,
    Note,
    Form,
    Other,
}

internal enum LetterForm
{
    Letter,

    /// <summary>
    /// In the third person: compliments and assurances in place of salutation and close, the date at the end, no
    /// signature.
    /// </summary>
    NoteVerbale,

    /// <summary>
    /// Passes on another letter, as the President of the General Assembly does with the co-facilitators'.
    /// </summary>
    CoverLetter,
}

internal enum AddressForm
{
    /// <summary>One letter to all missions together, none of them named.</summary>
    Collective,

    /// <summary>A letter to each mission, with its address.</summary>
    Addressed,
}

internal enum Marking { Personal, Confidential, StrictlyConfidential, AdvanceUnedited, NotForCirculation, ForDelegationsOnly }

internal enum Paper { A4, UsLetter }

/// <summary>What a mission's page asks of who acknowledges.</summary>
internal enum AcknowledgeRule
{
    Name,

    /// <summary>
    /// The name, and the reference printed on the letter's last page: whoever gives it has opened the letter.
    /// </summary>
    Reference,
}

/// <summary>A file the letter announces, as its front matter names it.</summary>
/// <param name="File">The file's name in the upload folder.</param>
/// <param name="Title">How the letter's enclosure list names it.</param>
/// <param name="Label">The draft label the author vouches for, where the file's name does not show it.</param>
/// <param name="Sha256">The hash the author expects, lower-case hexadecimal, where given.</param>
/// <param name="Line">The line of letter.md that names it.</param>
internal sealed record EnclosureEntry(
    string File,
    string Title,
    EnclosureRole Role,
    string? Label,
    string? Sha256,
    int Line);

/// <summary>A date by which something is due, always in New York time.</summary>
internal sealed record Deadline(string Name, DateTimeOffset Instant);

/// <summary>The earlier letter that this one puts right.</summary>
/// <param name="Label">The earlier one's draft label, or its distribution's id.</param>
/// <param name="Line">The line of letter.md that names it.</param>
internal sealed record Supersession(FollowUpKind Kind, string Label, int Line);

internal enum ReleaseRule { OnApproval, Automatic }

/// <summary>What letter.md says: its front matter, checked, and its body, not yet rendered.</summary>
/// <param name="File">The name it was uploaded under, for messages.</param>
/// <param name="Process">The process in full, as the letter names it.</param>
/// <param name="DraftLabel">"Draft Rev 1": free text decided by the facilitators.</param>
/// <param name="Sequence">Orders the labels of a process; labels are never sorted.</param>
/// <param name="Salutation">Replaces the language's own ("Excellency,") where given.</param>
/// <param name="Audience">Kinds and ids of missions; empty means every mission of the register.</param>
/// <param name="Proof">Addresses that receive one mission's letter before release.</param>
/// <param name="Body">Markdown with Scriban fields.</param>
/// <param name="BodyLine">The line of the file on which the body starts, counted from 1.</param>
/// <param name="Signatories">Empty for a note verbale.</param>
/// <param name="Sender">Whom a note verbale comes from; null for letters.</param>
/// <param name="EmbargoedUntil">Printed as a marking; sending does not wait for it.</param>
/// <param name="TranslationOf">
/// The language of the authentic text, where this is a courtesy translation; else null.
/// </param>
/// <param name="SendAt">
/// Not sent before that moment, even where it is released; null where it leaves when released.
/// </param>
/// <param name="RemindAt">When missions that are still silent are reminded, the earliest first.</param>
/// <param name="Supersedes">The earlier letter it corrects; null for a letter of its own.</param>
/// <param name="TracksReplies">
/// Whether a reply goes to the mission's own address beside the contact, and acknowledges where it gives the reference
/// printed in the letter.
/// </param>
/// <param name="AwaitedTranslations">
/// The languages whose translations must be there; null where any that is there is taken.
/// </param>
/// <param name="Acknowledge">What a mission's page asks of who acknowledges.</param>
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
    AcknowledgeRule Acknowledge = AcknowledgeRule.Name)
{
    public IReadOnlyList<Marking> Markings => MarkedAs ?? [];

    public IReadOnlyList<DateTimeOffset> Reminders => RemindAt ?? [];
}
