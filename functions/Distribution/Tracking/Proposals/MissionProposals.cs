using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking.Proposals;

/// <summary>What came of putting a proposal on record.</summary>
internal enum ProposalRecording
{
    Recorded,

    /// <summary>The same form was sent before.</summary>
    RecordedBefore,

    /// <summary>Another proposal was recorded since the form was shown.</summary>
    Meanwhile,

    /// <summary>As many were proposed for this mission within a day as may be.</summary>
    TooMany,
}

/// <summary>
/// The store of what missions propose. One record holds all of a mission's, so that a later proposal and the one it
/// takes the place of change together.
/// </summary>
internal sealed class MissionProposals(StorageAccount account)
{
    /// <summary>How many may be made for one mission within a day, by all people who have its links.</summary>
    public const int MostADay = 3;

    /// <summary>
    /// How long one is kept after its end: as long as the desk is shown what changed of a mission lately.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(60);

    private const string Partition = "proposal";

    private const string Due = nameof(Due);

    private const string FirstEnd = nameof(FirstEnd);

    private const int MostKept = 20;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Records<ProposalsOfMission> records = new(
        account,
        ResourceNames.MissionsTable,
        mission =>
        [
            (Due, mission.All.Exists(proposal => proposal.IsDue)),
            // By this column the timer finds what is kept no longer, without reading all records.
            .. mission.All.Select(proposal => proposal.End?.At).Min() is { } first
                ? [(FirstEnd, (object)first)]
                : Array.Empty<(string, object)>(),
        ]);

    /// <returns>Without any where none is on record.</returns>
    public async Task<ProposalsOfMission> Of(string missionId, CancellationToken cancellation) =>
        (await records.Find(Partition, missionId, cancellation))?.Value ?? new(missionId, []);

