using Distribution.Common;

namespace Distribution.Tracking.Reports;

/// <summary>How reports put an acknowledgement into words.</summary>
internal static class AcknowledgementWords
{
    /// <summary>
    /// Such as <c>acknowledged on 3 April 2018, 6.05 p.m. by Amélie Favre, Second Secretary, by telephone, recorded by
    /// Zoë</c>.
    /// </summary>
    public static string Of(Acknowledgement acknowledgement) =>
        $"acknowledged on {NewYorkTime.Words(acknowledgement.At)} by {Who(acknowledgement)}, {How(acknowledgement)}";

    public static string Who(Acknowledgement acknowledgement) =>
        acknowledgement.Function is { } function ? $"{acknowledgement.By}, {function}" : acknowledgement.By;

    public static string How(Acknowledgement acknowledgement) =>
        acknowledgement.Recorder is { } recorder
            ? $"{Of(acknowledgement.Channel)}, recorded by {recorder}"
            : Of(acknowledgement.Channel);

    public static string Of(AcknowledgementChannel channel) => channel switch
    {
        AcknowledgementChannel.Page => "on the mission's page",
        AcknowledgementChannel.Reply => "by reply",
        AcknowledgementChannel.Telephone => "by telephone",
        AcknowledgementChannel.NoteVerbale => "by note verbale",
        AcknowledgementChannel.InPerson => "in person",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };
}
