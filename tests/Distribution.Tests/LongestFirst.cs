using Distribution.Tests;
using Distribution.Tests.Intake;
using Distribution.Tests.Local;
using Distribution.Tests.RealServers;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tests.Tracking.Inbound;
using Distribution.Tests.Tracking.Log;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Distribution.Tests;

/// <summary>
/// The classes that take half a minute and more begin first: one that began last would be alone at the end. The others come in
/// any order.
/// </summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        typeof(LocalRunTests).FullName!,
        typeof(FaultSuiteTests).FullName!,
        typeof(InboundCasesTests).FullName!,
        typeof(ReleaseRaceTests).FullName!,
        typeof(DistributionRebuildTests).FullName!,
        typeof(UnreadableRecordTests).FullName!,
        typeof(RealServersTests).FullName!,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => Longest.Any(name => Is(collection, name)))];

    private static bool Is(ITestCollection collection, string name) =>
        collection.TestCollectionDisplayName.StartsWith($"Test collection for {name} ", StringComparison.Ordinal);
}
