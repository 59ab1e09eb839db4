using Distribution.Common;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Distribution.Letters;

/// <summary>
/// A Scriban text with fields, parsed once. It keeps the file and line it came from, so that a fault can say where to
/// look.
/// </summary>
internal sealed class TemplateText
{
    private readonly string[] lines;
    private readonly Location start;
    private readonly Template template;

    /// <param name="place">
    /// Where the text starts: at the file's first line if it names neither line nor field; if it names a field, the
    /// whole text is that field's value, and no line is named.
    /// </param>
    /// <param name="marked">
    /// The text with marks in its lines that are not shown in messages; null if it has none.
    /// </param>
    /// <exception cref="LetterFaultException">The text has a syntax error.</exception>
    public TemplateText(Location place, string text, Func<string, string>? marked = null)
    {
        start = place;
        var normalised = text.ReplaceLineEndings("\n");
        lines = normalised.Split('\n');
        template = Template.Parse(marked?.Invoke(normalised) ?? normalised);
        if (template.HasErrors)
        {
            var span = template.Messages.First(message => message.Type == ParserMessageType.Error).Span;
            throw new LetterFaultException(LetterFaults.InstructionNotUnderstood(Place(span), Quote(span)));
        }

        if (Unclosed(normalised) is { } open)
            throw new LetterFaultException(
                LetterFaults.InstructionNotUnderstood(Place(open.Line), lines[open.Line].Trim()));
    }

    public string File => start.File!;

    /// <summary>The text itself if it has no fields; null if it has to be rendered.</summary>
    public string? Plain =>
        template.Page?.Body?.Statements is [] or [ScriptRawStatement] ? string.Join('\n', lines) : null;

    public ScriptPage Page => template.Page!;

    public string Render(TemplateContext context) => template.Render(context);

    public Location Place(SourceSpan span) => Place(Line(span));

    /// <summary>The first line that contains these words; the whole file if none does.</summary>
    public Location PlaceOf(string words) =>
        Array.FindIndex(lines, line => line.Contains(words, StringComparison.Ordinal)) is var line and >= 0
            ? Place(line)
            : start.Field is null ? Location.In(File) : start;

    public string Quote(SourceSpan span) => lines[Line(span)].Trim();

    // Finds {{ without }}. The parser does not report it: it accepts the end of the text as the closing braces.
    private static TextPosition? Unclosed(string text)
    {
        TextPosition? open = null;
        foreach (var token in new Lexer(text))
        {
            if (token.Type == TokenType.CodeEnter)
                open = token.Start;
            else if (token.Type == TokenType.CodeExit)
                open = null;
        }

        return open;
    }

    // An error at the very end of the text has no valid position: use the last line.
    private int Line(SourceSpan span) =>
        span.Start.Line >= 0 && span.Start.Line < lines.Length ? span.Start.Line : lines.Length - 1;

    private Location Place(int line) =>
        start.Field is null ? Location.In(File, (start.Line ?? 1) + line) : start;
}
