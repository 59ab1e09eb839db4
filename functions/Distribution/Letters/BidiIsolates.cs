using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters;

/// <summary>
/// Keeps what is written in Latin letters in order where the text around it runs from right to left: symbols, names of
/// files, addresses, telephone numbers. Each is put between the signs of a left-to-right isolate.
/// </summary>
internal static partial class BidiIsolates
{
    private const char Start = '\u2066';
    private const char End = '\u2069';

    /// <summary>
    /// The text with its left-to-right pieces isolated; pieces that are isolated already stay as they are.
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

    /// <summary>The same for all the text of a parsed body.</summary>
    public static void In(MarkdownDocument document)
    {
        foreach (var literal in document.Descendants<LiteralInline>().ToList())
        {
            // An escaped sign begins a piece of its own: together again, so that a symbol is one.
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

    private static bool IsLatin(string piece) =>
        piece.AsSpan().ContainsAnyInRange('A', 'Z') || piece.AsSpan().ContainsAnyInRange('a', 'z');

    /// <summary>Latin letters and numbers with the signs among them; brackets only in pairs.</summary>
    [GeneratedRegex(
        @"(?:\+?(?:[0-9]+ ?)?\([0-9]{1,4}\)[ -]?)?\+?[A-Za-z0-9À-ɏ](?:(?:[A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]|\([A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]+\))*(?:[A-Za-z0-9À-ɏ/=#]|\([A-Za-z0-9À-ɏ .,:;/_@+\-–'’&%#=?~]+\)))?"
    )]
    private static partial Regex Piece();

    /// <summary>
    /// A telephone number or a date of digits, whose groups would change places; a range such as 3-6 is read as Arabic
    /// is.
    /// </summary>
    [GeneratedRegex(
        @"^(?:\+.*|(?:[0-9]+ ?)?\([0-9]+\).*|[0-9]+(?:[-–][0-9]+){2,}|[0-9]{3}[-–][0-9]{4}|[0-9]{1,4}(?:[ -][0-9]{2,4}){2,})$"
    )]
    private static partial Regex Number();
}
