namespace Distribution.Tracking.Receipts;

/// <summary>Settings under <c>Receipts</c>.</summary>
internal sealed class ReceiptSettings
{
    /// <summary>
    /// Whether a mission's mailboxes are told by mail whenever an acknowledgement is recorded for it, corrected or
    /// withdrawn.
    /// </summary>
    public bool ByMail { get; set; } = true;
}
