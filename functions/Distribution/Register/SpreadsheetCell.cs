using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Register;

/// <summary>
/// What a spreadsheet program leaves in a cell where a name or title belongs. A letter would print it: "Dear #REF!".
/// </summary>
internal static partial class SpreadsheetCell
{
    /// <summary>TRUE and FALSE in the languages that Excel and LibreOffice write them in.</summary>
    private static readonly HashSet<string> TruthValues = new(StringComparer.OrdinalIgnoreCase)
    {
        "TRUE", "FALSE", "VRAI", "FAUX", "VERDADERO", "FALSO", "VERDADEIRO", "VERO", "WAHR", "FALSCH", "WAAR", "ONWAAR",
        "ИСТИНА", "ЛОЖЬ", "SANT", "FALSKT", "SANN", "USANN", "SAND", "FALSK", "TOSI", "EPÄTOSI", "PRAWDA", "FAŁSZ",
        "PRAVDA", "NEPRAVDA", "IGAZ", "HAMIS", "DOĞRU", "YANLIŞ", "ADEVĂRAT", "FALS", "صواب", "خطأ",
    };

    /// <summary>What people write where they know nothing.</summary>
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "n/a", "na", "n.a.", "none", "nil", "null", "nan", "undefined", "unknown", "vacant", "empty", "blank", "tbc",
        "tbd", "to be confirmed", "to be determined", "to be announced", "xx", "xxx", "xxxx", "todo", "test", "no",
        "yes", "name", "title", "s/o", "sans objet", "inconnu", "vacante", "néant", "ninguno", "desconocido", "нет",
        "nn", "n.n", "n.n.", "vacant post", "post vacant", "position vacant", "poste vacant", "puesto vacante",
        "вакант", "вакантно", "شاغر", "空缺",
    };

    /// <summary>
    /// An error such as <c>#REF!</c>, <c>#N/A</c>, <c>#BEZUG!</c>, <c>#ССЫЛКА!</c>, <c>#¿NOMBRE?</c>, <c>####</c> or
    /// <c>Err:508</c>, whatever the language of the program: no name begins with a number sign and is one word.
    /// </summary>
    public static bool IsError(string text) => Error.IsMatch(text);

    /// <summary>A formula as text, or what a spreadsheet program would take for one.</summary>
    public static bool IsFormula(string text) =>
        // “-5” is a number, and reported as one.
        text.StartsWith('=') || (text.Length > 1 && text[0] is '+' or '-' or '@' && !IsNumber(text));

    /// <summary>
    /// Whether a spreadsheet program that reads the cell from a text file may take it for a formula, or a part of it:
    /// where such a program separates by semicolons, as in French and German, our commas and quotation marks hold
    /// nothing together.
    /// </summary>
    public static bool MayAct(string text) => BeginsFormula.IsMatch(text);

    /// <summary>With an apostrophe before each sign that may begin a formula, so that it stays text.</summary>
    public static string Inert(string text) => BeginsFormula.Replace(text, "'");

    /// <summary>
    /// Without the apostrophes that say that what follows is text: our own files have them before what would be taken
    /// for a formula, and people type them in Excel.
    /// </summary>
    public static string WithoutApostrophes(string text) => ApostropheBefore.Replace(text, "");

    /// <summary>A number, or anything else of digits and signs without a letter: <c>0</c>, <c>45000</c>.</summary>
    public static bool IsNumber(string text) =>
        text.Any(char.IsDigit) && (!text.Any(char.IsLetter) || Scientific.IsMatch(text)) && !IsDate(text);

    /// <summary><c>1/2/2026</c>, <c>2026-02-01 00:00:00</c>, <c>1-Feb</c>, <c>mars-26</c>.</summary>
    public static bool IsDate(string text) => Date.IsMatch(text);

    public static bool IsTruthValue(string text) => TruthValues.Contains(text);

    /// <summary>A stand-in for a text that is not known: <c>n/a</c>, <c>TBC</c>, <c>-</c>, <c>x</c>.</summary>
    public static bool IsPlaceholder(string text) =>
        Placeholders.Contains(text)
        || Placeholders.Contains(text.Trim('(', ')', '[', ']', '<', '>', '*', ' '))
        || (text.Length > 0 && !text.Any(char.IsLetterOrDigit))
        // A lone Latin letter stands in for something; one Chinese character may be a name.
        || (text.Length == 1 && text[0] < 0x250 && !char.IsDigit(text[0]));

    /// <summary>
    /// A cell's text as it is used: composed (NFC), each blank sign a plain space, none at the ends and no two beside
    /// each other, and without signs that cannot be seen. Joiners and marks of direction stay in words of scripts that
    /// are written with them.
    /// </summary>
    /// <param name="hadInvisible">Whether signs were taken out that cannot be seen.</param>
    public static string Clean(string cell, out bool hadInvisible)
    {
        hadInvisible = false;
        var isJoined = cell.Any(letter => letter is >= '\u0590' and < '\u1100' or >= '\uFB1D' and < '\uFE00');
        var text = new StringBuilder(cell.Length);
        foreach (var letter in cell)
        {
            if (IsInvisible(letter)
                || (!isJoined && letter is '\u200C' or '\u200D' or '\u200E' or '\u200F' or '\u061C'))
                hadInvisible = true;
            else if (char.GetUnicodeCategory(letter) is not UnicodeCategory.SpaceSeparator)
                text.Append(letter);
            else if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
        }

        var clean = text.ToString().Trim();
        // A lone half of a surrogate pair cannot be composed; it is found by other means.
        return IsWhole(clean) ? clean.Normalize(NormalizationForm.FormC) : clean;
    }

    private static bool IsInvisible(char letter) =>
        letter is '\u200B' or '\u2060' or '\uFEFF' or '\u00AD' or '\u180E' or '\u2061' or '\u2062' or '\u2063'
            or '\u2064' or '\u034F' or '\u3164' or '\u115F' or '\u1160';

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    [GeneratedRegex(@"(?:^|(?<=[;|\t\r\n] *))(?=[=+\-@\t\r])")]
    private static partial Regex BeginsFormula { get; }

    [GeneratedRegex(@"(?:^|(?<=[;|\t\r\n] *))'(?=[=+\-@\t\r])")]
    private static partial Regex ApostropheBefore { get; }

    [GeneratedRegex(
        @"^#\S*$|^Err:\s?[0-9]+$|#(REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|N/A)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Error { get; }

    [GeneratedRegex(
        @"^[+-]?[0-9]+([.,][0-9]+)?E[+-]?[0-9]+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scientific { get; }

    /// <summary>
    /// Months by the letters that begin them in English, French, Spanish, German, Portuguese and Russian.
    /// </summary>
    private const string Month =
        @"(jan|feb|fev|fév|mar|mär|mrz|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|aou|aoû|ago|sep|set|oct|okt|out|nov|dec|déc|dic|dez|ene|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек)\p{L}*\.?";

    // Interpreted: see LabelGrammar.
    private static readonly Regex Date = new(
        @"^[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}([ T][0-9:.]+( ?[AP]M)?)?$"
            + $@"|^[0-9]{{1,2}}(st|nd|rd|th|er)?[-./ ]+(de )?{Month}([-./ ,]+(de )?[0-9]{{2,4}})?$"
            + $@"|^{Month}[-./ ]+[0-9]{{1,4}}(,? [0-9]{{4}})?$"
            + @"|^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AP]M)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
