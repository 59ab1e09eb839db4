using System.Globalization;
using System.Text;
using MimeKit;

namespace Distribution.Common;

/// <summary>Parses and checks email addresses, so that every part of the program uses the same rules.</summary>
internal static class EmailAddresses
{
    /// <summary>The longest address a mail server accepts, in characters.</summary>
    public const int Longest = 254;

    // RFC 5321, section 4.5.3.1.1.
    private const int LongestLocal = 64;

    // STD 3 allows letters, digits and hyphens alone, which is what names of hosts are made of.
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
    };
    private static readonly string[] Reserved =
    [
        "example",
        "test",
        "invalid",
        "localhost",
        "example.com",
        "example.net",
        "example.org",
    ];

    /// <summary>Parses <c>Name &lt;address&gt;</c> or an address alone.</summary>
    /// <returns>
    /// Null if the text is not exactly one mailbox. The domain is returned in ASCII (Punycode) and lower case.
    /// </returns>
    public static Correspondent? Read(string text) =>
        UnsafeCharacters.FirstUnprintable(text) is null
        && MailboxAddress.TryParse(Strict, text, out var mailbox)
        // A source route, as in <@relay.example:x@y.example>, is obsolete (RFC 5321, appendix C), and would be dropped
        // without a word.
        && mailbox.Route is []
        && UnsafeCharacters.FirstUnprintable(mailbox.Name ?? "") is null
        && ReadAlone(mailbox.Address) is { } address
            ? new(NameOf(mailbox, text), address)
            : null;

    /// <summary>
    /// Whether nobody has such an address, though it has the form of one: a sign that no domain has, letters of two
    /// alphabets in one of its words, which look alike, numbers alone, or an apostrophe of a spreadsheet before it.
    /// </summary>
    public static bool IsDoubtful(string address)
    {
        var labels = Readable(Domain(address)).Split('.');
        return address[0] == '\''
            || address.Contains("'@", StringComparison.Ordinal)
            || labels[^1].All(char.IsAsciiDigit)
            || labels.Any(label => label.EnumerateRunes().Any(IsOdd) || IsMixed(label));

        static bool IsOdd(Rune rune) =>
            !Rune.IsLetterOrDigit(rune)
            && rune.Value is not ('-' or '_')
            && Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

        // Latin with Greek, Cyrillic or Armenian.
        static bool IsMixed(string label) =>
            label.Any(sign => sign < '\u0250' && char.IsLetter(sign))
            && label.Any(sign => sign is >= '\u0370' and < '\u0590' && char.IsLetter(sign));
    }

    private static string? NameOf(MailboxAddress mailbox, string text)
    {
        // What stands in round brackets is a comment to mail programs, and would be dropped without a word.
        var typed = text[..Math.Max(text.LastIndexOf('<'), 0)].Trim();
        var name = typed.Contains('(') && !typed.Contains('"') ? typed : mailbox.Name;
        return string.IsNullOrWhiteSpace(name) ? null : name.Trim();
    }

    /// <summary>Parses one address with nothing around it.</summary>
    /// <returns>Null if it is not an address. The domain is returned in ASCII (Punycode) and lower case.</returns>
    public static string? ReadAlone(string typed)
    {
        if (typed.Split('@') is not [{ Length: > 0 and <= LongestLocal } local, { Length: > 0 } domain]
            || local.Split('.').Any(atom => atom.Length == 0 || !atom.EnumerateRunes().All(CanStand))
            || !domain.EnumerateRunes().All(CanStand)
            // IdnMapping takes the dot of a fully qualified name, which no address has (RFC 5321, section 4.1.2).
            || domain.EndsWith('.'))
            return null;

        try
        {
            var address = $"{local}@{Idn.GetAscii(domain).ToLowerInvariant()}";
            return address.Length <= Longest ? address : null;
        }
        catch (ArgumentException)
        {
            return null; // IdnMapping reports an invalid domain only by throwing.
        }
    }

    /// <summary>
    /// True for an address that every mail server accepts and that can be reached from anywhere: only ASCII before the
    /// @, and a dot in the domain.
    /// </summary>
    public static bool IsPlain(string address) => !NeedsUtf8(address) && Domain(address).Contains('.');

    /// <summary>
    /// True if a server needs SMTPUTF8 to accept the address: it has non-ASCII characters before the @.
    /// </summary>
    public static bool NeedsUtf8(string address) =>
        !Ascii.IsValid(address.AsSpan(0, Math.Max(address.LastIndexOf('@'), 0)));

    /// <summary>
    /// True if the domain is one that RFC 2606 reserves for examples and tests, or lies within one, so no mail can
    /// reach it: <c>.example</c>, <c>.test</c>, <c>.invalid</c>, <c>.localhost</c>, <c>example.com</c>, <c>.net</c> and
    /// <c>.org</c>.
    /// </summary>
    public static bool IsReserved(string address)
    {
        var domain = $".{Domain(address).TrimEnd('.')}";
        return Array.Exists(Reserved, name => domain.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The part after the @.</summary>
    public static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];

    /// <summary>
    /// The domain as its people write it; as it is where it has no such form. Of two domains that look alike in it only
    /// <see cref="Shown"/> tells which it is.
    /// </summary>
    public static string Readable(string domain)
    {
        if (!domain.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            return domain;
        try
        {
            var readable = Idn.GetUnicode(domain);
            // A form that does not convert back to the same ASCII would show another domain.
            return UnsafeCharacters.FirstUnprintable(readable) is null
                && Idn.GetAscii(readable).Equals(domain, StringComparison.OrdinalIgnoreCase)
                    ? readable
                    : domain;
        }
        catch (ArgumentException)
        {
            return domain; // IdnMapping reports an invalid domain only by throwing.
        }
    }

    /// <summary>
    /// An address or a domain for people to read: <c>luna@méxico.example (xn--mxico-bsa.example)</c>. Whoever typed it
    /// finds it again, and whoever could be deceived by letters of another script sees that there are some.
    /// </summary>
    public static string Shown(string address)
    {
        var domain = Domain(address);
        var readable = Readable(domain);
        return readable == domain ? address : $"{address[..^domain.Length]}{readable} ({domain})";
    }

    // Zero-width characters are refused: they would make two different addresses look the same, and IdnMapping silently
    // drops some of them.
    private static bool CanStand(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value)
            : !Rune.IsWhiteSpace(rune)
                && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format
                && UnsafeCharacters.FirstUnprintable(rune.ToString()) is null;
}
