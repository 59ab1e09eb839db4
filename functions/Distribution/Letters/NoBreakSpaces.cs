using System.Text;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters;

/// <summary>
/// Puts spaces that do not break (U+00A0) where a language's rule is sure: in dates and hours, before the number of a
/// paragraph or room, behind a form of address, within numbers, and in French beside quotation marks and before double
/// signs. Only such spaces change, and every one of them is a space in the text already. One behind an address stays as
/// it is: mail programs that make links of addresses would take it for a part of them.
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
            ? Held(Held(text, Everywhere()), rule)
            : text;

    /// <summary>
    /// A subject line that has them. One that is of plain letters otherwise has ordinary spaces: it leaves unencoded
    /// then, and is found by who looks for it as it is typed.
    /// </summary>
    public static string Subject(string held) =>
        held.Replace(NoBreakSpace, " ", StringComparison.Ordinal) is var plain && Ascii.IsValid(plain) ? plain : held;

    /// <summary>Does the same, in place, for all the text of a parsed body.</summary>
    public static void In(MarkdownDocument document, string language)
    {
        foreach (var block in document.Descendants<LeafBlock>().Where(block => block.Inline is not null).ToList())
        {
            var parts = Parts(block.Inline!).ToList();
            var rest = In(string.Concat(parts.Select(part => part.Text)), language).AsSpan();
            foreach (var (part, text) in parts)
            {
                var held = rest[..text.Length];
                rest = rest[text.Length..];
                if (held.SequenceEqual(text))
                    continue;
                if (part is LiteralInline literal)
                    literal.Content = new(held.ToString());
                else if (part is LineBreakInline)
                    part.ReplaceBy(new LiteralInline(NoBreakSpace));
            }
        }
    }

    private static string Held(string text, Regex rule) =>
        rule.Replace(text, space => IsBehindAddress(text.AsSpan(0, space.Index)) ? space.Value : NoBreakSpace);

    private static bool IsBehindAddress(ReadOnlySpan<char> before)
    {
        var word = before[(before.LastIndexOfAny(" \u00A0\n") + 1)..];
        return word.Contains('@') || word.Contains("://", StringComparison.Ordinal) || word.StartsWith("www.");
    }

    private static IEnumerable<(Inline Part, string Text)> Parts(ContainerInline inlines) =>
        inlines.SelectMany(inline => inline switch
        {
            LiteralInline literal => [(inline, literal.Content.ToString())],
            AutolinkInline link => [(inline, link.Url)],
            LineBreakInline { IsHard: false } => [(inline, " ")],
            ContainerInline container => Parts(container),
            _ => ((Inline, string)[])[(inline, "\n")],
        });

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
