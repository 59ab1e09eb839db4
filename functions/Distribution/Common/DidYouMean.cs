namespace Distribution.Common;

/// <summary>Suggests the known word that a person most likely meant when they mistyped one.</summary>
internal static class DidYouMean
{
    /// <summary>
    /// The known word with the smallest edit distance to <paramref name="word"/>, ignoring case. Of several equally
    /// close words it is the first. Null when none is close enough to be a typing mistake.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        var typed = word.Trim().ToLowerInvariant();
        return typed.Length == 0
            ? null
            : known.Select(candidate => (Word: candidate, Distance: Edits(typed, candidate.ToLowerInvariant())))
                .Where(candidate => candidate.Distance <= Allowed(Math.Max(typed.Length, candidate.Word.Length)))
                .OrderBy(candidate => candidate.Distance)
                .FirstOrDefault()
                .Word;
    }

    /// <summary>The edits allowed for a word of this length: one third of its letters, at least 1, at most 4.</summary>
    private static int Allowed(int length) => Math.Clamp(length / 3, 1, 4);

    /// <summary>
    /// The Damerau-Levenshtein (edit) distance: letters inserted, deleted, replaced or swapped with their neighbour.
    /// </summary>
    private static int Edits(string from, string to)
    {
        // More than the largest allowed distance: no need to compute it.
        if (Math.Abs(from.Length - to.Length) > 4)
            return int.MaxValue;

        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            edits[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            edits[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(changed, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], 1 + edits[i - 2, j - 2]);
            }
        }

        return edits[from.Length, to.Length];
    }
}
