using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// What one of a letter's particulars was and is, in words; <c>none</c> where it was or is not given.
/// </summary>
/// <param name="Of">The key of the letter that has changed: <c>Signatories</c>.</param>
/// <param name="Name">What of it has changed: <c>Signatories 2, title</c>.</param>
internal sealed record ChangedParticular(Phrase Of, Phrase Name, Phrase Before, Phrase Now);

/// <summary>
/// The particulars in which two letters differ. Each key of the schema is compared as it would be written into a file,
/// so that a key that is added is compared as well.
/// </summary>
internal static class LetterParticulars
{
    /// <param name="kind">Compares the keys that such a file has: those of a letter, or those of a translation.</param>
    /// <returns>In the order of the schema; empty where nothing differs.</returns>
    public static IReadOnlyList<ChangedParticular> Between(
        LetterSource before,
        LetterSource now,
        LetterFileKind kind) =>
    [
        .. LetterSchema.Keys
            .Where(key => key.In(kind) != KeyUse.None)
            .SelectMany(key => Changes(key, key.Label, key.Write(before, kind), key.Write(now, kind))
                .Select(change => new ChangedParticular(key.Label, change.Name, change.Before, change.Now))),
    ];

    /// <summary>
    /// What has changed within a group or a list of groups, by itself, where the same is there before and now.
    /// </summary>
    private static IEnumerable<(Phrase Name, Phrase Before, Phrase Now)> Changes(
        LetterKey key,
        Phrase name,
        FrontMatterNode? before,
        FrontMatterNode? now) => (before, now) switch
        {
            _ when FrontMatterEdit.AreSame(before, now) => [],
            (FrontMatterMap earlier, FrontMatterMap later) when key.Keys is not [] =>
                key.Keys.SelectMany(inner => Changes(
                    inner,
                    Say($"{name}, {inner.Label.WithinLine}"),
                    ValueOf(inner, earlier),
                    ValueOf(inner, later))),
            (FrontMatterList earlier, FrontMatterList later)
                // Only lists of one length go side by side; of others nobody can say which item is which, so they are
                // told whole.
                when key.Keys is not [] && earlier.Items.Count == later.Items.Count =>
                earlier.Items.Zip(later.Items).SelectMany((pair, index) =>
                    Changes(key, earlier.Items.Count > 1 ? Numbered(name, index + 1) : name, pair.First, pair.Second)),
            _ => [(name, Words(key, before), Words(key, now))],
        };

    private static Phrase Words(LetterKey key, FrontMatterNode? node) => node switch
    {
        null when key.Usual is { } usual => Words(key, new FrontMatterText(0, usual)),
        null when key == LetterSchema.Salutation => Say($"that of the language"),
        null when key == LetterSchema.Audience => Say($"everyone"),
        null => Say($"none"),
        FrontMatterText { Text: var text } => key.Choices.Contains(text) ? LetterChoices.Of(key, text) : key.Said(text),
        FrontMatterMap group when key.Keys is not [] => Row(
            key.Keys
                .Select(inner => (inner.Label, Value: ValueOf(inner, group), Key: inner))
                .Where(entry => entry.Value is not null)
                .Select(entry => Say($"{entry.Label}: {Words(entry.Key, entry.Value)}"))),
        FrontMatterMap moments => Listed(moments.Entries.Select(entry =>
            Say($"{DeskText.NameOf(new(entry.Key, default)).WithinLine} on {Words(key, entry.Value)}"))),
        FrontMatterList { Items: [_, _, ..] groups } when key.Keys is not [] =>
            Joined(
                groups.Select((group, index) =>
                    Phrase.Of(language => $"({index + 1}) {Words(key, group).In(language)}"))),
        FrontMatterList list => Listed(list.Items.Select(item => Words(key, item))),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private static FrontMatterNode? ValueOf(LetterKey key, FrontMatterMap group) =>
        group.Entries.FirstOrDefault(entry => entry.Key == key.Name)?.Value;

    private static Phrase Numbered(Phrase name, int number) => Phrase.Of(language => $"{name.In(language)} {number}");

    private static Phrase Row(IEnumerable<Phrase> phrases) =>
        Phrase.Of(language => string.Join(", ", phrases.Select(phrase => phrase.In(language))));
}
