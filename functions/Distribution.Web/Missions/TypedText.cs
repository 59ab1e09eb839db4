using System.Globalization;
using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Web.Missions;

/// <summary>
/// The check of every name, function and title that is typed on a mission's page. Each leaves in a mail of the service:
/// in a receipt, with a forwarded letter, or to a mailbox that somebody proposed.
/// </summary>
internal static class TypedText
{
    public const int MostCharacters = 200;

    /// <returns>What is wrong with it, in a sentence; null for nothing.</returns>
    /// <param name="words">Those of the letter's pages, by key.</param>
    public static string? Problem(string text, IReadOnlyDictionary<string, string> words, PageWords pageWords) =>
        UnsafeCharacters.FirstUnprintable(text) is not null ? words["unprintable"]
        // Counts characters as people see them. Such a character can consist of many UTF-16 units, so these are limited
        // too.
        : new StringInfo(text).LengthInTextElements > MostCharacters || text.Length > 4 * MostCharacters
            ? words["too_long"]
        : Linkable.IsIn(text) ? pageWords["typed_link"]
        : null;

    /// <inheritdoc cref="Problem"/>
    public static string? ProblemOfName(string name, IReadOnlyDictionary<string, string> words, PageWords pageWords) =>
        name is "" ? words["name_missing"] : Problem(name, words, pageWords);
}
