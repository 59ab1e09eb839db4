using System.Buffers;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Parses a cell with one or more addresses, separated by semicolons, commas, spaces or line breaks.</summary>
internal static class MailboxCell
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("<>()\"“”");

    /// <returns>
    /// For each address in the cell, either the address or its fault; one fault alone if the cell has brackets or
    /// quotation marks.
    /// </returns>
    public static IEnumerable<(string? Address, Finding? Fault)> Read(string cell, Location place)
    {
        if (cell.AsSpan().ContainsAny(Signs))
            return [(null, RegisterFaults.AddressWithMore(place))];

        var typed = new string([
            .. cell.Select(letter => letter is ';' or ',' || char.IsWhiteSpace(letter) ? ' ' : letter),
        ]);
        return typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => EmailAddresses.ReadAlone(entry) is { } address && EmailAddresses.IsPlain(address)
                ? (address, null)
                : ((string?)null, (Finding?)RegisterFaults.BadAddress(place, entry)));
    }
}
