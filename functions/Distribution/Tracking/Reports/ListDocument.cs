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
    IReadOnlyList<string> Notes) : ITypesetDocument;

/// <param name="Share">The column's width, relative to the shares of the other columns.</param>
/// <param name="IsBox">Whether the column has boxes to tick.</param>
internal sealed record ListColumn(string Title, int Share, bool IsBox = false);
