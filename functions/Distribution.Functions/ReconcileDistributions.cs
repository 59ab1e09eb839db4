using System.Diagnostics.CodeAnalysis;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>Runs the reconcile timer.</summary>
public sealed class ReconcileDistributions(IWorkflow workflow)
{
    [Function(nameof(ReconcileDistributions))]
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The trigger stands on it.")]
    public Task Run(
        // Without a monitor: a run that was missed is not made up, since each run looks for all that is left.
        [TimerTrigger(ResourceNames.ReconcileSchedule, UseMonitor = false)] TimerInfo timer,
        CancellationToken cancellation) =>
        workflow.Reconcile(cancellation);
}
