using System.Text.RegularExpressions;

namespace Distribution.Letters.Slips;

/// <summary>
/// Finds what was to be replaced before the letter leaves: <c>[insert name]</c>, <c>«LastName»</c>, <c>{date}</c>,
/// <c>XX March</c>, <c>TBC</c>, a line of dots, and what Word leaves behind.
/// </summary>
internal static partial class Placeholders
{
    /// <summary>
    /// Each with its place in the text, in characters from 0. Fields in double braces are no placeholders: they are
    /// filled in.
    /// </summary>
    public static IEnumerable<(int Place, string Words)> In(string text)
    {
        // As many spaces as the field has signs, so that all others keep their places.
        var own = Fields().Replace(text, field => new string(' ', field.Length));
        return Signs.Matches(own)
            .Concat(Words.Matches(own))
            .Concat(OfOffices().Matches(own))
            .Concat(Letters().Matches(own).Where(found => !IsNumeral(own, found)))
            .Where(found => !IsRule(own, found) && !IsLink(own, found))
            .OrderBy(found => found.Index)
            // Several patterns can find the same words: the first one counts.
            .Aggregate(new List<Match>(), (found, next) =>
            {
                if (found is [] || found[^1].Index + found[^1].Length <= next.Index)
                    found.Add(next);
                return found;
            })
            .Select(found => (found.Index, Regex.Replace(found.Value, @"\s+", " ")));
    }

    /// <summary>"Annex XX", "siglo XX", "XX век" mean twenty.</summary>
    private static bool IsNumeral(string text, Match found) =>
        found.Length <= 3
        && (NumberedBefore().IsMatch(text[Math.Max(0, found.Index - 30)..found.Index])
            || NumberedAfter().IsMatch(text, found.Index + found.Length));

    /// <summary>A line of underscores alone is a line between two parts.</summary>
    private static bool IsRule(string text, Match found) =>
        found.Value[0] == '_' && Rule().IsMatch(text[LineStart(text, found.Index)..]);

    // [name](https://…) is a link with its words.
    private static bool IsLink(string text, Match found) =>
        found.Value[^1] == ']' && text.AsSpan(found.Index + found.Length).StartsWith("(");

    private static int LineStart(string text, int place) =>
        place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;

    // A field in the wide braces of a Chinese keyboard, and what Word shows in a list that nothing was chosen from.
    [GeneratedRegex(
        @"｛{1,2}[^｛｝\n]{1,60}｝{1,2}|选择一项。|"
            + @"(?:Choose an item|Choisissez un élément|Elija un elemento|Выберите элемент|اختر عنصرًا)\.")]
    private static partial Regex OfOffices();

    [GeneratedRegex(@"\{\{[^{}]*\}\}")]
    private static partial Regex Fields();

    [GeneratedRegex(@"\A[ \t]*_{3,}[ \t]*(?:\n|\z)")]
    private static partial Regex Rule();

    // What no sentence has: braces, double brackets and chevrons, merge fields, blanks to fill in (in Chinese two
    // ellipses are one, so that they must stand apart), highlighted words, symbols of documents without their number,
    // notes to oneself, dates as patterns.
    // Interpreted: see LabelGrammar.
    private static readonly Regex Signs = new("""
        \$?\{[^{}\n]{1,60}\}
        |<<[^<>\n]{1,60}>>
        |\[\[[^\[\]\n]{1,60}\]\]
        |\(\(\p{L}[\p{L} _]{0,40}\)\)
        |«\s?(?:\p{Lu}\p{Ll}+(?:_?\p{Lu}\p{Ll}*|_?\d)+|\w+_\w+)\s?»
        |\[\s?(?:[●•○■▪_]+|[xX]{2,}|\?+|\s{2,})\s?\]
        |(?<![\p{L}\d_])_{3,}(?![\p{L}\d_])
        |\.{6,}|…{3,}|\?{3,}
        |(?<=[ \t\n])(?:\.{4,}|…{2}|\?\?)(?=[ \t\n]|[.,;:)]|\z)
        |%{1,2}\p{L}[\p{L}\d_]{0,40}%{1,2}|@@\p{L}[\p{L}\d_ ]{0,40}@@|\#\#\p{L}[\p{L}\d_ ]{0,40}\#\#
        |==[^=\s](?:[^=\n]{0,80}[^=\s])?==
        |(?<![\p{L}\d/.:_-])\p{Lu}{1,5}(?:/[\p{L}\d.]{1,20}){0,6}?/(?:\p{Lu}{1,5}\.)?[xX]{2,6}(?![\p{L}\d])(?:/[\p{L}\d.]{1,20})*
        |(?<![\p{L}\d])(?:TO\ ?DO|FIXME)\s?:
        |(?<![\p{L}\d])(?:dd?|jj?|tt?)(?<sign>[./-])mm?m?\k<sign>(?:yy|yyyy|aa|aaaa|jj|jjjj)(?![\p{L}\d])
        |(?<![\p{L}\d])(?:дд|ДД)[./-](?:мм|ММ)[./-](?:гг|ГГ){1,2}(?![\p{L}\d])
        |(?<![\p{L}\d])(?:DD?|JJ?)(?<sign>[./-])MM?M?\k<sign>(?:YY|YYYY|AA|AAAA|JJ|JJJJ)(?![\p{L}\d])
        |(?<![\p{L}\d])(?:YYYY|AAAA|yyyy|aaaa)-(?:MM|mm)-(?:DD|JJ|dd|jj)(?![\p{L}\d])
        |[○●]{2,}|＿{2,}
        """, RegexOptions.IgnorePatternWhitespace);

