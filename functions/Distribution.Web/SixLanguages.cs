using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>What is said in all six languages, because the language of its reader's letter is not looked up.</summary>
internal sealed record SixLanguages(string Heading, IReadOnlyList<(string Language, string Words)> InWords)
{
    /// <summary>The same with the language first that the reader's browser asks for most.</summary>
    public SixLanguages For(HttpRequest request)
    {
        var wanted = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => InWords.Any(words => words.Language == language));
        return this with { InWords = [.. InWords.OrderByDescending(words => words.Language == wanted)] };
    }
}
