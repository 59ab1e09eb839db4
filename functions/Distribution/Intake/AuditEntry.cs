namespace Distribution.Intake;

/// <summary>One act, for the record.</summary>
/// <param name="By">The person; null for the workflow itself.</param>
/// <param name="Words">What more is to be said of it.</param>
internal sealed record AuditEntry(DateTimeOffset At, Act Act, string? By, string Words);
