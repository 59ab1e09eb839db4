using static Distribution.Benchmarks.Output;

namespace Distribution.Benchmarks;

/// <summary>The command <c>send</c>: prints what a letter costs, and whether every mission has exactly one.</summary>
internal static class SendSpeed
{
    public static async Task<int> Run(SendOptions options)
    {
        await using IDestination destination = options.BySendGrid ? await SendGridStandIn.Start() : await Sink.Start();
        var figures = await SendRun.Measure(options, destination, CancellationToken.None);
        double? peer = options.WithPeer && destination is Sink sink && SmtpSource.Find() is { } source
            ? await source.Send(sink, options)
            : null;
        Print(figures, destination.Name, peer);
        return figures.Missing is null ? 0 : 1;
    }

    private static void Print(SendFigures figures, string destination, double? peer)
    {
        var (options, examined, sent) = (figures.Options, figures.Examined, figures.Sent);
        Line($"{options.Count} letters, {options.EnclosureKb} KB enclosure, DKIM {(options.Dkim ? "on" : "off")}, {(options.Addressed ? "each with an address of its own, " : "")}to {destination}{(options.Warm ? ", by a service that has sent before" : "")}");
        Line($"  check, typesetting, freezing: {examined.Took.TotalSeconds:0.0} s, {Each(examined.Own + examined.Storage):0.0} ms of processor time a letter, {(double)examined.Requests / options.Count:0.00} requests");
        Line($"  release to last record: {sent.Took.TotalSeconds:0.00} s, {figures.Rate:0} letters/s{(peer is { } other ? $"; smtp-source -s 8 {other:0}/s, ratio {figures.Rate / other:0.00}" : "")}");
        Line($"  processor time a letter: {Each(sent.Own + sent.Storage):0.00} ms (this program {Each(sent.Own):0.00}, storage {Each(sent.Storage):0.00}); beside it {destination} {Each(figures.DestinationTime):0.00}");
        Line($"  storage requests a letter: {(double)sent.Requests / options.Count:0.000} ({sent.Requests})");
        foreach (var (kind, count) in figures.Kinds.Take(8))
            Line($"    {(double)count / options.Count:0.000} {kind}");
        Line($"  peak memory of this program: {figures.PeakMemory >> 20} MB; allocated {figures.Allocated / 1_000.0 / options.Count:0} KB a letter, collecting it took {Each(figures.Pauses):0.00} ms");
        Line($"  complete: {(figures.Missing is { } missing ? $"NO: {missing}" : "every mission has it, once")}");

        double Each(TimeSpan time) => time.TotalMilliseconds / options.Count;
    }
}
