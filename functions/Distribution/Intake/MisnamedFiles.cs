using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using static Distribution.Common.Phrase;

namespace Distribution.Intake;

/// <summary>
/// Files that are there under another name than the one that is looked for: a letter called <c>letter.docx</c>, an
/// enclosure whose capitals differ from what the letter says. They are told at once, since nothing else will come.
/// </summary>
internal static partial class MisnamedFiles
{
    private static readonly string[] Documents =
    [
        "docx", "doc", "odt", "rtf", "pages", "wpd", "wps", "dotx", "dot", "docm", "gdoc", "msg", "eml",
    ];

    /// <summary>
    /// The finding for a folder without <c>letter.md</c> that holds a likely letter; null if the letter may still come.
    /// </summary>
    public static Finding? Letter(string folder, IReadOnlyList<string> names) =>
        // A name that only differs from the right one says more than one that is a word for a letter.
        names
            .Select(name => (Name: name, Meant: AsLetter(name)))
            .Where(found => found.Meant is not null)
            .OrderBy(found => found.Meant)
            .Select(found => IntakeFaults.LetterMisnamed(folder, found.Name, found.Meant!.Value, names))
            .FirstOrDefault();

    /// <summary>
    /// The finding for a file that the letter names and the folder holds under another name; null if it may still come.
    /// </summary>
    /// <param name="place">Where the letter names it.</param>
    /// <param name="key">The key that names it; null for a translation, which is found by its name.</param>
    /// <param name="named">All that the letter names: none of it is meant by another name as well.</param>
    public static Finding? Reference(
        Location place,
        string? key,
        string name,
        IReadOnlyList<DraftFile> files,
        IReadOnlyList<string> named) =>
        files
            .Select(file => file.File)
            .Where(there => !named.Any(other => FileNames.AreSame(other, there)))
            .Select(there => (Name: there, By: Difference(name, there)))
            .Where(found => found.By is not null)
            .OrderBy(found => found.By)
            .Select(found => IntakeFaults.FileMisnamed(place, name, found.Name, found.By!.Value, key))
            .FirstOrDefault();

    /// <summary>
    /// Finds files that a letter may mean by a name that is not there: the two names differ as by a slip of the hand,
    /// and in no number. draft-rev-1.pdf is never meant by draft-rev-2.pdf.
    /// </summary>
    /// <param name="there">The names of the folder's files.</param>
    /// <param name="named">All that the letter names.</param>
    /// <returns>
    /// For each that is missing, its name and that of the one that is there; those that have none are left out.
    /// </returns>
    public static IReadOnlyDictionary<string, string> Near(
        IEnumerable<string> missing,
        IReadOnlyList<string> there,
        IReadOnlyList<string> named) =>
        missing
            // A translation is found by its name, and never named.
            .Where(name => BlobNames.LanguageOf(name) is null)
            .Select(name => (
                Name: name,
                Near: DidYouMean.Of(
                    name,
                    there.Where(other => !named.Any(one => FileNames.AreSame(one, other))
                        && BlobNames.LanguageOf(other) is null
                        && FileTypes.ExtensionOf(other) == FileTypes.ExtensionOf(name)
                        && NumbersIn(other).SequenceEqual(NumbersIn(name))))))
            .Where(found => found.Near is not null)
            .DistinctBy(found => found.Name)
            .ToDictionary(found => found.Name, found => found.Near!);

    /// <summary>What is said of it, beside what is missing.</summary>
    /// <param name="near">See <see cref="Near"/>.</param>
    public static Phrase Hint(string near) =>
        Say($"{UnsafeCharacters.Briefly(near)} is there, and the letter does not name it: if that one is meant, write its name in the letter.");

    private static IEnumerable<string> NumbersIn(string name) =>
        Numbers().Matches(name).Select(number => number.Value.TrimStart('0').ToUpperInvariant());

    /// <summary>Files that are meant as translations and are not called as one is.</summary>
    public static IEnumerable<Finding> Translations(IEnumerable<string> names) =>
        from name in names
        let found = Translation().Match(FileNames.AsMeant(name))
        where found.Success
            && BlobNames.LanguageOf(name) is null
            && Languages.IsOfficial(found.Groups["language"].Value)
        select IntakeFaults.TranslationMisnamed(name, $"letter.{found.Groups["language"].Value}.md");