    // Words that ask for something to be written, in the six languages.
    // Interpreted: see LabelGrammar.
    private static readonly Regex Words = new("""
        [\[<«(](?:please\s)?(?:insert|fill\sin|add|enter|type|specify|put)\s(?!to\b)[^\[\]<>«»()]{1,60}[\]>»)]
        |[\[<«(]\s?(?:ins[ée]rer|[àa]\s(?:compl[ée]ter|confirmer|pr[ée]ciser|d[ée]finir)|insertar|completar|(?:por|a)\s(?:confirmar|determinar|definir|completar)|вставить|указать|уточнить|подлежит\sуточнению|уточняется|أدخل|يدرج|يحدد\sلاحقا|يحدد\sلاحقًا|يؤكد\sلاحقا|يؤكد\sلاحقًا)(?![\p{L}])[^\[\]<>«»()]{0,60}[\]>»)]
        |[\[<«(]\s?(?:请?填写|待定|待确认|待补|插入)[^\[\]<>«»()]{0,60}[\]>»)]
        |（\s?(?:待定|待确认|待补|请填写|填写)[^（）]{0,40}）|［\s?(?:待定|待确认|待补|请填写|填写)[^［］]{0,40}］
        |[\[<«](?:the\s)?(?:(?:full|first|last|family)[\s_]?name|name|surname|job\stitle|title|date|time|hour|venue|place|country|state|mission|address|street|city|number|room|e-?mail|telephone|phone|signature|salutation|recipient|(?:name|date|title|number|place|time)\sof\s[^\[\]<>«»]{1,40}|nom|pr[ée]nom|titre|fonction|lieu|heure|pays|adresse|ville|num[ée]ro|date\s(?:de|du)\s[^\[\]<>«»]{1,40}|nom\s(?:de|du)\s[^\[\]<>«»]{1,40}|nombre|apellidos?|t[íi]tulo|cargo|fecha|hora|lugar|pa[íi]s|direcci[óo]n|ciudad|n[úu]mero|имя|фамилия|фио|должность|дата|время|место|страна|адрес|город|номер|الاسم|اللقب|المنصب|التاريخ|الوقت|الساعة|المكان|البلد|الدولة|العنوان|المدينة|الرقم|姓名|名称|职务|职衔|日期|时间|地点|国家|国名|地址|城市|编号)\s?[\]>»]
        |\[\s?(?:to\scheck|to\sverify|to\sbe\s(?:checked|verified|updated)|(?:check|verify)\swith|[àa]\sv[ée]rifier|por\sverificar|проверить|待核实|待核)(?![\p{L}])[^\[\]]{0,60}\]
        |[\[<«(]\s?(?:to\sbe\s(?:confirmed|completed|determined|inserted|decided|announced|added|filled\sin)|tb[acdn])\s?[^\[\]<>«»()]{0,30}[\]>»)]
        |lorem\sipsum
        |(?:click|tap)(?:\sor\s(?:click|tap))?\shere\sto\senter(?:\stext)?|cliquez\s(?:ou\sappuyez\s)?ici\spour\s(?:entrer|taper)|haga\sclic\s(?:o\spulse\s)?aqu[íi]\spara\sescribir|щелкните\s(?:или\sкоснитесь\s)?здесь|место\sдля\sввода\sтекста|单击(?:或点击)?此处(?:输入|添加)|انقر\s(?:أو\sاضغط\s)?هنا\sلإدخال
        |error!\s(?:reference\ssource|bookmark|unknown|no\stext)[^.\n]{0,40}|erreur\s?!\s?(?:source|signet)[^.\n]{0,40}|¡error!\s(?:no\sse|marcador)[^.\n]{0,40}|ошибка!\s(?:источник|закладка)[^.\n]{0,40}
        |\bMERGEFIELD\s+\w+
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"(?<![\p{L}\d/=&?#._-])(?:[XХ]{2,12}|x{3,12}|TB[ACDN])(?![\p{L}\d/=_])")]
    private static partial Regex Letters();

    [GeneratedRegex(
        @"(?:annex(?:e|o)?|appendix|part(?:ie|e)?|title|titre|t[íi]tulo|chap(?:ter|itre)|cap[íi]tulo|section|secci[óo]n|article|art[íi]culo|volume|vol\.?|session|siglo|век[а-я]*|глав[а-я]+|част[а-я]+|том[а-я]*|приложени[а-я]+|раздел[а-я]*|louis|olympiad|world\scup|\(|-|–)\s?$",
        RegexOptions.IgnoreCase)]
    private static partial Regex NumberedBefore();

    [GeneratedRegex(
        @"\G(?:(?:e|è?me|th|st)\b|[-–]?(?:й|го|м|х)\b|\)|\.?[-–]|\s(?:век|столет|сесси|centur|siècle|siecle|session|olymp))",
        RegexOptions.IgnoreCase)]
    private static partial Regex NumberedAfter();
}
