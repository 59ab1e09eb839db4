using System.Globalization;
using System.Text;

namespace Distribution.Register;

/// <summary>
/// English protocol order: Member States, observer States, intergovernmental organizations, other entities; within each
/// group by English name, ignoring accents, apostrophes, case and punctuation.
/// </summary>
internal static class ProtocolOrder
{
    /// <summary>The values of the register's column <c>kind</c>, in the order of the groups.</summary>
    public static readonly IReadOnlyList<string> Groups =
    [
        "member-state",
        "observer-state",
        "intergovernmental-organization",
        "other-entity",
    ];

    public static MissionKind KindOf(int group) => group switch
    {
        0 => MissionKind.MemberState,
        1 => MissionKind.ObserverState,
        _ => MissionKind.ObserverOrganization,
    };

    /// <summary>The normalized sort key of a name, compared ordinally: <c>COTE DIVOIRE</c>.</summary>
    public static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            // Côte d'Ivoire is filed as COTE DIVOIRE: an apostrophe parts no words, as other signs do.
            if (letter is '\'' or '’' or 'ʼ' || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark)
                continue;
            if (char.IsLetterOrDigit(letter))
                key.Append(char.ToUpperInvariant(letter));
            else if (key.Length > 0 && key[^1] != ' ')
                key.Append(' ');
        }

        return key.ToString().TrimEnd();
    }
}
