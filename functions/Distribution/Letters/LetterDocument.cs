using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Letters.Typesetting;

namespace Distribution.Letters;

/// <summary>
/// One letter as data for <c>letter.typ</c>, which reads it as JSON with keys in snake_case: every value is text there,
/// and never code.
/// </summary>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>.</param>
/// <param name="Form"><c>letter</c>, <c>note-verbale</c> or <c>cover-letter</c>.</param>
/// <param name="Paper"><c>a4</c> or <c>us-letter</c>.</param>
/// <param name="Title">The letter's subject, for the document's metadata.</param>
/// <param name="Authors">The signatories, or whom a note verbale comes from, for the metadata.</param>
/// <param name="Date">Year, month and day: <c>2018-03-26</c>, for the metadata.</param>
/// <param name="Letterheads">One to three.</param>
/// <param name="Reference">With its label, or null.</param>
/// <param name="Markings">In words, the embargo among them.</param>
/// <param name="TranslationNote">What a courtesy translation says of itself, or null.</param>
/// <param name="Addressee">The lines of the address, which stands at the foot as missions expect it.</param>
/// <param name="Salutation">Null in a note verbale.</param>
/// <param name="Close">The courtesy close; null in a note verbale, whose assurances end its body.</param>
/// <param name="EnclosuresHeading">Null where nothing is enclosed.</param>
/// <param name="PageOf">The page footer with <c>{page}</c> and <c>{pages}</c> in it.</param>
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
    /// <param name="code">Its words are those of the letter's language.</param>
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
            });
}

/// <param name="Image">The name of the signature's image among the letter's images, or null.</param>
internal sealed record DocumentSignatory(string Name, string Title, string? Image);

/// <param name="Words">What the reader can do with it.</param>
/// <param name="Reference">As a person types it.</param>
/// <param name="Address">Where the code leads.</param>
/// <param name="Code">The QR code, as SVG.</param>
internal sealed record DocumentVerification(string Words, string Reference, string Address, string Code);

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

/// <param name="Marks">Each item's number with its sign, such as <c>3.</c> or <c>2)</c>; null for bullets.</param>
/// <param name="Tight">Whether the items stand without space between them.</param>
internal sealed record ItemList(
    IReadOnlyList<string>? Marks,
    bool Tight,
    IReadOnlyList<IReadOnlyList<DocumentBlock>> Items) : DocumentBlock;

internal sealed record Quotation(IReadOnlyList<DocumentBlock> Blocks) : DocumentBlock;

internal sealed record Rule : DocumentBlock;

/// <param name="Number">Among the tables of the letter, from 1.</param>
/// <param name="Header">How many of the first rows are headings.</param>
/// <param name="Align">Each column's: <c>start</c>, <c>center</c> or <c>end</c>.</param>
internal sealed record TableOfCells(
    int Number,
    int Header,
    IReadOnlyList<string> Align,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<Run>>> Rows) : DocumentBlock;

/// <summary>A piece of text in one style; <c>\n</c> in it is a line break.</summary>
/// <param name="Link">The address it leads to, or null.</param>
internal sealed record Run(string Text, bool Strong = false, bool Emphasis = false, string? Link = null);
