using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Distribution.Letters;

/// <summary>
/// A text with fields, parsed once; it remembers where it came from so that a fault can say where to look.
/// </summary>
internal sealed class TemplateText
{
    private readonly string[] lines;
    private readonly int? firstLine;
    private readonly Template template;

    /// <param name="file">As messages name it: <c>letter.md</c>, <c>letter.md, subject</c>.</param>
    /// <param name="firstLine">
    /// The line of the file the text starts on; none where the file has no lines to count.
    /// </param>
    /// <exception cref="LetterFaultException">The text has a syntax error.</exception>
    public TemplateText(string file, string text, int? firstLine = 1)
    {
        File = file;
        this.firstLine = firstLine;
        var normalised = text.ReplaceLineEndings("\n");
        lines = normalised.Split('\n');
        template = Template.Parse(normalised);
        if (template.HasErrors)
        {
            var span = template.Messages.First(message => message.Type == ParserMessageType.Error).Span;
            throw new LetterFaultException(LetterFaults.InstructionNotUnderstood(Place(span), Quote(span)));
        }

        if (Unclosed(normalised) is { } open)
            throw new LetterFaultException(
                LetterFaults.InstructionNotUnderstood(Place(open.Line), lines[open.Line].Trim()));
    }

    public string File { get; }

    /// <summary>The text itself where it has no field; null where it has to be filled.</summary>
    public string? Plain =>
        template.Page?.Body?.Statements is [] or [ScriptRawStatement] ? string.Join('\n', lines) : null;

    public string Render(TemplateContext context) => template.Render(context);

    public string Place(SourceSpan span) => Place(Line(span));

    /// <summary>The line that holds these words, or the whole file where none does.</summary>
    public string PlaceOf(string words) =>
        Array.FindIndex(lines, line => line.Contains(words, StringComparison.Ordinal)) is var line and >= 0
            ? Place(line)
            : File;

    public string Quote(SourceSpan span) => lines[Line(span)].Trim();

    // The parser takes the end of the text for the missing braces.
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

    // What is wrong at the very end has no position.
    private int Line(SourceSpan span) =>
        span.Start.Line >= 0 && span.Start.Line < lines.Length ? span.Start.Line : lines.Length - 1;

    private string Place(int line) => firstLine is { } first ? $"{File}, line {first + line}" : File;
}
