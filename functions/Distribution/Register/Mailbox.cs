namespace Distribution.Register;

/// <summary>One address of a mission, and whether it stands in To or Cc.</summary>
internal sealed record Mailbox(string Address, MailboxField Field);
