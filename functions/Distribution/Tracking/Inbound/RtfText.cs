using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>Reads the words of a text in RTF, which Outlook writes.</summary>
internal static class RtfText
{
    /// <summary>How deep groups are followed. Word processors write a few levels.</summary>
    private const int Deepest = 200;

    /// <summary>Groups that hold no words.</summary>
    private static readonly HashSet<string> NoWords =
    [
        "colortbl",
        "datastore",
        "fonttbl",
        "footer",
        "generator",
        "header",
        "info",
        "listoverridetable",
        "listtable",
        "object",
        "pict",
        "rsidtbl",
        "stylesheet",
        "themedata",
        "xmlnstbl",
    ];

    /// <summary>The code pages of the charsets that a font can name; the others say nothing of letters.</summary>
    private static readonly FrozenDictionary<int, int> PagesOfFonts = new Dictionary<int, int>
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

    /// <returns>The words with line breaks; it may be empty.</returns>
    public static string Of(string rtf)
    {
        var text = new StringBuilder();
        // What stands in one charset is decoded together: a letter alone says nothing of its charset, and is half of
        // one in some. So plain characters are bytes as well.
        var bytes = new List<byte>();
        var states = new Stack<State>();
        var state = new State(IsSilent: false, SkipAfterUnicode: 1, Font: null);
        var fonts = new Dictionary<int, int>();
        var (skip, page, usual) = (0, (int?)null, (int?)null);
        for (var place = 0; place < rtf.Length; place++)
        {
            var sign = rtf[place];
            if (sign is '{')
            {
                Close();
                // Groups deeper than that share one state.
                if (states.Count < Deepest)
                    states.Push(state);
            }
            else if (sign is '}')
            {
                Close();
                state = states.TryPop(out var outer) ? outer : state;
            }
            else if (sign is '\\' && place + 1 < rtf.Length)
                Control(ref place);
            else if (sign is not ('\r' or '\n'))
                Write(sign);
        }

        Close();
        return text.ToString();

        void Control(ref int place)
        {
            var sign = rtf[++place];
            if (sign is '\'' && place + 2 < rtf.Length
                && byte.TryParse(
                    rtf.AsSpan(place + 1, 2),
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture,
                    out var part))
            {
                place += 2;
                if (skip > 0)
                    skip--;
                else if (!state.IsSilent)
                    bytes.Add(part);
                return;
            }

            if (!char.IsAsciiLetter(sign))
            {
                // A group that a reader may skip if it does not know it.
                if (sign is '*')
                    state = state with { IsSilent = true };
                else
                    Write(sign is '~' ? ' ' : sign is '_' ? '-' : sign is '\n' or '\r' ? '\n' : sign);
                return;
            }

            var begin = place;
            while (place < rtf.Length && char.IsAsciiLetter(rtf[place]))
                place++;
            var word = rtf[begin..place];
            var number = place;
            if (place < rtf.Length && rtf[place] is '-')
                place++;
            while (place < rtf.Length && char.IsAsciiDigit(rtf[place]))
                place++;
            int? value =
                int.TryParse(rtf.AsSpan(number, place - number), CultureInfo.InvariantCulture, out var read)
                    ? read
                    : null;
            // The space after a control word belongs to it.
            if (place >= rtf.Length || rtf[place] is not ' ')
                place--;
            Close();
            switch (word)
            {
                case "par" or "line" or "row" or "sect":
                    Write('\n');
                    break;
                case "tab" or "cell":
                    Write('\t');
                    break;
                case "ansicpg" when value is { } named:
                    page = named;
                    break;
                case "deff" when value is { } font:
                    usual = font;
                    break;
                case "f" when value is { } font:
                    state = state with { Font = font };
                    break;
                case "plain":
                    state = state with { Font = null };
                    break;
                case "fcharset" when value is { } charset && state.Font is { } font:
                    if (PagesOfFonts.TryGetValue(charset, out var ofFont))
                        fonts[font] = ofFont;
                    break;
                case "uc" when value is { } count:
                    state = state with { SkipAfterUnicode = count };
                    break;
                case "u" when value is { } code:
                    // RTF writes numbers above 32,767 as negative ones, which the cast turns back.
                    Write((char)code);
                    skip = state.SkipAfterUnicode;
                    break;
                // What the RTF adds to the HTML that it wraps is no words of its own.
                case "htmlrtf":
                    state = state with { IsSilent = value is not 0 };
                    break;
                // Raw bytes follow, in which braces mean nothing.
                case "bin" when value is > 0 and { } length:
                    place = Math.Min(rtf.Length - 1, place + length);
                    break;
                default:
                    if (NoWords.Contains(word))
                        state = state with { IsSilent = true };
                    break;
            }
        }

        void Write(char sign)
        {
            if (skip > 0 && sign is not '\n')
                skip--;
            else if (state.IsSilent)
                return;
            else if (char.IsAscii(sign))
                bytes.Add((byte)sign);
            else
            {
                Close();
                text.Append(sign);
            }
        }

        void Close()
        {
            if (bytes.Count == 0)
                return;
            var named = (state.Font ?? usual) is { } font && fonts.TryGetValue(font, out var own) ? own : page;
            text.Append(Charsets.Decode(bytes.ToArray(), named));
            bytes.Clear();
        }
    }

    /// <param name="SkipAfterUnicode">How many characters after a Unicode character stand in for it.</param>
    /// <param name="Font">The number of the font; null for the usual one.</param>
    private sealed record State(bool IsSilent, int SkipAfterUnicode, int? Font);
}
