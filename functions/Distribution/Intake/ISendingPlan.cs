namespace Distribution.Intake;

/// <summary>What the room that sends decides for a distribution when it is released.</summary>
internal interface ISendingPlan
{
    /// <inheritdoc cref="DistributionRecord.SlotSize"/>
    /// <param name="missions">How many the distribution goes to.</param>
    int SlotSize(int missions);
}