    private static LetterKind? AsLetter(string name)
    {
        var meant = FileNames.AsMeant(name);
        var type = FileTypes.ExtensionOf(meant);
        if (meant == BlobNames.Letter)
            return LetterKind.OtherSigns;
        if (SecondType().IsMatch(meant))
            return LetterKind.SecondType;
        if (BlobNames.LanguageOf(name) is not null)
            return LetterKind.Translation;
        if (type == "md")
            return LetterKind.OtherName;
        if (!Word().IsMatch(Path.GetFileNameWithoutExtension(name)))
            return null;
        return Documents.Contains(type) ? LetterKind.Document
            : type == "pdf" ? LetterKind.Scan
            : type == "txt" || !(FileTypes.Usual.Contains(type) || FileTypes.IsArchive(type)) ? LetterKind.PlainText
            : null;
    }

    private static NameDifference? Difference(string named, string there)
    {
        if (FileNames.AsRead(named).Equals(there, StringComparison.OrdinalIgnoreCase))
            return NameDifference.Capitals;
        if (FileNames.AsSeen(named) == FileNames.AsSeen(there))
            return NameDifference.Signs;
        var (one, other) = (FileNames.AsMeant(named), FileNames.AsMeant(there));
        if (one == other)
            return NameDifference.Spaces;
        // Also with a second type behind the first one: draft.pdf.pdf, draft.pdf.lnk.
        var stem = Path.GetFileNameWithoutExtension(one);
        var bare = Path.GetFileNameWithoutExtension(other);
        if (bare == stem || bare == $"{stem} {FileTypes.ExtensionOf(one)}")
            return NameDifference.Type;
        var original = Copied().Replace(FileNames.AsSeen(there), "");
        return FileNames.AsMeant(original) == one ? NameDifference.Copy : null;
    }

    // Also Roman ones, and a letter that stands alone or behind a number: "Draft II", "Part A", "Rev 2b".
    [GeneratedRegex(@"\d+(?:\p{L}(?!\p{L}))?|(?<![\p{L}'’])(?:[ivx]+|\p{L})(?!\p{L})", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();

    // As AsMeant leaves "letter.md.txt".
    [GeneratedRegex(@"^letter md\.(txt|text|md)$")]
    private static partial Regex SecondType();

    // As AsMeant leaves "Letter.fr.md", "letter_fr.md", "letter.fr.md.txt", "letter.fr.docx".
    [GeneratedRegex(@"^letter (?<language>[a-z]{2})( md)?\.(md|txt|markdown|docx?|odt|rtf)$")]
    private static partial Regex Translation();

    // A word for a letter in the six languages, as the name or in it.
    [GeneratedRegex(
        @"(?<!\p{L})(letters?|coverletter|lettres?|cartas?|письм[оа]|not[ae][ _-]verbale?)(?!\p{L})|信|函|رسالة|خطاب",
        RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    // What browsers and systems add to the name of a second copy.
    [GeneratedRegex(
        @"^(copy|copie|copia) (of|de) |( -)? (copy|copie|copia)( \d{1,2})?(?=\.\w+$)| ?\(\d{1,2}\)(?=\.\w+$)")]
    private static partial Regex Copied();
}

/// <summary>What a file is that was meant as the letter, the nearest first.</summary>
internal enum LetterKind
{
    /// <summary><c>Letter.md</c>, <c>letter .md</c>.</summary>
    OtherSigns,

    /// <summary><c>letter.md.txt</c>: Windows hides the second ending.</summary>
    SecondType,

    /// <summary><c>lettre.md</c>, <c>cover-letter.md</c>.</summary>
    OtherName,

    /// <summary><c>letter.txt</c>.</summary>
    PlainText,

    /// <summary><c>letter.docx</c>, <c>Cover letter.docx</c>.</summary>
    Document,

    /// <summary><c>letter.fr.md</c> alone.</summary>
    Translation,

    /// <summary><c>letter.pdf</c> alone: the signed scan.</summary>
    Scan,
}

/// <summary>By what two names differ, the least first.</summary>
internal enum NameDifference
{
    Capitals,
    Signs,
    Spaces,
    Copy,
    Type,
}
