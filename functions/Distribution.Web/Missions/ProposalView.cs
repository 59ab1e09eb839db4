using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Missions;

/// <summary>The page on which a mission proposes to change what the register has of it.</summary>
/// <param name="Words">Those of the letter's pages, by key.</param>
/// <param name="Row">As the register in use has the mission; null where it has it no more.</param>
/// <param name="Record">What was proposed for the mission, the latest first.</param>
/// <param name="Closed">Why nothing can be proposed, in a sentence; null where something can.</param>
internal sealed record ProposalView(
    OpenLink Link,
    IReadOnlyDictionary<string, string> Words,
    MissionRow? Row,
    IReadOnlyList<MissionProposal> Record,
    string? Closed,
    DateTimeOffset Now) : IFormView<ProposalView>
{
    /// <summary>What stands after a mission's link in the address of the page.</summary>
    public const string Page = "/changes";

    /// <summary>The part of the page that says what was proposed.</summary>
    public const string OnRecord = "record";

    public ProposalForm Form { get; init; } = ProposalForm.Empty;

    /// <summary>What the form changes, on the page that asks to confirm it; null on every other.</summary>
    public IReadOnlyList<ProposedCell>? Cells { get; init; }

    public string Seal { get; init; } = "";

    /// <summary>What the page says first; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>
    /// Whether the page answers a form: then it offers no other language, as a link would lose what was typed.
    /// </summary>
    public bool IsAnswer { get; init; }

    public ProposalView AsAnswer() => this with { IsAnswer = true };

    public bool IsWaiting => Record is [{ IsWaiting: true }, ..];

    public PageWords PageWords => Link.PageWords;

    public string Moment(DateTimeOffset at) => Link.InWords.DateAndTime(NewYorkTime.At(at).DateTime);

    /// <summary>What became of a proposal, a sentence each. It names nobody of the secretariat.</summary>
    public IEnumerable<string> Standing(MissionProposal proposal)
    {
        switch (proposal)
        {
            case { End: { Outcome: ProposalOutcome.Accepted, At: var at } }:
                yield return PageWords.Fill("proposal_accepted", ("date", Moment(at)));
                break;
            case { End: { Outcome: ProposalOutcome.Declined, At: var at } }:
                yield return PageWords.Fill("proposal_declined", ("date", Moment(at)));
                break;
            case { End: not null }:
                yield return PageWords["proposal_replaced"];
                break;
            case { Accepted: not null }:
                yield return PageWords["proposal_taken"];
                break;
            default:
                yield return PageWords["proposal_waits"];
                foreach (var mailbox in proposal.NewMailboxes)
                    yield return PageWords.Fill(
                        mailbox.ConfirmedAt is not null ? "proposal_confirmed"
                        : mailbox.Mail.IsRefused ? "proposal_refused"
                        : Now > proposal.ConfirmUntil ? "proposal_late"
                        : mailbox.Mail.IsDone ? "proposal_unconfirmed"
                        : "proposal_asking",
                        ("mailbox", Isolated.LeftToRight(ProposedWords.Masked(mailbox.Address))),
                        ("date", Moment(proposal.ConfirmUntil)));
                break;
        }
    }
}

/// <summary>What that form sent. The sender may be a person or a program.</summary>
/// <param name="Seal">The seal that the page was served with.</param>
/// <param name="Hidden">The value of the honeypot field, which no person sees.</param>
/// <param name="IsBack">Whether the button was the one that leads back.</param>
internal sealed record ProposalPost(ProposalForm Typed, string Seal, string Hidden, bool IsBack);
