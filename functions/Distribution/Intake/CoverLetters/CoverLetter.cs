namespace Distribution.Intake.CoverLetters;

/// <summary>A person who signs, as a document has it.</summary>
/// <param name="Title">Its lines as one, with commas; empty where it has none.</param>
internal sealed record DocumentSignatory(string Name, string Title);

/// <summary>A cover letter taken apart. What was not found is null or empty.</summary>
/// <param name="Language">One of the six official languages, as salutation, close or words show it.</param>
/// <param name="Place">In English where a letter's words know it: <c>Geneva</c>.</param>
/// <param name="Salutation">Null also where it is the language's own, which the letter has by itself.</param>
/// <param name="Text">As it is typed in a letter.</param>
/// <param name="Letterheads">What stands above all else, one a line.</param>
/// <param name="LeftOut">What was not taken, each a sentence that says why.</param>
/// <param name="IsLetter">Whether salutation or close were found: it is a letter and no other text.</param>
internal sealed record CoverLetter(
    string? Language,
    string? Place,
    DateOnly? Date,
    string? Reference,
    string? Subject,
    string? Salutation,
    string Text,
    IReadOnlyList<DocumentSignatory> Signatories,
    IReadOnlyList<string> Letterheads,
    IReadOnlyList<string> LeftOut,
    bool IsLetter);
