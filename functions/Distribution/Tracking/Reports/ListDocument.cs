using Distribution.Letters.Typesetting;

namespace Distribution.Tracking.Reports;

/// <summary>A list as data for <c>list.typ</c>. Every value is text there, and never code.</summary>
/// <param name="Over">What stands above the title: the process and the draft.</param>
/// <param name="Facts">Lines below the title.</param>
/// <param name="Rows">As many cells as there are columns.</param>
/// <param name="Notes">Paragraphs below the table.</param>
internal sealed record ListDocument(
    string Title,
    string Date,
    string Over,
    IReadOnlyList<string> Facts,
    IReadOnlyList<ListColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Notes) : ITypesetDocument;

/// <param name="Share">Of the width, beside the shares of the others.</param>
/// <param name="IsBox">True for a column of boxes to tick.</param>
internal sealed record ListColumn(string Title, int Share, bool IsBox = false);
