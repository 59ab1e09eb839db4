using System.Buffers.Text;

namespace Distribution.Intake;

/// <summary>
/// The end of a PDF, without which it was cut off on its way: where its parts are listed, and the mark of its end.
/// </summary>
internal static class PdfEnd
{
    /// <summary>As far from the end, in bytes, as programs that read PDFs look for it.</summary>
    private const int Reach = 2_048;

    public static bool IsThere(ReadOnlySpan<byte> pdf)
    {
        // Some ways of copying pad a file with zeros.
        var end = pdf.TrimEnd("\0 \t\r\n\f"u8);
        var tail = end[^Math.Min(Reach, end.Length)..];
        return tail.IndexOf("%%EOF"u8) >= 0
            && tail.LastIndexOf("startxref"u8) is >= 0 and var mark
            && Utf8Parser.TryParse(tail[(mark + "startxref".Length)..].TrimStart("\0 \t\r\n\f"u8), out long list, out _)
            && list < end.Length;
    }
}
