using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Sending;
using MimeKit;

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
    /// Reads the field groups of a report, one for each mailbox. Some servers put a blank line inside a group, which
    /// splits it. So a group that names a mailbox but no action is joined with the next one if that names no mailbox.
    /// </summary>
    public static IReadOnlyList<ReportedRecipient> ReadAll(IReadOnlyList<HeaderList> groups)
    {
        List<ReportedRecipient> read = [];
        for (var place = 0; place < groups.Count; place++)
        {
            var fields = new HeaderList();
            foreach (var field in groups[place])
                fields.Add(field.Clone());
            if (NamesMailbox(fields)
                && fields["Action"] is null
                && place + 1 < groups.Count
                && !NamesMailbox(groups[place + 1]))
                foreach (var field in groups[++place])
                    fields.Add(field.Clone());
            if (Read(fields) is { } recipient)
                read.Add(recipient);
        }

        return read;
    }

    private static bool NamesMailbox(HeaderList fields) =>
        (fields["Original-Recipient"] ?? fields["Final-Recipient"]) is not null;

    /// <returns>Null where the group names no mailbox, or has no known action.</returns>
    private static ReportedRecipient? Read(HeaderList fields)
    {
        var (original, final) = (Address(fields["Original-Recipient"]), Address(fields["Final-Recipient"]));
        if ((original ?? final) is null
            || !Enum.TryParse<ReportedAction>(fields["Action"]?.Split('(')[0].Trim(), ignoreCase: true, out var action))
            return null;
        var diagnostic = Typed().Replace(fields["Diagnostic-Code"] ?? "", "");
        var status = StatusCode().Match(fields["Status"] ?? "").Value;
        return new(
            original,
            final,
            action,
            status,
            SingleLine.Of(diagnostic.Length > 0 ? diagnostic : $"Status {status}"));
    }

    public DeliveryEventKind Kind => Action switch
    {
        ReportedAction.Delayed => DeliveryEventKind.Deferred,
        ReportedAction.Delivered or ReportedAction.Expanded => DeliveryEventKind.Delivered,
        ReportedAction.Relayed => DeliveryEventKind.Accepted,
        _ => DeliveryEventKind.Bounced,
    };

    /// <summary>
    /// Why it bounced; null where it did not, or where the server's answer does not show the reason reliably.
    /// </summary>
    public BounceKind? Bounce =>
        Kind == DeliveryEventKind.Bounced ? BounceClassification.Of(Status, Words) : null;

    /// <summary>
    /// The address unchanged, and decoded from xtext (RFC 3461) where that makes a difference: <c>a+2Bb@x.example</c>
    /// becomes <c>a+b@x.example</c>.
    /// </summary>
    public static IEnumerable<string> Readings(string? address) =>
        address is null ? []
        : address.Contains('+')
        && Xtext().Replace(address, sign => ((char)Convert.ToByte(sign.Groups[1].Value, 16)).ToString()) is var decoded
        && decoded != address
            ? [address, decoded]
        : [address];

    private static string? Address(string? field)
    {
        if (string.IsNullOrWhiteSpace(field))
            return null;
        var address = field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim(' ', '\t', '<', '>');
        return EmailAddresses.ReadAlone(address) ?? (address.Length > 0 ? address : null);
    }

    [GeneratedRegex(@"\+([0-9A-F]{2})")]
    private static partial Regex Xtext();

    [GeneratedRegex(@"^\s*[A-Za-z0-9-]{1,40}\s*;\s*")]
    private static partial Regex Typed();

    [GeneratedRegex(@"[245]\.\d{1,3}\.\d{1,3}")]
    private static partial Regex StatusCode();
}
