using Distribution.Common;
using Distribution.Tracking;

namespace Distribution.Web.Missions;

internal enum MissionStage
{
    /// <summary>Says what is on record.</summary>
    Done,

    /// <summary>Shows the form.</summary>
    Form,

    /// <summary>Shows what was typed and asks to confirm it.</summary>
    Confirm,
}

/// <summary>The page that a mission's link opens.</summary>
/// <param name="Acknowledged">The acknowledgement on record; null where there is none.</param>
/// <param name="Language">The language of the page: of the mission's email, unless the visitor chose another.</param>
/// <param name="Words">As <c>LanguageWords.AcknowledgePage</c> has them.</param>
/// <param name="AsksReference">Whether the reference printed in the letter is asked for.</param>
/// <param name="Seal">The seal of the form; empty where the page has no form.</param>
/// <param name="Remark">What the page says first; null for nothing.</param>
internal sealed record AcknowledgeView(
    MissionLetter Letter,
    string EnclosuresHeading,
    IReadOnlyList<string> Enclosures,
    Acknowledgement? Acknowledged,
    string Language,
    IReadOnlyDictionary<string, string> Words,
    bool AsksReference,
    MissionStage Stage,
    MissionAct Act,
    AcknowledgeForm Form,
    string Seal = "",
    string? Remark = null) : IFormView<AcknowledgeView>
{
    /// <summary>The language that the visitor chose; null where it is the letter's own.</summary>
    public string? Chosen { get; init; }

    /// <summary>The name of what says in an address that a form came too late.</summary>
    public const string Late = "late";

    /// <summary>Whether the page says that nothing was recorded of the form that led to it.</summary>
    public bool IsLate { get; init; }

    /// <inheritdoc cref="OpenLink.Warning"/>
    public string? Warning { get; init; }

    /// <summary>Where the receipt is; the page's own address with a word after it.</summary>
    public string ReceiptAddress { get; init; } = "";

    /// <summary>
    /// Whether the page answers a form. Then it offers no other language: a link would lose what was typed.
    /// </summary>
    public bool IsAnswer { get; init; }

    public AcknowledgeView AsAnswer() => this with { IsAnswer = true };

    /// <summary>The page on which the mission proposes to change what the register has of it.</summary>
    public string ProposalsAddress { get; init; } = "";

    /// <summary>The page that hands out the letter's documents; null where the letter has none.</summary>
    public string? DocumentsAddress { get; init; }

    /// <summary>The page that forwards the letter to a colleague; null where its marking forbids it.</summary>
    public string? ForwardAddress { get; init; }
}

/// <summary>What a page says of the letter, from its frozen content.</summary>
/// <param name="Mission">The mission's title in the language of the page.</param>
/// <param name="Language">
/// The language that the letter's own words are in here, which need not be the page's: a letter has few translations.
/// </param>
/// <param name="From">The offices of its letterheads, each once.</param>
/// <param name="Date">In the words of the page's language, as is the next.</param>
/// <param name="Deadlines">What is due, and until when: with its weekday, in New York time.</param>
internal sealed record MissionLetter(
    string Mission,
    string Language,
    IReadOnlyList<string> From,
    string Process,
    string DraftLabel,
    string Date,
    Correspondent Contact,
    IReadOnlyList<(string Name, string When)> Deadlines);
