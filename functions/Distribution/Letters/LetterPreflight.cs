namespace Distribution;

/// <summary>Makes every mission's letter before any is sent, and reports each thing wrong with them once.</summary>
internal sealed class LetterPreflight(RenderLimits? limits = null) : IPreflightCheck
{
    // As long as the longest real link would be; what it leads to does not matter here.
    private static readonly string Link = $"https://letters.example/acknowledge/{new string('x', 120)}";

    private readonly RenderLimits limits = limits ?? RenderLimits.Default;

    public IEnumerable<Fault> Check(Preflight preflight) => Faults.AtMost(preflight.Letter.File, Found(preflight));

    private IReadOnlyList<Fault> Found(Preflight preflight)
    {
        if (preflight.Templates is null)
            return [];
        LetterRenderer renderer;
        try
        {
            renderer = new LetterRenderer(preflight.Letter, [.. preflight.Files.Select(file => Enclosure.Of(file, preflight.Letter))], preflight.Templates, limits);
        }
        catch (LetterFaultException found)
        {
            return found.Faults;
        }

        using var time = new CancellationTokenSource(limits.Together, TimeProvider.System);
        var tried = preflight.Roster.TakeWhile(_ => !time.IsCancellationRequested).Select(mission => (Mission: mission, Faults: FaultsOf(renderer, mission))).ToList();
        var faults = tried
            .SelectMany(letter => letter.Faults.Select(fault => (Fault: fault, letter.Mission)))
            .GroupBy(found => found.Fault, found => found.Mission)
            .Select(found => Faults.InLetters(found.Key, found.First(), found.Count(), tried.Count));
        return tried.Count == preflight.Roster.Count
            ? [.. faults]
            : [Faults.LettersTooSlow(preflight.Letter.File, limits.Together, tried.Count, preflight.Roster.Count), .. faults];
    }

    private static IReadOnlyList<Fault> FaultsOf(LetterRenderer renderer, Mission mission)
    {
        try
        {
            _ = renderer.Render(mission, Link);
            return [];
        }
        catch (LetterFaultException found)
        {
            return found.Faults;
        }
    }
}
