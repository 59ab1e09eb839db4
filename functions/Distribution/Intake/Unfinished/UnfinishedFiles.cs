using System.Text;
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
        var translation = BlobNames.LanguageOf(name) is { } language && Languages.IsOfficial(language) ? LetterText.Read(name, content.Span, [])?.Body : null;
        return new(name, content.Length, file.Hash)
        {
            Begins = text is null ? null : UnsafeCharacters.Briefly(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
            Text = translation,
            // A translation is no enclosure.
            Remarks = translation is not null ? [] : [.. EnclosureCheck.OfFile(file).Where(finding => finding.Severity != Severity.Note).Select(finding => finding.Words)],
        };
    }

    /// <summary>The file as it goes into its folder: a translation with its text, whose particulars stay as they were brought.</summary>
    public static ReadOnlyMemory<byte> Finished(UnfinishedFile file, ReadOnlyMemory<byte> content) =>
        file.Text is { } text
        && TextEncoding.Read(content.Span) is { } brought
        && LetterText.Read(file.Name, content.Span, []) is { } read
        && read.Body != text
            ? Encoding.UTF8.GetBytes(LetterFileWriter.WithBody(brought, text.Trim()))
            : content;

    /// <summary>The cover letter in a Word file; null if it is another document, which is sent.</summary>
    public static CoverLetter? CoverLetter(string name, ReadOnlyMemory<byte> content) =>
        FileTypes.ExtensionOf(name) == "docx"
        && WordLetter.Read(name, content).Read is { } read
        && CoverLetterReader.Read(read) is { IsLetter: true } letter
            ? letter
            : null;
}
