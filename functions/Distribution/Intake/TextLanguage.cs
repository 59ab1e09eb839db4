using System.Collections.Frozen;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>
/// In which of the six official languages a text is written, by its script and its most frequent words.
/// </summary>
internal static class TextLanguage
{
    /// <summary>Fewer words tell nothing: they may be names.</summary>
    private const int FewestWords = 3;

    // Words that no two of these languages share.
    private static readonly IReadOnlyList<(string Language, FrozenSet<string> Words)> Frequent =
    [
        ("en", Words("the of and to we our for is are that with this your will by be from which have has please")),
        ("fr", Words("le les des du et nous vous notre votre est sont une dans pour sur avec au aux ce cette qui")),
        ("es", Words("el los del y nuestro nuestra su sus es son una para con al por las este esta ha han le lo nos")),
    ];

    /// <returns>The code of the language; null if it is not clear.</returns>
    public static string? Of(string markdown)
    {
        var words = LabelText.Plain(Fields(markdown)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var letters = words.SelectMany(word => word).Where(char.IsLetter).ToList();
        if (letters.Count == 0)
            return null;
        // One sign of Chinese is a word, and a Latin name beside it has many letters: a third is most of the text.
        if (letters.Count(letter => letter is >= '一' and <= '鿿') * 3 > letters.Count)
            return "zh";
        if (letters.Count(letter => letter is >= '\u0600' and <= '\u06FF') * 2 > letters.Count)
            return "ar";
        if (letters.Count(letter => letter is >= '\u0400' and <= '\u04FF') * 2 > letters.Count)
            return "ru";
        var found = Frequent
            .Select(frequent => (frequent.Language, Count: words.Count(frequent.Words.Contains)))
            .OrderByDescending(frequent => frequent.Count)
            .ToList();
        return found[0].Count >= FewestWords && found[0].Count > 2 * found[1].Count ? found[0].Language : null;
    }

    // What stands in fields is the same in all languages.
    private static string Fields(string markdown) =>
        System.Text.RegularExpressions.Regex.Replace(
            markdown,
            @"\{\{.*?\}\}",
            " ",
            System.Text.RegularExpressions.RegexOptions.Singleline);

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet();
}
