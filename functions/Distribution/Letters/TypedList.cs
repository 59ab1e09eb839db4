using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Distribution.Letters;

/// <summary>A list whose items bear the marks that were typed before them.</summary>
internal sealed class TypedList() : ContainerBlock(null)
{
    /// <summary>True if there is space between the items.</summary>
    public bool IsLoose { get; set; }

    public IEnumerable<TypedItem> Items => this.Cast<TypedItem>();

    /// <summary>The width of its widest mark, in columns.</summary>
    public int MarkWidth => Items.Max(item => TextWrapping.Width(item.Mark));
}

internal sealed class TypedItem(string mark) : ContainerBlock(null)
{
    public string Mark => mark;
}

/// <summary>
/// Writes such a list as HTML in which the marks are text, not numbers that a mail program counts anew and nobody can
/// copy.
/// </summary>
internal sealed class TypedListHtml : HtmlObjectRenderer<TypedList>, IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline)
    {
    }

    // First, since Markdig takes the first renderer that accepts a block.
    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer) =>
        renderer.ObjectRenderers.Insert(0, this);

    protected override void Write(HtmlRenderer renderer, TypedList list)
    {
        renderer.EnsureLine();
        renderer.WriteLine("<div role=\"list\">");
        foreach (var item in list.Items)
        {
            renderer.Write("<div role=\"listitem\"><span>").WriteEscape(item.Mark).Write("</span> ");
            foreach (var (place, block) in item.Index())
            {
                // Without a paragraph's margins, beside the mark.
                if (place == 0 && block is ParagraphBlock first)
                    renderer.WriteLeafInline(first);
                else
                    renderer.Render(block);
            }

            renderer.WriteLine("</div>");
        }

        renderer.WriteLine("</div>");
    }
}
