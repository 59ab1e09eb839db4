using Distribution.Tracking.Reports;

namespace Distribution.Web.Desk;

/// <summary>Who was served when, and the form that asks for a time.</summary>
/// <param name="Asked">The time asked for, as it was read; null where none is.</param>
internal sealed record ServedView(ServedReport Report, NewYorkWallClock? Asked);
