using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Reports;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>Distributions for reports, made of nothing but facts.</summary>
internal static class ReportSamples
{
    /// <summary>2 p.m. in New York.</summary>
    public static readonly DateTimeOffset Sent = new(2018, 4, 3, 18, 0, 0, TimeSpan.Zero);

    public static Mission Mission(string id) => RegisterCsv.Seed().Missions.Single(mission => mission.Id == id);

    public static ReportedDistribution Of(params IReadOnlyList<MissionEntry> entries) => Of(entries, []);

    public static ReportedDistribution Of(
        IReadOnlyList<MissionEntry> entries,
        IReadOnlyList<MissionAcknowledgement> acknowledgements,
        params IReadOnlyList<ReportedRoster> addenda) =>
        ReportedDistribution.Of(
            Distribution,
            SampleLetter.Source,
            Roster(entries, acknowledgements),
            addenda,
            Sent.AddDays(1));

    public static ReportedRoster Roster(
        IReadOnlyList<MissionEntry> entries,
        IReadOnlyList<MissionAcknowledgement>? acknowledgements = null) =>
        new(
            [.. entries.Select(entry => Mission(entry.MissionId))],
            entries,
            (acknowledgements ?? []).ToDictionary(record => record.MissionId));

    public static DistributionRecord Distribution { get; } =
        new(
            "gcm-draft-rev-1",
            new("gcm", "draft-rev-1"),
            1,
            "Global Compact for Migration",
            "Draft Rev 1",
            3,
            new(2018, 3, 26),
            "Draft Rev 1",
            "",
            "",
            0,
            [],
            [],
            [],
            DistributionState.Complete,
            Sent.AddHours(-2),
            "the secretary",
            Sent.AddHours(-1),
            CompletedAt: Sent.AddHours(1));

    /// <summary>A mission's one attempt, to one mailbox.</summary>
    public static MissionEntry Dispatch(string mission, params DeliveryEvent[] events) =>
        Dispatch(mission, ($"{mission}@missions.example", events));

    public static MissionEntry Dispatch(string mission, params (string Address, DeliveryEvent[] Events)[] mailboxes) =>
        new(
            "gcm-draft-rev-1",
            mission,
            1,
            [
                new(
                    1,
                    $"gcm.{mission}.1@secretariat.example",
                    Sent,
                    [
                        .. mailboxes.Select(mailbox => new MailboxDelivery(
                            new(mailbox.Address, MailboxField.To),
                            [.. mailbox.Events])),
                    ]),
            ],
            null,
            null);

    public static MissionEntry Untried(string mission) => new("gcm-draft-rev-1", mission, 1, [], null, null);

    /// <summary>The dispatch, sent once more.</summary>
    public static MissionEntry Again(this MissionEntry entry, params DeliveryEvent[] events) =>
        entry with
        {
            Attempts = entry.Attempts.Add(
                new(
                    2,
                    $"gcm.{entry.MissionId}.2@secretariat.example",
                    Sent,
                    [entry.Attempts[0].Mailboxes[0] with { Events = [.. events] }],
                    "the secretary")),
        };

    public static DeliveryEvent Event(
        int minute,
        DeliveryEventKind kind,
        string words = "",
        BounceKind? bounce = null,
        string? source = null) => new(Sent.AddMinutes(minute), kind, words, bounce, source);

    public static DeliveryEvent Accepted(int minute) => Event(minute, DeliveryEventKind.Accepted, "250 OK");

    public static DeliveryEvent CameBack(int minute) =>
        Event(minute, DeliveryEventKind.Bounced, "550 No such user", BounceKind.Permanent, "bounce");

    public static MissionAcknowledgement Acknowledged(string mission, params AcknowledgementStep[] steps) =>
        new("gcm-draft-rev-1", mission, [.. steps]);
}
