using System.Globalization;
using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Web.Missions;

/// <summary>What was typed on a mission's page, and what is wrong with it.</summary>
internal sealed record AcknowledgeForm(
    string Name,
    string Function,
    string Reference = "",
    string? NameProblem = null,
    string? FunctionProblem = null,
    string? ReferenceProblem = null)
{
    public const int MostCharacters = 200;

    public bool IsSound => NameProblem is null && FunctionProblem is null && ReferenceProblem is null;

    /// <summary>The name, and the function where one was given.</summary>
    public string Who => Function is "" ? Name : $"{Name}, {Function}";

    /// <param name="expected">The letter's reference, or null where none is asked for.</param>
    /// <param name="words">The words of the page, by key.</param>
    public static AcknowledgeForm Check(MissionPost typed, string? expected, IReadOnlyDictionary<string, string> words)
    {
        var form = new AcknowledgeForm(
            typed.Name.Trim(),
            typed.Function.Trim(),
            expected is null ? "" : typed.Reference.Trim());
        return form with
        {
            NameProblem = ProblemOfName(form.Name, words),
            FunctionProblem = Problem(form.Function, words),
            ReferenceProblem =
                expected is null
                || (form.Reference.Length <= MostCharacters && VerificationReference.Read(form.Reference).Meant.Contains(expected))
                    ? null
                    : words["reference_wrong"],
        };
    }

    /// <returns>What is wrong with a name, in a sentence; null for nothing.</returns>
    public static string? ProblemOfName(string name, IReadOnlyDictionary<string, string> words) =>
        name is "" ? words["name_missing"] : Problem(name, words);

    // Counts characters as people see them. Such a character can consist of many UTF-16 units, so these are limited
    // too.
    private static string? Problem(string text, IReadOnlyDictionary<string, string> words) =>
        UnsafeCharacters.FirstUnprintable(text) is not null ? words["unprintable"]
        : new StringInfo(text).LengthInTextElements > MostCharacters || text.Length > 4 * MostCharacters
            ? words["too_long"]
        : null;
}

/// <summary>What a form of a mission's page sent. The sender may be a person or a program.</summary>
/// <param name="Seal">The seal that the page was served with.</param>
/// <param name="Hidden">The value of the honeypot field, which no person sees.</param>
/// <param name="IsBack">Whether the button was the one that leads back.</param>
internal sealed record MissionPost(
    string Name,
    string Function,
    string Reference,
    string Seal,
    string Hidden,
    bool IsBack);

/// <summary>What a form of a mission's page does.</summary>
internal enum MissionAct { Give, Correct, Withdraw }

/// <inheritdoc cref="SealedForm{T}"/>
internal sealed record SealedAcknowledgement(
    string Id,
    DateTimeOffset At,
    MissionAct Act,
    string? After,
    AcknowledgeForm? Values = null,
    bool IsRead = false)
    : SealedForm<AcknowledgeForm>(Id, At, After, Values, IsRead);
