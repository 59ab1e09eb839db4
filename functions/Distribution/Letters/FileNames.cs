using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// Checks the names of folders and files. It allows only names that every mail program, archive and file system keeps
/// unchanged.
/// </summary>
internal static partial class FileNames
{
    /// <summary>The longest name of a folder or file, in characters.</summary>
    public const int Longest = 120;

    private const string Signs = " -_.,()&'+";

    // Signs that word processors and offices put into names and that every system keeps: n° 2, [clean], 草案、附件. Other
    // brackets, quotation marks and dashes are allowed by their category, in IsPlain.
    private const string TypedSigns = "[]°№§·・、，،";

    private const string Apostrophes = "'‘’‛ʹʻʼʽˈ′`´＇";

    // Letters of other alphabets that look like the Latin letter below them, as a small or as a capital letter.
    private const string LookAlikes = "авекмнорстухіјѕԁһαβεζηικμνορτυχϳ";
    private const string Latin = "abekmhopctyxijsdhabezhikmnoptyxj";

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

    /// <summary>
    /// What a person sees of a name, equal for names that nobody tells apart with certainty: without regard to
    /// capitals, full-width and other forms of a sign, forms of the apostrophe and the hyphen, signs that cannot be
    /// seen, and alphabets that share their letters' shapes. To compare, never to show.
    /// </summary>
    public static string AsSeen(string name)
    {
        var seen = new StringBuilder();
        foreach (var rune in AsRead(name).Normalize(NormalizationForm.FormKC).ToLowerInvariant().EnumerateRunes())
            _ = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Format or UnicodeCategory.Control => seen,
                // Variation selectors: they choose between two looks of the sign before them.
                _ when rune.Value is >= 0xFE00 and <= 0xFE0F => seen,
                UnicodeCategory.DashPunctuation => seen.Append('-'),
                UnicodeCategory.SpaceSeparator => seen is { Length: > 0 } && seen[^1] == ' ' ? seen : seen.Append(' '),
                _ when rune.IsBmp && Apostrophes.Contains((char)rune.Value) => seen.Append('\''),
                _ when rune.IsBmp && LookAlikes.IndexOf((char)rune.Value) is >= 0 and var place =>
                    seen.Append(Latin[place]),
                _ => seen.Append(rune),
            };
        return seen.ToString().Trim();
    }

    /// <summary>
    /// What somebody means who writes a name from memory: like <see cref="AsSeen"/>, and whatever is between the
    /// words: <c>Draft_Rev.1 (clean).pdf</c> and <c>draft rev 1 clean.pdf</c>.
    /// </summary>
    public static string AsMeant(string name)
    {
        var seen = AsSeen(name);
        var type = Path.GetExtension(seen).Trim();
        return $"{string.Join(' ', Words().Matches(Path.GetFileNameWithoutExtension(seen)).Select(word => word.Value))}{type}";
    }

    /// <summary>The faults of the name of one folder or file.</summary>
    public static IEnumerable<Finding> FaultsOf(string name, Location place)
    {
        if (name.Length == 0)
            yield return LetterFaults.NameEmpty(place);
        else if (name.All(letter => letter == '.'))
            yield return LetterFaults.NameDots(place, UnsafeCharacters.Briefly(name));
        // Windows drops spaces and dots at the end of a name; other systems hide a name that begins with a dot.
        else if (name[0] is ' ' or '.' || name[^1] is ' ' or '.')
            yield return LetterFaults.NameEdge(place, name);

        if (Device().IsMatch(name))
            yield return LetterFaults.NameOfDevice(place, name);
        if (name.Length > Longest)
            yield return LetterFaults.NameTooLong(place, name, Longest);
        foreach (var odd in name.EnumerateRunes().Where(rune => !IsPlain(rune)).Distinct().Take(1))
            yield return LetterFaults.NameCharacter(place, name, odd);
    }

    /// <summary>True if the name of one folder or file has no fault.</summary>
    public static bool IsSound(string name) => !FaultsOf(name, Location.In(name)).Any();

    private static bool IsPlain(Rune rune) =>
        (rune.IsBmp && TypedSigns.Contains((char)rune.Value))
        || (rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || Signs.Contains((char)rune.Value)
            : Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation);

    // Windows takes these for devices, whatever type is behind them: CON.pdf is one, too.
    [GeneratedRegex(
        @"^(CON|PRN|AUX|NUL|(COM|LPT)[1-9]) *(\.|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Words();
}
