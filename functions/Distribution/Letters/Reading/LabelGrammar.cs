using System.Globalization;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>
/// How draft labels are written in the six official languages: the words for a draft, a revision and a version, their
/// numbers, ordinals and dates, and the parts that follow. Reads texts as <see cref="LabelText"/> writes them.
/// </summary>
internal static partial class LabelGrammar
{
    private static readonly string[][] Ordinals =
    [
        ["first", "premier", "première", "primer", "primera", "primero", "перв", "الأولى", "الأول"],
        ["second", "deuxième", "seconde", "segundo", "segunda", "втор", "الثانية", "الثاني"],
        ["third", "troisième", "tercer", "tercera", "tercero", "трет", "الثالثة", "الثالث"],
        ["fourth", "quatrième", "cuarto", "cuarta", "четверт", "الرابعة", "الرابع"],
        ["fifth", "cinquième", "quinto", "quinta", "пят", "الخامسة", "الخامس"],
        ["sixth", "sixième", "sexto", "sexta", "шест", "السادسة", "السادس"],
        ["seventh", "septième", "séptimo", "séptima", "седьм", "السابعة", "السابع"],
        ["eighth", "huitième", "octavo", "octava", "восьм", "الثامنة", "الثامن"],
        ["ninth", "neuvième", "noveno", "novena", "девят", "التاسعة", "التاسع"],
        ["tenth", "dixième", "décimo", "décima", "десят", "العاشرة", "العاشر"],
    ];

    private static readonly string Draft =
        $"(?:draft|{OneOf("projet", "proyecto", "anteproyecto", "borrador", "ébauche")}|{Plain("проект")}[а-я]{{0,2}}|{Arabic("مسودة|مشروع")})";

    private static readonly string Revision =
        $"(?:revs?|revis(?:ion|ed|ee?|e|ado|ada)|{OneOf("пересмотр", "редакция", "ред")}|{Arabic("تنقيح|مراجعة|منقحة|صيغة المنقحة")})";

    private static readonly string Version = $"(?:version|ver|v|{OneOf("версия", "вариант")}|{Arabic("نسخة")})";

    private static readonly string Revised =
        $"(?:revised|revisee?|revis[ao]d[ao]|{Plain("пересмотренн")}[а-я]{{1,3}}|{Arabic("منقحة|منقح")})";

    private static readonly string NumberSign =
        $"(?: (?:no|n|nr|nro|num|numero|number|{OneOf("номер")}|{Arabic("رقم")}))?";

    private static readonly string Number =
        $"(?:[0-9]{{1,3}}(?:\\.[0-9]{{1,2}}){{0,3}}(?:-[0-9]{{1,2}}(?![-.0-9]))?(?![.0-9])[a-z]?|{Roman})(?: (?:bis|ter|quater))?(?=[\\x20-])";

    private static readonly string Ordinal =
        $"(?:(?:{string.Join('|', Ordinals.SelectMany((words, _) => words.Where(IsNotRussian)).Select(Plain))})|(?:{string.Join('|', Ordinals.SelectMany(words => words.Where(word => !IsNotRussian(word))).Select(Plain))})[а-я]{{1,3}}|[0-9]{{1,2}}(?:st|nd|rd|th|er|re|e|ere|eme|o|a|do|da|ro|ra))";

    private static readonly string Month =
        $"(?:{string.Join('|', DateWords.Months.SelectMany(words => words).Select(Plain))})";

    private static readonly string Date =
        $"(?:[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{1,2}}\\.[0-9]{{1,2}}\\.[0-9]{{4}}|(?:[0-9]{{4}} 年 ?)?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?日|[0-9]{{1,2}}(?:st|nd|rd|th|er|o)? (?:of |de )?{Month}(?: (?:de )?[0-9]{{4}})?|{Month} [0-9]{{1,2}}(?:st|nd|rd|th)?(?: [0-9]{{4}})?)(?= )";

    private static readonly string Link =
        $"(?:(?:of|dated|as(?: at| on)?|from|the|du|de|del|(?:en )?date|datee|au|fecha|fechado|{OneOf("от", "по", "состоянию", "на", "بتاريخ", "المؤرخة", "المؤرخ")}) ){{0,3}}";

