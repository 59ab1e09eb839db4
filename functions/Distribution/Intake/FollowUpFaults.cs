using System.Globalization;
using static Distribution.Characters;

namespace Distribution;

// 330-339 times of sending and reminders, 340-349 corrections.
internal static partial class Faults
{
    public static Fault SendBeforeLetter(string place, DateOnly date) => new(330, place,
        string.Create(CultureInfo.InvariantCulture, $"The letter is to leave before its own date, {date:d MMMM yyyy}."),
        "Check both dates.");

    public static Fault SendPassed(string place, DateTimeOffset hour) => new(335, place,
        $"The letter is to leave on {NewYork.Words(hour)} New York time, and that hour has passed.",
        "Give an hour to come, or remove the line “send:” so that it leaves when it is released.");

    public const int HourPassedNumber = 336;

    public static Fault HourPassed(string place, DateTimeOffset hour) => new(HourPassedNumber, place,
        $"The letter was to leave on {NewYork.Words(hour)} New York time. That hour has passed, so it leaves as soon as it is released.",
        "Confirm that it shall leave later than meant, or upload it again with another hour.", Severity.Tick);

    public static Fault DeadlinePassed(string place, string name, DateTimeOffset deadline) => new(337, place,
        $"The deadline “{Briefly(name)}”, {NewYork.Words(deadline)} New York time, will have passed when the letter leaves.",
        "Upload the letter again with a later deadline, or confirm that it is meant so.", Severity.Tick);

    public static Fault DateFarAway(string place, DateOnly date, int days) => new(338, place,
        string.Create(CultureInfo.InvariantCulture, $"The letter is dated {date:d MMMM yyyy}, {Math.Abs(days)} days {(days < 0 ? "before" : "after")} the day it leaves."),
        "Upload the letter again with the right date, or confirm that it is meant so.", Severity.Tick);

    public static Fault ReminderNotUnderstood(string place, string part) => new(331, place,
        $"“{Briefly(part)}” does not say when to remind.",
        "Write it as in “remind: 3 working days before 2018-04-03, then the day before”; in the place of the date may stand the name of one of the deadlines.");

    public static Fault ReminderTooEarly(string place, DateTimeOffset moment) => new(332, place,
        $"A reminder would leave on {NewYork.Words(moment)}, before the letter itself.",
        "Choose later days.");

    public static Fault TooManyReminders(string place, int count) => new(333, place,
        $"There are {count} reminders, and missions get {ReminderSchedule.Most} at most.",
        "Leave some out.");

    public static Fault HolidaysUnknown(string place, int year) => new(334, place,
        $"The holidays of {year} are not on the list, so only Saturdays and Sundays count as days off.",
        "Check the days of the reminders on the distribution's page.", Severity.Note);

    public static Fault CorrectionHalf(string place, string key) => new(340, place,
        $"A correction needs both “supersedes” and “correction”; “{key}” is missing.",
        "Write, for example, “supersedes: Draft Rev 1” and “correction: re-issue” (or corrigendum, or withdrawal).");

    public static Fault CorrectionAudience(string place) => new(341, place,
        "A correction goes to exactly those the earlier letter went to, so it has no audience of its own.",
        "Remove the line.");

    public static Fault NothingToSupersede(string place, string label, IReadOnlyList<string> sent) => new(342, place,
        $"No letter “{Briefly(label)}” of this process has been released, so there is nothing to correct.",
        sent is [] ? "Nothing of this process has been released yet: leave out “supersedes” and “correction”." : $"Released were: {Wording.Listed(sent)}. Write one of these labels.");

    public static Fault SupersededTwice(string place, string label, string by) => new(343, place,
        $"“{Briefly(label)}” has been superseded already, by “{Briefly(by)}”.",
        $"If this letter corrects that one, write “supersedes: {Briefly(by)}”.", Severity.Tick);

    public static Fault LabelSentBefore(string place, string label, DateTimeOffset sent) => new(344, place,
        $"“{Briefly(label)}” was sent on {NewYork.Words(sent)} with another file under the same name of draft.",
        "If this one puts it right, say so with “supersedes” and “correction”, so that the missions are told. If both are meant, give the reason when you release: missions then hold two texts of one name.", Severity.Overrule);
}
