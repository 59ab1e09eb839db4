using System.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Guesses the charset of text that does not say it, from the few words that a reply has. Detectors that count letters
/// need a page of text; here each charset is asked how much of what it reads is what people write in it.
/// </summary>
internal static class CharsetGuess
{
    /// <summary>Beyond this many bytes a text says no more about its charset.</summary>
    private const int MostRead = 4096;

    /// <summary>The least share of likely characters with which a charset is believed.</summary>
    private const double Likely = 0.6;

    private const string Vowels = "аеиоуыэюяіїєё";

    /// <summary>Signs beyond ASCII that word processors write among letters of any script.</summary>
    private const string Marks = "“”„‘’–—…«»€№°\u00A0";

    /// <summary>The most frequent first: of two that read a text equally well, the first is taken.</summary>
    private static readonly (int Page, Func<byte, byte, double>? Weight)[] Candidates =
    [
        (1252, null),
        (1251, null),
        // GB 2312 has its frequent characters in rows 0xB0 to 0xD7, and punctuation in 0xA1 and 0xA3.
        (54936, (lead, trail) => lead is >= 0xB0 and <= 0xD7 && trail >= 0xA1 ? 1
            : lead is 0xA1 or 0xA3 && trail >= 0xA1 ? 0.9
            : lead is 0xA4 or 0xA5 or < 0xB0 || trail < 0xA1 ? 0.2
            : 0.3),
        // KS X 1001 has its syllables in rows 0xB0 to 0xC8.
        (949, (lead, _) => lead is >= 0xB0 and <= 0xC8 ? 1 : lead is 0xA1 or 0xA3 ? 0.9 : lead < 0xA1 ? 0.3 : 0.1),
        // Big5 has its frequent characters in rows 0xA4 to 0xC6.
        (950, (lead, _) => lead is >= 0xA4 and <= 0xC6 ? 1 : lead is 0xA1 ? 0.9 : 0.25),
        // Shift_JIS has kana in rows 0x82 and 0x83, and its frequent characters in 0x88 to 0x97.
        (932, (lead, _) => lead is 0x82 or 0x83 ? 1 : lead is 0x81 ? 0.9 : lead is >= 0x88 and <= 0x97 ? 0.8 : 0.3),
        // EUC-JP has kana in rows 0xA4 and 0xA5, and its frequent characters in 0xB0 to 0xCF.
        (51932, (lead, _) => lead is 0xA4 or 0xA5 ? 1
            : lead is 0xA1 or 0xA3 ? 0.9
            : lead is >= 0xB0 and <= 0xCF ? 0.85
            : 0.3),
        (21866, null),
        (1256, null),
        (874, null),
        (1255, null),
        (1253, null),
    ];

    /// <returns>Null where no charset reads it as what people write.</returns>
    public static Encoding? Of(ReadOnlySpan<byte> bytes)
    {
        var read = bytes.Length > MostRead ? bytes[..MostRead].ToArray() : bytes.ToArray();
        var (best, most) = ((Encoding?)null, Likely);
        foreach (var (page, weight) in Candidates)
        {
            var encoding = Encoding.GetEncoding(
                page,
                EncoderFallback.ExceptionFallback,
                new DecoderReplacementFallback("\uFFFD"));
            var share = weight is null ? Letters(encoding.GetString(read), page) : Pairs(read, weight, page);
            if (share > most)
                (best, most) = (Encoding.GetEncoding(page), share);
        }

        return best;
    }

    /// <summary>The share of likely characters, of two bytes each where the first is not ASCII.</summary>
    private static double Pairs(byte[] bytes, Func<byte, byte, double> weight, int page)
    {
        var (sum, count, hasLowTrail) = (0.0, 0, false);
        for (var place = 0; place < bytes.Length; place++)
        {
            var lead = bytes[place];
            if (lead < 0x80)
                continue;
            count++;
            // In Shift_JIS these are half a character wide, which people seldom write.
            if (page == 932 && lead is >= 0xA0 and <= 0xDF)
                continue;
            if (place + 1 == bytes.Length)
                break;
            var trail = bytes[++place];
            // No pair of this charset: whatever else fits is chance.
            if (trail < 0x40 || trail < 0xA1 && page is 51932)
                return 0;
            hasLowTrail |= trail < 0xA1;
            sum += weight(lead, trail);
        }

        // One character fits into nearly every charset.
        return count < 2 ? 0
            // Chinese of that length has characters that Korean has no place for.
            : page == 949 && count > 4 && sum >= count ? 1.1
            // Big5 has a second byte of this kind in every few characters.
            : page == 950 && count > 4 && !hasLowTrail ? sum / count * 0.9
            : sum / count;
    }

    /// <summary>The share of characters beyond ASCII that are likely where they stand.</summary>
    private static double Letters(string text, int page)
    {
        var (sum, count, letters, vowels, isAccented) = (0.0, 0, 0, 0, false);
        for (var place = 0; place < text.Length; place++)
        {
            var sign = text[place];
            if (char.IsAscii(sign))
                continue;
            count++;
            var (before, after) = (At(text, place - 1), At(text, place + 1));
            sum += IsScript(sign, page) ? OfScript(sign, before, after, page)
                : IsMark(sign) ? page == 1252 ? 0.8 : 0.7
                : 0;
            isAccented |= "άέήίόύώΆΈΉΊΌΎΏ".Contains(sign);
            if (page is not (1251 or 21866) || !IsScript(sign, page))
                continue;
            letters++;
            vowels += Vowels.Contains(char.ToLowerInvariant(sign)) ? 1 : 0;
        }

        // Greek has an accent in nearly every word.
        if (page == 1253 && !isAccented)
            return 0.9 * sum / Math.Max(count, 1);
        // Letters of another script that are read as Cyrillic have too few vowels, or too many.
        var share = count == 0 ? 0 : sum / count;
        return letters >= 8 && (double)vowels / letters is < 0.28 or > 0.62 ? share / 2 : share;
    }

    private static double OfScript(char sign, char before, char after, int page) =>
        page switch
        {
            // Accented letters stand among plain ones.
            1252 => char.IsAsciiLetter(before) || char.IsAsciiLetter(after) ? 1
                : char.IsLetter(before) || char.IsLetter(after) ? 0.15
                : 0.3,
            // Letters of other scripts do not.
            _ when char.IsAsciiLetter(before) || char.IsAsciiLetter(after) => 0,
            // A capital within a word speaks against a charset: another one has other letters there.
            1251 or 21866 => !char.IsUpper(sign) ? 0.99 : char.IsLower(before) ? -1 : char.IsUpper(before) ? 0.9 : 0.99,
            1253 => char.IsUpper(sign) && char.IsLower(before) ? -1 : 0.97,
            _ => 0.95,
        };

    private static bool IsScript(char sign, int page) =>
        page switch
        {
            1252 => sign is >= '\u00C0' and <= '\u024F' and not ('×' or '÷'),
            1251 or 21866 => sign is >= '\u0400' and <= '\u045F' or 'ґ' or 'Ґ',
            1253 => sign is >= '\u0386' and <= '\u03CE',
            1255 => sign is >= '\u05D0' and <= '\u05EA',
            1256 => sign is >= '\u0621' and <= '\u0652' or 'پ' or 'چ' or 'ژ' or 'گ' or '،' or '؟',
            874 => sign is >= '\u0E01' and <= '\u0E4E',
            _ => false,
        };

    private static bool IsMark(char sign) => Marks.Contains(sign);

    private static char At(string text, int place) => place >= 0 && place < text.Length ? text[place] : ' ';
}
