using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Sending;
using MimeKit;
using MimeKit.Utils;

namespace Distribution.Tracking.Inbound;

/// <summary>What a mail server says it did (RFC 3464, field Action).</summary>
internal enum ReportedAction
{
    Failed,

    Delayed,

    Delivered,

    /// <summary>Passed on to a server that sends no reports.</summary>
    Relayed,

    /// <summary>Delivered to the mailbox, which forwarded it to several others.</summary>
    Expanded,
}

/// <summary>What a mail server reports about one mailbox.</summary>
/// <param name="Original">The address the letter was sent to; null where the report does not say.</param>
/// <param name="Final">
/// The address the server finally tried, which may be a forwarding target; null where the report does not say.
/// </param>
/// <param name="Status">The status code, such as <c>5.1.1</c> (RFC 3463); empty where there is none.</param>
/// <param name="Words">The server's own words, on one line.</param>
internal sealed partial record ReportedRecipient(
    string? Original,
    string? Final,
    ReportedAction Action,
    string Status,
    string Words)
{
    /// <summary>
    /// The longest time a server is believed to have tried, or to go on trying. Most give up after five days.
    /// </summary>
    private static readonly TimeSpan LongestTried = TimeSpan.FromDays(30);

    /// <summary>
    /// The most mailboxes that are read from one report. A letter goes to a few mailboxes of a mission; a report about
    /// more than this is an attempt to overload the service.
    /// </summary>
    public const int Most = 100;

    private static readonly string[] OneEach = ["Original-Recipient", "Final-Recipient", "Action"];

    /// <summary>
    /// Whether the words are not about this mailbox: the report gives no reason for it, and they are its sentence about
    /// all of them. No kind is read from such words.
    /// </summary>
    public bool IsGeneral { get; init; }

    /// <summary>How long the server tried to hand the letter over; null where the report does not say.</summary>
    public TimeSpan? Tried { get; init; }

    /// <summary>Until when the server will try; null where the report does not say.</summary>
    public DateTimeOffset? TriedUntil { get; init; }

    /// <returns>The same; null where it is too far from when the report came to be true.</returns>
    public DateTimeOffset? TriedUntilAsOf(DateTimeOffset came) =>
        TriedUntil is { } until && (until - came).Duration() <= LongestTried ? until : null;

    /// <summary>
    /// Reads the field groups of a report: those of the message first, then one for each mailbox. Some servers put
    /// blank lines inside a group, which split it, so a group that names no mailbox goes on with the one before. Others
    /// leave out the blank line between groups, so a mailbox begins where a field comes again, and the first one behind
    /// the fields of the message.
    /// </summary>
    /// <param name="text">The report's text for people, which has the reason where the groups do not.</param>
    /// <param name="made">When the report was made, by the clock of its server; null where it does not say.</param>
    public static IReadOnlyList<ReportedRecipient> ReadAll(
        IEnumerable<HeaderList> groups,
        string text = "",
        DateTimeOffset? made = null)
    {
        Dictionary<string, string> common = new(StringComparer.OrdinalIgnoreCase), fields = common;
        List<Dictionary<string, string>> mailboxes = [];
        foreach (var group in groups)
        {
            var begins = group.Any(NamesMailbox) && !group.Any(IsOfMessage);
            foreach (var field in group)
            {
                if (begins || IsOneOf(field, OneEach) && (fields == common || fields.ContainsKey(field.Field)))
                    mailboxes.Add(fields = new(StringComparer.OrdinalIgnoreCase));
                begins = false;
                fields.TryAdd(field.Field, field.Value);
            }
        }

        // The text is read once, however many mailboxes have no reason of their own.
        var said = new Lazy<BounceText>(() => new(text));
        return
        [
            .. mailboxes
                .Select(mailbox => Read(mailbox, common, said, made))
                .OfType<ReportedRecipient>()
                .Take(Most),
        ];
    }

    private static bool NamesMailbox(Header field) => IsOneOf(field, "Original-Recipient", "Final-Recipient");

    private static bool IsOfMessage(Header field) => IsOneOf(field, "Reporting-MTA", "Arrival-Date");

    private static bool IsOneOf(Header field, params ReadOnlySpan<string> names) =>
        names.Contains(field.Field, StringComparer.OrdinalIgnoreCase);

    /// <returns>Null where the group names no mailbox, or has no known action.</returns>
    private static ReportedRecipient? Read(
        Dictionary<string, string> fields,
        Dictionary<string, string> common,
        Lazy<BounceText> text,
        DateTimeOffset? made)
    {
        var (original, final) = (Address(Field("Original-Recipient")), Address(Field("Final-Recipient")));
        var status = StatusCode().Match(Field("Status")).Value;
        // A group that says neither to whom nor what is no statement about a mailbox.
        if ((original ?? final) is null || ActionOf(Field("Action"), status) is not { } action)
            return null;
        var diagnostic = Typed().Replace(Field("Diagnostic-Code"), "").Trim();
        var about = diagnostic.Length > 0 ? diagnostic : text.Value.About([original, final]);
        var words = about.Length > 0 ? about : text.Value.Sentence;
        return new(
            original,
            final,
            action,
            status,
            SingleLine.Of(
                diagnostic.Length > 0 ? diagnostic
                : status.Length == 0 ? words
                : words.Length == 0 ? $"Status {status}"
                : $"{words} (status {status})"))
        {
            IsGeneral = about.Length == 0,
            Tried = Between(Date(common, "Arrival-Date"), Date(fields, "Last-Attempt-Date") ?? made),
            TriedUntil = Date(fields, "Will-Retry-Until"),
        };

        string Field(string name) => fields.GetValueOrDefault(name) ?? "";
    }

    /// <summary>
    /// The action as the group names it, in whatever form of the word; where it names none, a status that says that the
    /// letter came back says enough.
    /// </summary>
    private static ReportedAction? ActionOf(string field, string status) =>
        field.Split('(')[0].Trim().ToLowerInvariant() switch
        {
            "failed" or "failure" or "fail" => ReportedAction.Failed,
            "delayed" or "delay" => ReportedAction.Delayed,
            "delivered" => ReportedAction.Delivered,
            "relayed" => ReportedAction.Relayed,
            "expanded" => ReportedAction.Expanded,
            "" when status.StartsWith('5') => ReportedAction.Failed,
            _ => null,
        };

    private static DateTimeOffset? Date(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var value) && DateUtils.TryParse(value, out var date) ? date : null;

    private static TimeSpan? Between(DateTimeOffset? arrived, DateTimeOffset? last) =>
        // Below a minute it was refused at once.
        last - arrived is { } tried && tried >= TimeSpan.FromMinutes(1) && tried <= LongestTried ? tried : null;

    public DeliveryEventKind Kind => Action switch
    {
        ReportedAction.Delayed => DeliveryEventKind.Deferred,
        // Relayed too: the mission's server took it, and sends no reports of its own.
        ReportedAction.Delivered or ReportedAction.Expanded or ReportedAction.Relayed => DeliveryEventKind.Delivered,
        _ => DeliveryEventKind.Bounced,
    };

    /// <summary>
    /// Why it bounced; null where it did not, or where the server's answer does not show the reason reliably.
    /// </summary>
    public BounceKind? Bounce =>
        Kind == DeliveryEventKind.Bounced ? BounceClassification.Of(Status, IsGeneral ? "" : Words) : null;

    /// <summary>
    /// The address unchanged, and decoded where that makes a difference: from xtext (RFC 3461), so that
    /// <c>a+2Bb@x.example</c> becomes <c>a+b@x.example</c>, and from the form of addresses beyond ASCII (RFC 6533),
    /// <c>d\x{E9}l@x.example</c>.
    /// </summary>
    public static IEnumerable<string> Readings(string? address) =>
        address is null ? []
        : new[] { address, Xtext().Replace(address, Decoded), Unitext().Replace(address, Decoded) }
            .Select(reading => EmailAddresses.ReadAlone(reading) ?? reading)
            .Distinct();

    private static string Decoded(Match sign) =>
        int.TryParse(sign.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
        && Rune.IsValid(number)
            ? new Rune(number).ToString()
            : sign.Value;

    private static string? Address(string? field)
    {
        if (string.IsNullOrWhiteSpace(field))
            return null;
        // The type of the address stands before it (rfc822; utf-8;), and some servers put a remark behind it.
        var address = Comment().Replace(field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..], "")
            .Trim(' ', '\t', '<', '>');
        return EmailAddresses.ReadAlone(address) ?? (address.Length > 0 ? address : null);
    }

    [GeneratedRegex(@"\+([0-9A-Fa-f]{2})")]
    private static partial Regex Xtext();

    [GeneratedRegex(@"\\x\{([0-9A-Fa-f]{2,6})\}")]
    private static partial Regex Unitext();

    [GeneratedRegex(@"\s\([^()]*\)\s*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*[A-Za-z0-9-]{1,40}\s*;\s*")]
    private static partial Regex Typed();

    [GeneratedRegex(@"[245]\.\d{1,3}\.\d{1,3}")]
    private static partial Regex StatusCode();
}
