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
        using var time = new CancellationTokenSource(limits.Together, TimeProvider.System);
        var translated = preflight.Translations.Select(translation => translation.Language).ToList();
        return
        [
            .. preflight.Translations.Prepend(preflight.Letter).SelectMany(source => Found(
                preflight, source, [.. preflight.Roster.Where(mission => source.TranslationOf is null || LetterLanguages.Of(mission, preflight.Letter.Language, translated).Letters.Contains(source.Language))], time.Token)),
        ];
    }

    private IReadOnlyList<Fault> Found(Preflight preflight, LetterSource source, IReadOnlyList<Mission> missions, CancellationToken time)
    {
        LetterRenderer renderer;
        try
        {
            renderer = new LetterRenderer(source, [.. preflight.Files.Select(file => Enclosure.Of(file, source))], preflight.Templates!, limits);
        }
        catch (LetterFaultException found)
        {
            return found.Faults;
        }

        var tried = missions.TakeWhile(_ => !time.IsCancellationRequested).Select(mission => (Mission: mission, Faults: FaultsOf(renderer, mission))).ToList();
        List<Fault> faults =
        [
            .. tried
                .SelectMany(letter => letter.Faults.Select(fault => (Fault: fault, letter.Mission)))
                .GroupBy(found => found.Fault, found => found.Mission)
                .Select(found => Faults.InLetters(found.Key, found.First(), found.Count(), tried.Count)),
        ];
        if (tried.Count < missions.Count)
            faults.Insert(0, Faults.LettersTooSlow(source.File, limits.Together, tried.Count, missions.Count));
        if (!renderer.IsConfirmed)
            faults.Add(Faults.WordsNotConfirmed($"templates/{preflight.Templates!.Name}/{TemplateFiles.Words(source.Language)}", source.Language));
        return faults;
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
