using Distribution.Common;
using Distribution.Intake.CoverLetters;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake.Unfinished;

/// <summary>Looks into a file that a person has brought, so that its line says what it is.</summary>
internal static class UnfinishedFiles
{
    public static UnfinishedFile Look(string name, ReadOnlyMemory<byte> content)
    {
        var file = new UploadedFile(name, content, Sha256Hex.Of(content.Span));
        var text = DraftText.OfFirstPage(file);
        var translation = BlobNames.LanguageOf(name) is { } language && Languages.IsOfficial(language)
            ? LetterText.Read(name, content.Span, [])?.Body
            : null;
        return new(name, content.Length, file.Hash)
        {
            Begins = text is null
                ? null
                : UnsafeCharacters.Briefly(
                    string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
            Text = translation,
            Particulars = translation is null ? null : LetterTranslation.Read(name, content.Span),
            // A translation is no enclosure.
            Remarks = translation is not null
                ? []
                :
                [
                    .. EnclosureCheck.OfFile(file)
                        .Where(finding => finding.Severity != Severity.Note)
                        .Select(finding => finding.Words)
                ],
        };
    }

    /// <summary>The cover letter in a Word file; null if it is another document, which is sent.</summary>
    public static CoverLetter? CoverLetter(string name, ReadOnlyMemory<byte> content) =>
        FileTypes.ExtensionOf(name) == "docx"
        && WordLetter.Read(name, content).Read is { } read
        && CoverLetterReader.Read(read) is { IsLetter: true } letter
            ? letter
            : null;
}
