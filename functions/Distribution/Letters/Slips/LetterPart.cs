using Distribution.Common;

namespace Distribution.Letters.Slips;

/// <summary>
/// A text of a letter that its author wrote: the body, or one of <see cref="LetterSource.Particulars"/>.
/// </summary>
/// <param name="Field">The place of the particular; null for the body.</param>
/// <param name="FirstLine">The line of the file on which the body starts; null for a particular.</param>
internal sealed record LetterPart(string File, string? Field, string Text, int? FirstLine)
{
    public static LetterPart Body(LetterSource letter) => new(letter.File, null, letter.Body, letter.BodyLine);

    /// <summary>The body and all particulars; of a translation those that differ from the authentic letter's.</summary>
    /// <param name="letter">The letter or a translation.</param>
    /// <param name="authentic">The authentic letter of a translation; null for the authentic letter itself.</param>
    public static IEnumerable<LetterPart> All(LetterSource letter, LetterSource? authentic)
    {
        var said = (authentic?.Particulars ?? []).Select(particular => particular.Text).ToHashSet();
        return letter.Particulars
            .Where(particular => !said.Contains(particular.Text))
            .Select(particular => new LetterPart(letter.File, particular.Field, particular.Text, null))
            .Prepend(Body(letter));
    }

    /// <param name="line">The line of the text, from 0.</param>
    public Location At(int line) => Location.In(File, FirstLine + line, Field);
}
