using System.Text.RegularExpressions;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Distribution.Web.Desk;

/// <summary>What became of words between two texts.</summary>
internal enum WordChange
{
    Unchanged,
    Removed,
    Added,
}

/// <summary>Words of a paragraph that follow each other and have changed, or not, together.</summary>
internal sealed record ComparedWords(WordChange Change, string Text);

/// <summary>The paragraphs of two texts that differ.</summary>
/// <param name="Paragraphs">Each as its words, those that were removed before those that took their place.</param>
internal sealed partial record TextComparison(IReadOnlyList<IReadOnlyList<ComparedWords>> Paragraphs)
{
    /// <summary>
    /// Two paragraphs with less than this of their characters in common are not one that was changed.
    /// </summary>
    private const double LeastShared = 0.4;

    /// <summary>
    /// Of both texts together: words are compared with each other, and longer texts would take seconds.
    /// </summary>
    private const int MostCharacters = 100_000;

    /// <summary>Whether they differ and are too long to be compared word by word.</summary>
    public bool IsTooLong { get; private init; }

    public bool HasChanges => IsTooLong || Paragraphs.Count > 0;

    /// <summary>
    /// Compares paragraph by paragraph, and word by word within one. How lines are broken does not matter.
    /// </summary>
    public static TextComparison Between(string before, string now)
    {
        if (before.Length + now.Length > MostCharacters)
            return new([]) { IsTooLong = before != now };
        var model = SideBySideDiffBuilder.Diff(Paragraphed(before), Paragraphed(now), ignoreWhiteSpace: false);
        return new(
            [.. model.OldText.Lines.Zip(model.NewText.Lines).SelectMany(pair => Changed(pair.First, pair.Second))]);
    }

    private static IEnumerable<IReadOnlyList<ComparedWords>> Changed(DiffPiece before, DiffPiece now)
    {
        if (before.Type == ChangeType.Unchanged)
            return [];
        List<ComparedWords> words = [];
        foreach (var (old, fresh) in before.SubPieces.Zip(now.SubPieces))
            if (old.Type == ChangeType.Unchanged)
                Add(WordChange.Unchanged, old.Text);
            else
            {
                Add(WordChange.Removed, old.Text);
                Add(WordChange.Added, fresh.Text);
            }

        var shared = words.Where(word => word.Change == WordChange.Unchanged).Sum(word => word.Text.Length);
        // Held against the shorter one: a paragraph that was only added to stays the same paragraph.
        if (words is not [] && shared >= LeastShared * Math.Min(before.Text.Length, now.Text.Length))
            return [words];
        return
        [
            .. string.IsNullOrEmpty(before.Text) ? [] : Whole(WordChange.Removed, before.Text),
            .. string.IsNullOrEmpty(now.Text) ? [] : Whole(WordChange.Added, now.Text),
        ];

        void Add(WordChange change, string? text)
        {
            if (string.IsNullOrEmpty(text))
                return;
            // A removal and what took its place are told word group by word group, not word by word.
            var last = words.FindLastIndex(word => word.Change == change);
            if (last >= 0 && words.FindIndex(last, word => word.Change == WordChange.Unchanged) is var next
                && (change == WordChange.Unchanged ? last == words.Count - 1 : next < 0))
                words[last] = words[last] with { Text = words[last].Text + text };
            else
                words.Add(new(change, text));
        }
    }

    private static IReadOnlyList<ComparedWords>[] Whole(WordChange change, string text) => [[new(change, text)]];

    /// <summary>One line a paragraph.</summary>
    private static string Paragraphed(string text) =>
        string.Join(
            '\n',
            Blank()
                // Where a line is broken within a paragraph prints nowhere, so it is no change.
                .Split(text.ReplaceLineEndings("\n"))
                .Select(paragraph => Space().Replace(paragraph, " ").Trim())
                .Where(paragraph => paragraph.Length > 0));

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex Blank();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
