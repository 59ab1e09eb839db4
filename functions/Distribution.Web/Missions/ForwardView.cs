using Distribution.Tracking.Forwarding;

namespace Distribution.Web.Missions;

internal enum ForwardStage
{
    /// <summary>Says why the letter is not forwarded from here.</summary>
    Barred,

    /// <summary>Shows the form.</summary>
    Form,

    /// <summary>Shows what was typed and asks to confirm it.</summary>
    Confirm,

    /// <summary>Says what became of what this visitor forwarded.</summary>
    Done,
}

/// <summary>The page from which a mission forwards its letter to a colleague.</summary>
/// <param name="Words">As <c>LanguageWords.AcknowledgePage</c> has them.</param>
/// <param name="Bar">Why the letter is not forwarded from here, in a sentence; null where it is.</param>
/// <param name="Domains">Those it can be forwarded to.</param>
/// <param name="Record">What the mission forwarded of this letter.</param>
/// <param name="Seal">The seal of the form; empty where the page has no form.</param>
/// <param name="Remark">What the page says first; null for nothing.</param>
/// <param name="Done">What this visitor forwarded; null but where the page says what became of it.</param>
internal sealed record ForwardView(
    OpenLink Link,
    IReadOnlyDictionary<string, string> Words,
    string? Bar,
    IReadOnlyList<string> Domains,
    MissionForwards Record,
    ForwardStage Stage,
    ForwardForm Form,
    string Seal = "",
    string? Remark = null,
    Forward? Done = null) : IFormView<ForwardView>
{
    /// <summary>What stands after a mission's link in the address of the page.</summary>
    public const string Page = "/forward";

    /// <summary>The name of what says in an address which one was just forwarded.</summary>
    public const string Sent = "sent";

    /// <summary>
    /// Whether the page answers a form. Then it offers no other language: a link would lose what was typed.
    /// </summary>
    public bool IsAnswer { get; init; }

    public ForwardView AsAnswer() => this with { IsAnswer = true };
}
