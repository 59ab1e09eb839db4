using Distribution.Common;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>How the form of a letter calls the words that a key of <c>letter.md</c> takes.</summary>
internal static class LetterChoices
{
    /// <summary>What the form calls a word at this key: some keys mean more by theirs.</summary>
    public static Phrase Of(LetterKey key, string word) => (key.Name, word) switch
    {
        ("language" or "translations", _) => DeskText.Language(word),
        ("form", "letter") => Say($"a letter"),
        ("form", "note-verbale") => Say($"a note verbale"),
        ("form", "cover-letter") => Say($"a cover letter, which passes on another one"),
        ("address", "addressed") => Say($"a letter to each, with its address"),
        ("address", _) => Say($"one letter to all together"),
        ("page", "documents") => Say($"to acknowledge, and to fetch letter and documents"),
        ("page", _) => Say($"to acknowledge"),
        ("paper", "a4") => Plain("A4"),
        ("paper", _) => Plain("US Letter"),
        _ => Of(word),
    };

    /// <returns>The word itself, with spaces for its hyphens, where it is not known here.</returns>
    private static Phrase Of(string word) => word switch
    {
        // Roles of a document.
        "draft" => Say($"draft"),
        "letter" => Say($"the signed letter, scanned"),
        "enclosed-letter" => Say($"enclosed letter"),
        "comparison" => Say($"comparison"),
        "annex" => Say($"annex"),
        "programme" => Say($"programme"),
        "note" => Say($"note"),
        "form" => Say($"form"),
        "other" => Say($"other"),

        // Markings.
        "personal" => Say($"personal"),
        "confidential" => Say($"confidential"),
        "strictly-confidential" => Say($"strictly confidential"),
        "advance-unedited" => Say($"advance unedited"),
        "not-for-circulation" => Say($"not for circulation"),
        "for-delegations-only" => Say($"for delegations only"),

        // Kinds of correction.
        "corrigendum" => Say($"corrigendum"),
        "re-issue" => Say($"re-issue"),
        "withdrawal" => Say($"withdrawal"),

        // Replies, what acknowledges, and who releases.
        "contact" => Say($"contact"),
        "tracked" => Say($"tracked"),
        "name" => Say($"name"),
        "reference" => Say($"reference"),
        "on-approval" => Say($"on approval"),
        "automatic" => Say($"automatic"),

        // Whether a meeting is cancelled.
        "yes" => Say($"yes"),
        "no" => Say($"no"),
        _ => Plain(word.Replace('-', ' ')),
    };
}
