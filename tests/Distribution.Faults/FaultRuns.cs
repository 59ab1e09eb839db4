using System.Diagnostics;
using Distribution.Letters.Typesetting;
using Distribution.Storage;

namespace Distribution.FaultSuite;

/// <summary>The kinds of run, each a distribution of its own from its release to its end.</summary>
/// <param name="storage">The connection string of the account of that name.</param>
/// <param name="seed">What all chance comes from.</param>
/// <param name="missions">
/// How many missions are written to; those of the register the product comes with, and beyond that some that do not
/// exist.
/// </param>
/// <param name="say">Hears how it goes, a line a run.</param>
internal sealed class FaultRuns(
    Func<string, string> storage,
    Typesetter typesetter,
    Figures figures,
    int seed,
    int missions,
    Action<string> say)
{
    /// <summary>Letters in flight at once, and so at most in doubt after one kill.</summary>
    private const int InFlight = 8;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(300);

    /// <summary>A claim outlasts a letter to which the server says nothing.</summary>
    private static readonly (string, string)[] OnBadDays =
    [
        ("Mail:Timeout", "00:00:05"),
        ("Dispatch:ClaimFor", "00:00:12"),
    ];

    private readonly byte[] register = Registers.Of(missions);
    private int run;

    /// <summary>The worker is killed at moments of all kinds and started again.</summary>
    /// <returns>How many kills came before the end.</returns>
    public async Task<int> Kill(int kills, CancellationToken cancellation)
    {
        var random = Next();
        await using var act = await Open(random, rate: 0, [], cancellation);
        var (stage, server) = (act.Stage, act.Server);
        var watching = stage.Watch(Glance, cancellation);
        var killed = 0;
        while (killed < kills && !watching.IsCompleted)
        {
            await using var worker = stage.StartWorker();
            await KillAtSomeMoment(worker, server, random, watching, cancellation);
            if (watching.IsCompleted)
                break;
            killed++;
            figures.Kills++;
            await stage.NoteKilled(cancellation);
        }

        await Finish(stage, watching, cancellation);
        await stage.Judge(InFlight * killed, cancellation);
        say($"run {run}: {killed} kills, {act.Words}");
        return killed;
    }

    /// <summary>A mail server on a bad day.</summary>
    public async Task Smtp(CancellationToken cancellation)
    {
        await using var act = await Open(Next(), rate: 0.3, OnBadDays, cancellation);
        await Finish(act.Stage, act.Stage.Watch(Glance, cancellation), cancellation);
        await act.Stage.Judge(act.Stage.Arrivals.AnswersLost, cancellation);
        say($"run {run}: a mail server on a bad day, {act.Words}");
    }

    /// <summary>SendGrid on a bad day, with evidence that comes late, twice and in any order.</summary>
    public async Task SendGrid(CancellationToken cancellation)
    {
        var random = Next();
        var clock = Stopwatch.StartNew();
        FaultRun? stage = null;
        var arrivals = new Arrivals();
        await using var office = new SendGridOffice(
            random.Next(),
            0.25,
            arrivals,
            new MailFaults(random.Next(), 0.3, figures));
        await using (
            stage = new FaultRun(
                storage($"run{run}"),
                typesetter,
                figures,
                [
                    ("Mail:Transport", "sendgrid"),
                    ("Mail:SendGridApiKey", "SG.test"),
                    ("Mail:SendGridUrl", office.Url),
                    .. OnBadDays,
                ])
            {
                Arrivals = arrivals,
            })
        {
            await stage.Release(register, cancellation);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var hearsay = new Hearsay(stage, random.Next(), figures).Run(over.Token);
            await Finish(stage, stage.Watch(Glance, cancellation), cancellation);
            await over.CancelAsync();
            await hearsay;
            await stage.Judge(arrivals.AnswersLost, cancellation);
        }

        say($"run {run}: SendGrid on a bad day, {arrivals.Messages} messages, {clock.Elapsed.TotalSeconds:0} s");
    }

    /// <summary>Storage that fails, for the worker and already for the freezing.</summary>
    public async Task Storage(CancellationToken cancellation)
    {
        const double Rate = 0.1;
        var random = Next();
        var before = figures.Faults.GetValueOrDefault(StorageFaults.GivenUp);
        var policy = new StorageFaults(random.Next(), Rate, figures.Fault);
        await using var act = await Open(random, rate: 0, [("Dispatch:ClaimFor", "00:00:08")], cancellation, policy);
        await Finish(
            act.Stage, act.Stage.Watch(Glance, cancellation), cancellation,
            (Worker.StorageFaultRate, $"{Rate}"), (Worker.Seed, $"{random.Next()}"));
        await act.Stage.Judge(figures.Faults.GetValueOrDefault(StorageFaults.GivenUp) - before, cancellation);
        say($"run {run}: storage that fails, {act.Words}");
    }

    /// <summary>
    /// Two workers at once on a queue that hands messages out twice, late and in another order; one of them is killed.
    /// </summary>
    public async Task Queue(CancellationToken cancellation)
    {
        var random = Next();
        await using var act = await Open(random, rate: 0, [("Dispatch:BatchSize", "7")], cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var mischief = new QueueMischief(act.Stage.Get<StorageAccount>(), random.Next(), most: 120, figures).Run(
            over.Token);
        var watching = act.Stage.Watch(Glance, cancellation);
        var killed = 0;
        await using (var worker = act.Stage.StartWorker())
        await using (var doomed = act.Stage.StartWorker())
        {
            await KillAtSomeMoment(doomed, act.Server, random, watching, cancellation);
            if (!watching.IsCompleted)
            {
                killed++;
                figures.Kills++;
                await act.Stage.NoteKilled(cancellation);
            }

            await watching;
        }

        await over.CancelAsync();
        await mischief;
        await act.Stage.Judge(InFlight * killed, cancellation);
        say($"run {run}: two workers and an unruly queue, {killed} kills, {act.Words}");
    }

    /// <summary>A distribution to many missions, with nothing broken.</summary>
    /// <returns>The most memory the worker took in each tenth, in megabytes.</returns>
    public async Task<IReadOnlyList<long>> Many(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await using var act = await Open(
            Next(),
            rate: 0,
            [("Dispatch:BatchSize", "100"), ("Dispatch:ClaimFor", "00:05:00")],
            cancellation);
        say($"{missions} missions: checked, frozen and released in {clock.Elapsed.TotalSeconds:0} s");
        await using var worker = act.Stage.StartWorker();
        var watching = act.Stage.Watch(TimeSpan.FromSeconds(5), cancellation, TimeSpan.FromHours(1));
        long[] most = new long[10];
        clock.Restart();
        for (var told = 0; !watching.IsCompleted; await Task.WhenAny(watching, Task.Delay(Glance, cancellation)))
        {
            var tenth = (int)Math.Min(9, act.Stage.Arrivals.Messages * 10L / missions);
            most[tenth] = Math.Max(most[tenth], worker.Memory);
            for (; told < tenth; told++)
                say(
                    $"{act.Stage.Arrivals.Messages} of {missions} sent after {clock.Elapsed.TotalSeconds:0} s, the worker takes {most[told]} MB"
                );
        }

        await watching;
        say(
            $"{act.Stage.Arrivals.Messages} of {missions} sent after {clock.Elapsed.TotalSeconds:0} s, the worker takes {most[9]} MB"
        );
        await act.Stage.Judge(0, cancellation);
        return most;
    }

    private Random Next() => new(unchecked((seed * 1_000) + run++));

    private async Task<Act> Open(
        Random random,
        double rate,
        (string, string)[] settings,
        CancellationToken cancellation,
        StorageFaults? policy = null)
    {
        var arrivals = new Arrivals();
        var server = new ReceivingServer(arrivals, new MailFaults(random.Next(), rate, figures));
        var stage = new FaultRun(
            storage($"run{run}"),
            typesetter,
            figures,
            [("Mail:Transport", $"smtp://127.0.0.1:{server.Port}"), ("Mail:Encryption", "none"), .. settings],
            policy is null ? [] : [policy])
        {
            Arrivals = arrivals,
        };
        var act = new Act(stage, server);
        try
        {
            await stage.Release(register, cancellation);
            return act;
        }
        catch
        {
            await act.DisposeAsync();
            throw;
        }
    }

    /// <summary>A worker that nobody harms carries the rest through.</summary>
    private static async Task Finish(
        FaultRun stage,
        Task watching,
        CancellationToken cancellation,
        params (string, string)[] more)
    {
        if (watching.IsCompleted)
        {
            await watching;
            return;
        }

        await using var worker = stage.StartWorker(more);
        await Task.WhenAny(watching, worker.Exited(cancellation));
        if (!watching.IsCompleted)
            throw new InvalidOperationException(
                $"The worker left by itself, with these words: {string.Join(Environment.NewLine, worker.Words)}");
        await watching;
    }

    /// <summary>Either after a time or at the so-manieth letter to come to a certain point.</summary>
    private async Task KillAtSomeMoment(
        WorkerProcess worker,
        ReceivingServer server,
        Random random,
        Task watching,
        CancellationToken cancellation)
    {
        var byTime = random.Next(3) == 0;
        var moment = (Moment)random.Next((int)Moment.Envelope, (int)Moment.Answered + 1);
        var left = random.Next(1, Math.Max(2, missions / 5));
        var after = TimeSpan.FromMilliseconds(random.Next(0, 2_500));
        if (!byTime)
            server.Passing = passing =>
            {
                if (passing == moment && Interlocked.Decrement(ref left) == 0)
                    worker.Kill();
            };
        await worker.Started;
        await Task.WhenAny(
            watching,
            worker.Exited(cancellation),
            Task.Delay(byTime ? after : TimeSpan.FromSeconds(30), cancellation));
        server.Passing = null;
        if (!watching.IsCompleted && !worker.HasExited)
            worker.Kill();
        await Task.WhenAny(watching, worker.Exited(cancellation));
    }

    private sealed record Act(FaultRun Stage, ReceivingServer Server) : IAsyncDisposable
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();

        public string Words => $"{Stage.Arrivals.Messages} messages, {clock.Elapsed.TotalSeconds:0} s";

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Stage.DisposeAsync();
        }
    }
}
