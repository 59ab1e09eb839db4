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

    public static string Of(string rtf)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var states = new Stack<State>();
        var state = new State(IsSilent: false, SkipAfterUnicode: 1);
        var (page, skip) = (1252, 0);
        for (var place = 0; place < rtf.Length; place++)
        {
            var sign = rtf[place];
            if (sign is '{')
            {
                Close();
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
                case "uc" when value is { } count:
                    state = state with { SkipAfterUnicode = count };
                    break;
                case "u" when value is { } code:
                    Write((char)code);
                    skip = state.SkipAfterUnicode;
                    break;
                // What the RTF adds to the HTML that it wraps is no words of its own.
                case "htmlrtf":
                    state = state with { IsSilent = value is not 0 };
                    break;
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
            Close();
            if (skip > 0 && sign is not '\n')
                skip--;
            else if (!state.IsSilent)
                text.Append(sign);
        }

        void Close()
        {
            if (bytes.Count == 0)
                return;
            text.Append(Charsets.Decode(bytes.ToArray(), $"cp{page}"));
            bytes.Clear();
        }
    }

    /// <param name="SkipAfterUnicode">How many characters after a Unicode character stand in for it.</param>
    private sealed record State(bool IsSilent, int SkipAfterUnicode);
}
