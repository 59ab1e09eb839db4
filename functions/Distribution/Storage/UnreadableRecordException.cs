namespace Distribution.Storage;

/// <summary>
/// A stored record or file is not what was written, or cannot be read for another reason. The secretariat has a notice
/// that names it; nothing was changed.
/// </summary>
/// <param name="place">Where it is: <c>the record X of the partition Y in the table Z</c>.</param>
internal sealed class UnreadableRecordException(string place, Exception? inner = null)
    : NoticedException($"Something that was stored cannot be read and is left out: {place}.", inner)
{
    public string Place { get; } = place;

    /// <summary>Whether a failure has no other reason than records that cannot be read.</summary>
    public static bool IsWhy(Exception? failure) =>
        failure switch
        {
            UnreadableRecordException => true,
            AggregateException several => several.InnerExceptions.All(IsWhy),
            _ => failure?.InnerException is { } inner && IsWhy(inner),
        };
}
