using System.Text.RegularExpressions;
using Distribution.Common;
using Microsoft.AspNetCore.Components;

namespace Distribution.Web;

/// <summary>
/// Sentences of the desk with links, names and other pieces of a page in them. The pieces are values of the sentence,
/// so a translation can put them where it needs them, and contains no HTML.
/// </summary>
internal static partial class Sentences
{
    /// <inheritdoc cref="Phrase.Say(FormattableString)"/>
    public static RenderFragment Sentence(FormattableString english) =>
        Whole(() => Phrase.Pattern(DeskLanguage.Spoken, english));

    /// <inheritdoc cref="Phrase.Say(int, FormattableString, FormattableString)"/>
    public static RenderFragment Sentence(int count, FormattableString one, FormattableString other) =>
        Whole(() => Phrase.Pattern(DeskLanguage.Spoken, count, one, other));

    /// <param name="unseen">What only a reader who hears the page needs besides; null for nothing.</param>
    public static RenderFragment Link(string address, Phrase words, Phrase? unseen = null) =>
        builder =>
        {
            builder.OpenElement(0, "a");
            builder.AddAttribute(1, "href", address);
            builder.AddContent(2, words.ToString());
            if (unseen is not null)
                builder.AddContent(3, Unseen(unseen));
            builder.CloseElement();
        };

    /// <summary>A link to a letter.</summary>
    public static RenderFragment Link(string address, string name) => Link(address, Phrase.Plain(name));

    public static RenderFragment Strong(Phrase words) => Element("strong", words);

    /// <summary>What a person typed, whichever way it is written.</summary>
    public static RenderFragment Name(string? words) => Element("bdi", words);

    /// <summary>Words that were taken out of a text.</summary>
    public static RenderFragment Removed(Phrase words) => Element("del", words);

    /// <summary>Words that were put into a text.</summary>
    public static RenderFragment Added(Phrase words) => Element("ins", words);

    public static RenderFragment Code(string words) => Element("code", words);

    public static RenderFragment Unseen(Phrase words) => Element("span", words, "unseen");

    /// <summary>
    /// What was recorded in English, in the reader's language where it is one of the desk's sentences.
    /// </summary>
    public static RenderFragment OnRecord(string english) =>
        builder =>
        {
            builder.OpenElement(0, "bdi");
            builder.AddAttribute(
                1,
                "lang",
                // English words on a French page are read aloud as English.
                DeskLanguage.Spoken.FindRecorded(english) is null ? Languages.English : null);
            builder.AddContent(2, Phrase.Recorded(english).ToString());
            builder.CloseElement();
        };

    private static RenderFragment Element(string element, string? words, string? style = null) =>
        builder =>
        {
            builder.OpenElement(0, element);
            builder.AddAttribute(1, "class", style);
            builder.AddContent(2, words);
            builder.CloseElement();
        };

    private static RenderFragment Whole(Func<(string Format, object?[] Values)> pattern) =>
        builder =>
        {
            var (format, values) = pattern();
            var read = 0;
            foreach (Match hole in Hole().Matches(format))
            {
                builder.AddContent(0, Text(format[read..hole.Index]));
                if (values[int.Parse(hole.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)]
                    is RenderFragment piece)
                    builder.AddContent(1, piece);
                else
                    // With the hole's own number and format, so that a number is written as the language writes it.
                    builder.AddContent(2, string.Format(DeskLanguage.Spoken.Numbers, hole.Value, values));
                read = hole.Index + hole.Length;
            }

            builder.AddContent(3, Text(format[read..]));
        };

    /// <summary>Braces are doubled in a format.</summary>
    private static string Text(string literal) =>
        literal.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\{)\{(\d+)(?:[,:][^{}]*)?\}")]
    private static partial Regex Hole();
}
