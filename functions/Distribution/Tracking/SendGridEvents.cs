using System.Text.Json;
using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>The content of one webhook request with SendGrid events.</summary>
/// <param name="Heard">The events to record, in the order given.</param>
/// <param name="Foreign">How many events are about mail that this program did not send.</param>
/// <param name="Untracked">
/// How many report that a reader opened a letter or followed a link. Such tracking is not wanted here, and they are
/// ignored.
/// </param>
/// <param name="Unread">How many cannot be read.</param>
internal sealed record SendGridReading(IReadOnlyList<Evidence> Heard, int Foreign, int Untracked, int Unread);

/// <summary>
/// Reads SendGrid's events: a JSON array of objects, each with <c>event</c>, <c>email</c>, <c>timestamp</c> (seconds
/// since 1970) and the custom arguments that were sent with its letter. An event that cannot be read does not affect
/// the others.
/// </summary>
internal static class SendGridEvents
{
    public const string Source = EvidenceRanks.SendGrid;

    /// <summary>
    /// The longest event id that is stored, in characters. SendGrid's own ids have up to 100 characters.
    /// </summary>
    private const int LongestId = 200;

    /// <returns>Null where it is not a JSON array.</returns>
    public static SendGridReading? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SendGridReading Read(JsonElement events)
    {
        List<Evidence> heard = [];
        var (foreign, untracked, unread) = (0, 0, 0);
        foreach (var happened in events.EnumerateArray())
        {
            try
            {
                if (happened.ValueKind != JsonValueKind.Object || Text(happened, "event") is not { Length: > 0 } kind)
                    unread++;
                else if (kind is "open" or "click")
                    untracked++;
                else if (Text(happened, "message_id") is not { Length: > 0 } messageId)
                    foreign++;
                else if (Text(happened, "email") is { Length: > 0 } mailbox && Time(happened) is { } at)
                    heard.Add(new(messageId, mailbox.Trim(), Event(happened, kind, at)));
                else
                    unread++;
            }
            catch (InvalidOperationException)
            {
                // The string has an unpaired surrogate or invalid UTF-8.
                unread++;
            }
        }

        return new(heard, foreign, untracked, unread);
    }

    private static DeliveryEvent Event(JsonElement happened, string kind, DateTimeOffset at)
    {
        var id = Text(happened, "sg_event_id") is { Length: > 0 and <= LongestId } name ? $"{Source}:{name}" : null;
        var reason = SingleLine.Of(Text(happened, "reason") ?? "");
        var response = SingleLine.Of(Text(happened, "response") ?? "");
        return kind switch
        {
            "processed" => Of(DeliveryEventKind.Accepted, ""),
            "deferred" => Of(DeliveryEventKind.Deferred, response.Length > 0 ? response : reason),
            "delivered" => Of(DeliveryEventKind.Delivered, response),
            "bounce" => Of(DeliveryEventKind.Bounced, reason) with { Bounce = Bounce(happened, reason) },
            "dropped" => Of(DeliveryEventKind.Dropped, reason),
            "spamreport" => Of(DeliveryEventKind.Remark, "A reader marked the letter as spam."),
            "unsubscribe" or "group_unsubscribe" => Of(
                DeliveryEventKind.Remark,
                "A reader asked SendGrid for no more mail."),
            "group_resubscribe" => Of(DeliveryEventKind.Remark, "A reader asked SendGrid for mail again."),
            _ => Of(DeliveryEventKind.Remark, $"SendGrid says “{UnsafeCharacters.Briefly(kind)}”."),
        };

        DeliveryEvent Of(DeliveryEventKind what, string words) => new(at, what, words, Source: Source, Id: id);
    }

    /// <summary>The type <c>blocked</c> says more than the classification that comes with it.</summary>
    private static BounceKind? Bounce(JsonElement happened, string reason) =>
        BounceClassification.Of(
            Text(happened, "status") ?? "",
            reason,
            Text(happened, "type") is "blocked" and var blocked
                ? blocked
                : Text(happened, "bounce_classification") ?? "");

    private static DateTimeOffset? Time(JsonElement happened) =>
        happened.TryGetProperty("timestamp", out var time)
        && time.ValueKind == JsonValueKind.Number
        && time.TryGetInt64(out var seconds)
        && seconds > 0
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string? Text(JsonElement happened, string name) =>
        happened.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
