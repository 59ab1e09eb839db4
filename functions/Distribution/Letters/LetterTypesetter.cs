using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>A typeset letter, with its bytes.</summary>
internal sealed record TypesetLetter(LetterPdf Pdf, ReadOnlyMemory<byte> Bytes);

/// <summary>The typeset letters and the faults found.</summary>
/// <param name="Letters">In the order of the languages and of the roster. Incomplete if there are faults.</param>
internal sealed record TypesetLetters(IReadOnlyList<TypesetLetter> Letters, IReadOnlyList<Finding> Faults);

/// <summary>
/// Typesets a distribution's letters: one PDF per language if all missions get the same letter, otherwise one per
/// language and mission.
/// </summary>
internal sealed partial class LetterTypesetter(
    Typesetter typesetter,
    MissionLinks links,
    IOptions<TypesettingSettings> settings)
{
    /// <summary>
    /// How many letters are worked on at the same time. The typesetter process does one at a time. Meanwhile the next
    /// ones are rendered, and those before are stored.
    /// </summary>
    private const int AtOnce = 4;

    /// <param name="preflight">The upload, after the pre-flight: its letters can be rendered for every mission.</param>
    /// <param name="reference">The reference in the letters' QR code, without its check sign.</param>
    /// <exception cref="TypesetterException">The typesetter is not available.</exception>
    public Task<TypesetLetters> Typeset(Preflight preflight, string reference, CancellationToken cancellation) =>
        Typeset(preflight, reference, 0, int.MaxValue, keep: null, cancellation);

    /// <summary>Typesets some of the letters, in the order of the languages and of the roster.</summary>
    /// <param name="first">The place of the first one, from 0.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="keep">
    /// Called with each letter as soon as it is made, while others are being made; null to keep none. Calls overlap,
    /// and come also before a later letter turns out to be faulty.
    /// </param>
    /// <inheritdoc cref="Typeset(Preflight, string, CancellationToken)"/>
    public async Task<TypesetLetters> Typeset(
        Preflight preflight,
        string reference,
        int first,
        int most,
        Func<TypesetLetter, CancellationToken, Task>? keep,
        CancellationToken cancellation)
    {
        var code = Code(reference);
        List<TypesetLetter> letters = [];
        List<Finding> faults = [];
        // What the typesetter's process uses is counted by itself: it has its own limit for one letter.
        var cost = new RenderBudget(TimeSpan.Zero);
        foreach (var source in Sources(preflight))
        {
            var all = Missions(preflight, source);
            // Places count on from one language to the next.
            var missions = all.Skip(first).Take(most).ToList();
            first = Math.Max(0, first - all.Count);
            most -= missions.Count;
            if (missions is [])
                continue;
            cost.Allow(settings.Value.Time);
            var tightness = await TightnessOf(preflight, source, all, code, cost, cancellation);
            var result = await Typeset(
                preflight,
                source,
                missions,
                all.Count,
                tightness,
                code,
                cost,
                keep,
                cancellation);
            letters.AddRange(result.Letters);
            faults.AddRange(result.Faults);
            // A language that was done as the time ran out has no fault, and the next one has a time of its own.
            if (result.Letters.Count < missions.Count && (cost.IsSpent || preflight.Budget.IsSpent))
                break;
        }

        return new(letters, faults);
    }

    /// <summary>Typesets one letter to look at, as it will be among those of the roster.</summary>
    /// <param name="mission">Counts where each mission has a letter of its own.</param>
    /// <inheritdoc cref="Typeset(Preflight, string, CancellationToken)"/>
    public async Task<TypesetLetters> TypesetOne(
        Preflight preflight,
        LetterSource source,
        Mission mission,
        string reference,
        CancellationToken cancellation)
    {
        var code = Code(reference);
        var cost = new RenderBudget(settings.Value.Time);
        var tightness = await TightnessOf(preflight, source, Missions(preflight, source), code, cost, cancellation);
        return await Typeset(
            preflight,
            source,
            [source.Address == AddressForm.Collective ? null : mission],
            1,
            tightness,
            code,
            cost,
            keep: null,
            cancellation);
    }

    private DocumentVerification Code(string reference)
    {
        var address = links.Verification(reference);
        return new("", VerificationReference.Shown(reference), address, VerificationCode.Svg(address));
    }

    /// <summary>How many letters there are to typeset.</summary>
    public static int Count(Preflight preflight) =>
        Sources(preflight).Sum(source => Missions(preflight, source).Count);

    /// <summary>
    /// The letters to typeset. A signed scan replaces the authentic letter, which is then not typeset.
    /// </summary>
    private static IEnumerable<LetterSource> Sources(Preflight preflight) =>
        preflight.Letter.Enclosures.Any(enclosure => enclosure.Role == EnclosureRole.Letter)
            ? preflight.Translations
            : preflight.Translations.Prepend(preflight.Letter);

    /// <summary>The missions that each have a letter of their own in its language; null for a letter to all.</summary>
    private static IReadOnlyList<Mission?> Missions(Preflight preflight, LetterSource source) =>
        source.Address == AddressForm.Collective ? [null] : [.. Recipients(preflight, source.Language)];

    /// <summary>
    /// How far the lines of a letter are closed up to save its last page. All missions' letters in a language look
    /// alike, however many are typeset at a time: the letter with the longest address decides for them.
    /// </summary>
    /// <returns>Null where there is one letter, which decides for itself.</returns>
    private async Task<int?> TightnessOf(
        Preflight preflight,
        LetterSource source,
        IReadOnlyList<Mission?> all,
        DocumentVerification code,
        RenderBudget cost,
        CancellationToken cancellation)
    {
        if (all.Count < 2)
            return null;
        var longest = all.OfType<Mission>().MaxBy(mission => AddressLength(mission, source.Language));
        preflight.Budget.Allow(preflight.Limits.Each);
        cost.Allow(preflight.Limits.Typesetting);
        // What is wrong with it is told when it is typeset in its turn.
        if (TryMake(preflight, preflight.Renderer(source), source, code, longest, out _) is not { } document)
            return 0;
        var tried = await typesetter.Typeset(Job(preflight, document), cancellation);
        cost.Use(tried.Cost);
        return tried.Tightness;
    }

    private static int AddressLength(Mission mission, string language) =>
        mission.TitleIn(language).Length
        + (mission.Head is { } head
            ? (head.FormOfAddress?.Length ?? 0) + head.Name.Length + mission.HeadTitle.Length
            : 0);

    private async Task<TypesetLetters> Typeset(
        Preflight preflight,
        LetterSource source,
        IReadOnlyList<Mission?> missions,
        int ofAll,
        int? tightness,
        DocumentVerification code,
        RenderBudget cost,
        Func<TypesetLetter, CancellationToken, Task>? keep,
        CancellationToken cancellation)
    {
        var renderer = preflight.Renderer(source);
        var letters = new TypesetLetter?[missions.Count];
        // With the place of its letter: a fault of several letters is told once, with the first of them.
        var faults = new ConcurrentBag<(Finding Fault, int Place)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await Parallel.ForAsync(
                0,
                missions.Count,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token },
                async (place, stopped) =>
                {
                    var mission = missions[place];
                    // The first letter has Typesetting:Time, which the caller has allowed.
                    if (place > 0)
                    {
                        preflight.Budget.Allow(preflight.Limits.Each);
                        cost.Allow(preflight.Limits.Typesetting);
                    }

                    if (TryMake(preflight, renderer, source, code, mission, out var unmade) is not { } document)
                    {
                        foreach (var fault in unmade)
                            faults.Add((fault, place));
                        await stop.CancelAsync();
                        return;
                    }

                    var typeset = await typesetter.Typeset(
                        Job(preflight, document) with { Tightness = tightness },
                        stopped);
                    cost.Use(typeset.Cost);
                    // Of a word in another script each letter is missing, which is one finding.
                    foreach (var missing in typeset.Missing
                        .Order(StringComparer.Ordinal)
                        .GroupBy(character => PlaceOf(character, source, mission)))
                        faults.Add((LetterFaults.CharactersNotPrintable(missing.Key, [.. missing]), place));
                    if (typeset.Problem is not null || typeset.IsTooLarge)
                    {
                        // All letters share the template, so what goes wrong in one letter goes wrong in every one:
                        // stop the others.
                        faults.Add(
                            (
                                typeset.Problem is { } problem
                                    ? Explain(problem, document, source, preflight.Templates!)
                                    : LetterFaults.LetterTooLarge(source.File, typeset),
                                place));
                        await stop.CancelAsync();
                    }
                    else if (typeset.Missing is [])
                    {
                        var letter = new TypesetLetter(
                            Pdf(preflight.Letter, source.Language, mission, typeset.Pdf),
                            typeset.Pdf);
                        if (keep is not null)
                            await keep(letter, stopped);
                        letters[place] = letter;
                    }

                    // After the letter was kept: one that is made is not thrown away.
                    if (cost.IsSpent)
                        await stop.CancelAsync();
                });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped because of a fault, which is on the list, or because the letters cost too much.
            cancellation.ThrowIfCancellationRequested();
        }

        var made = letters.OfType<TypesetLetter>().ToList();
        return new(
            made,
            [
                .. cost.IsSpent && made.Count < missions.Count
                    ? [LetterFaults.LettersTooSlow(source.File, cost.Allowed, made.Count, missions.Count)]
                    : (Finding[])[],
                // In the order of the roster, whichever letter was done first.
                .. faults
                    .GroupBy(found => found.Fault, found => found.Place)
                    .OrderBy(found => found.Min())
                    .Select(found =>
                        missions[found.Min()] is { } first
                            ? LetterFaults.InLetters(found.Key, first, found.Count(), ofAll)
                            : found.Key),
            ]);
    }

    /// <returns>Null if it costs more than the letter may: it was made once before, in the pre-flight.</returns>
    private static LetterDocument? TryMake(
        Preflight preflight,
        LetterRenderer renderer,
        LetterSource source,
        DocumentVerification code,
        Mission? mission,
        out IReadOnlyList<Finding> faults)
    {
        try
        {
            faults = [];
            return LetterDocument.Of(renderer.Content(mission, preflight.Budget), source, code);
        }
        catch (LetterFaultException unmade)
        {
            faults = unmade.Faults;
            return null;
        }
    }

    private static IEnumerable<Mission> Recipients(Preflight preflight, string language)
    {
        var translated = preflight.Translations.Select(translation => translation.Language).ToList();
        return preflight.Roster.Where(mission =>
            LetterLanguages.Of(mission, preflight.Letter.Language, translated).Letters.Contains(language));
    }

    private static TypesetJob Job(Preflight preflight, LetterDocument document) => new(
        preflight.Templates!.Files[TemplateFiles.Document],
        $"templates/{preflight.Templates.Name}/{TemplateFiles.Document}",
        document,
        (preflight.Images ?? []).ToDictionary(image => image.Name, image => image.Content));

    private static LetterPdf Pdf(
        LetterSource authentic,
        string language,
        Mission? mission,
        ReadOnlyMemory<byte> bytes) => new(
        LetterPdf.NameOf(authentic, language),
        language,
        mission?.Id,
        bytes.Length,
        Sha256Hex.Of(bytes.Span));

    private static Finding Explain(
        TypesetProblem problem,
        LetterDocument document,
        LetterSource source,
        TemplateSet templates) =>
        problem.Image is { } image ? LetterFaults.ImageNotReadable(source.File, image)
        : TooWide().Match(problem.Words) is { Success: true } found
            ? LetterFaults.TableWiderThanPage(
                PlaceOf(int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture), document, source))
        : LetterFaults.DocumentNotTypeset(
            Location.In($"templates/{templates.Name}/{TemplateFiles.Document}", problem.Line),
            problem.Words);

    /// <summary>
    /// The place of a table in the letter: the line of its first row, found by the words in it. The whole file if
    /// fields make up that row, because its words are then not in the source.
    /// </summary>
    private static Location PlaceOf(int number, LetterDocument document, LetterSource source)
    {
        var tables = Tables(document.Body).ToList();
        if (tables.Find(table => table.Number == number) is not { } wide)
            return Location.In(source.File);
        // NoBreakSpaces has put no-break spaces into the words of the document.
        var lines = source
            .Body.Replace('\u00A0', ' ')
            .Split('\n')
            .Index()
            .Where(line =>
                line.Item.Contains('|') && Words(wide).All(word => line.Item.Contains(word, StringComparison.Ordinal)));
        // Tables of one kind often have the same head: take the line that is as many places down as this table.
        var before = tables.TakeWhile(table => table != wide).Count(table => Words(table).SequenceEqual(Words(wide)));
        return lines
            .Skip(before)
            .Select(line => Location.In(source.File, source.BodyLine + line.Index))
            .FirstOrDefault(Location.In(source.File));

        static IEnumerable<string> Words(TableOfCells table) =>
            table.Rows[0].SelectMany(cell => cell).Select(run => run.Text.Replace('\u00A0', ' ').Trim());
    }

    private static IEnumerable<TableOfCells> Tables(IEnumerable<DocumentBlock> blocks) =>
        blocks.SelectMany(block =>
            block switch
            {
                TableOfCells table => [table],
                ItemList list => list.Items.SelectMany(Tables),
                Quotation quotation => Tables(quotation.Blocks),
                _ => [],
            });

    private static Location PlaceOf(string character, LetterSource source, Mission? mission)
    {
        var line = Array.FindIndex(source.Body.Split('\n'), line => line.Contains(character, StringComparison.Ordinal));
        return line >= 0 ? Location.In(source.File, source.BodyLine + line)
            : source.Enclosures.FirstOrDefault(enclosure =>
                enclosure.Title.Contains(character, StringComparison.Ordinal))
                is { } entry
                ? source.LocationOf(entry, "title")
            : source.Particulars
                .FirstOrDefault(particular => particular.Text.Contains(character, StringComparison.Ordinal))
                .Field
                is { } field
                ? Location.In(source.File, field: field)
            : mission is not null
            && $"{mission.Head?.FormOfAddress}{mission.Head?.Name}{mission.HeadTitle}{mission.NameIn(source.Language)}{mission.TitleIn(source.Language)}".Contains(
                character,
                StringComparison.Ordinal)
                ? Location.InWords($"The register of missions, {mission.Name}")
            : Location.In(source.File);
    }

    [GeneratedRegex("table-too-wide:([0-9]+)")]
    private static partial Regex TooWide();
}
