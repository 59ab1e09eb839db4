namespace Distribution.Register;

/// <summary>One email address of a mission, and whether it is in the To or the Cc field.</summary>
internal sealed record Mailbox(string Address, MailboxField Field);
