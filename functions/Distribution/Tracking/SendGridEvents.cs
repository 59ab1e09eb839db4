using System.Globalization;
using System.Text.Json;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>
/// An event that names no letter in our format. SendGrid leaves the custom arguments out of some events, above all
/// where a server that had accepted a letter sends it back days later.
/// </summary>
/// <param name="SendGridId">SendGrid's own id of the message (<c>sg_message_id</c>); empty where it gives none.</param>
/// <param name="IsOfOtherMail">
/// Whether it names a message that is none of ours (<c>smtp-id</c>), so that it is more likely about other mail of the
/// account.
/// </param>
internal sealed record UnnamedEvent(string Mailbox, string SendGridId, bool IsOfOtherMail, DeliveryEvent Event);

/// <summary>The content of one webhook request with SendGrid events.</summary>
/// <param name="Heard">The events to record, in the order given.</param>
/// <param name="Unnamed">Those that say that a mailbox did not get a letter, and do not say which.</param>
/// <param name="NoLetters">
/// Those that say that a mailbox did not get a message which is no letter of ours, and name that message.
/// </param>
/// <param name="Foreign">How many events are about mail that this program did not send.</param>
/// <param name="Untracked">
/// How many report that a reader opened a letter or followed a link. Such tracking is not wanted here, and they are
/// ignored.
/// </param>
/// <param name="Unread">Those that cannot be read, as they came, each on one line.</param>
internal sealed record SendGridReading(
    IReadOnlyList<Evidence> Heard,
    IReadOnlyList<UnnamedEvent> Unnamed,
    IReadOnlyList<Evidence> NoLetters,
    int Foreign,
    int Untracked,
    IReadOnlyList<string> Unread);

/// <summary>
/// Reads SendGrid's events: a JSON array of objects, each with <c>event</c>, <c>email</c>, <c>timestamp</c> (seconds
/// since 1970) and, as a rule, the custom arguments that were sent with its letter. An event that cannot be read does
/// not affect the others.
/// </summary>
internal static class SendGridEvents
{
    public const string Source = EvidenceRanks.SendGrid;

    /// <summary>The words on record for a reader's complaint; by them a notice is made.</summary>
    public static readonly string MarkedAsSpam = Say($"A reader marked the letter as spam.").ForRecord;

    /// <summary>The words on record where a reader wants no more mail; by them a notice is made.</summary>
    public static readonly string Unsubscribed = Say($"A reader asked SendGrid for no more mail.").ForRecord;

    /// <summary>
    /// The longest event id that is stored, in characters. SendGrid's own ids have up to 100 characters.
    /// </summary>
    private const int LongestId = 200;

    /// <summary>The objects that some versions of SendGrid's events put the custom arguments into.</summary>
    private static readonly string[] ArgumentObjects = ["unique_args", "custom_args"];

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
        List<UnnamedEvent> unnamed = [];
        List<Evidence> noLetters = [];
        List<string> unread = [];
        var (foreign, untracked) = (0, 0);
        foreach (var happened in events.EnumerateArray())
        {
            try
            {
                if (happened.ValueKind != JsonValueKind.Object || Text(happened, "event") is not { Length: > 0 } kind)
                    unread.Add(AsItCame(happened));
                else if (kind is "open" or "click")
                    untracked++;
                // Other programs may send by the same account. Only what says that something did not arrive is looked
                // into further.
                else if (Letter(happened) is null && !IsBadNews(kind))
                    foreign++;
                else if (Text(happened, "email") is not { Length: > 0 } mailbox || Time(happened) is not { } at)
                    unread.Add(AsItCame(happened));
                else if (Letter(happened) is { } letter)
                    heard.Add(new(letter, Address(mailbox), Event(happened, kind, at)));
                else if (Argument(happened, "message_id") is { } other)
                    noLetters.Add(new(other.Trim(' ', '<', '>'), Address(mailbox), Event(happened, kind, at)));
                else
                    unnamed.Add(
                        new(
                            Address(mailbox),
                            Text(happened, "sg_message_id") ?? "",
                            Text(happened, "smtp-id") is { Length: > 0 },
                            Event(happened, kind, at)));
            }
            catch (InvalidOperationException)
            {
                // The string has an unpaired surrogate or invalid UTF-8.
                unread.Add(AsItCame(happened));
            }
        }

        return new(heard, unnamed, noLetters, foreign, untracked, unread);
    }

    private static bool IsBadNews(string kind) => kind is "bounce" or "dropped";

    /// <summary>
    /// The Message-ID of our letter, wherever the event has it; null where it has none in our format.
    /// </summary>
    private static string? Letter(JsonElement happened) =>
        // The custom argument is what this service gave along; smtp-id is there where SendGrid left the arguments out.
        ((string?[])[Argument(happened, "message_id"), Text(happened, "smtp-id")])
            .OfType<string>()
            .Select(id => id.Trim(' ', '<', '>'))
            .FirstOrDefault(id => SentMessageId.Read(id) is not null);

    /// <returns>A custom argument of the message; null where there is none of that name.</returns>
    private static string? Argument(JsonElement happened, string name) =>
        ArgumentObjects
            .Select(place =>
                happened.TryGetProperty(place, out var arguments) && arguments.ValueKind == JsonValueKind.Object
                    ? Text(arguments, name)
                    : null)
            .Prepend(Text(happened, name))
            .FirstOrDefault(value => value is { Length: > 0 });

    /// <summary>The address as the register writes it, where it is one.</summary>
    private static string Address(string mailbox) => EmailAddresses.ReadAlone(mailbox.Trim()) ?? mailbox.Trim();

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
            "spamreport" => Of(DeliveryEventKind.Remark, MarkedAsSpam),
            "unsubscribe" or "group_unsubscribe" => Of(DeliveryEventKind.Remark, Unsubscribed),
            "group_resubscribe" =>
                Of(DeliveryEventKind.Remark, Say($"A reader asked SendGrid for mail again.").ForRecord),
            // A kind that SendGrid adds one day is noted, and changes no state.
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

    /// <summary>
    /// Reads seconds since 1970: a whole number as a rule, but also with a fraction or an exponent, or as text.
    /// Milliseconds are recognized by their size.
    /// </summary>
    private static DateTimeOffset? Time(JsonElement happened)
    {
        if (!happened.TryGetProperty("timestamp", out var time)
            || !double.TryParse(
                time.ValueKind switch
                {
                    JsonValueKind.Number => time.GetRawText(),
                    JsonValueKind.String => time.GetString(),
                    _ => "",
                },
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var given))
            return null;
        // No time in seconds is that large.
        var seconds = given > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? given / 1000 : given;
        return seconds > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }

    private static string? Text(JsonElement happened, string name) =>
        happened.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string AsItCame(JsonElement happened) => SingleLine.Of(happened.GetRawText());
}
