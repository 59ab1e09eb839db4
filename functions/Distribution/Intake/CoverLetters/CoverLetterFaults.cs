using Distribution.Common;

namespace Distribution.Intake.CoverLetters;

/// <summary>Why a file cannot be taken apart as a cover letter; see <see cref="Finding"/>.</summary>
internal static class CoverLetterFaults
{
    public static Finding OldWordFile(string file) => new(165, Location.In(file),
        "This is a Word file of before 2007 (.doc), whose text cannot be taken out here.",
        "Open it in Word, save it as a Word document (.docx), and bring that one.");

    /// <param name="kind">What it is, with its article: <c>a PDF</c>.</param>
    public static Finding NotAWordFile(string file, string kind) => new(166, Location.In(file),
        $"This is {kind}, and a cover letter's text is taken only from a Word document (.docx).",
        "Save it as a Word document (.docx) where it was written, or copy its text into the letter.");

    public static Finding WordFileLocked(string file) => new(167, Location.In(file),
        "The Word file opens only with a password.",
        "Save a copy without the password, and bring that one.");

    public static Finding WordFileDamaged(string file) => new(168, Location.In(file),
        "The Word file is damaged: its text cannot be read.",
        "Open it in Word, save it anew, and bring that one.");

    public static Finding WordFileTooLarge(string file, string limit) => new(169, Location.In(file),
        $"The Word file holds more than {limit}, which no cover letter does.",
        "Copy the text of the letter into a new document, and bring that one.");

    public static Finding WordFileWithoutText(string file, int pictures) => new(170, Location.In(file),
        pictures switch
        {
            0 => "The Word file holds no text.",
            1 => "The Word file holds a picture and no text, as of a letter that was scanned.",
            _ => $"The Word file holds {pictures} pictures and no text, as of a letter that was scanned.",
        },
        "Type the text into the letter; a signed letter that was scanned is sent as a PDF among the documents.");
}
