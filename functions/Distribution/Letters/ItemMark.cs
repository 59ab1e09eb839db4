using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>The number, letter or sign with which a line of a letter begins, as it was typed.</summary>
/// <param name="Text">Without the space behind it: <c>1)</c>, <c>(a)</c>, <c>IV.</c>, <c>2.1</c>, <c>•</c>.</param>
/// <param name="Scheme">What the marks of one list have in common: <c>(a)</c> and <c>(k)</c> have the same.</param>
/// <param name="IsSign">True for a bullet, dash, asterisk or plus, which are the same for every item.</param>
/// <param name="Length">In characters, with the space behind it.</param>
internal sealed partial record ItemMark(string Text, string Scheme, bool IsSign, int Length)
{
    /// <summary>
    /// True if a number follows a dash, plus or asterisk, which may be its sign or a word of the line.
    /// </summary>
    public bool IsBeforeNumber { get; private init; }

    /// <summary>
    /// The mark at the start of a line that has no space before it; null if there is none. Four digits are a year.
    /// </summary>
    public static ItemMark? At(string line)
    {
        var found = Mark().Match(line);
        if (!found.Success)
            return null;
        var mark = found.Groups["mark"].Value;
        return new(mark, SchemeOf(mark), found.Groups["sign"].Success, found.Length)
        {
            // "- 5 degrees" may be a temperature: a single line like that is no item.
            IsBeforeNumber = found.Groups["dash"].Success
                && found.Length < line.Length
                && char.IsDigit(line[found.Length]),
        };
    }

    /// <summary>Its numbers and letters by their kind, and its other signs.</summary>
    private static string SchemeOf(string mark) =>
        NumberOrLetter().Replace(
            mark,
            found => found.Value[0] switch
            {
                var sign when char.IsDigit(sign) => "1",
                var sign when char.IsUpper(sign) => "A",
                var sign when char.IsLower(sign) => "a",
                _ => "x",
            });

    /// <summary>
    /// Arabic and other digits; one or two letters, or a Roman number; a degree sign or ordinal as in French and
    /// Spanish; then white space of any kind, or nothing else on the line.
    /// </summary>
    [GeneratedRegex(
        """
        ^(?<mark>
            (?<sign> (?<dash>[-–—−+*]) | [•·◦‣▪▫●○■□►➢✓⁃] )
          | \((?:\p{Nd}{1,3} | \p{L}{1,2} | [ivxl]{1,6} | [IVXL]{1,6})\)
          | \p{Nd}{1,3} (?:\.\p{Nd}{1,3})+ [.)]?
          | \p{Nd}{1,3} (?:\.[-º)] | [.)] | [ \u00A0\u202F]?° | º)
          | (?:\p{L} | [ivxl]{1,6} | [IVXL]{1,6}) [.)]
        )(?:\s+|$)
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\p{Nd}+|\p{L}+")]
    private static partial Regex NumberOrLetter();
}
