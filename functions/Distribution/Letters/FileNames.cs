using System.Globalization;
using System.Text;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// Checks the names of folders and files. It allows only names that every mail program, archive and file system keeps
/// unchanged.
/// </summary>
internal static class FileNames
{
    /// <summary>The longest name of a folder or file, in characters.</summary>
    public const int Longest = 120;

    private const string Signs = " -_.,()&'+";

    /// <summary>The faults of a file name that a letter gives. A path is not allowed.</summary>
    public static IEnumerable<Finding> FaultsOfFile(string name, Location place) =>
        name.AsSpan().ContainsAny('/', '\\') ? [LetterFaults.NameIsAPath(place, name)] : FaultsOf(name, place);

    /// <summary>
    /// True if two names look the same to a person. Unicode normalization differs between systems: macOS may store an
    /// accented letter as a letter and an accent (NFD), other systems as one character (NFC).
    /// </summary>
    public static bool AreSame(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal)
        || string.Equals(AsRead(one), AsRead(other), StringComparison.Ordinal);

    /// <summary>
    /// The normalized form of a name, equal for all names that <see cref="AreSame"/>, to use as a key.
    /// </summary>
    // EnumerateRunes replaces unpaired surrogates, on which Normalize would throw.
    public static string AsRead(string name) => string.Concat(name.EnumerateRunes()).Normalize();

    /// <summary>The faults of the name of one folder or file.</summary>
    public static IEnumerable<Finding> FaultsOf(string name, Location place)
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

    /// <summary>True if the name of one folder or file has no fault.</summary>
    public static bool IsSound(string name) => !FaultsOf(name, Location.In(name)).Any();

    private static bool IsPlain(Rune rune) =>
        rune.IsAscii ? Rune.IsLetterOrDigit(rune) || Signs.Contains((char)rune.Value) : Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
