namespace Distribution.Register;

/// <summary>One row of the register file, with the row number that Excel shows.</summary>
internal sealed record RegisterRow(int Number, IReadOnlyList<string> Cells)
{
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);
}
