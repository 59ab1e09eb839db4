using System.Globalization;
using System.Text;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// What folders and files may be called: names that every mail program, archive and file system keeps as they are.
/// </summary>
internal static class FileNames
{
    /// <summary>The longest name of a folder or file, in characters.</summary>
    public const int Longest = 120;

    private const string Signs = " -_.,()&'+";

    /// <summary>What is wrong with the name of a file that a letter gives.</summary>
    public static IEnumerable<Fault> FaultsOfFile(string name, string place) =>
        name.AsSpan().ContainsAny('/', '\\') ? [LetterFaults.NameIsAPath(place, name)] : FaultsOf(name, place);

    /// <summary>
    /// Whether two names are the same to a person: macOS takes accented letters apart, others do not.
    /// </summary>
    public static bool AreSame(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal)
        || string.Equals(AsRead(one), AsRead(other), StringComparison.Ordinal);

    /// <summary>One spelling for all names that <see cref="AreSame"/>, to group them by.</summary>
    public static string AsRead(string name) => string.Concat(name.EnumerateRunes()).Normalize();

    /// <summary>What is wrong with the name of one folder or file.</summary>
    public static IEnumerable<Fault> FaultsOf(string name, string place)
    {
        if (name.Length == 0)
            yield return LetterFaults.NameEmpty(place);
        else if (name.All(letter => letter == '.'))
            yield return LetterFaults.NameDots(place, UnsafeCharacters.Briefly(name));
        else if (name[0] is ' ' or '.' || name[^1] is ' ' or '.')
            yield return LetterFaults.NameEdge(place, name);

        if (name.Length > Longest)
            yield return LetterFaults.NameTooLong(place, name, Longest);
        foreach (var odd in name.EnumerateRunes().Where(rune => !IsPlain(rune)).Distinct().Take(1))
            yield return LetterFaults.NameCharacter(place, name, odd);
    }

    /// <summary>Whether nothing is wrong with the name of one folder or file.</summary>
    public static bool IsSound(string name) => !FaultsOf(name, "").Any();

    private static bool IsPlain(Rune rune) =>
        rune.IsAscii ? Rune.IsLetterOrDigit(rune) || Signs.Contains((char)rune.Value) : Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
