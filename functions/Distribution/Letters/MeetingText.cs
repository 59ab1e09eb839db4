using System.Text;

namespace Distribution.Letters;

/// <summary>Writes the meetings of a letter behind its text, so that email and PDF print them alike.</summary>
internal static class MeetingText
{
    /// <param name="meetings">At least one.</param>
    /// <returns>Markdown as <see cref="TypedBlocks"/> reads it.</returns>
    public static string Markdown(IReadOnlyList<Meeting> meetings, LanguageWords words)
    {
        var text = new StringBuilder().Append(Strong(words.Meetings(meetings.Count)));
        foreach (var meeting in meetings)
            text.Append("\n\n• ").AppendJoin($"{LineEnds.Kept}\n  ", Lines(meeting, words));
        return text.ToString();
    }

    // No line begins with what somebody typed: "– Closing –" would be read as an item.
    private static IEnumerable<string> Lines(Meeting meeting, LanguageWords words)
    {
        yield return Strong(meeting.IsCancelled ? words.CancelledMeeting(meeting.Title) : meeting.Title);
        yield return LetterContext.Quote(words.MeetingHours(meeting));
        if (meeting.Place is { } place)
            yield return LetterContext.Quote(words.MeetingPlace(place));
        if (meeting.Link is { } link)
            yield return $"<{link}>";
        if (meeting.Note is { } note)
            yield return $"*{LetterContext.Quote(note)}*";
    }

    private static string Strong(string text) => $"**{LetterContext.Quote(text)}**";
}
