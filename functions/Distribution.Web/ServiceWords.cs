using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Web;

/// <summary>
/// Words of the service that may name a setting. Whoever sits at the desk cannot change one: they read the rest, and
/// whom to ask. Whoever runs the service reads all of it: on the page unfolded, in its log, on the console.
/// </summary>
internal static partial class ServiceWords
{
    private const string Ask = "Ask whoever runs this service.";

    /// <returns>Whether the words name a setting, such as <c>Mail:From</c>.</returns>
    public static bool NameSettings(string words) => Setting().IsMatch(words);

    /// <summary>The sentences that name no setting, and whom to ask where there were others.</summary>
    public static string Plain(string words)
    {
        if (!NameSettings(words))
            return words;
        var plain = string.Join(' ', SentenceEnd().Split(words).Where(sentence => !NameSettings(sentence)));
        return plain.Length == 0 ? Ask : $"{plain} {Ask}";
    }

    /// <inheritdoc cref="Plain(string)"/>
    public static Phrase Plain(Phrase words) => Phrase.Of(language => Plain(words.In(language)));

    /// <summary>A place or name of a few words: what it is instead of what it is called.</summary>
    public static string Place(string words) => NameSettings(words) ? "how this service is set up" : words;

    // The sections of the settings, as README.md lists them.
    [GeneratedRegex(@"\b(?:Mail|Release|Intake|Dispatch|Typesetting|Inbound|Receipts|Reminders|Retention|Monitoring|Links|Site|Limits|ConnectionStrings):[A-Z][A-Za-z]*")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<=[.!?]”?)\s+(?=[\p{Lu}“])")]
    private static partial Regex SentenceEnd();
}
