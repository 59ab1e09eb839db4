using System.Globalization;
using System.Text;
using MimeKit;

namespace Distribution.Common;

/// <summary>Reads email addresses: everywhere by the same rules.</summary>
internal static class EmailAddresses
{
    /// <summary>The longest address a mail server takes, in characters.</summary>
    public const int Longest = 254;

    private const int LongestLocal = 64;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
    };
    private static readonly string[] Reserved = ["example", "test", "invalid", "localhost"];

    /// <summary>Reads <c>Name &lt;address&gt;</c> or an address alone.</summary>
    /// <returns>Null where it is not exactly one mailbox. The domain comes back in ASCII and lower case.</returns>
    public static Correspondent? Read(string text) =>
        UnsafeCharacters.FirstUnprintable(text) is null
        && MailboxAddress.TryParse(Strict, text, out var mailbox)
        && mailbox.Route is []
        && UnsafeCharacters.FirstUnprintable(mailbox.Name ?? "") is null
        && ReadAlone(mailbox.Address) is { } address
            ? new(string.IsNullOrWhiteSpace(mailbox.Name) ? null : mailbox.Name.Trim(), address)
            : null;

    /// <summary>Reads one address with nothing around it.</summary>
    /// <returns>Null where it is none. The domain comes back in ASCII and lower case.</returns>
    public static string? ReadAlone(string typed)
    {
        if (typed.Split('@') is not [{ Length: > 0 and <= LongestLocal } local, { Length: > 0 } domain]
            || local.Split('.').Any(atom => atom.Length == 0 || !atom.EnumerateRunes().All(CanStand))
            || !domain.EnumerateRunes().All(CanStand)
            || domain.EndsWith('.'))
            return null;

        try
        {
            var address = $"{local}@{Idn.GetAscii(domain).ToLowerInvariant()}";
            return address.Length <= Longest ? address : null;
        }
        catch (ArgumentException)
        {
            return null; // The only way IdnMapping says that a domain cannot be.
        }
    }

    /// <summary>
    /// True for an address that every mail server takes and that can be reached from anywhere: ASCII before the @, a
    /// dot in the domain.
    /// </summary>
    public static bool IsPlain(string address) => !NeedsUtf8(address) && Domain(address).Contains('.');

    /// <summary>
    /// True where a server needs SMTPUTF8 to take the address: other letters than ASCII before the @.
    /// </summary>
    public static bool NeedsUtf8(string address) =>
        !Ascii.IsValid(address.AsSpan(0, Math.Max(address.LastIndexOf('@'), 0)));

    /// <summary>True for a domain that RFC 2606 keeps for examples and tests: no mail can reach it.</summary>
    public static bool IsReserved(string address)
    {
        var domain = Domain(address).TrimEnd('.');
        return Reserved.Contains(domain[(domain.LastIndexOf('.') + 1)..], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What stands after the @.</summary>
    public static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];

    // A mark without a width would make two addresses look alike, and IdnMapping drops some of them silently.
    private static bool CanStand(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value)
            : !Rune.IsWhiteSpace(rune)
                && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format
                && UnsafeCharacters.FirstUnprintable(rune.ToString()) is null;
}
