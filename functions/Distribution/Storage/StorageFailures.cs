using Azure;

namespace Distribution.Storage;

/// <summary>
/// Recognizes transient storage failures: the request itself was not wrong, and the same request may succeed later.
/// </summary>
internal static class StorageFailures
{
    /// <summary>
    /// True for a transient failure: the service is busy or throttles (429, 5xx), cannot be reached or the connection
    /// broke (0), timed out (408), or another writer was first (409, 412). Also true when every try of one request
    /// ended in such a failure.
    /// </summary>
    public static bool Pass(Exception failure) => failure switch
    {
        RequestFailedException answer => answer.Status is 0 or 408 or 409 or 412 or 429 or >= 500,
        AggregateException tries => tries.InnerExceptions.All(Pass),
        // The client cancels a try that takes longer than its limit (RetryOptions.NetworkTimeout, 100 s), although
        // nobody asked to stop.
        _ => failure is IOException or TimeoutException or OperationCanceledException,
    };

    /// <summary>
    /// True for every failure of storage, whether the request may succeed later or not. The SDK throws either of two
    /// exceptions: the last answer, or one with every try where none of them had an answer.
    /// </summary>
    public static bool IsStorages(Exception failure) => failure switch
    {
        RequestFailedException => true,
        AggregateException tries => tries.InnerExceptions.All(tried => IsStorages(tried) || Pass(tried)),
        _ => false,
    };

    /// <summary>
    /// True for a record that is left out, so that it harms nothing else: it cannot be read, and the secretariat has a
    /// notice about it; or a later version of this service wrote it.
    /// </summary>
    public static bool IsLeftOut(Exception failure) => failure is UnreadableRecordException or LaterFormatException;

    /// <summary>
    /// True if the work can be left for a later run. Besides transient failures: access was refused or the resource was
    /// missing (401, 403, 404), which may be fixed by then, or the record has a later format, which a later version of
    /// the service can process; or the record cannot be read, and somebody may mend it.
    /// </summary>
    public static bool MayWait(Exception failure) =>
        Pass(failure) || IsLeftOut(failure) || failure is RequestFailedException { Status: 401 or 403 or 404 };
}
