using Distribution.Common;
using Distribution.Register;

namespace Distribution.Letters;

/// <summary>
/// Renders every mission's letter before any is sent, and reports each fault once, with the missions it affects.
/// </summary>
internal sealed class LetterPreflight(RenderLimits? limits = null) : IPreflightCheck
{
    // A placeholder as long as the longest real link, so that size limits are tested. Its target does not matter.
    private static readonly string Link = $"https://letters.example/acknowledge/{new string('x', 120)}";

    private readonly RenderLimits limits = limits ?? RenderLimits.Default;

    public IEnumerable<Fault> Check(Preflight preflight) =>
        LetterFaults.AtMost(preflight.Letter.File, Found(preflight));

    private IReadOnlyList<Fault> Found(Preflight preflight)
    {
        if (preflight.Templates is null)
            return [];
        using var time = new CancellationTokenSource(limits.Together, TimeProvider.System);
        var translated = preflight.Translations.Select(translation => translation.Language).ToList();
        List<Fault> faults = [];
        List<string> unconfirmed = [];
        foreach (var source in preflight.Translations.Prepend(preflight.Letter))
        {
            try
            {
                var renderer = new LetterRenderer(
                    source,
                    [.. preflight.Files.Select(file => Enclosure.Of(file, source))],
                    preflight.Templates,
                    limits);
                faults.AddRange(
                    Found(
                        renderer,
                        source,
                        [
                            .. preflight.Roster.Where(mission =>
                                source.TranslationOf is null
                                || LetterLanguages
                                    .Of(mission, preflight.Letter.Language, translated)
                                    .Letters.Contains(source.Language)),
                        ],
                        time.Token));
                if (!renderer.IsConfirmed)
                    unconfirmed.Add(source.Language);
            }
            catch (LetterFaultException found)
            {
                faults.AddRange(found.Faults);
            }
        }

        if (unconfirmed is not [])
            faults.Add(LetterFaults.WordsNotConfirmed(preflight.Templates.Name, unconfirmed));
        return faults;
    }

    private IReadOnlyList<Fault> Found(
        LetterRenderer renderer,
        LetterSource source,
        IReadOnlyList<Mission> missions,
        CancellationToken time)
    {
        var tried = missions
            .TakeWhile(_ => !time.IsCancellationRequested)
            .Select(mission => (Mission: mission, Faults: FaultsOf(renderer, mission)))
            .ToList();
        var faults = tried
            .SelectMany(letter => letter.Faults.Select(fault => (Fault: fault, letter.Mission)))
            .GroupBy(found => found.Fault, found => found.Mission)
            .Select(found => LetterFaults.InLetters(found.Key, found.First(), found.Count(), tried.Count));
        return tried.Count == missions.Count
            ? [.. faults]
            : [LetterFaults.LettersTooSlow(source.File, limits.Together, tried.Count, missions.Count), .. faults];
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
