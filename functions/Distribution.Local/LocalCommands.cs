using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;

namespace Distribution.Local;

/// <summary>What each command does; it returns the exit code.</summary>
internal sealed record LocalCommands
{
    public required Func<LocalOptions, CancellationToken, Task<int>> Run { get; init; }
    public required Func<PreviewOptions, CancellationToken, Task<int>> Preview { get; init; }
    public required Func<AuditOptions, CancellationToken, Task<int>> Audit { get; init; }
    public required Func<RebuildOptions, CancellationToken, Task<int>> Rebuild { get; init; }
    public required Func<ContinueOptions, CancellationToken, Task<int>> Continue { get; init; }
    public required Func<BringBackOptions, CancellationToken, Task<int>> BringBack { get; init; }
    public required Func<VerifyLogOptions, CancellationToken, Task<int>> VerifyLog { get; init; }
    public required Func<CheckDomainOptions, CancellationToken, Task<int>> CheckDomain { get; init; }
    public required Func<CheckReturnOptions, CancellationToken, Task<int>> CheckReturn { get; init; }
}