    private static readonly string AdditionWord =
        $"(?:corr|corrigend(?:um|a)|errat(?:um|a)|rectificatif|correccion|addend(?:um|a)|additif|adicion|{OneOf("исправление", "добавление", "испр", "доб", "تصويب", "إضافة")})";

    /// <summary>A corrigendum, an addendum or an amendment to what stands before it.</summary>
    private static readonly string Addition =
        $" (?:{AdditionWord}(?:{NumberSign} {Number})?|(?:add|amend|amendment){NumberSign} {Number})(?= )";

    private static readonly string Before =
        $"(?:corrigendum|erratum|addendum|rectificatif|additif|correccion|adicion|{OneOf("исправление", "добавление")})(?:{NumberSign} {Number})?";

    private static readonly string To = $"(?:(?:to|of|the|au|a|al|du|de|del|la|le|{OneOf("к")}) ){{0,2}}";

    private static readonly string Part = $"(?:{Addition}| rev{NumberSign} {Number}(?= ))";

    private static readonly string ChineseAddition = "(?:更正|增编)";

    private static readonly string Chinese = "[0-9一二三四五六七八九十]{1,3}";

    // Interpreted, as all expressions made of many words are: to compile this one took every process 50 MB and half a
    // second, which reading labels never won back.
    // "The draft I sent you" is no Draft 1, so a single i before a word is no number behind a draft.
    private static readonly Regex Labels = new(
        $"""
        (?<=[ ])(?:
          (?:(?<before>{X(Before)})[ ]{X(To)})?
           (?:
            (?:
              (?<zero>(?:zero|0)[ ]{X(Draft)}|{X(Draft)}[ ](?:zero|cero|0)(?![.0-9])|{X(Plain("нулев"))}[а-я]{"{1,3}"}[ ]{X(Draft)}|{X(Arabic("مسودة"))}[ ]{X(Arabic("صفرية"))})(?<plus>[ ]plus)?
              |(?<final>final[ ]{X(Draft)}|{X(Draft)}[ ]final|{X(Plain("окончательн"))}[а-я]{"{1,3}"}[ ]{X(Draft)}|{X(Arabic("مسودة"))}[ ]{X(Arabic("نهائية"))})
              |(?<day>{X(Draft)}[ ]{X(Link)}(?<dated>{X(Date)}))
            )(?<parts>(?:{X(Addition)})*)
            |
            (?:
              (?<draft>draft[ ])?(?:{X(Draft)}[ ])?{X(Revision)}{X(NumberSign)}[ ](?<rev>{X(Number)})
              |(?<ordinal>{X(Ordinal)})[ ](?<revised>{X(Revised)}[ ])?(?<noun>{X(Draft)}|{X(Revision)}|{X(Version)})(?<revised>[ ]{X(Revised)})?(?![ ](?:{X(Revision)}|{X(Version)}|[0-9]))
              |(?<noun>{X(Arabic("مسودة|تنقيح|صيغة|نسخة"))})[ ](?<revised>{X(Revised)}[ ])?(?<ordinal>{X(Ordinal)})
              |(?:{X(Draft)}[ ])?{X(Version)}{X(NumberSign)}[ ](?<version>[0-9]{X(Number)}|{X(Number)})
              |{X(Draft)}{X(NumberSign)}[ ](?!i[ ][a-z])(?<number>{X(Number)})
            )(?<parts>(?:{X(Part)})*)(?:[ ]{X(Link)}(?<on>{X(Date)}))?
           )
        )(?=[ -])
        |(?:
          (?<czero>零(?:号|號)?(?:草案|草稿|稿|案))|(?<cfinal>(?:最终|最后)(?:草案|稿)|定稿)
          |第?[ ]?(?<cnumber>{Chinese})[ ]?(?:次|号|份)?[ ]?(?<crevised>修订|订正)?(?:草案|草稿|稿)
          |(?:(?<crevised>修订|订正)(?:草案|稿|版|本)?|草案|草稿)[ ]?第?[ ]?(?<cnumber>{Chinese})(?![0-9]|[ ]?月)
        )(?<parts>(?:{X(Addition)})+)?(?:(?<cparts>(?:[ ]?{ChineseAddition}(?:[ ]?第?[ ]?{Chinese}(?!月|[ ]月)号?)?)+))?
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace);

    private static readonly Regex Dates = new(
        $"(?<=[ ]){Date}",
        RegexOptions.CultureInvariant);

    // Atomic, so that the number of a corrigendum is never taken for a part of the document's label.
    private static readonly Regex Leading = new($"^ (?>{Before}) (?<to>{To})", RegexOptions.CultureInvariant);

    /// <summary>What a draft says of an addition that it has in it: "Draft Rev 3 incorporating Corr. 1".</summary>
    private static readonly Regex Containing = new(
        $" (?:with|incorporat(?:ing|es)|integrating|includ(?:ing|es)|incl|(?:amended|corrected) by|avec|integrant|incluant|y compris|tenant compte d[eu]|con|incluid[oa]s?|incluyendo|incorporando|{OneOf("с", "со", "включая", "с учетом", "مع", "بما في ذلك", "متضمنا")})$|(?:含|包括|并入|连同|纳入)$",
        RegexOptions.CultureInvariant);

    // From the end: what stands before the last addition is the nearest document.
    private static readonly Regex Trailing = new(
        $"{Addition}|(?<=[^ ]) ?{ChineseAddition}",
        RegexOptions.CultureInvariant | RegexOptions.RightToLeft);

    private static readonly Regex Additions = new(
        $" (?:{AdditionWord}s?|add|amend|amendments?|correct(?:ed|ions?)|corrige(?:e?s?)|corregid[oa]s?|rectifi(?:catifs|cations?)|correcciones|adiciones|adenda|{OneOf("поправки", "исправления", "исправлено", "дополнение", "дополнения", "تصحيح", "تصويبات")})(?= )|{ChineseAddition}|勘误|补编",
        RegexOptions.CultureInvariant);

    private static string Roman => "(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})";

    /// <summary>The labels in a text, in order, and the text behind each.</summary>
    /// <param name="text">As <see cref="LabelText"/> writes it.</param>
    public static IEnumerable<(DraftLabel Label, string After)> Read(string text) =>
        Labels.Matches(text).Select(match => (Label(match), text[(match.Index + match.Length)..]));

    /// <summary>The dates in a text.</summary>
    public static IEnumerable<LabelDate> DatesIn(string text) =>
        Dates.Matches(text).Select(match => DateOf(match.Value)!);

    private static DraftLabel Label(Match match)
    {
        var parts =
            $" {match.Groups["parts"].Value} {LatinParts(match.Groups["cparts"].Value)} {match.Groups["before"].Value} ";
        if (match.Groups["zero"].Success || match.Groups["czero"].Success)
            return match.Groups["plus"].Success ? Whole("zero plus", "Zero draft plus") : Whole("zero", "Zero draft");
        if (match.Groups["final"].Success || match.Groups["cfinal"].Success)
            return Whole("final", "Final draft");
        if (match.Groups["dated"].Success)
            return Whole("draft", Written(match.Groups["day"].Value)) with { On = DateOf(match.Groups["dated"].Value) };

        var (family, number, words) = Numbered(match);
        return Whole($"{family} {number}", words) with
        {
            IsProse = match.Groups["ordinal"].Success || family == "version",
            On = DateOf(match.Groups["on"].Value),
        };

        // The first of its kind often has no number.
        DraftLabel Whole(string key, string written) =>
            new($"{key}{Parts(parts, "1")}", $"{written}{Parts(parts, "")}") { Root = key };
    }

    private static (string Family, string Number, string Words) Numbered(Match match)
    {
        if (match.Groups["rev"].Value is { Length: > 0 } revision)
            return (
                "rev",
                NumberOf(revision),
                $"{(match.Groups["draft"].Success ? "Draft Rev" : "Rev")} {Shown(revision)}");
        if (match.Groups["version"].Value is { Length: > 0 } version)
            return ("version", NumberOf(version), $"Version {Shown(version)}");
        if (match.Groups["number"].Value is { Length: > 0 } number)
            return ("draft", NumberOf(number), $"Draft {Shown(number)}");
        if (match.Groups["cnumber"].Value is { Length: > 0 } chinese)
            return (
                match.Groups["crevised"].Success ? "rev" : "draft",
                ChineseNumber(chinese),
                match.Value.Replace(" ", "", StringComparison.Ordinal));
        var noun = match.Groups["noun"].Value;
        var family = match.Groups["revised"].Success || Regex.IsMatch(noun, $"^{Revision}$") ? "rev"
            : Regex.IsMatch(noun, $"^{Version}$") ? "version"
            : "draft";
        var root = match.Groups["ordinal"].Index;
        return (
            family,
            OrdinalOf(match.Groups["ordinal"].Value),
            Written(
                match.Value[..(match.Value.Length - match.Groups["parts"].Length)]
                    [Math.Max(0, Math.Min(root, match.Groups["noun"].Index) - match.Index)..]));
    }

    /// <summary>
    /// The label of the document that an addendum or a corrigendum belongs to, whatever its form: <c>elements paper</c>
    /// of "Elements paper, Corrigendum 2"; null where a label names neither.
    /// </summary>
    /// <param name="label">As <see cref="LabelText.Plain"/> writes it.</param>
    public static string? WholeOf(string label)
    {
        var whole = Leading.Match(label) is { Success: true } leading
                ? IsDocument(label[leading.Length..], leading.Groups["to"].Length > 0)
                    ? label[leading.Length..].Trim()
                    : ""
            : Trailing.Match(label) is { Success: true } trailing && !Containing.IsMatch(label[..trailing.Index])
                ? label[..trailing.Index].Trim()
            : "";
        // A single word says what kind of addendum it is: "Technical corrigendum".
        return whole.Contains(' ') || whole.Any(sign => char.GetUnicodeCategory(sign) is UnicodeCategory.OtherLetter)
            ? $" {whole} "
            : null;
    }

    /// <summary>
    /// What follows "Corrigendum" is a document if it is a label, or if words such as "to" say that it is corrected. In
    /// "Corrigendum of 5 March" it is the corrigendum's own day, in "Addendum on financing" its matter.
    /// </summary>
    private static bool IsDocument(string after, bool isSaidSo) =>
        Labels.IsMatch($" {after}") || (isSaidSo && Dates.Replace($" {after}", "").Trim().Length > 0);

    /// <summary>True if a text says that it corrects or adds, in the words of a label or in others.</summary>
    /// <param name="text">As <see cref="LabelText.Plain"/> writes it.</param>
    public static bool SpeaksOfAdditions(string text) => Additions.IsMatch(text);

    /// <summary>The parts behind a label in one form: <c>/Add.1/Corr.2</c>.</summary>
    /// <param name="unnumbered">The number of one that has none.</param>
    private static string Parts(string parts, string unnumbered) => string.Concat(
        PartWords().Matches(parts).Select(part =>
        {
            var kind = part.Groups["kind"].Value switch
            {
                "rev" => "Rev",
                ['a', 'm', ..] => "Amend",
                ['a' or 'д' or 'ا', ..] => "Add",
                _ => "Corr",
            };
            var number = part.Groups["of"].Success ? NumberOf(part.Groups["of"].Value) : unnumbered;
            return number.Length == 0 ? $"/{kind}" : $"/{kind}.{number}";
        }));

    private static string LatinParts(string parts) => ChineseParts().Replace(
        parts,
        part => $" {(part.Value.Contains('更', StringComparison.Ordinal) ? "corr" : "add")}{(part.Groups["of"].Success ? $" {ChineseNumber(part.Groups["of"].Value)}" : "")}");

    /// <summary>In one form: <c>2</c>, <c>2.1</c>, <c>2 bis</c>, <c>1a</c>; empty where there is none.</summary>
    private static string NumberOf(string written)
    {
        if (written.Length == 0)
            return "";
        var words = written.Split(' ');
        if (RomanOnly().IsMatch(words[0]))
            words[0] = RomanNumber(words[0]).ToString(CultureInfo.InvariantCulture);
        words[0] = LeadingZeros().Replace(words[0].Replace('-', '.'), "");
        return string.Join(' ', words);
    }

    private static string Shown(string written)
    {
        var words = written.Split(' ');
        words[0] = RomanOnly().IsMatch(words[0]) ? words[0].ToUpperInvariant() : NumberOf(words[0]).ToUpperInvariant();
        return string.Join(' ', words);
    }

    private static int RomanNumber(string numerals)
    {
        var values = numerals.Select(numeral => numeral switch { 'x' => 10, 'v' => 5, _ => 1 }).ToList();
        return values
            .Select((value, place) => place + 1 < values.Count && values[place + 1] > value ? -value : value)
            .Sum();
    }

    private static string ChineseNumber(string number)
    {
        if (char.IsAsciiDigit(number[0]))
            return NumberOf(number);
        const string digits = "〇一二三四五六七八九";
        var ten = number.IndexOf('十');
        var value = ten < 0
            ? digits.IndexOf(number[^1])
            : ((ten == 0 ? 1 : digits.IndexOf(number[0])) * 10)
            + (ten == number.Length - 1 ? 0 : digits.IndexOf(number[^1]));
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private static string OrdinalOf(string ordinal) =>
        char.IsAsciiDigit(ordinal[0])
            ? NumberOf(new([.. ordinal.TakeWhile(char.IsAsciiDigit)]))
            // Russian ones are listed without their endings.
            : PlaceOf(
                    Ordinals,
                    word => IsNotRussian(word)
                        ? ordinal == Plain(word)
                        : ordinal.StartsWith(Plain(word), StringComparison.Ordinal))
                .ToString(CultureInfo.InvariantCulture);

    private static LabelDate? DateOf(string written)
    {
        var numbers = DateNumbers()
            .Matches(written)
            .Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))
            .ToList();
        if (written.Length == 0)
            return null;
        if (written.Contains('-') || written.Contains('年'))
            return new(numbers[2], numbers[1], numbers[0]);
        if (written.Contains('.'))
            return new(numbers[0], numbers[1], numbers[2]);
        if (written.Contains('月'))
            return new(numbers[1], numbers[0], null);
        var month = PlaceOf(
            DateWords.Months,
            word => $" {written} ".Contains($" {Plain(word)} ", StringComparison.Ordinal));
        return new(numbers[0], month, numbers.Count > 1 ? numbers[1] : null);
    }

    private static int PlaceOf(IReadOnlyList<IReadOnlyList<string>> lists, Func<string, bool> isIt) =>
        lists.Index().First(list => list.Item.Any(isIt)).Index + 1;

    private static bool IsNotRussian(string word) => word[0] is < 'а' or > 'я';

    private static string Written(string plain)
    {
        var text = Regex.Replace(plain.Trim(), $"(?<= ){Month}(?= |$)", month => Capitalized(month.Value));
        return Capitalized(text);
    }

    private static string Capitalized(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    private static string Plain(string words) => LabelText.Plain(words).Trim();

    private static string OneOf(params string[] words) => string.Join('|', words.Select(Plain));

    /// <summary>Arabic words, with the article and with the particles that are written together with them.</summary>
    private static string Arabic(string words) =>
        $"[وبفلك]?(?:ال|ل)?(?:{string.Join('|', words.Split('|').Select(Plain))})";

    // Spaces of a piece of the large expression, which ignores those of its layout.
    private static string X(string piece) => piece.Replace(" ", "[ ]", StringComparison.Ordinal);

    [GeneratedRegex(
        "(?<= )(?<kind>\\p{L}+)(?: (?:no|n|nr|num|numero|number))?(?: (?<of>[0-9][0-9.a-z-]*|[ivx]+(?= |$)))?(?= |$)")]
    private static partial Regex PartWords();

    [GeneratedRegex(" ?(?:更正|增编)(?: ?第? ?(?<of>[0-9一二三四五六七八九十]{1,3})号?)?")]
    private static partial Regex ChineseParts();

    [GeneratedRegex("^[ivx]+$")]
    private static partial Regex RomanOnly();

    [GeneratedRegex(@"(?<![0-9])0+(?=[0-9])")]
    private static partial Regex LeadingZeros();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex DateNumbers();
}
