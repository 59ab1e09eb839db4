namespace Distribution.Intake;

/// <summary>One act, as the record stores it.</summary>
/// <param name="By">The person; null for the workflow itself.</param>
/// <param name="Words">Details, in words; may be empty.</param>
internal sealed record AuditEntry(DateTimeOffset At, Act Act, string? By, string Words);
