using System.Text.RegularExpressions;
using Distribution.Letters.Reading;

namespace Distribution.Letters.Slips;

/// <summary>
/// Finds what an author typed although the template prints it: date and subject above the text, the salutation, the
/// close, the signatories, the list of enclosures.
/// </summary>
internal static partial class RepeatedParts
{
    /// <summary>How many lines above the text, and below it, may be the letter's own parts.</summary>
    private const int Edge = 12;

    /// <summary>The lines of the body, from 0, as they were typed.</summary>
    public static IEnumerable<(int Line, string Words)> In(LetterSource letter)
    {
        var lines = letter.Body
            .Split('\n')
            .Select((text, line) => (Line: line, Text: text.Trim()))
            .Where(line => line.Text.Length > 0)
            .Select(line => new Typed(line.Line, line.Text, FoldedText.Of(line.Text), Plain(line.Text)))
            .ToList();
        // Above the text: everything up to the first line that is none of these.
        var head = lines.Take(Edge).TakeWhile(line => IsAbove(letter, line)).ToList();
        var tail = Closing(letter, lines.Skip(head.Count).TakeLast(Edge).ToList());
        return head.Concat(tail).Select(line => (line.Line, line.Text));
    }

    private static bool IsAbove(LetterSource letter, Typed line) =>
        DateLine(letter).Contains(YearWord().Replace(line.Plain, ""))
        || Subject().IsMatch(line.Folded)
        || line.Plain == Plain(letter.Subject)
        || (letter.Form == LetterForm.NoteVerbale ? Compliments() : Greeting).IsMatch(line.Plain);

    private static IEnumerable<Typed> Closing(LetterSource letter, IReadOnlyList<Typed> lines)
    {
        HashSet<string> names =
        [
            .. letter.Signatories
                .SelectMany(person => new[] { person.Name, person.Title, person.Letterhead })
                .Concat([letter.Sender?.Name ?? "", letter.Sender?.Letterhead ?? ""])
                .Select(Plain)
                .Where(name => name.Length > 0),
        ];
        return lines.Where(line =>
            names.Contains(SignedBy().Replace(line.Plain, ""))
            || Signed().IsMatch(line.Plain)
            || (letter.Enclosures is not [] && Enclosure().IsMatch(line.Folded))
            || (letter.Form == LetterForm.NoteVerbale ? Assurances() : Close).IsMatch(line.Plain));
    }

    /// <param name="Folded">The text as <see cref="FoldedText"/> has it.</param>
    /// <param name="Plain">Folded, without the emphasis and punctuation that people add.</param>
    private sealed record Typed(int Line, string Text, string Folded, string Plain);

    private static IEnumerable<string> DateLine(LetterSource letter)
    {
        var months = DateWords.Months[letter.Date.Month - 1].Select(FoldedText.Of).ToList();
        return months
            .SelectMany(month => new[]
            {
                $"{letter.Date.Day} {month} {letter.Date.Year}",
                $"{letter.Date.Day} de {month} de {letter.Date.Year}",
                $"{month} {letter.Date.Day} {letter.Date.Year}",
            })
            .Append($"{letter.Date.Year}年{letter.Date.Month}月{letter.Date.Day}日")
            .SelectMany(date => (string[])[date, $"{Plain(letter.Place)} {date}", $"{Plain(letter.Place)} le {date}"]);
    }

    private static string Plain(string text) => Signs().Replace(FoldedText.Of(text), " ").Trim();

    [GeneratedRegex(" г(?:ода)?$")]
    private static partial Regex YearWord();

    [GeneratedRegex(@"[*_#>,.:;!،，。：؛\\\s]+")]
    private static partial Regex Signs();

    // A line that is a greeting, whole: a sentence that begins with "Excellency" is none.
    // Interpreted: see LabelGrammar.
    private static readonly Regex Greeting = new("""
        ^(?:
          (?:your\ )?excellenc(?:y|ies)(?:\ (?:ladies\ and\ gentlemen|distinguished\ \S+|dear\ \S+))*
          |(?:dear\ )?(?:sirs?|madams?|sir\ or\ madam|madam\ or\ sir|sir/madam|madam/sir|mr\ ambassador|madam\ ambassador|colleagues?|friends?)(?:\ (?:and|or)\ (?:sirs?|madams?|colleagues?|friends?))?
          |dear\ (?:\S+\ ){0,4}\S+
          |(?:votre\ )?excellences?(?:\ mesdames\ et\ messieurs)?|vos\ excellences
          |(?:monsieur|madame|mesdames|messieurs|madame\ monsieur|mesdames\ et\ messieurs|mesdames\ messieurs)(?:\ (?:l')?(?:ambassadeurs?|ambassadrices?)|\ les\ ambassadeurs|\ l[ea]\ representante?\ permanente?|\ le\ president|\ la\ presidente)?
          |ch(?:er|ere|ers|eres)\ (?:\S+\ ){0,3}\S+
          |(?:su\ |sus\ |vuestras?\ )?excelencias?|senor(?:a|es|as)?(?:\ embajador(?:a|es)?)?|estimad[oa]s?\ (?:\S+\ ){0,3}\S+|excelentisim[oa]s?\ (?:\S+\ ){0,3}\S+
          |ваш[еи]\ превосходительств[оа]|уважаем(?:ыи|ая|ые)\ (?:\S+\ ){0,3}\S+|господин\ посол|госпожа\ посол|дамы\ и\ господа
          |(?:ا?صاحبة?|صاحب/صاحبة|اصحاب|سعادة|حضرات?)\ (?:ال)?(?:سعادة|معالي|سفير|سفيرة|سفراء)(?:\ \S+){0,3}|(?:السيد|السيدة|السادة)\ (?:السفير|السفيرة|السفراء)(?:\ \S+){0,2}|تحية\ طيبة(?:\ \S+){0,3}
          |(?:尊敬的)?(?:各位)?(?:阁下|大使阁下|常驻代表阁下|诸位阁下)(?:\ ?\S{0,6})?|尊敬的\S{1,16}
        )$
        """, RegexOptions.IgnorePatternWhitespace);

