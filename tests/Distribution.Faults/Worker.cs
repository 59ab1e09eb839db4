using System.Diagnostics;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Local;
using Distribution.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.FaultSuite;

/// <summary>
/// A worker as a process of its own, made to be killed: the whole workflow with the pumps of Local, and faults between
/// it and its storage.
/// </summary>
internal static class Worker
{
    public const string Command = "worker";

    public const string Ready = "ready";

    /// <summary>What a line begins with that tells of a storage fault.</summary>
    public const string Fault = "fault ";

    /// <summary>
    /// The settings beside the workflow's own: the share of storage requests that go wrong, and the seed that chooses
    /// them.
    /// </summary>
    public const string StorageFaultRate = "Faults:Storage", Seed = "Faults:Seed";

    private static readonly QueueRules Rules = new(
        BatchSize: 2,
        NewBatchThreshold: 1,
        MaxDequeueCount: 5,
        VisibilityTimeout: TimeSpan.FromSeconds(1));

    /// <param name="settings">As <c>name=value</c>.</param>
    public static async Task<int> Run(string[] settings)
    {
        LeaveWithParent();
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(settings);
        builder
            .Logging.SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services
            .AddDistribution(builder.Configuration)
            .AddSingleton(Rules)
            .AddHostedService<QueuePump>()
            .AddHostedService<ReconcilePump>();
        if (builder.Configuration.GetValue<double>(StorageFaultRate) is > 0 and var rate)
            builder.Services.AddSingleton(
                StorageAccount.FromConnectionString(
                    builder.Configuration[ResourceNames.Storage]!,
                    new StorageFaults(
                        builder.Configuration.GetValue<int>(Seed),
                        rate,
                        kind => Console.WriteLine(Fault + kind))));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Whoever started it holds its standard input open; when that ends, it goes at once.</summary>
    private static void LeaveWithParent() => _ = Task.Run(async () =>
    {
        await Console.In.ReadToEndAsync();
        using var self = Process.GetCurrentProcess();
        self.Kill();
    });
}
