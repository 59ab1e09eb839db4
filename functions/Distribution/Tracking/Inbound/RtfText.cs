using System.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>Reads the words of a text in RTF, which Outlook writes.</summary>
internal sealed class RtfText
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

    private readonly RtfFonts fonts = new();
    private readonly StringBuilder text = new();

    /// <summary>
    /// What was written and is not decoded yet. What stands in one charset is decoded together: a letter alone says
    /// nothing of its charset, and is half of one in some. So plain characters are bytes as well.
    /// </summary>
    private readonly List<byte> bytes = [];

    private readonly Stack<Group> outside = [];
    private Group group = new(IsSilent: false, SkipAfterUnicode: 1, Font: null);

    /// <summary>How many characters are still to come that stand in for the last Unicode character.</summary>
    private int skip;

    private RtfText()
    {
    }

    /// <returns>The words with line breaks; it may be empty.</returns>
    public static string Of(string rtf)
    {
        var cursor = new RtfCursor(rtf);
        var words = new RtfText();
        while (!cursor.IsAtEnd)
            switch (cursor.Take())
            {
                case '{':
                    words.BeginGroup();
                    break;
                case '}':
                    words.EndGroup();
                    break;
                case '\\' when !cursor.IsAtEnd:
                    words.Control(cursor);
                    break;
                case '\r' or '\n':
                    break;
                case var sign:
                    words.Write(sign);
                    break;
            }

        words.Decode();
        return words.text.ToString();
    }

    private void BeginGroup()
    {
        Decode();
        // Groups deeper than that share one state.
        if (outside.Count < Deepest)
            outside.Push(group);
    }

    private void EndGroup()
    {
        Decode();
        group = outside.TryPop(out var outer) ? outer : group;
    }

    private void Control(RtfCursor cursor)
    {
        if (cursor.TakeByte() is { } part)
            Write(part);
        else if (cursor.TakeWord() is var (word, number))
        {
            // In the charset that held until here.
            Decode();
            // Raw bytes follow, in which braces mean nothing.
            if (word is "bin" && number is > 0 and { } length)
                cursor.Skip(length);
            else
                Word(word, number);
        }
        else
            Symbol(cursor.Take());
    }

    private void Symbol(char sign)
    {
        // A group that a reader may skip if it does not know it.
        if (sign is '*')
            Silence();
        else
            Write(sign is '~' ? ' ' : sign is '_' ? '-' : sign is '\n' or '\r' ? '\n' : sign);
    }

    private void Word(string word, int? number)
    {
        switch (word)
        {
            case "par" or "line" or "row" or "sect":
                Write('\n');
                break;
            case "tab" or "cell":
                Write('\t');
                break;
            case "ansicpg" when number is { } page:
                fonts.UsualPage = page;
                break;
            case "deff" when number is { } font:
                fonts.UsualFont = font;
                break;
            case "f" when number is { } font:
                group = group with { Font = font };
                break;
            case "plain":
                group = group with { Font = null };
                break;
            case "fcharset" when number is { } charset && group.Font is { } font:
                fonts.SetCharset(font, charset);
                break;
            case "uc" when number is { } count:
                group = group with { SkipAfterUnicode = count };
                break;
            case "u" when number is { } code:
                // RTF writes numbers above 32,767 as negative ones, which the cast turns back.
                Write((char)code);
                skip = group.SkipAfterUnicode;
                break;
            // What the RTF adds to the HTML that it wraps is no words of its own.
            case "htmlrtf":
                group = group with { IsSilent = number is not 0 };
                break;
            case var _ when NoWords.Contains(word):
                Silence();
                break;
        }
    }

    private void Silence() => group = group with { IsSilent = true };

    private void Write(byte part)
    {
        if (skip > 0)
            skip--;
        else if (!group.IsSilent)
            bytes.Add(part);
    }

    private void Write(char sign)
    {
        if (skip > 0 && sign is not '\n')
            skip--;
        else if (group.IsSilent)
            return;
        else if (char.IsAscii(sign))
            bytes.Add((byte)sign);
        else
        {
            Decode();
            text.Append(sign);
        }
    }

    private void Decode()
    {
        if (bytes.Count == 0)
            return;
        text.Append(Charsets.Decode(bytes.ToArray(), fonts.PageOf(group.Font)));
        bytes.Clear();
    }

    /// <summary>What holds to the end of a group, unless an inner group says otherwise.</summary>
    /// <param name="SkipAfterUnicode">How many characters after a Unicode character stand in for it.</param>
    /// <param name="Font">The number of the font; null for the usual one.</param>
    private sealed record Group(bool IsSilent, int SkipAfterUnicode, int? Font);
}
