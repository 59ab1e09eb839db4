namespace Distribution.Register;

/// <summary>One row of the file, numbered as Excel numbers it.</summary>
internal sealed record RegisterRow(int Number, IReadOnlyList<string> Cells)
{
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);
}
