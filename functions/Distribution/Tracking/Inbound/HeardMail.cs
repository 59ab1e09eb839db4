namespace Distribution.Tracking.Inbound;

/// <summary>How far one run has handled the mail that came.</summary>
/// <param name="Until">
/// All mail that had come by then was handled, or comes from a place that cannot be read at all.
/// </param>
/// <param name="Failure">Why some of it could not be handled; null where nothing failed.</param>
internal sealed record HeardMail(DateTimeOffset Until, Exception? Failure)
{
    /// <param name="now">When the run began to look.</param>
    /// <param name="left">When those messages arrived that were left for a later run.</param>
    public static HeardMail Of(DateTimeOffset now, IEnumerable<DateTimeOffset> left, Exception? failure) =>
        new(
            left.Select(arrived => arrived.AddTicks(-1)).Append(now).Min(),
            failure);
}
