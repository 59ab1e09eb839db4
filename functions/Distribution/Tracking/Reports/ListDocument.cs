using Distribution.Letters.Typesetting;

namespace Distribution.Tracking.Reports;

/// <summary>
/// A list as data for the template <c>list.typ</c>, which treats every value as text and never as code.
/// </summary>
/// <param name="Over">The line above the title: the process and the draft.</param>
/// <param name="Facts">Lines below the title.</param>
/// <param name="Rows">Each row has as many cells as there are columns.</param>
/// <param name="Notes">Paragraphs below the table.</param>
internal sealed record ListDocument(
    string Title,
    string Date,
    string Over,
    IReadOnlyList<string> Facts,
    IReadOnlyList<ListColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Notes) : ITypesetDocument
{
    /// <summary>The column that names the rows, from 0: the first that is not to be ticked.</summary>
    public int RowHeader => Columns.TakeWhile(column => column.IsBox).Count();

    /// <summary>As many rows as are typeset within the time and memory of one document, with room to spare.</summary>
    public const int MostRows = 500;

    /// <summary>How many documents a list of so many rows is printed as.</summary>
    public static int PartsOf(int rows) => Math.Max(1, (rows + MostRows - 1) / MostRows);

    /// <param name="part">From 1.</param>
    /// <returns>
    /// A part of a long list, which says so; the whole of a short one. Null where it has no such part.
    /// </returns>
    public ListDocument? Part(int part)
    {
        var parts = PartsOf(Rows.Count);
        if (part < 1 || part > parts)
            return null;
        var first = (part - 1) * MostRows;
        return parts == 1
            ? this
            : this with
            {
                Title = $"{Title}, part {part} of {parts}",
                Facts =
                [
                    .. Facts,
                    $"This part has rows {first + 1} to {Math.Min(first + MostRows, Rows.Count)} of {Rows.Count}."
                ],
                Rows = [.. Rows.Skip(first).Take(MostRows)],
            };
    }
}

/// <param name="Share">The column's width, relative to the shares of the other columns.</param>
/// <param name="IsBox">Whether the column has boxes to tick.</param>
internal sealed record ListColumn(string Title, int Share, bool IsBox = false);
