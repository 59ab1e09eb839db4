using System.Globalization;

namespace Distribution.Tracking.Inbound;

/// <summary>Goes through a text in RTF by its syntax, and knows nothing of what its control words mean.</summary>
internal sealed class RtfCursor(string rtf)
{
    private int place;

    public bool IsAtEnd => place >= rtf.Length;

    private char Here => rtf[place];

    public char Take() => rtf[place++];

    /// <returns>The byte that <c>'hh</c> gives in hexadecimal, after a backslash; null for anything else.</returns>
    public byte? TakeByte()
    {
        if (Here is not '\'' || place + 2 >= rtf.Length
            || !byte.TryParse(
                rtf.AsSpan(place + 1, 2),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture,
                out var part))
            return null;
        place += 3;
        return part;
    }

    /// <returns>The control word after a backslash, with its number if it has one; null for anything else.</returns>
    public (string Word, int? Number)? TakeWord()
    {
        if (!char.IsAsciiLetter(Here))
            return null;
        var begin = place;
        SkipWhile(char.IsAsciiLetter);
        var word = rtf[begin..place];
        begin = place;
        if (!IsAtEnd && Here is '-')
            place++;
        SkipWhile(char.IsAsciiDigit);
        int? number = int.TryParse(rtf.AsSpan(begin..place), CultureInfo.InvariantCulture, out var read) ? read : null;
        // The space after a control word belongs to it.
        if (!IsAtEnd && Here is ' ')
            place++;
        return (word, number);
    }

    public void Skip(int length) => place += Math.Min(length, rtf.Length - place);

    private void SkipWhile(Func<char, bool> isMeant)
    {
        while (!IsAtEnd && isMeant(Here))
            place++;
    }
}
