using System.Collections.Frozen;

namespace Distribution.Tracking.Inbound;

/// <summary>What a text in RTF says of its charsets: one for the whole, and one for each font.</summary>
internal sealed class RtfFonts
{
    /// <summary>The code pages of the charsets that a font can name; the others say nothing of letters.</summary>
    private static readonly FrozenDictionary<int, int> PagesOfCharsets = new Dictionary<int, int>
    {
        [77] = 10000,
        [128] = 932,
        [129] = 949,
        [130] = 1361,
        [134] = 936,
        [136] = 950,
        [161] = 1253,
        [162] = 1254,
        [163] = 1258,
        [177] = 1255,
        [178] = 1256,
        [186] = 1257,
        [204] = 1251,
        [222] = 874,
        [238] = 1250,
    }.ToFrozenDictionary();

    private readonly Dictionary<int, int> pages = [];

    /// <summary>The code page of what has no font, or a font without one; null if none is named.</summary>
    public int? UsualPage { private get; set; }

    /// <summary>The number of the font of what names none; null if there is no such font.</summary>
    public int? UsualFont { private get; set; }

    public void SetCharset(int font, int charset)
    {
        if (PagesOfCharsets.TryGetValue(charset, out var page))
            pages[font] = page;
    }

    /// <param name="font">The number of the font; null for the usual one.</param>
    /// <returns>The code page of what is written in the font; null if none is named.</returns>
    public int? PageOf(int? font) =>
        (font ?? UsualFont) is { } number && pages.TryGetValue(number, out var page) ? page : UsualPage;
}
