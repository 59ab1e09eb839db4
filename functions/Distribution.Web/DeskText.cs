using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using static Distribution.Common.Phrase;

namespace Distribution.Web;

/// <summary>How the pages put facts into words.</summary>
internal static class DeskText
{
    public static Phrase Date(DateOnly date) => OfDay(date);

    /// <summary><c>26 March 2018, 6.05 p.m. New York time</c>.</summary>
    public static Phrase Time(DateTimeOffset instant) => Say($"{OfMoment(instant)} New York time");

    /// <summary><c>6.05.10 p.m. New York time</c>.</summary>
    public static Phrase Clock(DateTimeOffset instant) => Say($"{OfClock(instant)} New York time");

    /// <summary>What is due, as the beginning of a line: <c>Comments</c>.</summary>
    public static Phrase NameOf(Deadline deadline) => Of(language => BuiltInWords.Of(language.Code).NameOf(deadline));

    /// <summary><c>Tuesday, 3 April 2018, 10.00 a.m. to 1.00 p.m. New York time</c>.</summary>
    public static Phrase Hours(Meeting meeting) =>
        Say($"{OfWeekday(meeting.Start)}, {OfDay(NewYorkTime.Day(meeting.Start))}, {OfHour(meeting.Start)} to {OfHour(meeting.End)} New York time");

    public static Phrase Subject(ReceivedReply message) =>
        message.Subject.Length > 0 ? Plain(message.Subject) : Say($"No subject");

    /// <summary>Whether malware was looked for in a file that a letter encloses.</summary>
    public static Phrase Scan(DistributionRecord distribution, Enclosure enclosure) =>
        enclosure.IsCalendar ? Say($"made from the letter’s meetings")
        : distribution.ScanOf(enclosure) is null ? Say($"not scanned for malware")
        : Say($"no malware found");

    /// <summary>The same for all files of a letter, in a sentence.</summary>
    public static Phrase Scans(DistributionRecord distribution) => distribution.Scans is [var scan, ..]
        ? Say($"The letter's files and enclosures were scanned for malware on {Time(scan.At)}, by {scan.Scanner}.")
        : Say($"Not scanned for malware: no scanner is configured.");

    /// <summary>
    /// What another register would change in a letter's roster, one sentence for each kind of change.
    /// </summary>
    public static IEnumerable<Phrase> Difference(RosterDifference difference)
    {
        if (difference.Added.Count > 0)
            yield return Say(
                difference.Added.Count,
                $"{Names(difference.Added)} would receive it as well.",
                $"{Names(difference.Added)} would receive it as well.");
        if (difference.Gone.Count > 0)
            yield return Say(
                difference.Gone.Count,
                $"{Names(difference.Gone)} would not receive it.",
                $"{Names(difference.Gone)} would not receive it.");
        if (difference.Changed.Count > 0)
            yield return Say(
                difference.Changed.Count,
                $"{Names(difference.Changed)} would receive it with other particulars, such as mailboxes.",
                $"{Names(difference.Changed)} would receive it with other particulars, such as mailboxes.");
    }

    /// <summary>The names of the missions; of many missions, only the first and how many more there are.</summary>
    public static Phrase Names(IReadOnlyList<Mission> missions)
    {
        const int Most = 12;
        var names = missions.Take(Most).Select(mission => mission.Said);
        return Listed(missions.Count > Most ? names.Append(Amounts.More(missions.Count - Most)) : names);
    }

    public static Phrase SingleKind(MissionKind kind) => kind switch
    {
        MissionKind.MemberState => Say($"Member State"),
        MissionKind.ObserverState => Say($"Observer State"),
        _ => Say($"Observer organization"),
    };

    public static Phrase Missions(int count) => Say(count, $"{count} mission", $"{count} missions");

    public static Phrase Pages(int count) => Say(count, $"{count} page", $"{count} pages");

    public static Phrase Faults(int count) => Say(count, $"{count} fault", $"{count} faults");

    /// <summary>Who released a letter, for sentences with “by”.</summary>
    public static Phrase Releaser(DistributionRecord letter) =>
        letter.LeftByItself ? Say($"the letter's own instruction") : Recorded(letter.ReleasedBy ?? "");

    /// <summary>A letter by its label, and by its version where it is not the first.</summary>
    public static Phrase Label(DistributionRecord letter) =>
        letter.Version > 1 ? Say($"{letter.DraftLabel}, version {letter.Version}") : Plain(letter.DraftLabel);

