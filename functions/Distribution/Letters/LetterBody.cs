using AngleSharp.Dom;
using Distribution.Common;
using Distribution.Letters.Reading;
using Ganss.Xss;
using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using static System.FormattableString;

namespace Distribution.Letters;

/// <summary>A parsed letter body, from which every medium is written.</summary>
/// <param name="Html">Not yet sanitized: never send it as it is.</param>
internal sealed record ParsedBody(MarkdownDocument Document, string Html);

/// <summary>
/// Parses the body of a letter, after its fields are filled in, and makes safe HTML for mail clients from it.
/// Thread-safe.
/// </summary>
internal sealed class LetterBody
{
    private static readonly string[] Elements =
    [
        "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
        "table", "thead", "tbody", "tr", "th", "td",
    ];

    /// <summary>The elements of lists whose marks are text: see <see cref="TypedListHtml"/>.</summary>
    private static readonly string[] ListElements = ["div", "span"];

    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto];

    // A text of the length that a letter may have can still take too long to parse: see Excess and, for stars, Typed.
    private const int MaxColumns = 20;
    private const int MaxBrackets = 2_000;
    private const int MaxStars = 4_000;

    private static readonly MarkdownPipeline Markdown = Pipeline();

    private readonly HtmlSanitizer sanitizer;

    /// <param name="stylesFile">The styles file's name as messages show it.</param>
    /// <param name="styles">YAML that maps each element to its inline style.</param>
    /// <exception cref="LetterFaultException">
    /// The styles cannot be read, or name an element that a letter cannot have.
    /// </exception>
    public LetterBody(string stylesFile, string styles)
    {
        var faults = new List<Finding>();
        var table = new YamlTable(stylesFile, styles, faults);
        table.Allow(Elements, faults);
        var styleOf = table.Keys.ToDictionary(
            element => element,
            element => table.Text(element, "a style such as margin:0 0 1em", faults));
        if (faults.Count > 0)
            throw new LetterFaultException(faults);

        sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            // No "style": an author's own is taken out, and the template's is put in below, when all is clean.
            AllowedTags = new HashSet<string>([.. Elements, .. ListElements]),
            AllowedAttributes = new HashSet<string>(["href", "title", "start", "role", "dir"]),
            AllowedSchemes = new HashSet<string>(Schemes),
            UriAttributes = new HashSet<string>(["href"]),
        });
        sanitizer.PostProcessNode += (_, processed) =>
        {
            if (processed.Node is not IElement element)
                return;
            if (StyleOf(element, styleOf) is { Length: > 0 } style)
                element.SetAttribute("style", style);
            // Word's engine knows no automatic margins.
            if (element.LocalName == "hr")
                element.SetAttribute("align", "center");
        };
    }

    /// <param name="source">The text that the Markdown was made from, to find the line for messages.</param>
    /// <returns>Null if the body cannot be parsed; <paramref name="faults"/> then says why.</returns>
    public static ParsedBody? Parse(
        string markdown,
        TemplateText source,
        BodyRules rules,
        string language,
        RenderLimits limits,
        List<Finding> faults)
    {
        // Without the marks of line ends, which the lines of the source do not have.
        var lines = markdown.Replace($"{LineEnds.Kept}", "", StringComparison.Ordinal).Split('\n');
        if (Excess(markdown, lines, source) is { } excess)
        {
            faults.Add(excess);
            return null;
        }

        if (Parse(markdown, rules, language) is not { } parsed || Deepest(parsed.Document) > TypedBlocks.MaxNesting)
        {
            faults.Add(
                LetterFaults.TextTooTangled(
                    source.PlaceOf(lines.MaxBy(line => line.Count(sign => sign is '>' or '[' or '*' or '_' or '-'))!)));
            return null;
        }

        faults.AddRange(Links(parsed.Document, source).Take(LetterFaults.Most));
        if (parsed.Html.Length <= limits.Characters)
            return parsed;
        faults.Add(LetterFaults.TooLong(source.File, limits.Characters));
        return null;
    }

    /// <summary>Parses a text as it was typed; null if no letter may be so long, wide or nested.</summary>
    /// <param name="text">With the ends of its lines marked by <see cref="LineEnds"/>.</param>
    public static MarkdownDocument? Typed(string text) =>
        // Each line, however short, has a mark behind it.
        text.Length <= 2 * LetterText.MaxBodyLength
        && text.AsSpan().Count('[') <= MaxBrackets
        && text.AsSpan().Count('*') + text.AsSpan().Count('_') <= MaxStars
        && !text.Split('\n').Any(line => line.AsSpan().Count('|') > MaxColumns + 1)
        && Parse(text, BodyRules.AsTyped, language: null) is { Document: var document }
        && Deepest(document) <= TypedBlocks.MaxNesting
            ? document
            : null;

    /// <summary>The sanitized body for mail clients, with inline styles.</summary>
    public SanitizedHtml Html(ParsedBody body) => new(sanitizer.Sanitize(body.Html).Trim());

    /// <summary>
    /// Refuses input that would take far longer to parse than its length suggests. The parser pads every table row to
    /// the widest one, and tries to match every bracket with the others.
    /// </summary>
    private static Finding? Excess(string markdown, string[] lines, TemplateText source) =>
        markdown.Length > LetterText.MaxBodyLength ? LetterFaults.TooLong(source.File, LetterText.MaxBodyLength)
        : markdown.AsSpan().Count('[') > MaxBrackets ? LetterFaults.TooManyBrackets(source.File, MaxBrackets)
        : lines.FirstOrDefault(line => line.AsSpan().Count('|') - line.AsSpan().Count(@"\|") > MaxColumns + 1)
            is { } wide
            ? LetterFaults.TableTooWide(source.PlaceOf(wide), MaxColumns)
        : null;

    /// <param name="language">Null for the text alone, without what its language needs to be printed.</param>
    private static ParsedBody? Parse(string markdown, BodyRules rules, string? language)
    {
        try
        {
            var isTyped = rules == BodyRules.AsTyped;
            var document = isTyped ? TypedBlocks.Parse(markdown) : Markdig.Markdown.Parse(markdown, Markdown);
            if (document is null)
                return null;
            if (language is not null && Languages.IsRightToLeft(language))
            {
                BidiIsolates.In(document);
                if (isTyped)
                    BidiIsolates.Addresses(document);
            }

            if (language is not null)
                NoBreakSpaces.In(document, language);
            return new(document, document.ToHtml(isTyped ? TypedBlocks.Html : Markdown));
        }
        // Markdig refuses deep nesting with an exception of a general type, so no narrower type can be caught.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>
    /// The template's style of an element. The elements of which lists are made get the styles of <c>ol</c> and
    /// <c>li</c>, with hanging marks.
    /// </summary>
    private static string StyleOf(IElement element, Dictionary<string, string> styles) =>
        element.GetAttribute("role") switch
        {
            // By margins: Outlook, which shows mail with Word's engine, knows no padding here, and would cut off the
            // marks.
            "list" => styles.GetValueOrDefault("ol", "")
                + Invariant(
                    $"padding:0;margin-left:{Hang(element):0.0}em;margin-right:{Hang(element):0.0}em;text-indent:0;"),
            "listitem" => styles.GetValueOrDefault("li", "")
                + Invariant($"text-indent:-{Hang(element.ParentElement!):0.0}em;"),
            // The marks are a little narrower than the room they hang in: the rest is the space behind them.
            _ when element.LocalName == "span" => Invariant(
                $"display:inline-block;min-width:{Hang(element.ParentElement!.ParentElement!) - 0.3:0.0}em;text-indent:0;"),
            _ => styles.GetValueOrDefault(element.LocalName, "")
                // What stands in an item inherits its negative indent, and would hang, too.
                + (element.ParentElement?.GetAttribute("role") == "listitem"
                    && element.LocalName is not ("a" or "em" or "strong" or "br")
                        ? "text-indent:0;"
                        : ""),
        };

    /// <summary>How far the lines of a list's items are indented, in em, so that its marks stand beside them.</summary>
    private static double Hang(IElement list) =>
        Math.Max(
            1.6,
            Math.Round(
                0.9 + 0.55 * list.Children.Max(item => TextWrapping.Width(item.FirstElementChild?.TextContent ?? "")),
                1));

    private static int Deepest(ContainerBlock container) =>
        (container is QuoteBlock or ListItemBlock or TypedItem ? 1 : 0)
        + container.OfType<ContainerBlock>().Select(Deepest).DefaultIfEmpty().Max();

    private static IEnumerable<Finding> Links(MarkdownDocument document, TemplateText source)
    {
        foreach (var link in document.Descendants<LinkInline>())
        {
            if (link.IsImage)
                yield return LetterFaults.ImageNotAllowed(source.PlaceOf(link.Url ?? ""), link.Url ?? "");
            else if (!MayLeadTo(link.Url))
                yield return LetterFaults.LinkNotAllowed(source.PlaceOf(link.Url ?? ""), link.Url ?? "");
        }

        foreach (var link in document.Descendants<AutolinkInline>())
        {
            if (!link.IsEmail && !MayLeadTo(link.Url))
                yield return LetterFaults.LinkNotAllowed(source.PlaceOf(link.Url), link.Url);
        }
    }

    private static bool MayLeadTo(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme);

    private static MarkdownPipeline Pipeline()
    {
        // By these rules only letters are read that were frozen before format 6.
        // Code blocks and code spans are off: in a letter, four leading spaces or a backtick are only spacing and
        // typography.
        var builder = new MarkdownPipelineBuilder().UsePipeTables().UseCjkFriendlyEmphasis().DisableHtml();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        builder.BlockParsers.TryRemove<FencedCodeBlockParser>();
        builder.InlineParsers.TryRemove<CodeInlineParser>();
        return builder.Build();
    }
}
