using Distribution.Tracking;
using Distribution.Tracking.Receipts;

namespace Distribution.Web.Missions;

/// <summary>The page a mission prints or keeps once it has acknowledged.</summary>
/// <param name="Draft">The letter's draft label.</param>
internal sealed record ReceiptView(OpenLink Link, Receipt Receipt, string Draft)
{
    /// <summary>What stands after a mission's link in the address of its receipt.</summary>
    public const string Page = "/receipt";

    /// <returns>Null where no acknowledgement is on record.</returns>
    public static ReceiptView? Of(OpenLink link, MissionAcknowledgement record) =>
        record.Stands is { } stands
            ? new(
                link,
                Receipt.Of(link.Content, link.Mission, link.InWords, link.PageWords, stands),
                link.Letter.DraftLabel)
            : null;
}
