using Azure;

namespace Distribution.Storage;

/// <summary>
/// Which failures are the storage service's own and say nothing of what was asked of it: the same request may succeed
/// later.
/// </summary>
internal static class StorageFailures
{
    /// <summary>
    /// True for a service that is busy, cannot be reached, breaks off, takes too long or is at odds with another
    /// writer; also where every try of one request ended so.
    /// </summary>
    public static bool Pass(Exception failure) => failure switch
    {
        RequestFailedException answer => answer.Status is 0 or 408 or 409 or 412 or 429 or >= 500,
        AggregateException tries => tries.InnerExceptions.All(Pass),
        _ => failure is IOException or TimeoutException or OperationCanceledException,
    };

    /// <summary>
    /// What need not be done now and can be done later: storage may be well or its key right by then, or a later
    /// version of the service may do it.
    /// </summary>
    public static bool MayWait(Exception failure) =>
        Pass(failure) || failure is LaterFormatException or RequestFailedException { Status: 401 or 403 or 404 };
}
