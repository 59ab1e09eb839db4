using System.Text;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Maps the column names of the register to their positions in one file.</summary>
internal sealed class RegisterColumns
{
    public const string Mission = "mission";
    public const string Kind = "kind";
    public const string Name = "name";
    public const string Title = "title";
    public const string HeadTitle = "head_title";
    public const string HeadOfMission = "head_of_mission";
    public const string FormOfAddress = "form_of_address";
    public const string Language = "language";
    public const string AlternateLanguage = "alternate_language";
    public const string To = "to";
    public const string Cc = "cc";
    public const string OfficialLanguages = "official_languages";
    public const string Telephone = "telephone";
    public const string Code = "code";
    public const string Groups = "groups";

    /// <summary>The languages that a name or title can be translated into, in the order of the columns.</summary>
    public static readonly IReadOnlyList<string> Translations = ["fr", "es", "ar", "ru", "zh"];

    // Columns whose cells may be empty are required too: leaving out a whole column by mistake must not silently remove
    // every mission's Cc or head of mission.
    public static readonly IReadOnlyList<string> Required =
        [Mission, Kind, Name, Title, HeadTitle, HeadOfMission, FormOfAddress, Language, AlternateLanguage, To, Cc];

    private static readonly string[] Known =
        [
            .. Required,
            OfficialLanguages,
            Telephone,
            Code,
            Groups,
            .. Translations.Select(NameIn),
            .. Translations.Select(TitleIn),
        ];

    /// <summary>A row with fewer known names than this is not taken for the row of the column names.</summary>
    private const int FewestInHeader = 3;

    /// <summary>The columns whose cells a letter prints: names and titles, in every language.</summary>
    private static readonly HashSet<string> Printed =
        [
            Name, Title, HeadTitle, HeadOfMission, FormOfAddress,
            .. Translations.Select(NameIn),
            .. Translations.Select(TitleIn)
        ];

    private readonly Dictionary<string, int> places = [];

    private readonly int count;

    private RegisterColumns(int count) => this.count = count;

    public static string NameIn(string language) => $"name_{language}";

    public static string TitleIn(string language) => $"title_{language}";

    /// <summary>Whether a letter prints what stands in the column.</summary>
    public static bool IsPrinted(string column) => Printed.Contains(column);

    /// <summary>The language a printed column is in; that of <c>name</c> is English.</summary>
    public static string LanguageOf(string column) =>
        Translations.FirstOrDefault(language => column == NameIn(language) || column == TitleIn(language)) ?? "en";

    /// <summary>Whether a row holds the names of columns, some of them perhaps misspelled.</summary>
    public static bool IsHeader(RegisterRow row) =>
        row.Cells.Count(cell => KnownOf(cell) is not null) >= FewestInHeader;

    /// <summary>
    /// The column that a cell of the header names: in any case, with blanks or hyphens for underscores, and whatever
    /// cannot be seen; null if it names none.
    /// </summary>
    private static string? KnownOf(string cell)
    {
        var typed = SpreadsheetCell.Clean(cell, out _).Normalize(NormalizationForm.FormKC);
        var name = typed.Replace(' ', '_').Replace('-', '_');
        return Known.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads the header row.</summary>
    /// <param name="faults">Unknown, repeated and missing columns; empty if all is well.</param>
    public static RegisterColumns Read(string fileName, RegisterRow header, out IReadOnlyList<Finding> faults)
    {
        var columns = new RegisterColumns(header.Cells.Count);
        var found = new List<Finding>();
        var misnamed = new HashSet<string?>();
        for (var i = 0; i < header.Cells.Count; i++)
        {
            var typed = header.Cells[i].Trim();
            // A column without a name may be empty; what stands in it is a fault of its row.
            if (typed.Length == 0)
                continue;

            var column = KnownOf(typed);
            var place = Location.In(fileName, header.Number, Letters(i));
            if (column is null)
            {
                var nearest = DidYouMean.Of(typed, Known);
                found.Add(RegisterFaults.UnknownRegisterColumn(place, typed, nearest));
                misnamed.Add(nearest);
            }
            else if (!columns.places.TryAdd(column, i))
                found.Add(RegisterFaults.RepeatedRegisterColumn(place, column));
        }

        found.AddRange(
            Required
                // A column whose name is to be corrected is not missing as well.
                .Where(column => !columns.places.ContainsKey(column) && !misnamed.Contains(column))
                .Select(column => RegisterFaults.MissingRegisterColumn(fileName, column)));
        faults = found;
        return columns;
    }

    /// <summary>
    /// The text of a row's cell as <see cref="SpreadsheetCell.Clean"/> leaves it; empty if the file has no such column
    /// or the row ends before it. Addresses are left as they were typed: a sign in one that cannot be seen is a fault.
    /// </summary>
    public string Cell(RegisterRow row, string column) =>
        column is To or Cc ? Typed(row, column) : SpreadsheetCell.Clean(Typed(row, column), out _);

    /// <returns>The column's place from 0; null where the file has none of that name.</returns>
    public int? PlaceOf(string column) => places.TryGetValue(column, out var place) ? place : null;

    /// <summary>The cell as it was typed, without blanks around it and apostrophes before signs of a formula.</summary>
    public string Typed(RegisterRow row, string column) =>
        places.TryGetValue(column, out var place) && place < row.Cells.Count
            ? SpreadsheetCell.WithoutApostrophes(row.Cells[place].Trim())
            : "";

    /// <summary>
    /// The non-empty cells that are under no column name, each with the letters that Excel gives the column.
    /// </summary>
    public IEnumerable<(string Letters, string Text)> Strays(RegisterRow row) =>
        row
            .Cells.Select((text, place) => (Place: place, Text: text))
            .Where(cell =>
                !string.IsNullOrWhiteSpace(cell.Text) && (cell.Place >= count || !places.ContainsValue(cell.Place)))
            .Select(cell => (Letters(cell.Place), cell.Text));

    /// <summary>The names of the columns in the file, in its order.</summary>
    public IEnumerable<string> Present => places.OrderBy(column => column.Value).Select(column => column.Key);

    /// <summary>A, B … Z, AA …: the column letters of Excel.</summary>
    public static string Letters(int place) =>
        // There is no zero among the letters: after Z comes AA.
        place < 26 ? $"{(char)('A' + place)}" : Letters(place / 26 - 1) + Letters(place % 26);
}
