using System.Diagnostics.CodeAnalysis;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class ReconcileDistributions(Reconciler reconciler)
{
    [Function(nameof(ReconcileDistributions))]
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The trigger stands on it.")]
    public Task Run(
        [TimerTrigger(ResourceNames.ReconcileSchedule, UseMonitor = false)] TimerInfo timer,
        CancellationToken cancellation) =>
        reconciler.Reconcile(cancellation);
}