    /// <returns>Those that can be read; a notice names the others.</returns>
    public async Task<IReadOnlyList<ProposalsOfMission>> All(CancellationToken cancellation) =>
        await Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation);

    /// <returns>
    /// Those for which the timer has something to do: a mail, an acceptance, or one that is kept no longer.
    /// </returns>
    public async Task<IReadOnlyList<ProposalsOfMission>> AllDue(DateTimeOffset now, CancellationToken cancellation) =>
        await Where(
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {Partition} and (Due eq {true} or FirstEnd lt {now - KeptFor})"),
            cancellation);

    /// <param name="after">
    /// The id of the last proposal that the page showed to the person who pressed; null for none.
    /// </param>
    public async Task<ProposalRecording> Record(
        string missionId,
        MissionProposal proposal,
        string? after,
        CancellationToken cancellation) =>
        await Update<ProposalRecording>(
            missionId,
            mission =>
                mission.Find(proposal.Id) is not null ? new(null, ProposalRecording.RecordedBefore)
                : mission.LastId != after ? new(null, ProposalRecording.Meanwhile)
                : IsFull(mission, proposal.At) ? new(null, ProposalRecording.TooMany)
                : new(
                    mission with
                    {
                        All =
                        [
                            .. mission.All.Select(earlier =>
                                earlier.IsWaiting
                                    ? earlier with { End = new(ProposalOutcome.Replaced, proposal.At, "", "") }
                                    : earlier)
                                .TakeLast(MostKept - 1),
                            proposal,
                        ],
                    },
                    ProposalRecording.Recorded),
            cancellation);

    /// <summary>Whether as many were made within a day as may be.</summary>
    public static bool IsFull(ProposalsOfMission mission, DateTimeOffset now) =>
        // The absolute difference, so that a clock that was set back opens nothing.
        mission.All.Count(proposal => (now - proposal.At).Duration() < Day) >= MostADay;

    /// <summary>Records that a person who reads a new mailbox has confirmed it. Idempotent.</summary>
    /// <returns>False where it cannot be confirmed any more: the proposal has ended, or its time is over.</returns>
    public Task<bool> Confirm(
        string missionId,
        string proposalId,
        string address,
        DateTimeOffset now,
        CancellationToken cancellation) =>
        Change<bool>(
            missionId,
            proposalId,
            proposal =>
                proposal.NewMailboxes.Find(mailbox => mailbox.Address == address) is not { } mailbox ? new(null, false)
                : mailbox.ConfirmedAt is not null ? new(null, true)
                : proposal.End is not null || now > proposal.ConfirmUntil ? new(null, false)
                : new(
                    proposal with
                    {
                        NewMailboxes = proposal.NewMailboxes.Replace(mailbox, mailbox with { ConfirmedAt = now }),
                    },
                    true),
            cancellation);

    /// <summary>
    /// Makes one wait again whose acceptance came to nothing; or ends it as replaced, where the mission has proposed
    /// something else meanwhile.
    /// </summary>
    /// <param name="acceptance">It may have been given back, and accepted by another person, since.</param>
    public Task GiveBack(
        string missionId,
        string proposalId,
        ProposalAcceptance acceptance,
        DateTimeOffset now,
        CancellationToken cancellation) =>
        Update(
            missionId,
            mission => Decision.Of(
                mission.Find(proposalId) is { End: null } proposal && proposal.Accepted == acceptance
                    ? mission.With(proposal with
                    {
                        Accepted = null,
                        End = mission.LastId == proposalId ? null : new(ProposalOutcome.Replaced, now, "", ""),
                    })
                    : null),
            cancellation);

    /// <summary>Changes one proposal.</summary>
    /// <returns>What the change decided; the default of its type where there is no such proposal.</returns>
    /// <inheritdoc cref="Records{T}.Update"/>
    public Task<TResult?> Change<TResult>(
        string missionId,
        string proposalId,
        Func<MissionProposal, Decision<MissionProposal, TResult>> change,
        CancellationToken cancellation) =>
        Update(
            missionId,
            mission =>
            {
                if (mission.Find(proposalId) is not { } proposal)
                    return new Decision<ProposalsOfMission, TResult?>(null, default);
                var (value, result) = change(proposal);
                return new(value is null ? null : mission.With(value), result);
            },
            cancellation);

    /// <summary>Removes the proposals of a mission that ended before then.</summary>
    public Task Clear(string missionId, DateTimeOffset before, CancellationToken cancellation)
    {
        return Update(
            missionId,
            mission => Decision.Of(
                mission.All.Exists(IsOver) ? mission with { All = mission.All.RemoveAll(IsOver) } : null),
            cancellation);

        bool IsOver(MissionProposal proposal) => proposal.End?.At < before;
    }

    /// <summary>Removes the proposals that came by a letter's link. Called when the letter is erased.</summary>
    public async Task Erase(string distributionId, CancellationToken cancellation)
    {
        foreach (var (missionId, _) in (await All(cancellation)).Where(mission => mission.All.Exists(IsOfIt)))
            await Update(
                missionId,
                mission => Decision.Of(mission with { All = mission.All.RemoveAll(IsOfIt) }),
                cancellation);

        bool IsOfIt(MissionProposal proposal) => proposal.DistributionId == distributionId;
    }

    /// <summary>Removes the names of who proposed something for a mission by the link of a letter.</summary>
    public Task EraseNames(string distributionId, string missionId, CancellationToken cancellation) =>
        Update(
            missionId,
            mission => Decision.Of(!mission.All.Exists(proposal => proposal.DistributionId == distributionId)
                ? null
                : mission with
                {
                    All =
                    [
                        .. mission.All.Select(proposal => proposal.DistributionId == distributionId
                            ? proposal with { By = PersonalValue.Erased, Function = null }
                            : proposal),
                    ],
                }),
            cancellation);

    private async Task<IReadOnlyList<ProposalsOfMission>> Where(string filter, CancellationToken cancellation) =>
        [.. (await records.Where(filter, cancellation)).Select(stored => stored.Value)];

    private async Task<TResult> Update<TResult>(
        string missionId,
        Func<ProposalsOfMission, Decision<ProposalsOfMission, TResult>> change,
        CancellationToken cancellation) =>
        (await records.Update(
            Partition,
            missionId,
            (ProposalsOfMission? stored) => change(stored ?? new(missionId, [])),
            cancellation)).Result;
}
