using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Web;

/// <summary>What is said in all six languages at once, because the language of its reader is not looked up.</summary>
internal sealed record SixLanguages(string Heading, IReadOnlyList<(string Language, string Words)> InWords)
{
    /// <param name="keys">The sentences, by the keys of <see cref="PageWords"/>.</param>
    public static SixLanguages Of(string heading, params IReadOnlyList<string> keys) =>
        new(
            heading,
            [
                .. Languages.Official.Select(language =>
                    (language, Joining.Sentences(language, keys.Select(key => PageWords.Of(language)[key])))),
            ]);
}