    /// <summary>One of the six languages, such as the one of a letter.</summary>
    public static Phrase Language(string code) => code switch
    {
        "ar" => Say($"Arabic"),
        "zh" => Say($"Chinese"),
        "en" => Say($"English"),
        "fr" => Say($"French"),
        "ru" => Say($"Russian"),
        "es" => Say($"Spanish"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <param name="before">The step before it; null for the first.</param>
    public static Phrase Step(AcknowledgementStep step, AcknowledgementStep? before) =>
        (step.Stands, before?.Stands) switch
        {
            (null, _) => Say($"Withdrawn"),
            (_, null) => Say($"Acknowledged"),
            _ => Say($"Corrected"),
        };

    public static Phrase Opened(MissionVisits visits) => visits.Count(VisitKind.Opened) is > 0 and var count
        ? Say($"The link was opened {Times(count)}, last visited on {Time(visits.Last)}.")
        : Say($"The link was last visited on {Time(visits.Last)}.");

    /// <summary>What was done with a link besides opening it, one sentence for each kind of visit.</summary>
    public static IReadOnlyList<Phrase> OtherVisits(MissionVisits visits) =>
        [
            .. visits
                .Counts.Where(entry => entry.Key != VisitKind.Opened)
                .Select(entry =>
                    entry.Key switch
                    {
                        VisitKind.SubmittedTooSoon =>
                            Say($"A form was sent sooner than a person reads it, {Times(entry.Value)}."),
                        VisitKind.HiddenFieldFilled =>
                            Say($"A field that no person sees was filled in, {Times(entry.Value)}."),
                        VisitKind.FilledIn =>
                            Say($"The form was filled in, and the page asked to confirm it, {Times(entry.Value)}."),
                        VisitKind.Replayed =>
                            Say($"A form was sent that had been used, had expired or was never given out, {Times(entry.Value)}."),
                        VisitKind.DocumentTaken =>
                            Say($"A document was fetched from its page by a press, {Times(entry.Value)}."),
                        VisitKind.DocumentAskedTooSoon =>
                            Say($"A document was asked for sooner than a person reads the page, {Times(entry.Value)}: it was not handed out."),
                        var other => throw new ArgumentOutOfRangeException(nameof(visits), other, null),
                    }),
        ];

    public static Phrase Forwarded(Forward forward) => forward switch
    {
        { Returned: not null } => Say($"Could not be delivered"),
        { State: ForwardState.Waiting } => Say($"Leaves within minutes"),
        { State: ForwardState.Sent } => Say($"Taken by a mail server"),
        { State: ForwardState.NotSent } => Say($"Not sent"),
        { State: ForwardState.NotKnown } => Say($"Not known whether it left"),
        _ => throw new ArgumentOutOfRangeException(nameof(forward), forward.State, null),
    };

    private static Phrase Times(int count) => Say(count, $"once", $"{count} times");

    public static Phrase Reminder(ReminderState state) => state switch
    {
        ReminderState.Planned => Say($"Planned"),
        ReminderState.Made => Say($"Sent"),
        ReminderState.NotNeeded => Say($"Not needed: no mission was silent"),
        ReminderState.Missed => Say($"Not sent: it could not leave in time"),
        ReminderState.Stopped => Say($"Stopped"),
        ReminderState.Passed => Say($"Not sent: its hour had passed when the letter was released"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The CSS class that colours a state, in addition to its words.</summary>
    public static string Tone(DeliveryState state, bool isNotNeeded) => isNotNeeded ? "plain" : Tone(state);

    /// <inheritdoc cref="Tone(DeliveryState, bool)"/>
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

    /// <summary>The words for one mission's part of the bar.</summary>
    public static Phrase Part(MissionStanding standing) => standing switch
    {
        MissionStanding.Acknowledged => Say($"acknowledged"),
        MissionStanding.AcknowledgedOtherwise => Say($"acknowledged by another way only"),
        MissionStanding.Reached => Say($"reached, not acknowledged"),
        MissionStanding.Delayed => Say($"delayed on its way"),
        MissionStanding.Unknown => Say($"not known"),
        MissionStanding.OnItsWay => Say($"still to be sent"),
        MissionStanding.NotReached => Say($"not reached"),
        MissionStanding.NeverSent => Say($"never sent"),
        MissionStanding.NotNeeded => Say($"had no need of it"),
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
    };

    /// <summary>A part of the bar, with how many missions it counts.</summary>
    public static Phrase Part(MissionStanding standing, int count) => standing switch
    {
        MissionStanding.Acknowledged => Say(count, $"{count} acknowledged", $"{count} acknowledged"),
        MissionStanding.AcknowledgedOtherwise =>
            Say(count, $"{count} acknowledged by another way only", $"{count} acknowledged by another way only"),
        MissionStanding.Reached =>
            Say(count, $"{count} reached, not acknowledged", $"{count} reached, not acknowledged"),
        MissionStanding.Delayed => Say(count, $"{count} delayed on its way", $"{count} delayed on its way"),
        MissionStanding.Unknown => Say(count, $"{count} not known", $"{count} not known"),
        MissionStanding.OnItsWay => Say(count, $"{count} still to be sent", $"{count} still to be sent"),
        MissionStanding.NotReached => Say(count, $"{count} not reached", $"{count} not reached"),
        MissionStanding.NeverSent => Say(count, $"{count} never sent", $"{count} never sent"),
        MissionStanding.NotNeeded => Say(count, $"{count} had no need of it", $"{count} had no need of it"),
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
    /// The mark of a part, so that none depends on its colour: characters that every font has. A mission that was
    /// reached and is silent has none, as the usual case.
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
        [.. missions.Select(mission => (mission.Id, mission.Said.ToString()))];

    public static Phrase Kind(MissionKind kind) => kind switch
    {
        MissionKind.MemberState => Say($"Member States"),
        MissionKind.ObserverState => Say($"Observer States"),
        MissionKind.ObserverOrganization => Say($"Observer organizations"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
