using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.FaultSuite;

/// <summary>What is on record, held against what the receiving side really got.</summary>
/// <param name="Breaches">Whatever is not as it must be, a sentence each, with the mission.</param>
internal sealed record Verdict(
    int Messages,
    int Lost,
    int SilentlyDoubled,
    int Unknown,
    int Duplicates,
    IReadOnlyList<string> Breaches)
{
    public static Verdict Of(
        DistributionRecord distribution,
        IReadOnlyList<Mission> roster,
        IReadOnlyList<MissionEntry> entries,
        Arrivals arrivals,
        int mayDouble)
    {
        var byMailbox = arrivals.Kept.ToLookup(arrival => arrival.Mailbox, StringComparer.OrdinalIgnoreCase);
        var byOrder = entries.ToDictionary(entry => entry.Order);
        List<string> breaches = [];
        var (lost, silent, unknown, duplicates) = (0, 0, 0, 0);
        foreach (var (index, mission) in roster.Index())
        {
            if (byOrder.GetValueOrDefault(index + 1) is not { } entry)
            {
                lost++;
                Say(mission.Id, "has no entry");
                continue;
            }

            if (!entry.State.IsAccountable)
            {
                unknown += entry.State == DeliveryState.OutcomeUnknown ? 1 : 0;
                Say(mission.Id, $"is left {entry.State}");
            }

            foreach (var mailbox in mission.Mailboxes)
            {
                var got = byMailbox[mailbox.Address].ToList();
                var known = entry
                    .Attempts.SelectMany(attempt => attempt.Mailboxes)
                    .Where(box => box.Mailbox.Address == mailbox.Address)
                    .ToList();
                var said = known.Sum(box => box.Events.Count(happened => happened.Kind == DeliveryEventKind.SendAgain));
                if (got.Count == 0
                    && !(known.Exists(box => box.State == DeliveryState.Failed) && arrivals.HasRefused(mailbox.Address))
                )
                {
                    lost++;
                    Say(mission.Id, $"got no letter; its entry reads {entry.State}");
                }

                if (got.Count > 0 && !entry.State.IsReached && entry.State.IsAccountable)
                    Say(mission.Id, $"got its letter, and its entry reads {entry.State}");
                if (got.Exists(arrival => !arrival.Whole))
                {
                    lost++;
                    Say(mission.Id, "got a letter that was not whole");
                }

                if (got.Select(arrival => arrival.MessageId).Distinct().Count() > 1)
                    Say(
                        mission.Id,
                        $"got messages with different Message-IDs: {string.Join(", ", got.Select(arrival => arrival.MessageId).Distinct())}"
                    );
                if (got.Count > 1 + said)
                {
                    silent++;
                    Say(mission.Id, $"got {got.Count} copies; its entry tells of {1 + said}");
                }

                duplicates += Math.Max(0, got.Count - 1);
            }
        }

        var addresses = roster
            .SelectMany(mission => mission.Mailboxes)
            .Select(mailbox => mailbox.Address)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (byMailbox.Where(got => !addresses.Contains(got.Key)).Select(got => got.Key).ToList() is
            { Count: > 0 } strangers)
            breaches.Add(
                $"{distribution.Id}: letters went to addresses outside the frozen roster: {string.Join(", ", strangers)}"
            );
        if (duplicates > mayDouble)
            breaches.Add(
                $"{distribution.Id}: {duplicates} duplicates, and no more than {mayDouble} letters can have been in doubt"
            );
        var accounted = entries.Count == roster.Count && entries.All(entry => entry.State.IsAccountable);
        if (accounted != (distribution.State == DistributionState.Complete))
            breaches.Add(
                $"{distribution.Id} reads {distribution.State}, and its missions are {(accounted ? "all" : "not all")} accounted for"
            );
        return new(arrivals.Messages, lost, silent, unknown, duplicates, breaches);

        void Say(string mission, string words) => breaches.Add($"{distribution.Id}: {mission} {words}");
    }

    public void AddTo(Figures figures)
    {
        figures.Runs++;
        figures.Messages += Messages;
        figures.Lost += Lost;
        figures.SilentlyDoubled += SilentlyDoubled;
        figures.Unknown += Unknown;
        figures.Duplicates += Duplicates;
        figures.Breaches.AddRange(Breaches);
    }
}
