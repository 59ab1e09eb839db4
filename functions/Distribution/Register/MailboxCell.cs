using System.Buffers;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// Parses a cell with one or more addresses, separated by semicolons, commas, also those of Arabic and Chinese, spaces
/// or line breaks.
/// </summary>
internal static class MailboxCell
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("<>()\"“”");

    private const string Separators = ";,；，、،؛";

    /// <returns>
    /// For each address in the cell, either the address or its fault; one fault alone if the cell has brackets or
    /// quotation marks.
    /// </returns>
    public static IEnumerable<(string? Address, Finding? Fault)> Read(string cell, Location place)
    {
        // As mail programs copy it: Ana Lee <office@mission.example>. Taken apart at its blanks it would give a fault
        // for each word of the name.
        if (cell.AsSpan().ContainsAny(Signs))
            return [(null, RegisterFaults.AddressWithMore(place))];

        return Entries(cell)
            .Select(entry => AddressOf(entry) is { } address
                ? (address, null)
                : ((string?)null, (Finding?)RegisterFaults.BadAddress(place, entry)));
    }

    /// <returns>
    /// The first entry that is no address; the whole cell if it has brackets or quotation marks; null for none.
    /// </returns>
    public static string? FirstWrong(string cell) =>
        cell.AsSpan().ContainsAny(Signs) ? cell : Entries(cell).FirstOrDefault(entry => AddressOf(entry) is null);

    private static string[] Entries(string cell) =>
        new string([.. cell.Select(letter => Separators.Contains(letter) || char.IsWhiteSpace(letter) ? ' ' : letter)])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? AddressOf(string entry) =>
        EmailAddresses.ReadAlone(entry) is { } address && EmailAddresses.IsPlain(address) ? address : null;
}
