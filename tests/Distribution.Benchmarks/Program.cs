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
    return SendOptions.Read(large) is { } many ? await LargeDistribution.Run(many) : 2;
if (args is ["send", .. var sending])
    return SendOptions.Read(sending, "--dkim", "--sendgrid", "--alone", "--addressed", "--warm") is { } one ? await SendSpeed.Run(one) : 2;
if (args is ["peers", .. var compared])
    return SendOptions.Read(compared, "--dkim") is { } each ? await PeerComparison.Run(each) : 2;
if (args is ["journey"])
    return await Journey.Run();
if (args is [Journey.Command, var process, .. var settings])
    return await Journey.RunNew(process, settings);
if (args is [SendGridStandIn.Command])
    return await SendGridStandIn.Serve();

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
