using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;

namespace Distribution.Web;

/// <summary>How the pages put facts into words.</summary>
internal static class DeskText
{
    public static string Date(DateOnly date) => date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary><c>26 March 2018, 6.05 p.m. New York time</c>.</summary>
    public static string Time(DateTimeOffset instant) => $"{NewYorkTime.Words(instant)} New York time";

    /// <summary><c>6.05.10 p.m. New York time</c>.</summary>
    public static string Clock(DateTimeOffset instant) => $"{NewYorkTime.Clock(instant)} New York time";

    /// <summary><c>Tuesday, 3 April 2018, 10.00 a.m. to 1.00 p.m. New York time</c>.</summary>
    public static string Hours(Meeting meeting)
    {
        var (start, end) = (NewYorkTime.At(meeting.Start), NewYorkTime.At(meeting.End));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{start:dddd, d MMMM yyyy, h.mm} {NewYorkTime.Half(start)} to {end:h.mm} {NewYorkTime.Half(end)} New York time");
    }

    /// <summary>Whether malware was looked for in a file that a letter encloses.</summary>
    public static string Scan(DistributionRecord distribution, Enclosure enclosure) =>
        enclosure.IsCalendar ? "made from the letter’s meetings"
        : distribution.ScanOf(enclosure) is null ? "not scanned for malware"
        : "no malware found";

    /// <summary>The same for all files of a letter, in a sentence.</summary>
    public static string Scans(DistributionRecord distribution) => distribution.Scans is [var scan, ..]
        ? $"The letter's files and enclosures were scanned for malware on {Time(scan.At)}, by {scan.Scanner}."
        : "Not scanned for malware: no scanner is configured.";

    /// <summary>
    /// What another register would change in a letter's roster, one sentence for each kind of change.
    /// </summary>
    public static IEnumerable<string> Difference(RosterDifference difference)
    {
        if (difference.Added.Count > 0)
            yield return $"{Names(difference.Added)} would receive it as well.";
        if (difference.Gone.Count > 0)
            yield return $"{Names(difference.Gone)} would not receive it.";
        if (difference.Changed.Count > 0)
            yield return $"{Names(difference.Changed)} would receive it with other particulars, such as mailboxes.";
    }

    /// <summary>The names of the missions; of many missions, only the first and how many more there are.</summary>
    public static string Names(IReadOnlyList<Mission> missions)
    {
        const int Most = 12;
        IEnumerable<string> names = missions.Take(Most).Select(mission => mission.Name);
        return EnglishText.Listed([.. missions.Count > Most ? names.Append($"{missions.Count - Most} more") : names]);
    }

    public static string SingleKind(MissionKind kind) => kind switch
    {
        MissionKind.MemberState => "Member State",
        MissionKind.ObserverState => "Observer State",
        _ => "Observer organization",
    };

    public static string Missions(int count) =>
        count == 1 ? "1 mission" : string.Create(CultureInfo.InvariantCulture, $"{count} missions");

    /// <param name="before">The step before it; null for the first.</param>
    public static string Step(AcknowledgementStep step, AcknowledgementStep? before) =>
        (step.Stands, before?.Stands) switch
        {
            (null, _) => "Withdrawn",
            (_, null) => "Acknowledged",
            _ => "Corrected",
        };

    public static string Opened(MissionVisits visits) => visits.Count(VisitKind.Opened) is > 0 and var count
        ? $"The link was opened {Times(count)}, last visited on {Time(visits.Last)}."
        : $"The link was last visited on {Time(visits.Last)}.";

    /// <summary>What was done with a link besides opening it, one sentence for each kind of visit.</summary>
    public static IReadOnlyList<string> OtherVisits(MissionVisits visits) =>
        [
            .. visits
                .Counts.Where(entry => entry.Key != VisitKind.Opened)
                .Select(entry =>
                    entry.Key switch
                    {
                        VisitKind.SubmittedTooSoon =>
                            $"A form was sent sooner than a person reads it, {Times(entry.Value)}.",
                        VisitKind.HiddenFieldFilled =>
                            $"A field that no person sees was filled in, {Times(entry.Value)}.",
                        VisitKind.FilledIn =>
                            $"The form was filled in, and the page asked to confirm it, {Times(entry.Value)}.",
                        VisitKind.Replayed =>
                            $"A form was sent that had been used, had expired or was never given out, {Times(entry.Value)}.",
                        VisitKind.DocumentTaken =>
                            $"A document was fetched from its page by a press, {Times(entry.Value)}.",
                        VisitKind.DocumentAskedTooSoon =>
                            $"A document was asked for sooner than a person reads the page, {Times(entry.Value)}: it was not handed out.",
                        var other => throw new ArgumentOutOfRangeException(nameof(visits), other, null),
                    }),
        ];

