using Distribution.Intake;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>One batch is one slot: <c>Dispatch:BatchSize</c> as it is when the distribution is released.</summary>
internal sealed class SendingPlan(IOptions<DispatchSettings> settings) : ISendingPlan
{
    public int SlotSize(int missions) => settings.Value.BatchSizeOf(missions);
}
