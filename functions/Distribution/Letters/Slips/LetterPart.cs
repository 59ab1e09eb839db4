using Distribution.Common;

namespace Distribution.Letters.Slips;

/// <summary>A text of a letter that its author wrote and that is printed: the body, or one of the particulars.</summary>
/// <param name="Field">The key of the particular; null for the body.</param>
/// <param name="FirstLine">The line of the file on which the body starts; null for a particular.</param>
internal sealed record LetterPart(string File, string? Field, string Text, int? FirstLine)
{
    public static LetterPart Body(LetterSource letter) => new(letter.File, null, letter.Body, letter.BodyLine);

    /// <summary>The body and all particulars in words; of a translation those that it says itself.</summary>
    public static IEnumerable<LetterPart> All(LetterSource letter, LetterSource? authentic)
    {
        var own = Particulars(letter).ToList();
        return (authentic is null ? own : own.Except([.. Particulars(authentic)]))
            .Where(particular => particular.Text is not null)
            .Select(particular => new LetterPart(letter.File, particular.Field, particular.Text!, null))
            .Prepend(Body(letter));
    }

    /// <param name="line">The line of the text, from 0.</param>
    public Location At(int line) => Location.In(File, FirstLine + line, Field);

    /// <summary>The place within the file: <c>line 12</c>, <c>“subject:”</c>.</summary>
    /// <param name="line">The line of the text, from 0.</param>
    public string Within(int line) => FirstLine is { } first ? $"line {first + line}" : $"“{Field}:”";

    private static IEnumerable<(string Field, string? Text)> Particulars(LetterSource letter) =>
    [
        ("process", letter.Process),
        ("subject", letter.Subject),
        ("reference", letter.Reference),
        ("place", letter.Place),
        ("salutation", letter.Salutation),
        .. letter.Signatories.SelectMany(person => new[] { person.Name, person.Title, person.Letterhead })
            .Select(words => ("signatories", (string?)words)),
        ("sender", letter.Sender?.Name),
        ("sender", letter.Sender?.Letterhead),
        ("contact", letter.Contact.Name),
        .. letter.Enclosures.Select(entry => ("enclosures", (string?)entry.Title)),
    ];
}
