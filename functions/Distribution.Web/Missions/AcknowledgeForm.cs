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
    public bool IsSound => NameProblem is null && FunctionProblem is null && ReferenceProblem is null;

    /// <param name="expected">The letter's reference, or null where none is asked for.</param>
    /// <inheritdoc cref="TypedText.Problem"/>
    public static AcknowledgeForm Check(
        MissionPost typed,
        string? expected,
        IReadOnlyDictionary<string, string> words,
        PageWords pageWords)
    {
        var form = new AcknowledgeForm(
            typed.Name.Trim(),
            typed.Function.Trim(),
            expected is null ? "" : typed.Reference.Trim());
        return form with
        {
            NameProblem = TypedText.ProblemOfName(form.Name, words, pageWords),
            FunctionProblem = TypedText.Problem(form.Function, words, pageWords),
            ReferenceProblem =
                expected is null
                || (form.Reference.Length <= TypedText.MostCharacters && VerificationReference.Read(form.Reference).Meant.Contains(expected))
                    ? null
                    : words["reference_wrong"],
        };
    }
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
/// <param name="Letter">What was read of the letter; null in forms of earlier versions.</param>
internal sealed record SealedAcknowledgement(
    string Id,
    DateTimeOffset At,
    MissionAct Act,
    string? After,
    AcknowledgeForm? Values = null,
    bool IsRead = false,
    SeenLetter? Letter = null)
    : SealedForm<AcknowledgeForm>(Id, At, After, Values, IsRead);
