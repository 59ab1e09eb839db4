using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Web;

/// <summary>What is said in all six languages at once, because the language of its reader is not looked up.</summary>
internal sealed record SixLanguages(IReadOnlyList<SaidInOne> InWords)
{
    /// <param name="heading">A key of <see cref="PageWords"/>.</param>
    /// <param name="keys">The sentences, by their keys.</param>
    public static SixLanguages Of(string heading, params IReadOnlyList<string> keys) =>
        new([
            .. Languages.Official.Select(PageWords.Of).Select(words => new SaidInOne(
                words.Language,
                words["house"],
                words[heading],
                Joining.Sentences(words.Language, keys.Select(key => words[key])))),
        ]);
}

/// <param name="House">What the service is called.</param>
internal sealed record SaidInOne(string Language, string House, string Heading, string Words)
{
    public string Direction => Languages.IsRightToLeft(Language) ? "rtl" : "ltr";
}
