using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Reports;

/// <summary>One mission's row in the tick sheet.</summary>
/// <param name="Number">The row's number, from 1.</param>
/// <param name="SentAt">When its letter was first offered to a server; null where it never was.</param>
internal sealed record TickLine(int Number, ServedLine Served, DateTimeOffset? SentAt)
{
    public Mission Mission => Served.Mission;

    /// <summary>Whether it is not known what became of it, because what is on record of it cannot be read.</summary>
    public bool IsNotKnown => Served is { At: null, Of.CannotBeRead: true };

    public Acknowledgement? Acknowledgement => Served.Of.Acknowledgement;

    public string Remarks => Served.Of.AddedLater ? $"Added later. {Served.Remark}".TrimEnd() : Served.Remark;
}

/// <summary>The tick sheet: every mission in English protocol order, to be ticked off.</summary>
internal sealed record TickSheet(ReportedDistribution Reported, IReadOnlyList<TickLine> Lines)
{
    public static TickSheet Of(ReportedDistribution reported) =>
        new(
            reported,
            [
                .. ServedReport
                    .Of(reported)
                    .Lines.Select(
                        (line, place) =>
                            new TickLine(
                                place + 1,
                                line,
                                line.Of.Deliveries.SelectMany(delivery => delivery.Events)
                                    .Where(happened =>
                                        happened.Kind
                                            // A remark, and what never began, is no sending.
                                            is not (
                                                DeliveryEventKind.Remark
                                                or DeliveryEventKind.Withdrawn
                                                or DeliveryEventKind.NotHandedOver))
                                    .Select(happened => (DateTimeOffset?)happened.At)
                                    .Min())),
            ]);
}
