using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Letters;

namespace Distribution.Mail;

/// <summary>The name of an attachment in ASCII, for a way out that garbles any other.</summary>
internal static partial class PlainName
{
    /// <summary>
    /// The names of one mail's attachments. Mail programs that save them all would put one over the other where two had
    /// the same name, so the second is numbered, as in <c>resolution (2).pdf</c>.
    /// </summary>
    /// <returns>A name for each, in the same order.</returns>
    public static IReadOnlyList<string> OfAll(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(Of).Select(Free)];

        string Free(string name)
        {
            var free = name;
            for (var number = 2; !taken.Add(free); number++)
                free = $"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}";
            return free;
        }
    }

    /// <returns>
    /// The name without accents, with the plain forms of apostrophes and dashes. Where more of it is beyond ASCII, a
    /// name that this service made keeps its day and what it is, and any other is left as it is: only a person can name
    /// it anew.
    /// </returns>
    public static string Of(string name)
    {
        var plain = new StringBuilder();
        // Form KD parts letters from their accents, which are left out here, and makes plain letters of wide ones and
        // of ligatures.
        foreach (var rune in FileNames.AsRead(name).Normalize(NormalizationForm.FormKD).EnumerateRunes())
            _ = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.NonSpacingMark => plain,
                UnicodeCategory.DashPunctuation => plain.Append('-'),
                UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => plain.Append('\''),
                _ => plain.Append(rune),
            };
        var written = plain.ToString();
        return Ascii.IsValid(written) ? written
            : LetterPdf.IsName(name, isScan: false) || MeetingCalendar.IsName(name) ? Own().Replace(name, "$1 - $2")
            : name;
    }

    /// <summary>Whether the name can be written in ASCII so that its readers recognize it.</summary>
    public static bool IsPossible(string name) => Ascii.IsValid(Of(name));

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d).* - ([^-]+)$", RegexOptions.Singleline)]
    private static partial Regex Own();
}
