using Distribution.Common;

namespace Distribution.Hosting.Jobs;

/// <summary>A job did not come to its end in its time, and was cancelled.</summary>
internal sealed class JobTimeoutException(TimeSpan budget)
    : Exception($"it did not come to its end within {EnglishText.Span(budget)}.");
