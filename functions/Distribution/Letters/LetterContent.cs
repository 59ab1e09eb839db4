namespace Distribution.Letters;

/// <summary>
/// The content of a letter from its letterheads to its footer, made once and used for both the email and the PDF.
/// </summary>
/// <param name="Title">The letter's subject, in one line.</param>
/// <param name="Offices">The letterheads with what stands with them.</param>
/// <param name="Reference">The reference with its label; null if there is none.</param>
/// <param name="Markings">The text of each marking, the embargo included.</param>
/// <param name="TranslationNote">
/// The note that says it is an unofficial translation; null in the authentic letter.
/// </param>
/// <param name="Addressee">The address lines: all missions together or one mission, then the city.</param>
/// <param name="Salutation">Null in a note verbale.</param>
/// <param name="Close">Null in a note verbale: its body ends with the assurances instead.</param>
/// <param name="EnclosuresHeading">Null if nothing is enclosed.</param>
/// <param name="Verify">Tells the reader what the code beside it is for.</param>
/// <param name="VerifyCode">Tells who cannot see the code where it leads.</param>
/// <param name="SignatureWords">Tells who cannot see an image that it is a signature.</param>
internal sealed record LetterContent(
    string Title,
    ParsedBody Body,
    IReadOnlyList<string> Letterheads,
    IReadOnlyList<LetterOffice> Offices,
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
    string Verify,
    string VerifyCode,
    string SignatureWords);

/// <summary>An office at the head of a letter.</summary>
/// <param name="Emblem">The name of an image among the letter's images; null if there is none.</param>
/// <param name="EmblemText">What the emblem shows; null if it adds nothing to the name.</param>
internal sealed record LetterOffice(
    string Name,
    IReadOnlyList<string> AddressLines,
    string? Emblem,
    string? EmblemText);
