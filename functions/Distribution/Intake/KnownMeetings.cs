using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>Relates the meetings of a letter to those that calendars know from an earlier one.</summary>
internal static class KnownMeetings
{
    /// <summary>
    /// How a meeting is known again, the surest sign first: it may have been moved, or given another title.
    /// </summary>
    private static readonly IReadOnlyList<Func<Meeting, Meeting, bool>> Signs =
    [
        (one, other) => one.IsLike(other),
        (one, other) => one.HasTitleOf(other) && !one.IsCancelled,
        (one, other) => one.Start == other.Start && !one.IsCancelled,
    ];

    /// <summary>
    /// The meetings with what calendars know them by: that of the meeting they correct, or one of their own.
    /// </summary>
    /// <param name="earlier">Null where nothing is known of what was sent before.</param>
    /// <param name="faults">Gets what the letter cancels though it was never announced, and what it leaves out.</param>
    public static IReadOnlyList<Meeting>? Of(
        LetterSource letter,
        UploadFolder folder,
        IReadOnlyList<Meeting>? earlier,
        List<Finding> faults)
    {
        var left = (earlier ?? []).ToList();
        var known = new Meeting?[letter.Meetings.Count];
        // Sign by sign over all meetings: a weaker sign of one never takes the meeting that a surer sign gives to
        // another.
        foreach (var isSame in Signs)
            foreach (var (place, meeting) in letter.Meetings.Index())
                if (known[place] is null && left.Find(other => isSame(meeting, other)) is { } found)
                {
                    known[place] = found;
                    left.Remove(found);
                }

        if (earlier is not null && letter.Supersedes is not null)
            faults.AddRange(Findings(letter, known, left, earlier));
        HashSet<string> taken = [.. (earlier ?? []).Select(meeting => meeting.Uid!)];
        return letter.MeetsAt is null
            ? null
            :
            [
                .. letter.Meetings.Zip(known, (meeting, corrected) => corrected is null
                    ? meeting with { Uid = New(meeting, folder, taken) }
                    : meeting with { Uid = corrected.Uid, Sequence = corrected.Sequence + 1 }),
            ];
    }

    private static IEnumerable<Finding> Findings(
        LetterSource letter,
        Meeting?[] known,
        IReadOnlyList<Meeting> left,
        IReadOnlyList<Meeting> earlier)
    {
        foreach (var (place, meeting) in letter.Meetings.Index())
            if (meeting.IsCancelled && known[place] is null)
                yield return IntakeFaults.NothingToCancel(
                    Location.In(letter.File, field: $"meetings[{place + 1}].title"),
                    meeting.Title,
                    meeting.Start,
                    Words(earlier));
        // A corrigendum of a word in the letter says nothing of its meetings.
        if (left.Where(meeting => !meeting.IsCancelled).ToList() is { Count: > 0 } standing
            && (letter.Meetings is not [] || letter.Supersedes!.Kind != FollowUpKind.Corrigendum))
            yield return IntakeFaults.MeetingsLeftOut(Location.In(letter.File, field: "meetings"), Words(standing));
    }

    private static IReadOnlyList<string> Words(IReadOnlyList<Meeting> meetings) =>
        [.. meetings.Select(meeting =>
            $"“{UnsafeCharacters.Briefly(meeting.Title)}” on {NewYorkTime.Words(meeting.Start)}")];

    /// <summary>The same for the same meeting of a folder, however often its letter is examined.</summary>
    private static string New(Meeting meeting, UploadFolder folder, HashSet<string> taken)
    {
        var seed = $"{folder}\n{meeting.Title}\n{meeting.Start.UtcDateTime:O}";
        string uid;
        // A meeting that was moved keeps the name made of its former hour; another one may begin at that hour now.
        while (!taken.Add(uid = Sha256Hex.Of(seed)[..32]))
            seed += "+";
        return uid;
    }
}
