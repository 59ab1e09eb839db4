using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters.Reading;

namespace Distribution.Web.Desk;

/// <summary>
/// Findings are worded for people who have the letter's file before them, and quote its keys: “label: Draft Rev 1”.
/// People who use the form have never seen that file: for them, each field is called what the form calls it.
/// </summary>
internal static partial class FormWords
{
    private static readonly IReadOnlyList<LetterKey> InGroups =
        [.. EnclosureKeys.All, .. MeetingKeys.All, .. SignatoryKeys.All, .. SenderKeys.All];

    /// <summary>The finding as the page that is being rendered says it.</summary>
    public static Finding Of(Finding finding) => finding with
    {
        Words = Of(finding.Words, finding.Location),
        Remedy = Of(finding.Remedy, finding.Location),
    };

    /// <param name="place">Tells which field is meant where several groups have one of that key.</param>
    public static Phrase Of(string words, Location place) => Phrase.Of(language =>
    {
        // In this order: a sentence that tells to take a line out would be worded by the rule for quoted keys, too.
        var text = Removed().Replace(words, match =>
            Label(match) is { } label
                ? $"{(match.Groups["begins"].Success ? "L" : "l")}eave “{label}” empty"
                : match.Value);
        text = Line().Replace(text, match =>
            match.Groups["file"].Success ? ""
            : match.Groups["each"].Success ? "each"
            : match.Groups["take"].Success ? "take it out"
            : match.Groups["begins"].Success ? "Leave it empty"
            : "leave it empty");
        return Quoted().Replace(text, match =>
            Label(match) is not { } label ? match.Value
            : match.Groups["value"] is { Success: true, Value: var value } ? $"“{label}: {Choice(match, value)}”"
            : $"“{label}”");

        string? Label(Match match) => Find(match.Groups["key"].Value, place)?.Label.In(language);

        string Choice(Match match, string value) =>
            Find(match.Groups["key"].Value, place) is { Key: var key } && key.Choices.Contains(value)
                ? LetterChoices.Of(key, value).In(language)
                : value;
    });

    private static (LetterKey Key, Phrase Label)? Find(string name, Location place) =>
        // First within the group where the finding is: “title” is a key of several.
        place.Field?.Split('[', '.')[0] is { } group
        && LetterSchema.Keys.FirstOrDefault(key => key.Name == group)?
            .Keys.FirstOrDefault(key => key.Name == name) is { } inner
            ? (inner, TypedLetterForm.NameOf($"{group}.{name}"))
        : LetterSchema.Keys.FirstOrDefault(key => key.Name == name) is { } own ? (own, TypedLetterForm.NameOf(name))
        : InGroups.FirstOrDefault(key => key.Name == name) is { } other ? (other, other.Label)
        : null;

    /// <summary>A key's line that is to go: in the form, the field is emptied.</summary>
    [GeneratedRegex("\\b(?:(?<begins>T)ake|take|(?<begins>R)emove|remove) (?:the line )?“(?<key>[a-z_0-9]+)(?::[^”]*)?”(?: and those below it)?(?: out\\b)?(?: with the lines below it)?")]
    private static partial Regex Removed();

    [GeneratedRegex("\\b(?:(?<begins>R)emove the line|remove the line|leave the line out|(?<take>take the line out)|(?<each>a line for each))\\b(?! “)|(?<file>; in a file it stands [^.;]*)")]
    private static partial Regex Line();

    /// <summary>A quoted key with its colon, or bare where only a key can stand.</summary>
    [GeneratedRegex(
        "(?:\\b(?:the|its) line )?“(?<key>[a-z_0-9]+):(?: (?<value>[^”]*))?”"
        + "|(?<=\\b(?:after|under|with|both|and|lacks|out|key|[Oo]f) |“[a-z_0-9]+”, )“(?<key>[a-z_0-9]+)”"
        + "|(?<=^|[.;] )“(?<key>[a-z_0-9]+)”(?= (?:has|lies|runs|contains|is missing)\\b)")]
    private static partial Regex Quoted();
}
