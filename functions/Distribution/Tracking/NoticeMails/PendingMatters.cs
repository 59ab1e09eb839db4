using System.Numerics;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Proposals;

namespace Distribution.Tracking.NoticeMails;

/// <summary>
/// What waits for a person at this moment, read from the records: letters on hold, of unknown outcome, that came back
/// or wait for their release, notices, such as those about dead letters and refused registers, and what missions
/// propose.
/// </summary>
internal sealed class PendingMatters(
    EntryStates entries,
    Notices notices,
    MissionProposals proposals,
    TimeProvider clock)
{
    /// <summary>
    /// For how long after its release a letter's bounces are looked for; servers give up within five days.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(8);

    /// <returns>The most urgent first.</returns>
    public async Task<IReadOnlyList<PendingMatter>> Now(
        IReadOnlyList<DistributionRecord> distributions,
        CancellationToken cancellation)
    {
        List<PendingMatter> onHold = [], returned = [], toRelease = [];
        foreach (var distribution in distributions)
        {
            if (distribution.State == DistributionState.Paused)
                onHold.Add(OnHold(distribution));
            if (distribution.State == DistributionState.AwaitingRelease)
                toRelease.Add(ToRelease(distribution));
            if (distribution.ReleasedAt is { } released && (clock.GetUtcNow() - released).Duration() < Recent)
                returned.AddRange(WhatBecameOf(distribution, await entries.Count(distribution.Id, cancellation)));
        }

        var labels = distributions.ToDictionary(distribution => distribution.Id, Label);
        return
        [
            .. onHold,
            .. returned,
            .. (await notices.All(cancellation)).Select(notice => Of(notice, labels)).OfType<PendingMatter>(),
            .. toRelease,
            .. (await proposals.All(cancellation)).SelectMany(mission =>
                mission.All.Where(proposal => proposal.IsWaiting))
                .Select(Proposed),
        ];
    }

    private static PendingMatter OnHold(DistributionRecord distribution) =>
        new(
            // A hold that begins to need a person is another matter than one that passes by itself.
            $"hold {distribution.Id}{(distribution.PausePasses ? "" : " person")}",
            "a letter is on hold",
            $"{Label(distribution)} is on hold. {(distribution.PausePasses ? "The service tries by itself to go on." : "It goes on only when a person has put right what its page names.")}",
            DeskPages.Distribution(distribution.Id));

    /// <summary>
    /// The key under which it is told that a letter waits for release. Each approval makes it another matter. So does a
    /// release that was undone or held back: the people who were asked before are asked again.
    /// </summary>
    public static string ReleaseKey(DistributionRecord distribution) =>
        distribution.Approvals is [.., var last]
            ? $"release {distribution.Id} {distribution.Approvals.Count} {last.At.UtcTicks}"
            : $"release {distribution.Id} 0{(distribution.TimesHeldBack is > 0 and var held ? $" {held}" : "")}";

    private static PendingMatter ToRelease(DistributionRecord distribution) =>
        new(
            ReleaseKey(distribution),
            "a letter waits for its release",
            distribution.Approvals is []
                ? $"{Label(distribution)} was checked and waits to be released."
                : $"{Label(distribution)} waits for a second person to release it.",
            DeskPages.Distribution(distribution.Id));

    private static IEnumerable<PendingMatter> WhatBecameOf(
        DistributionRecord distribution,
        IReadOnlyDictionary<DeliveryState, int> states)
    {
        if (states.GetValueOrDefault(DeliveryState.OutcomeUnknown) is > 0 and var unknown)
            yield return new(
                Key("unknown", unknown),
                "it is not known whether letters left",
                $"{Label(distribution)}: of {EnglishText.Counted(unknown, "letter")} it is not known whether they left.",
                DeskPages.Distribution(distribution.Id));
        if (states.GetValueOrDefault(DeliveryState.Bounced) + states.GetValueOrDefault(DeliveryState.Failed)
            is > 0 and var back)
            yield return new(
                Key("back", back),
                "letters came back",
                $"{Label(distribution)}: {EnglishText.Counted(back, "letter")} came back, or {(back == 1 ? "was" : "were")} refused.",
                DeskPages.Distribution(distribution.Id));

        string Key(string kind, int count) => $"{kind} {distribution.Id} {BitOperations.Log2((uint)count)}";
    }

    private static PendingMatter? Of(Notice notice, IReadOnlyDictionary<string, string> labels) =>
        notice.IsForTheDeskAlone ? null
        : notice.IsOfRegister
            ? new(
                $"notice {notice.Id}",
                "an uploaded register is not in use",
                "The register that was uploaded is not in use: it was refused, or waits for a person to confirm it.",
                DeskPages.Register)
        : new(
            $"notice {notice.Id}",
            "there is a new notice",
            notice.DistributionId is { } id && labels.TryGetValue(id, out var label)
                ? $"{label}: there is a new notice on the front page."
                : "There is a new notice on the front page.",
            DeskPages.Front);

    private static PendingMatter Proposed(MissionProposal proposal) =>
        new(
            $"proposal {proposal.Id}",
            "a mission proposes a change of the register",
            "A mission proposes to change what the register has of it.",
            DeskPages.Proposals);

    private static string Label(DistributionRecord distribution) =>
        SingleLine.Of($"{distribution.DraftLabel} ({distribution.Process})");
}
