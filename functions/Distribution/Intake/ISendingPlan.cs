namespace Distribution.Intake;

/// <summary>What the room that sends decides for a distribution when it is released.</summary>
internal interface ISendingPlan
{
    /// <inheritdoc cref="DistributionRecord.SlotSize"/>
    int SlotSize { get; }
}
