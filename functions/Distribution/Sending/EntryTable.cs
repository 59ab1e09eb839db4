using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The table of entries. <see cref="EntryStates"/> reads its columns without the entries themselves.</summary>
internal static class EntryTable
{
    public const string State = nameof(State);

    /// <summary>The column of the state without what mail says; rows of earlier versions have none.</summary>
    public const string Firm = "FirmState";

    /// <summary>
    /// The column that says whether it came back from a part of the mailboxes; earlier rows have none.
    /// </summary>
    public const string InPart = "ReturnedInPart";

    /// <summary>The column of the time until which a delayed letter will be tried, where that is known.</summary>
    public const string Until = "TriedUntil";

    /// <summary>The column of the time until which a worker has claimed it; none where nobody has.</summary>
    public const string ClaimedUntil = "ClaimedUntil";

    public static Records<MissionEntry> In(StorageAccount account) => new(
        account,
        ResourceNames.DispatchesTable,
        entry =>
        [
            (State, entry.State.ToString()),
            (Firm, entry.FirmState.ToString()),
            (nameof(MissionEntry.Order), entry.Order),
            (InPart, entry.IsReturnedInPart),
            .. entry.TriedUntil is { } until ? [(Until, (object)until)] : Array.Empty<(string, object)>(),
            .. entry.Claim is { } claim ? [(ClaimedUntil, (object)claim.Until)] : Array.Empty<(string, object)>(),
        ]);
}
