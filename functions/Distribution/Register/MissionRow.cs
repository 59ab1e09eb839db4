using System.Text;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Who made a register at the desk, and why. It stays with that register.</summary>
/// <param name="MissionId">The mission whose row was changed; null where a whole file was uploaded.</param>
/// <param name="Reason">Empty where a whole file was uploaded.</param>
internal sealed record RegisterEdit(Person By, string? MissionId, string Reason)
{
    /// <summary>The same as it is stored, in headers.</summary>
    public RegisterEdit OnOneLine =>
        this with { By = By with { Name = SingleLine.Of(By.Name) }, Reason = SingleLine.Of(Reason) };
}

/// <summary>
/// What of a mission's row of a register file can be changed at the desk, cell by cell as it was typed.
/// </summary>
/// <param name="Cells">By column name: each of <see cref="Editable"/>, empty where the file has no such column.</param>
internal sealed record MissionRow(IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>
    /// In the order of the form. A mission's id, name and kind say which mission it is: they change with an upload,
    /// which a person confirms.
    /// </summary>
    public static readonly IReadOnlyList<string> Editable =
    [
        RegisterColumns.To,
        RegisterColumns.Cc,
        RegisterColumns.HeadOfMission,
        RegisterColumns.FormOfAddress,
        RegisterColumns.HeadTitle,
        RegisterColumns.Title,
        RegisterColumns.Language,
        RegisterColumns.AlternateLanguage,
        RegisterColumns.Telephone,
    ];

    /// <summary>By which a form says what it was filled in with: lower-case hexadecimal.</summary>
    public string Hash =>
        // Parted by a control sign, which no cell of a register may hold: no text runs over into the next.
        Sha256Hex.Of(Encoding.UTF8.GetBytes(string.Join('\u001f', Editable.Select(column => Cells[column]))));

    public MissionRow With(IEnumerable<(string Column, string Text)> cells)
    {
        var changed = new Dictionary<string, string>(Cells);
        foreach (var (column, text) in cells)
            changed[column] = text;
        return new(changed);
    }

    /// <returns>Null where the register has no such mission.</returns>
    public static MissionRow? Find(ReadOnlyMemory<byte> register, string missionId) =>
        Read(register, missionId) is var (_, columns, row) ? Of(columns, row) : null;

    /// <returns>Those of these missions that the register has, by id.</returns>
    public static IReadOnlyDictionary<string, MissionRow> Find(
        ReadOnlyMemory<byte> register,
        IReadOnlySet<string> missionIds)
    {
        if (RegisterCsv.RowsOf(register) is not ([var header, ..] and var rows))
            return new Dictionary<string, MissionRow>();
        var columns = RegisterColumns.Read(RegisterContainer.InUse, header, out _);
        return rows.Skip(1)
            .Select(row => (Id: columns.Cell(row, RegisterColumns.Mission), Row: row))
            .Where(found => missionIds.Contains(found.Id))
            .DistinctBy(found => found.Id)
            .ToDictionary(found => found.Id, found => Of(columns, found.Row));
    }

    private static MissionRow Of(RegisterColumns columns, RegisterRow row) =>
        new(Editable.ToDictionary(column => column, column => columns.Typed(row, column)));

    /// <summary>
    /// The register with this row's cells in place of those the file has. Every other cell stays as it was typed; a
    /// column that the file lacks is added where something is to stand in it.
    /// </summary>
    /// <returns>CSV; null where the register has no such mission.</returns>
    public byte[]? In(ReadOnlyMemory<byte> register, string missionId)
    {
        if (Read(register, missionId) is not var (rows, columns, row))
            return null;
        // Behind the longest row: a new column must not take in what stands there under no name.
        var width = rows.Max(one => one.Cells.Count);
        var (header, cells) = (Widened(rows[0], width), Widened(row, width));
        foreach (var (column, text) in Cells.Where(cell => columns.Typed(row, cell.Key) != cell.Value))
            if (columns.PlaceOf(column) is { } place)
                cells[place] = text;
            else
            {
                header.Add(column);
                cells.Add(text);
            }

        return RegisterCsv.Write(
            [
                .. rows.Select((one, place) =>
                    place == 0 ? one with { Cells = header }
                    : one == row ? one with { Cells = cells }
                    : one),
            ]);
    }

    private static List<string> Widened(RegisterRow row, int width) =>
        [.. row.Cells, .. Enumerable.Repeat("", width - row.Cells.Count)];

    private static (IReadOnlyList<RegisterRow> Rows, RegisterColumns Columns, RegisterRow Row)? Read(
        ReadOnlyMemory<byte> register,
        string missionId)
    {
        var rows = RegisterCsv.RowsOf(register);
        if (rows is not [var header, ..])
            return null;
        var columns = RegisterColumns.Read(RegisterContainer.InUse, header, out _);
        return rows.Skip(1).FirstOrDefault(row => columns.Cell(row, RegisterColumns.Mission) == missionId) is { } row
            ? (rows, columns, row)
            : null;
    }
}
