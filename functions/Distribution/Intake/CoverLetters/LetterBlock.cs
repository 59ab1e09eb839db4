namespace Distribution.Intake.CoverLetters;

/// <summary>A part of a document, from top to bottom, that may be one of a letter.</summary>
internal abstract record LetterBlock
{
    /// <param name="Text">
    /// As it is typed in a letter, with its marks; several lines where they were ended by hand.
    /// </param>
    /// <param name="Plain">The same without marks; a tab stands between columns.</param>
    /// <param name="Mark">The number or sign before it, which Word counts: <c>(a)</c>; null for none.</param>
    /// <param name="Level">How deep it stands in a list, from 0.</param>
    public sealed record Paragraph(
        string Text,
        string Plain,
        string? Mark = null,
        int Level = 0,
        ParagraphKind Kind = ParagraphKind.Text) : LetterBlock
    {
        public static readonly Paragraph Blank = new("", "");

        public bool IsBlank => Plain.Length == 0;
    }

    /// <param name="Rows">From top to bottom; each cell holds its paragraphs.</param>
    public sealed record Table(IReadOnlyList<IReadOnlyList<IReadOnlyList<Paragraph>>> Rows) : LetterBlock;
}

internal enum ParagraphKind { Text, Heading, Quotation }

/// <summary>What was read from a document.</summary>
/// <param name="LeftOut">What is in the document and was not taken, each a sentence that says why.</param>
internal sealed record LetterBlocks(IReadOnlyList<LetterBlock> Blocks, IReadOnlyList<string> LeftOut);
