using Distribution.Common;

namespace Distribution.Register;

/// <summary>The cells of a register that have the same fault, in the order of the rows; at least one.</summary>
internal sealed record FoundCells(IReadOnlyList<(Location Place, string Text)> Cells)
{
    private const int MostNamed = 4;

    public Location First => Cells[0].Place;

    /// <summary>What stands in the first of them, as a message repeats it.</summary>
    public string Text => UnsafeCharacters.Briefly(Cells[0].Text);

    /// <summary>
    /// Where the others are, to be put before a full stop: <c>; likewise “0” in row 3, column name and in 12 more
    /// cells</c>. Empty where there is one cell alone.
    /// </summary>
    public string Likewise
    {
        get
        {
            var named = Cells
                .Skip(1)
                .Take(MostNamed)
                .Select(cell =>
                    $"“{UnsafeCharacters.Briefly(cell.Text)}” in row {cell.Place.Line}, column {cell.Place.Field}");
            var more = Cells.Count - 1 - MostNamed;
            return Cells.Count == 1
                ? ""
                : $"; likewise {EnglishText.Listed([.. named, .. more > 0 ? [$"in {EnglishText.Counted(more, "more cell")}"] : (string[])[]])}";
        }
    }
}

/// <summary>
/// Collects the cells of a file that have the same fault, so that a column of two hundred zeros is one finding and not
/// two hundred.
/// </summary>
internal sealed class CellFindings
{
    private readonly List<(Func<FoundCells, Finding> Fault, List<(Location Place, string Text)> Cells)> found = [];

    // Of cells with a fault alone: a doubt hides nothing else that is found in its cell.
    private readonly HashSet<Location> places = [];

    /// <param name="fault">A method of <see cref="RegisterFaults"/>, by which the cells are collected.</param>
    public void AddFault(Func<FoundCells, Finding> fault, Location place, string text)
    {
        Add(fault, place, text);
        places.Add(place);
    }

    /// <summary>The same for what keeps no register from being used.</summary>
    public void AddDoubt(Func<FoundCells, Finding> doubt, Location place, string text) => Add(doubt, place, text);

    private void Add(Func<FoundCells, Finding> fault, Location place, string text)
    {
        // Delegates of one static method are equal, so the method itself is the key.
        var known = found.FindIndex(entry => entry.Fault == fault);
        if (known < 0)
        {
            known = found.Count;
            found.Add((fault, []));
        }

        found[known].Cells.Add((place, text));
    }

    /// <summary>Whether this cell has a fault.</summary>
    public bool HasFault(Location place) => places.Contains(place);

    public IEnumerable<Finding> All => found.Select(entry => entry.Fault(new(entry.Cells)));
}
