namespace Distribution.Letters;

/// <summary>
/// What a letter says from its letterheads to its foot, composed once for the email and for the document.
/// </summary>
/// <param name="Title">The letter's subject, in one line.</param>
/// <param name="Reference">With its label, or null.</param>
/// <param name="Markings">In words, the embargo among them.</param>
/// <param name="TranslationNote">What a courtesy translation says of itself, or null.</param>
/// <param name="Addressee">The missions together, or one mission; the city last.</param>
/// <param name="Salutation">Null in a note verbale.</param>
/// <param name="Close">Null in a note verbale, whose assurances end its body.</param>
/// <param name="EnclosuresHeading">Null where nothing is enclosed.</param>
internal sealed record LetterContent(
    string Title,
    ParsedBody Body,
    IReadOnlyList<string> Letterheads,
    string PlaceAndDate,
    string? Reference,
    IReadOnlyList<string> Markings,
    string? TranslationNote,
    IReadOnlyList<string> Addressee,
    string? Salutation,
    string? Close,
    IReadOnlyList<Signatory> Signatories,
    string? EnclosuresHeading,
    IReadOnlyList<string> Enclosures,
    string PageOf,
    string Verify);
