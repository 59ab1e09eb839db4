using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Letters.Typesetting;

namespace Distribution.Letters;

/// <summary>
/// One letter as data for <c>letter.typ</c>, which reads it as JSON with keys in snake_case. The template treats every
/// value as data and never as code, which prevents injection.
/// </summary>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>.</param>
/// <param name="Form"><c>letter</c>, <c>note-verbale</c> or <c>cover-letter</c>.</param>
/// <param name="Paper"><c>a4</c> or <c>us-letter</c>.</param>
/// <param name="Title">The letter's subject, for the document's metadata.</param>
/// <param name="Authors">The signatories, or the sender of a note verbale, for the metadata.</param>
/// <param name="Date">The date as year, month and day, for the metadata: <c>2018-03-26</c>.</param>
/// <param name="Letterheads">One to three letterheads.</param>
/// <param name="Reference">The reference with its label; null if there is none.</param>
/// <param name="Markings">The text of each marking, the embargo included.</param>
/// <param name="TranslationNote">
/// The note that says it is an unofficial translation; null in the authentic letter.
/// </param>
/// <param name="Addressee">The address lines. They are printed at the foot of the letter, as missions expect.</param>
/// <param name="Salutation">Null in a note verbale.</param>
/// <param name="Close">The courtesy close; null in a note verbale, whose body ends with the assurances instead.</param>
/// <param name="EnclosuresHeading">Null if nothing is enclosed.</param>
/// <param name="PageOf">The page footer with the placeholders <c>{page}</c> and <c>{pages}</c>.</param>
internal sealed record LetterDocument(
    string Language,
    string Direction,
    string Form,
    string Paper,
    string Title,
    IReadOnlyList<string> Authors,
    string Date,
    IReadOnlyList<string> Letterheads,
    string PlaceAndDate,
    string? Reference,
    IReadOnlyList<string> Markings,
    string? TranslationNote,
    IReadOnlyList<string> Addressee,
    string? Salutation,
    IReadOnlyList<DocumentBlock> Body,
    string? Close,
    IReadOnlyList<DocumentSignatory> Signatories,
    string? EnclosuresHeading,
    IReadOnlyList<string> Enclosures,
    string PageOf,
    DocumentVerification Verification) : ITypesetDocument
{
    /// <summary>The letterheads with what stands with them.</summary>
    public IReadOnlyList<LetterOffice> Offices { get; init; } = [];

    /// <summary>Tells who hears the letter that an image is a signature.</summary>
    public string SignatureWords { get; init; } = "";

    /// <param name="code">The verification code. Its words are replaced by those of the letter's language.</param>
    public static LetterDocument Of(LetterContent content, LetterSource source, DocumentVerification code) =>
        new(
            source.Language,
            Languages.IsRightToLeft(source.Language) ? "rtl" : "ltr",
            JsonNamingPolicy.KebabCaseLower.ConvertName(source.Form.ToString()),
            source.Paper is Letters.Paper.UsLetter ? "us-letter" : "a4",
            content.Title,
            source.Sender is { } sender ? [sender.Name] : [.. source.Signatories.Select(signatory => signatory.Name)],
            source.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            content.Letterheads,
            content.PlaceAndDate,
            content.Reference,
            content.Markings,
            content.TranslationNote,
            content.Addressee,
            content.Salutation,
            DocumentBody.Of(content.Body.Document),
            content.Close,
            [
                .. content.Signatories.Select(signatory => new DocumentSignatory(
                    signatory.Name,
                    signatory.Title,
                    signatory.Signature)),
            ],
            content.EnclosuresHeading,
            content.Enclosures,
            content.PageOf,
            code with
            {
                Words = content.Verify,
                CodeWords = content.VerifyCode,
            })
        {
            Offices = content.Offices,
            SignatureWords = content.SignatureWords,
        };
}

/// <summary>A signatory as the template prints them.</summary>
/// <param name="Image">The name of the signature's image among the letter's images; null if there is none.</param>
internal sealed record DocumentSignatory(string Name, string Title, string? Image);

/// <summary>The QR code that leads to the verification page, with its texts.</summary>
/// <param name="Words">Tells the reader what the code is for.</param>
/// <param name="Reference">The reference in the form that a person types.</param>
/// <param name="Address">The URL in the code.</param>
/// <param name="Code">The QR code, as SVG.</param>
internal sealed record DocumentVerification(string Words, string Reference, string Address, string Code)
{
    /// <summary>Tells who hears the letter where the code leads.</summary>
    public string CodeWords { get; init; } = "";
}

/// <summary>A block of a letter's body.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block")]
[JsonDerivedType(typeof(Paragraph), "paragraph")]
[JsonDerivedType(typeof(Heading), "heading")]
[JsonDerivedType(typeof(ItemList), "list")]
[JsonDerivedType(typeof(Quotation), "quotation")]
[JsonDerivedType(typeof(Rule), "rule")]
[JsonDerivedType(typeof(TableOfCells), "table")]
internal abstract record DocumentBlock;

internal sealed record Paragraph(IReadOnlyList<Run> Runs) : DocumentBlock;

internal sealed record Heading(int Level, IReadOnlyList<Run> Runs) : DocumentBlock;

/// <summary>A numbered or bulleted list.</summary>
/// <param name="Marks">Each item's number with its delimiter, such as <c>3.</c> or <c>2)</c>; null for bullets.</param>
/// <param name="Tight">True if there is no space between the items.</param>
internal sealed record ItemList(
    IReadOnlyList<string>? Marks,
    bool Tight,
    IReadOnlyList<IReadOnlyList<DocumentBlock>> Items) : DocumentBlock;

internal sealed record Quotation(IReadOnlyList<DocumentBlock> Blocks) : DocumentBlock;

internal sealed record Rule : DocumentBlock;

/// <summary>A table.</summary>
/// <param name="Number">The table's number in the letter, from 1.</param>
/// <param name="Header">How many of the first rows are header rows.</param>
/// <param name="Align">The alignment of each column: <c>start</c>, <c>center</c> or <c>end</c>.</param>
internal sealed record TableOfCells(
    int Number,
    int Header,
    IReadOnlyList<string> Align,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<Run>>> Rows) : DocumentBlock;

/// <summary>A piece of text in one style; <c>\n</c> in it is a line break.</summary>
/// <param name="Link">The URL it links to; null if it is not a link.</param>
internal sealed record Run(string Text, bool Strong = false, bool Emphasis = false, string? Link = null);
