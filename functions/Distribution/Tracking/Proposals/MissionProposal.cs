using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Distribution.Register;

namespace Distribution.Tracking.Proposals;

/// <summary>A cell of a mission's row in the register that is to be another.</summary>
/// <param name="Column">One of <see cref="MissionRow.Editable"/>.</param>
/// <param name="Before">What the register had when it was proposed.</param>
internal sealed record ProposedCell(string Column, string Before, string After);

/// <summary>How far a mail about a proposal has come.</summary>
/// <param name="To">The addresses it is for.</param>
/// <param name="Left">Those it is still to be handed over for; none once it is done.</param>
/// <param name="IsRefused">Whether no mail server took it.</param>
internal sealed record ProposalMail(
    ImmutableList<string> To,
    ImmutableList<string> Left,
    DateTimeOffset? ClaimedAt = null,
    string? ClaimId = null,
    bool IsRefused = false) : IClaimedMail<ProposalMail>
{
    public ProposalMail ClaimedBy(string id, DateTimeOffset at) => this with { ClaimedAt = at, ClaimId = id };

    [JsonIgnore]
    public bool IsDone => Left.IsEmpty;

    /// <summary>One that has not left.</summary>
    public static ProposalMail For(params ImmutableList<string> addresses) => new(addresses, addresses);
}

/// <summary>A mailbox that the mission does not have yet.</summary>
/// <param name="Mail">The mail that asks the person who reads the mailbox to confirm it.</param>
/// <param name="ConfirmedAt">
/// When somebody did. It shows that a person reads the mailbox, and not that the person is of the mission.
/// </param>
internal sealed record NewMailbox(string Address, ProposalMail Mail, DateTimeOffset? ConfirmedAt = null);

/// <summary>How a proposal ended.</summary>
internal enum ProposalOutcome
{
    /// <summary>The register was changed so.</summary>
    Accepted,

    Declined,

    /// <summary>The mission has proposed something else since.</summary>
    Replaced,
}

/// <summary>What became of a proposal.</summary>
/// <param name="By">The person of the desk; empty where it was replaced.</param>
/// <param name="Word">What the person had to say about it; empty for nothing. The mission reads it.</param>
internal sealed record ProposalEnd(ProposalOutcome Outcome, DateTimeOffset At, string By, string Word);

/// <summary>That a person of the desk accepted a proposal, while the register does not have it yet.</summary>
internal sealed record ProposalAcceptance(string By, DateTimeOffset At);

/// <summary>What somebody proposed, on a mission's page, to change of what the register has of it.</summary>
/// <param name="Id">That of the form it was written in, so that a second press adds nothing.</param>
/// <param name="DistributionId">The letter by whose link it came.</param>
/// <param name="Language">The language of the page it was written on.</param>
/// <param name="By">The name that was typed.</param>
/// <param name="Function">Null where none was typed.</param>
/// <param name="Told">The mail to the mailboxes that letters went to when it was proposed.</param>
internal sealed record MissionProposal(
    string Id,
    string DistributionId,
    string Language,
    DateTimeOffset At,
    string By,
    string? Function,
    ImmutableList<ProposedCell> Cells,
    ImmutableList<NewMailbox> NewMailboxes,
    ProposalMail Told)
{
    /// <summary>How long the link in a mail to a new mailbox is good.</summary>
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromDays(7);

    /// <summary>Null where nobody accepted it, and again where what was accepted did not come into use.</summary>
    public ProposalAcceptance? Accepted { get; init; }

    /// <summary>Null while it waits.</summary>
    public ProposalEnd? End { get; init; }

    /// <summary>Until when a new mailbox can be confirmed.</summary>
    [JsonIgnore]
    public DateTimeOffset ConfirmUntil => At + ConfirmWithin;

    [JsonIgnore]
    public bool IsConfirmed => NewMailboxes.TrueForAll(mailbox => mailbox.ConfirmedAt is not null);

    /// <summary>Whether it waits for a person of the desk.</summary>
    [JsonIgnore]
    public bool IsWaiting => End is null && Accepted is null;

    /// <summary>Whether the timer has something to do for it.</summary>
    [JsonIgnore]
    public bool IsDue =>
        !Told.IsDone
        || (End is null && (Accepted is not null || NewMailboxes.Exists(mailbox => !mailbox.Mail.IsDone)));

    /// <summary>Whether a mission's row has all of it.</summary>
    public bool IsIn(MissionRow row) => Cells.TrueForAll(cell => row.Cells[cell.Column] == cell.After);
}

/// <summary>
/// The proposals of one mission, the earliest first. At most one of them waits; one that is being accepted does not.
/// </summary>
internal sealed record ProposalsOfMission(string MissionId, ImmutableList<MissionProposal> All)
{
    [JsonIgnore]
    public string? LastId => All is [.., var last] ? last.Id : null;

    public MissionProposal? Find(string id) => All.Find(proposal => proposal.Id == id);

    /// <summary>Replaces the proposal with this id, in its place.</summary>
    public ProposalsOfMission With(MissionProposal changed) =>
        this with { All = [.. All.Select(proposal => proposal.Id == changed.Id ? changed : proposal)] };
}
