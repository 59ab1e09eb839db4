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
        [TimerTrigger(ResourceNames.ReconcileSchedule, UseMonitor = false)] TimerInfo timer,
        CancellationToken cancellation) =>
        workflow.Reconcile(cancellation);
}
