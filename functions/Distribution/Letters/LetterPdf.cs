using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>A letter as a PDF that is attached to the email.</summary>
/// <param name="File">
/// The attachment's name, by which a mission can file it. It is frozen with the letter: letters of earlier versions
/// have <c>letter.en.pdf</c>.
/// </param>
/// <param name="Mission">The id of the mission it is addressed to; null if all missions get the same PDF.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed partial record LetterPdf(string File, string Language, string? Mission, long Length, string Hash)
{
    /// <summary>
    /// The most that process and draft each take of the name, in bytes of UTF-8. Most file systems take no name above
    /// 255 bytes, or above 255 characters.
    /// </summary>
    private const int Longest = 40;

    /// <summary>
    /// <c>2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (fr, unofficial translation).pdf</c>:
    /// the day first, so that the letters of a process stand in their order.
    /// </summary>
    /// <param name="authentic">Its process and draft name translations too, so that they stand beside it.</param>
    /// <param name="language">The language of this PDF.</param>
    public static string NameOf(LetterSource authentic, string language) => NameOfFile(
        authentic,
        $"{Kind(authentic.Form)} ({language}{(language == authentic.Language ? "" : ", unofficial translation")}).pdf");

    /// <summary>The name of another file that is made from the letter.</summary>
    /// <param name="end">What it is, with its extension: <c>meetings.ics</c>.</param>
    public static string NameOfFile(LetterSource authentic, string end) =>
        string.Join(
            " - ",
            ((string[])
            [
                string
                    .Create(CultureInfo.InvariantCulture, $"{authentic.Date:yyyy-MM-dd} {Part(authentic.Process)}")
                    .TrimEnd(),
                Part(authentic.DraftLabel),
                end,
            ]).Where(part => part.Length > 0));

    /// <summary>Whether it is the letter itself, and no unofficial translation.</summary>
    [JsonIgnore]
    public bool IsAuthentic => !Name().Match(File).Groups["translation"].Success;

    /// <summary>True if a file's name could be mistaken for the name of a typeset letter.</summary>
    /// <param name="isScan">
    /// True if the file is the signed scan: it replaces the authentic letter and may have its name.
    /// </param>
    public static bool IsName(string file, bool isScan) =>
        Name().Match(file) is { Success: true } found && (!isScan || found.Groups["translation"].Success);

    private static string Kind(LetterForm form) => form switch
    {
        LetterForm.NoteVerbale => "note verbale",
        LetterForm.CoverLetter => "cover letter",
        _ => "letter",
    };

    /// <summary>
    /// As many whole words as fit, of the signs that every file system takes. What ends a cut title without meaning
    /// anything, such as "and", is left out.
    /// </summary>
    private static string Part(string title)
    {
        var words = string.Concat(title.Normalize().Select(sign => IsTaken(sign) ? sign : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var part = "";
        foreach (var word in words)
        {
            var longer = part.Length == 0 ? word : $"{part} {word}";
            if (Encoding.UTF8.GetByteCount(longer) > Longest)
                return part.Length == 0 ? Cut(word) : Ends().Replace(part, "").TrimEnd(Trimmed);
            part = longer;
        }

        return part.TrimEnd(Trimmed);
    }

    /// <summary>A word that alone is too long, such as a title in a script that writes no spaces.</summary>
    private static string Cut(string word)
    {
        var cut = new StringBuilder();
        var length = 0;
        foreach (var rune in word.EnumerateRunes().TakeWhile(rune => (length += rune.Utf8SequenceLength) <= Longest))
            cut.Append(rune);
        return cut.ToString();
    }

    // Signs that turn the direction of writing, or are not seen, are none of these: a program would show another end
    // of the name than the file has.
    private static bool IsTaken(char sign) =>
        char.IsLetterOrDigit(sign)
        || char.IsSurrogate(sign)
        || char.GetUnicodeCategory(sign) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || " .,()&+'’-".Contains(sign, StringComparison.Ordinal);

    private static readonly char[] Trimmed = [' ', '.', ',', '-', '&', '+', '('];

    [GeneratedRegex(@"(\s\p{Ll}{1,3})+$")]
    private static partial Regex Ends();

    [GeneratedRegex(
        @"^(letter\.[a-z]{2}(?<translation>\.unofficial-translation)?|\d{4}-\d\d-\d\d .* - (cover )?(letter|note verbale) \([a-z]{2}(?<translation>, unofficial translation)?\))\.pdf$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
