using Distribution.Common;
using Distribution.Letters.Settings;
using Distribution.Register;

namespace Distribution.Letters;

/// <summary>
/// Renders every mission's letter before any is sent, and reports each fault once, with the missions it affects. A
/// letter that costs too much is given up.
/// </summary>
internal sealed class LetterPreflight : IPreflightCheck
{
    // A placeholder as long as the longest real link, so that size limits are tested. Its target does not matter.
    private static readonly string Link = $"https://letters.example/acknowledge/{new string('x', 120)}";

    public IEnumerable<Finding> Check(Preflight preflight) =>
        LetterFaults.AtMost(preflight.Letter.File, Found(preflight));

    private static IReadOnlyList<Finding> Found(Preflight preflight)
    {
        // Why they could not be loaded is a finding already.
        if (preflight.Templates is null)
            return [];
        var translated = preflight.Translations.Select(translation => translation.Language).ToList();
        List<Finding> faults = [];
        List<string> unconfirmed = [];
        foreach (var source in preflight.Translations.Prepend(preflight.Letter))
        {
            try
            {
                var renderer = preflight.Renderer(source);
                List<Mission> missions =
                [
                    .. preflight.Roster.Where(mission =>
                        source.TranslationOf is null
                        || LetterLanguages
                            .Of(mission, preflight.Letter.Language, translated)
                            .Letters.Contains(source.Language)),
                ];
                faults.AddRange(Found(preflight, renderer, source, missions));
                // The English title would stand in a sentence of another language. A letter to all prints none.
                if (source.Address != AddressForm.Collective
                    && missions
                        .Where(mission => !mission.HasTitleIn(source.Language))
                        .Select(mission => mission.Title)
                        .ToList() is [_, ..] untitled)
                    faults.Add(LetterFaults.TitlesMissing(source.File, source.Language, untitled));
                if (!renderer.IsConfirmed
                    && !preflight.ConfirmedWords.Contains(
                        WordConfirmations.Hash(preflight.Templates, source.Language)!))
                    unconfirmed.Add(source.Language);
            }
            catch (LetterFaultException found)
            {
                faults.AddRange(found.Faults);
            }
        }

        if (unconfirmed is not [])
            faults.Add(LetterFaults.WordsNotConfirmed(unconfirmed));
        return faults;
    }

    private static IReadOnlyList<Finding> Found(
        Preflight preflight,
        LetterRenderer renderer,
        LetterSource source,
        IReadOnlyList<Mission> missions)
    {
        // A letter to all together is the same for everyone: what is wrong with it is found once.
        if (source.Address == AddressForm.Collective
            && missions is [var any, ..]
            && FaultsOf(() => renderer.Content(null, preflight.Budget)) is { Count: > 0 } ofAll)
            return [.. ofAll.Select(fault => LetterFaults.InLetters(fault, any, missions.Count, missions.Count))];

        List<(Mission Mission, IReadOnlyList<Finding> Faults)> tried = [];
        foreach (var mission in missions)
        {
            if (preflight.Budget.IsSpent)
                break;
            // The first one is rendered within RenderLimits.Time, as the letter is read.
            if (tried.Count > 0)
                preflight.Budget.Allow(preflight.Limits.Each);
            tried.Add((mission, FaultsOf(() => renderer.Render(mission, Link, budget: preflight.Budget))));
        }

        var faults = tried
            .SelectMany(letter => letter.Faults.Select(fault => (Fault: fault, letter.Mission)))
            .GroupBy(found => found.Fault, found => found.Mission)
            .Select(found => LetterFaults.InLetters(found.Key, found.First(), found.Count(), tried.Count));
        return tried.Count == missions.Count
            ? [.. faults]
            :
            [
                LetterFaults.LettersTooSlow(
                    source.File,
                    preflight.Budget.Allowed,
                    tried.Count(letter => letter.Faults is []),
                    missions.Count),
                .. faults,
            ];
    }

    private static IReadOnlyList<Finding> FaultsOf(Func<object> make)
    {
        try
        {
            _ = make();
            return [];
        }
        catch (LetterFaultException found)
        {
            return found.Faults;
        }
    }
}