    [GeneratedRegex(@"^\W*(?:subject|re|ref|objet|asunto|тема|الموضوع|主题|事由)\.? ?:")]
    private static partial Regex Subject();

    // Interpreted: see LabelGrammar.
    private static readonly Regex Close = new("""
        ^(?:(?:i|we)\ (?:remain|am|are)\b.{0,40}$
          |(?:please\ )?accept\ .{0,60}(?:assurances?|expression)\b
          |(?:yours|your)\ (?:very\ )?(?:sincerely|faithfully|truly|respectfully)|(?:very\ |most\ )?(?:sincerely|respectfully|faithfully)(?:\ yours)?$
          |(?:with\ )?(?:best|kind|kindest|warm|warmest)(?:est)?\ (?:personal\ )?(?:regards|wishes)$|(?:with\ )?(?:the\ )?(?:assurances?|renewed\ assurances?)\ of\ (?:my|our)\ highest\ consideration
          |veuillez\ (?:agreer|croire|recevoir|accepter)|(?:je|nous)\ (?:vous\ )?(?:prie|prions|saisi(?:s|ssons))\b.{0,60}(?:agreer|croire|consideration)|(?:bien\ )?cordialement$|(?:avec\ )?mes\ salutations|respectueusement$|salutations\ \S+$
          |(?:le\ |les\ )?(?:ruego|rogamos|rogandole)?\ ?(?:acepten?|acepte\ usted|aceptar|reciban?|sirvase)\b.{0,60}(?:seguridad|consideracion)|atentamente|(?:muy\ )?atentamente$|cordialmente$|un\ (?:cordial|atento)\ saludo
          |(?:прошу|просим|примите)\b.{0,60}(?:уверения|уверений|заверения)|с\ (?:глубоким\ |искренним\ )?уважением$|искренне\ ваш
          |و?تفضلوا?\b.{0,40}(?:بقبول|فائق|اسمى)|مع\ (?:فائق|خالص|اطيب|وافر)\ |و?تقبلوا\ 
          |顺致|致以(?:最)?崇高|此致|敬礼$|顺颂|谨致|此致敬礼
        )
        """, RegexOptions.IgnorePatternWhitespace);

    // What a note verbale begins with by itself.
    [GeneratedRegex("""
        \bpresents?\ (?:its|their)\ compliments\b|\bpresent(?:e|ent)\ (?:ses|leurs)\ compliments\b|\bsaludan?\ (?:muy\ )?atentamente\b
        |свидетельству(?:ет|ют)\ (?:свое\ )?уважение|تهدي\b.{0,60}(?:تحياتها|اطيب)|(?:向|谨向).{1,30}致意
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Compliments();

    // And what it ends with.
    [GeneratedRegex("""
        \bavails?\ (?:itself|themselves)\ of\ this\ opportunity\b|\bsaisi(?:t|ssent)\ (?:cette|l')\ ?occasion\b|\baprovechan?\ (?:esta|la)\ (?:oportunidad|ocasion)\b
        |польз(?:уется|уются)\ (?:этим\ |настоящим\ |данным\ )?(?:случаем|возможностью)|تغتنم\b.{0,30}(?:هذه|الفرصة)|顺致|借此机会.{0,20}(?:致意|敬意)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Assurances();

    [GeneratedRegex(@"^\(? ?(?:signed|sd|s/|/s/|signe|firmado|fdo|подпись|подписано|توقيع|签字|签名)(?: ?\) ?| |$)")]
    private static partial Regex SignedBy();

    [GeneratedRegex(@"^\(? ?(?:signed|sd|/s/|signe|firmado|fdo|подпись|подписано|توقيع|签字|签名) ?\)?$")]
    private static partial Regex Signed();

    [GeneratedRegex(@"^\W*(?:enclosures?|encls?|(?:pieces?|annexes?) jointes?|p\.?\s?j|anexos?|adjuntos?|приложени[ея]|المرفقات|مرفقات?|附件)\.? ?:")]
    private static partial Regex Enclosure();
}
