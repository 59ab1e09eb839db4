using System.Text.RegularExpressions;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters;

/// <summary>
/// Keeps Latin text in right-to-left (RTL) text in the right order: symbols, file names, addresses, telephone numbers.
/// Each piece is put between the Unicode control characters of a left-to-right isolate (U+2066 and U+2069).
/// </summary>
internal static partial class BidiIsolates
{
    private const char Start = '\u2066';
    private const char End = '\u2069';

    /// <summary>
    /// The text with its left-to-right pieces isolated. A text that already has an isolate is returned unchanged.
    /// </summary>
    public static string In(string text) =>
        text.Contains(Start)
            ? text
            : Piece()
                .Replace(
                    text,
                    found =>
                        IsLatin(found.Value) || Number().IsMatch(found.Value)
                            ? $"{Start}{found.Value}{End}"
                            : found.Value);

    /// <summary>Does the same, in place, for all the text of a parsed body.</summary>
    public static void In(MarkdownDocument document)
    {
        foreach (var literal in document.Descendants<LiteralInline>().ToList())
        {
            // Markdig starts a new literal at an escaped character. Join the literals again, so that a document symbol
            // is isolated as one piece.
            if (literal.PreviousSibling is LiteralInline)
                continue;
            var text = literal.Content.ToString();
            while (literal.NextSibling is LiteralInline next)
            {
                text += next.Content.ToString();
                next.Remove();
            }

            literal.Content = new(In(text));
        }
    }

    /// <summary>
    /// Isolates the addresses that are links. It sets their direction and adds no character, so that whoever copies an
    /// address gets the address alone.
    /// </summary>
    public static void Addresses(MarkdownDocument document)
    {
        // The email's HTML has this attribute as it is. The PDF knows by it which addresses to isolate.
        foreach (var link in document.Descendants<AutolinkInline>())
            link.GetAttributes().AddProperty("dir", "ltr");
    }

    /// <summary>True if <see cref="Addresses"/> has given the link its direction.</summary>
    public static bool IsIsolated(AutolinkInline link) =>
        link.TryGetAttributes()?.Properties?.Exists(property => property.Key == "dir") == true;

    private static bool IsLatin(string piece) =>
        piece.AsSpan().ContainsAnyInRange('A', 'Z') || piece.AsSpan().ContainsAnyInRange('a', 'z');

    /// <summary>Matches Latin letters and numbers with the punctuation between them; brackets only in pairs.</summary>
    [GeneratedRegex(
        @"(?:\+?(?:[0-9]+ ?)?\([0-9]{1,4}\)[ -]?)?\+?[A-Za-z0-9À-ɏ](?:(?:[A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]|\([A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]+\))*(?:[A-Za-z0-9À-ɏ/=#]|\([A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]+\)))?"
    )]
    private static partial Regex Piece();

    /// <summary>
    /// Matches a telephone number or a numeric date, whose groups of digits would otherwise be shown in reverse order.
    /// A range such as 3-6 does not match: it is read from right to left like the Arabic around it.
    /// </summary>
    [GeneratedRegex(
        @"^(?:\+.*|(?:[0-9]+ ?)?\([0-9]+\).*|[0-9]+(?:[-–][0-9]+){2,}|[0-9]{3}[-–][0-9]{4}|[0-9]{1,4}(?:[ -][0-9]{2,4}){2,})$"
    )]
    private static partial Regex Number();
}