    private static string Times(int count) =>
        count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    public static string Reminder(ReminderState state) => state switch
    {
        ReminderState.Planned => "Planned",
        ReminderState.Made => "Sent",
        ReminderState.NotNeeded => "Not needed: no mission was silent",
        ReminderState.Missed => "Not sent: it could not leave in time",
        ReminderState.Stopped => "Stopped",
        ReminderState.Passed => "Not sent: its hour had passed when the letter was released",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The CSS class that colours a state, in addition to its words.</summary>
    public static string Tone(DeliveryState state) => state switch
    {
        DeliveryState.Accepted or DeliveryState.Delivered => "good",
        DeliveryState.Failed or DeliveryState.Bounced => "bad",
        DeliveryState.OutcomeUnknown or DeliveryState.Deferred or DeliveryState.Withdrawn => "warn",
        _ => "plain",
    };

    /// <summary>
    /// The CSS class that colours how far a distribution has come, in addition to its words: green only where every
    /// mission has the letter.
    /// </summary>
    public static string Tone(Reach reach) =>
        reach.Phase switch
        {
            ReachPhase.Complete => "good",
            ReachPhase.Ended => "bad",
            ReachPhase.CannotBeRead
            or ReachPhase.OnHold
            or ReachPhase.Stopping
            or ReachPhase.Stopped
            or ReachPhase.Unknown
            or ReachPhase.Delayed => "warn",
            ReachPhase.AwaitingRelease or ReachPhase.Scheduled => "ask",
            _ => "plain",
        };

    /// <summary>The words for a part of the bar, written beside how many missions it counts.</summary>
    public static string Part(MissionStanding standing) => standing switch
    {
        MissionStanding.Acknowledged => "acknowledged",
        MissionStanding.AcknowledgedOtherwise => "acknowledged by another way only",
        MissionStanding.Reached => "reached, silent",
        MissionStanding.Delayed => "delayed on its way",
        MissionStanding.Unknown => "not known",
        MissionStanding.OnItsWay => "still to be sent",
        MissionStanding.NotReached => "not reached",
        MissionStanding.NeverSent => "never sent",
        MissionStanding.NotNeeded => "had no need of it",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
    };

    /// <summary>The CSS class that colours a part of the bar and its tiles.</summary>
    public static string PartClass(MissionStanding standing) => standing switch
    {
        MissionStanding.Acknowledged => "acknowledged",
        MissionStanding.AcknowledgedOtherwise => "otherwise",
        MissionStanding.Reached => "reached",
        MissionStanding.Delayed => "delayed",
        MissionStanding.Unknown => "unknown",
        MissionStanding.NotReached => "not-reached",
        MissionStanding.NeverSent => "never-sent",
        _ => "to-send",
    };

    /// <summary>
    /// The mark of a part, so that none depends on its colour: characters that every font has. A mission that was reached
    /// and is silent has none, as the usual case.
    /// </summary>
    public static string Mark(MissionStanding standing) => standing switch
    {
        MissionStanding.Acknowledged => "✓",
        MissionStanding.AcknowledgedOtherwise => "(✓)",
        MissionStanding.Reached => "",
        MissionStanding.Delayed => "…",
        MissionStanding.Unknown => "?",
        MissionStanding.OnItsWay => "»",
        MissionStanding.NotReached => "×",
        MissionStanding.NeverSent => "–",
        MissionStanding.NotNeeded => "=",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
    };

    /// <summary>Missions as <c>MissionChoice</c> takes them.</summary>
    public static IReadOnlyList<(string Id, string Name)> Choices(IEnumerable<Mission> missions) =>
        [.. missions.Select(mission => (mission.Id, mission.Name))];

    public static string Kind(MissionKind kind) => kind switch
    {
        MissionKind.MemberState => "Member States",
        MissionKind.ObserverState => "Observer States",
        MissionKind.ObserverOrganization => "Observer organizations",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
