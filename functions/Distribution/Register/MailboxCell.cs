using System.Buffers;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Reads a cell of addresses: several, with semicolons, commas, spaces or line breaks between them.</summary>
internal static class MailboxCell
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("<>()\"“”");

    public static IEnumerable<(string? Address, Fault? Fault)> Read(string cell, string place)
    {
        if (cell.AsSpan().ContainsAny(Signs))
            return [(null, RegisterFaults.AddressWithMore(place))];

        var typed = new string([
            .. cell.Select(letter => letter is ';' or ',' || char.IsWhiteSpace(letter) ? ' ' : letter),
        ]);
        return typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => EmailAddresses.ReadAlone(entry) is { } address && EmailAddresses.IsPlain(address)
                ? (address, null)
                : ((string?)null, (Fault?)RegisterFaults.BadAddress(place, entry)));
    }
}
