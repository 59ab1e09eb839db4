using Distribution.Common;
using Distribution.Register;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>How reports put an acknowledgement into words.</summary>
internal static class AcknowledgementWords
{
    /// <summary>
    /// Such as <c>acknowledged on 3 April 2018, 6.05 p.m. by Amélie Favre, Second Secretary, by telephone, recorded by
    /// Zoë</c>.
    /// </summary>
    public static Phrase Of(Acknowledgement acknowledgement, Mission mission) =>
        Say($"acknowledged on {OfMoment(acknowledgement.At)} by {Who(acknowledgement, mission)}, {How(acknowledgement)}");

    /// <summary>
    /// The name and, where it was given, the function: <c>Amélie Favre, Second Secretary</c>. It stands within a
    /// sentence, where the name of a country would need its article in French: a mission that names nobody is <c>the
    /// mission</c>.
    /// </summary>
    public static Phrase Who(Acknowledgement acknowledgement, Mission mission)
    {
        var by = acknowledgement.IsByNobodyNamed(mission)
            ? Say($"the mission")
            : Phrase.Of(language => acknowledgement.ByIn(language.Code, mission));
        return acknowledgement.Function is { } function ? Say($"{by}, {function}") : by;
    }

    /// <summary>The channel and, where there is one, the recorder: <c>by telephone, recorded by Zoë</c>.</summary>
    public static Phrase How(Acknowledgement acknowledgement) =>
        acknowledgement.Recorder is { } recorder
            ? Say($"{Of(acknowledgement.Channel)}, recorded by {recorder}")
            : Of(acknowledgement.Channel);

    public static Phrase Of(AcknowledgementChannel channel) => channel switch
    {
        AcknowledgementChannel.Page => Say($"on the mission's page"),
        AcknowledgementChannel.Reply => Say($"by reply"),
        AcknowledgementChannel.Telephone => Say($"by telephone"),
        AcknowledgementChannel.NoteVerbale => Say($"by note verbale"),
        AcknowledgementChannel.InPerson => Say($"in person"),
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };
}
