using Distribution.Letters;

namespace Distribution.Web.Missions;

internal enum MailboxStage
{
    /// <summary>Nobody signed the link, or its proposal is kept no longer.</summary>
    Cut,

    /// <summary>Asks whether the mailbox is the mission's.</summary>
    Asks,

    Confirmed,

    /// <summary>The link is older than it is good.</summary>
    Late,

    /// <summary>The proposal was decided, or a later one has taken its place.</summary>
    Over,
}

/// <summary>The page on which whoever reads a mailbox that was proposed for a mission confirms it.</summary>
/// <param name="Mission">The mission's title; empty where the link is cut, as are the next.</param>
/// <param name="By">Who proposed the mailbox.</param>
internal sealed record MailboxView(
    PageWords Words,
    MailboxStage Stage,
    string Mission = "",
    string Mailbox = "",
    string By = "",
    DateTimeOffset At = default,
    DateTimeOffset Until = default,
    string Seal = "",
    bool IsTooSoon = false);
