using static Distribution.Benchmarks.Output;

namespace Distribution.Benchmarks;

/// <summary>
/// The command <c>peers</c>: the service and other programs take turns, so that all meet the same machine. A round in
/// which any letter is missing ends it.
/// </summary>
internal static class PeerComparison
{
    private const int Rounds = 3;

    public static async Task<int> Run(SendOptions options)
    {
        await using var sink = await Sink.Start();
        var yardstick = SmtpSource.Find();
        IPeer[] peers = [.. new IPeer?[] { yardstick, await Nodemailer.Find() }.OfType<IPeer>()];
        Line($"{options.Count} letters of {options.MessageBytes / 1_000} KB ({options.EnclosureKb} KB enclosure), DKIM {(options.Dkim ? "on" : "off")}, to {sink.Name}; letters/s:");
        List<Dictionary<string, double>> rounds = [];
        while (rounds.Count < Rounds)
        {
            var own = await SendRun.Measure(options, sink, CancellationToken.None);
            if (own.Missing is { } missing)
            {
                Line($"  complete: NO: {missing}");
                return 1;
            }

            var round = new Dictionary<string, double> { ["this service"] = own.Rate };
            foreach (var peer in peers)
                round[peer.Name] = await peer.Send(sink, options);
            rounds.Add(round);
            Line($"  round {rounds.Count}: {string.Join("; ", round.Select(rate => $"{rate.Key} {Math.Round(rate.Value)}"))}");
        }

        foreach (var name in rounds[0].Keys)
        {
            Line($"  {name}: median {Median(rounds.Select(round => round[name])):0}");
            if (yardstick is not null && name != yardstick.Name)
                Line($"    ratio to {yardstick.Name}: {Median(rounds.Select(round => round[name] / round[yardstick.Name])):0.00}");
        }

        Line($"  complete: every round, by the record and by the count of the sink");
        return 0;
    }
}
