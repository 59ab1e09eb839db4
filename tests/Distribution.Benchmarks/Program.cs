using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Distribution.Benchmarks;

if (args is ["memory"])
    return await LetterMemory.Run();
if (args is ["webhooks"])
    return await WebhookLoad.Run();
if (args is ["scale"])
    return Scale.Run();
if (args is ["large", .. var large])
    return await LargeDistribution.Run(SendOptions.Read(large));
if (args is ["send", .. var sending])
    return await SendSpeed.Run(SendOptions.Read(sending));

// In this process: the typesetter and the letters are the same as in production, and one start of each is enough.
BenchmarkSwitcher
    .FromTypes([typeof(LetterSpeed)])
    .Run(
        args is [] ? ["--filter", "*"] : args,
        DefaultConfig.Instance.AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(2)
                .WithIterationCount(8)
                .WithInvocationCount(1)
                .WithUnrollFactor(1)));
return 0;
