using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>
/// Puts spaces that do not break (U+00A0) where a language's rule is sure: in dates and hours, before the number of a
/// paragraph or room, behind a form of address, within numbers, and in French beside quotation marks and before double
/// signs. Only such spaces change, and every one of them is a space in the text already.
/// </summary>
internal static partial class NoBreakSpaces
{
    private const string NoBreakSpace = "\u00A0";

    private static readonly Dictionary<string, Regex> Rules = new()
    {
        ["ar"] = Arabic(),
        ["en"] = English(),
        ["es"] = Spanish(),
        ["fr"] = French(),
        ["ru"] = Russian(),
    };

    /// <param name="language">In Chinese, which has no spaces between words, nothing changes.</param>
    public static string In(string text, string language) =>
        Rules.TryGetValue(language, out var rule)
            ? rule.Replace(Everywhere().Replace(text, NoBreakSpace), NoBreakSpace)
            : text;

    /// <summary>25 000; Rev 1, Add. 2; 5 %; № 3.</summary>
    [GeneratedRegex(
        """
        (?<= (?<!\d) \d{1,3} (?:[\ \u00A0]\d{3})* )\ (?= \d{3} (?!\d) )
        | (?<= \b(?:Rev|Add|Corr)\.? )\ (?= \d )
        | (?<= \d )\ (?= % )
        | (?<= [№§] )\ (?= \d )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Everywhere();

    [GeneratedRegex(
        """
        (?<= \b\d{1,2} )\ (?= (?:January|February|March|April|May|June|July|August|September|October|November|December)\b )
        | (?<= \b(?:January|February|March|April|May|June|July|August|September|October|November|December) )\ (?= \d{1,2}\b )
        | (?<= \d )\ (?= (?:[ap]\.m\.|noon\b|per\ cent\b) )
        | (?<= \b(?:paras?|arts?|sect|chap|Nos?|pp?|vols?|fig)\. )\ (?= \d )
        | (?<= \b(?:[Pp]aragraphs?|[Aa]rticles?|[Ss]ections?|[Cc]hapters?|[Oo]bjectives?|[Rr]ules?|[Ii]tems?|[Pp]ages?|Room|Annex|Table) )\ (?= \d )
        | (?<= \b(?:Mr|Mrs|Ms|Dr|Messrs|Prof|H\.E)\.? )\ (?= \p{Lu} )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex English();

    [GeneratedRegex(
        """
        (?<= « )\ | \ (?= » )
        | (?<= \S )\ (?= [:;!?] (?: [\s»”")] | $ ) )
        | (?<= \b(?:\d{1,2}|1er) )\ (?= (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b )
        | (?<= \d )\ (?= (?:h|heures?)\b ) | (?<= \d[\ \u00A0]h )\ (?= \d )
        | (?<= \b(?:par|art|al|chap|pp?|vol|fig)\. )\ (?= \d ) | (?<= \b[Nn](?:[°ºo]|os) )\ (?= \d )
        | (?<= \b(?:[Pp]aragraphes?|[Aa]rticles?|[Ss]ections?|[Cc]hapitres?|[Oo]bjectifs?|[Pp]oints?|[Pp]ages?|[Ss]alle|[Aa]nnexe) )\ (?= \d )
        | (?<= \b(?:MM?\.|M(?:me|lle)s?|Dr|Pr|S\.E\.) )\ (?= \p{Lu} )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex French();

    [GeneratedRegex(
        """
        (?<= \b\d{1,2} )\ (?= de\ (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\b )
        | (?<= \b\d{1,2}[\ \u00A0]de )\ (?= (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\b )
        | (?<= \d )\ (?= (?:horas?|h)\b )
        | (?<= \b(?:párrs?|arts?|núms?|secc|cap|págs?|vol)\. )\ (?= \d )
        | (?<= \b(?:[Pp]árrafos?|[Aa]rtículos?|[Ss]ección|[Cc]apítulos?|[Oo]bjetivos?|[Tt]emas?|[Pp]áginas?|[Ss]ala|[Aa]nexo) )\ (?= \d )
        | (?<= \b(?:Sra?s?|Sres|Dra?|Excm[oa]|D|Dña|S\.E)\. )\ (?= \p{Lu} )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Spanish();

    /// <summary>A dash begins no line; initials stay with their name, and a year with its word.</summary>
    [GeneratedRegex(
        """
        (?<= \b\d{1,2} )\ (?= (?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\b )
        | (?<= \b\d{4} )\ (?= (?:год[ау]?|годом|году|гг?\.) (?!\w) )
        | (?<= \d )\ (?= (?:ч\.|м\.|час(?:а|ов)?\b|мин\b) ) | (?<= \bч\. )\ (?= \d )
        | (?<= \b(?:пп?|стр?|с|гл|рис|табл|т|ч)\. )\ (?= \d )
        | (?<= \b(?:[Пп]ункт(?:а|е|у|ы|ом)?|[Сс]тать[яиею]|[Рр]аздел[ае]?|[Цц]ел[ьи]|[Зз]ал[еа]?|[Пп]риложени[еию]) )\ (?= \d )
        | (?<= \bг-(?:на?|ну|ном|жа|жи|же|жой|жу) )\ (?= \p{Lu} )
        | (?<= (?<!\w)\p{Lu}\. )\ (?= \p{Lu}(?:\.|\p{Ll}) )
        | (?<= \S )\ (?= [—–]\  )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Russian();

    [GeneratedRegex(
        """
        (?<= \b\d{1,2} )\ (?= (?:كانون|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين) )
        | (?<= (?:الفقرة|المادة|القاعة|الساعة|الصفحة|الهدف|رقم) )\ (?= \d )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Arabic();
}
