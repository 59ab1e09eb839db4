using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Slips;

namespace Distribution.Intake.CoverLetters;

/// <summary>
/// How letters begin and end in the six official languages, to find the parts of one. All is compared as
/// <see cref="FoldedText"/>: small letters without accents.
/// </summary>
internal static class CoverLetterPhrases
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace;

    /// <summary>In characters; what is longer is a sentence.</summary>
    private const int LongestSalutation = 150;

    private static readonly IReadOnlyList<(string Language, Regex Words)> Salutations = Folded(
        ("en", @"^(?:(?:your\ )?excellenc(?:y|ies)(?:,\ .{1,80})? | dear\ .{1,120} | (?:distinguished|honourable)\ .{1,80}
            | (?:mr|ms|mrs|madam|sir|mister)\b\.?.{0,80} | ladies\ and\ gentlemen.{0,60})[,:.!]?$"),
        ("fr", @"^(?:(?:votre\ )?excellences?(?:,\ .{1,80})? | (?:madame|monsieur|mesdames|messieurs)\b.{0,120}
            | (?:chere?s?)\ .{1,100})[,:]?$"),
        ("es", @"^(?:(?:vuestra\ |su\ |sus\ )?excelencias?(?:,\ .{1,80})? | excelentisim[oa]s?\ .{1,100} | senor(?:a|es|as)?\b.{0,120}
            | (?:estimad|distinguid)[oa]s?\ .{1,100})[,:]?$"),
        ("ru", @"^(?:ваш[еи]\ превосходительств[оа].{0,80} | уважаем(?:ый|ая|ые)\ .{1,100} | превосходительств[оа] | господ(?:ин|а)\b.{0,80} | госпожа\b.{0,80})[,!:]?$"),
        ("ar", @"^(?:(?:أصحاب|صاحب|صاحبة|صاحب/صاحبة)\ (?:السعادة|المعالي|السمو).{0,100} | سعادة\ .{1,100} | (?:السيدات|السادة|السيد|السيدة)\b.{0,100} | حضر(?:ة|ات)\ .{1,100}
            | تحية\ طيبة.{0,40})[،,:]?$"),
        ("zh", @"^(?:(?:诸位|各位|尊敬的)?.{0,40}阁下 | 尊敬的.{1,40} | (?:女士们|先生们|诸位|各位).{0,40})[：:，,。]?$"));

    private static readonly IReadOnlyList<(string Language, Regex Words)> Closes = Folded(
        ("en", @"(?:^|(?<=[.;]\ ))(?:please\ accept | accept,?\ excellenc | (?:we|i)\ (?:take|avail|wish\ to\ avail)\b.{0,60}\ opportunity | with\ (?:the\ )?assurances?\ of
            | kindly\ accept | (?:with\ )?(?:kind|best|warm)(?:est)?\ (?:personal\ )?regards[,.]?$ | yours\ (?:sincerely|faithfully|truly|very\ truly)[,.]?$ | (?:sincerely|respectfully)(?:\ yours)?[,.]?$)"),
        ("fr", @"(?:^|(?<=[.;]\ ))(?:(?:je|nous)\ vous\ pri(?:e|ons)\b.{0,40}[\ '](?:agreer|recevoir|accepter|croire) | veuillez\ (?:agreer|recevoir|accepter|croire)
            | (?:je|nous)\ saisi(?:s|ssons)\ cette\ occasion | (?:bien\ )?(?:cordialement|respectueusement)[,.]?$)"),
        ("es", @"(?:^|(?<=[.;]\ ))(?:(?:le|les|os)\ (?:ruego|rogamos)\ que\ acept | acepten?,\ excelenci | sirva(?:n)?se\ acept | recib(?:a|an)\b.{0,60}\ seguridad
            | aprovech(?:o|amos)\ (?:esta|la)\ (?:ocasion|oportunidad) | (?:muy\ )?atentamente[,.]?$)"),
        ("ru", @"(?:^|(?<=[.;]\ ))(?:примите,? | прошу\ (?:вас\ )?принять | просим\ (?:вас\ )?принять | пользу(?:юсь|емся|ясь)\ (?:этим\ )?случаем | с\ (?:глубоким\ |искренним\ )?уважением[,.]?$)"),
        ("ar", @"(?:^|(?<=[.؛]\ ))(?:و?(?:تفضلوا|تفضل|اقبلوا)\b.{0,60}(?:بقبول|فائق|خالص|أسمى) | و?(?:نغتنم|أغتنم|انتهز|ننتهز)\ هذه\ | مع\ (?:فائق|خالص|أطيب)\ .{0,60}$)"),
        ("zh", @"(?:^|(?<=[。；]))(?:顺致 | 顺颂 | 此致 | 谨致 | 致以 | 谨向.{0,20}致以 | 请接受)"));

    /// <summary>
    /// What a close assures of. Without it, "We take this opportunity" and "Please accept" go on with thanks or
    /// apologies, which are the letter's own words.
    /// </summary>
    private static readonly Regex Courtesies = One(
        @"assurance | consideration | esteem | \b(?:regards|respects?|sincerely|faithfully|truly|respectfully) | salutations | sentiments | respectueu | cordialement
            | consideracion | seguridad | atentamente | aprecio | estima | уверени | уважени | почтени | تقدير | احترام | تحيات | 敬意 | 敬礼 | 问候 | 此致 | 顺颂 | 崇高");

    private static readonly Regex Signs = One(@"[,:،：，!]$");

    private static readonly Regex References = One(
        @"^(?:our\ |your\ )?(?:ref(?:erence)?|n/ref|v/ref|referencia|исх(?:одящий)?|المرجع|الرقم|编号|文号)\b?\s*(?:no|nr|n°|№)?\s*[.:：]+\s*(?<words>.+)$");

    private static readonly Regex Subjects = One(
        @"^(?:subject|re|objet|asunto|тема|الموضوع|事由|主题)\s*[:：]\s*(?<words>.+)$");

    private static readonly Regex EnclosureLists = One(
        @"^(?:encl(?:osures?|\.)?|pieces?\ jointes?|p\.?\ ?j\.?|annex(?:es)?|annexes?|anexos?|adjuntos?|приложени[ея]|المرفق(?:ات)?|附件|c\.?c\.?|copy|copie|copia)\s*(?:\(\d+\))?\s*[.:：]");

    private static readonly Regex Addressees = One(
        @"^(?:(?:h\.?\ ?e\.?|his\ excellency|her\ excellency|their\ excellencies|s\.?\ ?e\.?|son\ excellence|leurs\ excellences|su\ excelencia)\b
            | (?:to\ )?(?:all\ |the\ )?(?:permanent|observer)\ (?:and\ observer\ )?(?:missions?|representatives?|observers?)
            | to\ (?:all|the)\b | (?:aux?|à|a)\ (?:toutes?\ |tous\ |l[ae]s?\ )?(?:les\ )?(?:missions?|representants?)
            | (?:a\ )?(?:todas\ |todos\ )?(?:las|los)?\ ?(?:misiones|representantes)\ permanentes | missions\ permanentes
            | (?:всем\ )?постоянным\ | (?:إلى\ )?(?:جميع\ )?(?:البعثات|الممثلين)\ الدائم | 各国常驻)");

    private static readonly Regex Titles = One(
        @"\b(?:ambassador|permanent\ representative|permanent\ observer|representative|co-?facilitator|co-?chair|facilitator|minister|secretary|president|chair(?:person|man|woman)?|director|charge\ d'affaires|deputy|head\ of
            | ambassad(?:eur|rice) | representante? | observat(?:eur|rice) | ministre | president[ea]? | secretaire | embajador[a]? | ministr[oa] | facilitateur | co-?facilitateur | co-?facilitador
            | посол | представител[ья] | председатель | министр )\b | السفير | الممثل | المندوب | الوزير | رئيس | الميسر | 大使 | 代表 | 主席 | 部长");

    private static readonly Regex Signed = One(@"^\(?(?:signed|signe|firmado|подпис(?:ь|ано)|توقيع|签名)\)?[.:]?\s*");

    /// <summary>The language of a line that opens a letter; null if it does not.</summary>
    public static string? Salutation(string line) =>
        line.Length <= LongestSalutation && FoldedText.Of(line) is var folded
            ? Salutations.FirstOrDefault(one => one.Words.IsMatch(folded)).Language
            : null;

    /// <summary>
    /// Whether a line that may open a letter can be nothing else: it ends as a salutation does, or is the usual one. A
    /// person's name, or a sentence about one, begins with the same words.
    /// </summary>
    public static bool IsClearlySalutation(string line) =>
        Salutation(line) is not null
        && (Signs.IsMatch(FoldedText.Of(line))
            || Languages.Official.Any(language =>
                FoldedText.Of(line)
                    == FoldedText.Of(BuiltInWords.Of(language).Salutation).TrimEnd(',', '،', '，', ':', '：')));

    /// <summary>Where in a paragraph the courtesy close begins, and its language; null if it holds none.</summary>
    public static (string Language, int Place)? Close(string paragraph)
    {
        var folded = new FoldedText(paragraph);
        foreach (var (language, words) in Closes)
            // The last one: in a sentence before it the letter may ask to accept something else.
            if (words.Matches(folded.Text) is [.., var last] && Courtesies.IsMatch(folded.Text[last.Index..]))
                return (
                    language,
                    paragraph.IndexOf(folded.Original(last.Index, last.Length), StringComparison.Ordinal));
        return null;
    }

    public static string? Reference(string line) => Words(References, line);

    public static string? Subject(string line) => Words(Subjects, line);

    public static bool IsEnclosureList(string line) => EnclosureLists.IsMatch(FoldedText.Of(line));

    public static bool IsAddressee(string line) => Addressees.IsMatch(FoldedText.Of(line));

    /// <summary>Whether a line under a signature says what the person is, and not who.</summary>
    public static bool IsTitle(string line) => Titles.IsMatch(FoldedText.Of(line));

    /// <summary>A line under the text without “(Signed)” before it.</summary>
    public static string WithoutSigned(string line)
    {
        var folded = new FoldedText(line);
        return Signed.Match(folded.Text) is { Success: true, Length: var length } && length < folded.Text.Length
            ? folded.Original(length, folded.Text.Length - length)
            : Signed.Match(folded.Text).Length > 0 ? "" : line;
    }

    private static string? Words(Regex pattern, string line)
    {
        var folded = new FoldedText(line);
        return pattern.Match(folded.Text).Groups["words"] is { Success: true } words
            ? folded.Original(words.Index, words.Length)
            : null;
    }

    private static IReadOnlyList<(string, Regex)> Folded(params (string Language, string Pattern)[] patterns) =>
        [.. patterns.Select(pattern => (pattern.Language, One(pattern.Pattern)))];

    // What is folded has no marks: the patterns' Arabic letters lose theirs, and й may have become и.
    private static Regex One(string pattern) =>
        new(
            pattern
                .Replace('أ', 'ا')
                .Replace('إ', 'ا')
                .Replace('آ', 'ا')
                .Replace("й", "[йи]", StringComparison.Ordinal),
            Options);
}
