using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Distribution.Intake.CoverLetters;

/// <summary>
/// The numbers and signs before a Word file's paragraphs. The file does not hold them: Word counts them, by the
/// definitions of its lists.
/// </summary>
internal sealed partial class WordNumbering
{
    private const int Levels = 9;

    private readonly Dictionary<string, XElement> lists = [];
    private readonly Dictionary<string, (string List, XElement Definition)> numbers = [];
    private readonly Dictionary<string, int?[]> counts = [];
    private readonly HashSet<string> begun = [];

    /// <param name="numbering">The root of the part <c>numbering.xml</c>; null where the file has none.</param>
    public WordNumbering(XElement? numbering)
    {
        foreach (var list in numbering.Children("abstractNum"))
            lists.TryAdd(list.Value("abstractNumId") ?? "", list);
        foreach (var number in numbering.Children("num"))
            numbers.TryAdd(number.Value("numId") ?? "", (number.Child("abstractNumId").Value("val") ?? "", number));
        // A list may only name a style of lists, which another one defines.
        foreach (var (id, list) in lists.ToList())
            if (list.Child("numStyleLink").Value("val") is { } style
                && lists.Values.FirstOrDefault(other => other.Child("styleLink").Value("val") == style) is { } defined)
                lists[id] = defined;
    }

    /// <summary>Counts one paragraph, and gives its mark; null if it has none.</summary>
    /// <param name="number">The id of its list, as the paragraph or its style names it.</param>
    public string? Next(string number, int level)
    {
        if (level is < 0 or >= Levels
            || !numbers.TryGetValue(number, out var found)
            || Level(found.List, found.Definition, level) is not { } definition)
            return null;
        // Lists of one definition go on from each other, unless one says that it begins anew.
        if (!counts.TryGetValue(found.List, out var count))
            counts[found.List] = count = new int?[Levels];
        // A list starts over once, at the first paragraph that names it.
        if (begun.Add($"{number} {level}")
            && Override(found.Definition, level).Child("startOverride").Value("val") is { } anew)
            count[level] = Number(anew, 1) - 1;
        count[level] = (count[level] ?? Start(definition) - 1) + 1;
        // Levels within this one count from their beginning again.
        Array.Fill(count, null, level + 1, Levels - level - 1);
        var isLegal = definition.Child("isLgl") is not null;
        var text = Place().Replace(
            definition.Child("lvlText").Value("val") ?? "",
            place =>
            {
                var above = place.Value[1] - '1';
                return above > level || Level(found.List, found.Definition, above) is not { } other
                    ? ""
                    : Written(
                        count[above] ?? Start(other),
                        isLegal ? "decimal" : other.Child("numFmt").Value("val") ?? "decimal");
            });
        return definition.Child("numFmt").Value("val") switch
        {
            "none" => text.Trim() is { Length: > 0 } words ? words : null,
            "bullet" => Bullet(text),
            _ => text.Trim() is { Length: > 0 } mark ? mark : null,
        };
    }

    /// <summary>Signs of Word's own fonts are no characters: what they look like is.</summary>
    private static string Bullet(string text) => text.Trim() switch
    {
        "" => "•",
        "o" or "§" or "·" => "•",
        "-" or "–" or "—" => "–",
        { Length: 1 } sign when sign[0] is '•' or '◦' or '‣' or '▪' or '▫' or '●' or '○' or '■' or '□' or '*' or '+' =>
            sign,
        _ => "•",
    };

    private XElement? Level(string list, XElement number, int level) =>
        Override(number, level).Child("lvl")
        ?? (lists.TryGetValue(list, out var definition) ? At(definition.Children("lvl"), level) : null);

    private static XElement? Override(XElement number, int level) => At(number.Children("lvlOverride"), level);

    private static XElement? At(IEnumerable<XElement> levels, int level) =>
        levels.FirstOrDefault(one => one.Value("ilvl") == level.ToString(CultureInfo.InvariantCulture));

    private static int Start(XElement level) => Number(level.Child("start").Value("val"), 1);

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 32_767
            ? number
            : otherwise;

    private static string Written(int number, string format) => format switch
    {
        "lowerLetter" => Letters(number).ToLowerInvariant(),
        "upperLetter" => Letters(number),
        "lowerRoman" => Roman(number).ToLowerInvariant(),
        "upperRoman" => Roman(number),
        "russianLower" => Of("абвгдежзиклмнопрстуфхцчшщэюя", number),
        "russianUpper" => Of("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", number),
        "arabicAlpha" => Of("أبتثجحخدذرزسشصضطظعغفقكلمنهوي", number),
        "arabicAbjad" => Of("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ", number),
        "decimalZero" => number.ToString("00", CultureInfo.InvariantCulture),
        "chineseCounting"
            or "chineseCountingThousand"
            or "ideographDigital"
            or "taiwaneseCounting"
            or "japaneseCounting" when number < 100 =>
            Chinese(number),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    // After z Word goes on with aa, bb and cc.
    private static string Letters(int number) =>
        number < 1 ? "" : new((char)('A' + (number - 1) % 26), Math.Min((number - 1) / 26 + 1, 10));

    private static string Of(string alphabet, int number) =>
        number < 1
            ? ""
            : new(alphabet[(number - 1) % alphabet.Length], Math.Min((number - 1) / alphabet.Length + 1, 10));

    private static string Roman(int number)
    {
        (int Value, string Sign)[] signs =
        [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
            (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ];
        var written = new StringBuilder();
        foreach (var (value, sign) in signs)
            for (; number >= value; number -= value)
                written.Append(sign);
        return written.ToString();
    }

    private static string Chinese(int number)
    {
        const string Digits = "〇一二三四五六七八九";
        var (tens, ones) = (number / 10, number % 10);
        return (tens > 1 ? $"{Digits[tens]}" : "")
            + (tens > 0 ? "十" : "")
            + (ones > 0 || tens == 0 ? $"{Digits[ones]}" : "");
    }

    [GeneratedRegex("%[1-9]")]
    private static partial Regex Place();
}
