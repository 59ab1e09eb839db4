using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tracking;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Desk;

/// <summary>Gathers what the pages about missions show, and what a search finds.</summary>
internal sealed class MissionPages(
    MissionHistory history,
    MailboxTroubles troubles,
    DistributionRecords distributions,
    DeskActs acts,
    RegisterInUse registers,
    RegisterHistory registerHistory,
    MissionNotes notes,
    MissionProposals proposals,
    TestMessages tests)
{
    /// <summary>How many missions stand on a page of the list.</summary>
    public const int OnePage = 100;

    private const int MostFound = 20;

    private const int MostEdits = 20;

    /// <summary>A longer search is cut: no mission's particulars are longer.</summary>
    private const int LongestSearch = 200;

    /// <summary>A page of the missions of the register in use that the query asks for.</summary>
    public async Task<MissionListView> List(RegisterQuery query, CancellationToken cancellation)
    {
        var marked = await troubles.Recent(cancellation);
        // Null where it cannot be read: the page says so, and everything else of it works.
        if (await history.Register(cancellation) is not { } register)
            return new(query, null, 0, 0, 1, [], [], [], marked);
        var wanted = Words(query.Search);
        var found = register
            .Where(mission =>
                (query.Kind is null || mission.Kind == query.Kind)
                && (query.Language is null || mission.Language == query.Language)
                && (query.Group is null || (mission.Groups ?? []).Contains(query.Group))
                && (!query.Troubled || mission.Mailboxes.Any(mailbox => marked.ContainsKey(mailbox.Address)))
                && Has(mission, wanted))
            .ToList();
        var pages = Math.Max(1, (found.Count + OnePage - 1) / OnePage);
        // An old link may ask for a page that a shorter list no longer has.
        var page = Math.Clamp(query.Page, 1, pages);
        return new(
            query with { Page = page },
            [.. found.Skip((page - 1) * OnePage).Take(OnePage)],
            found.Count,
            register.Count,
            pages,
            [.. register.Select(mission => mission.Language).Distinct().Order(StringComparer.Ordinal)],
            [.. register.SelectMany(mission => mission.Groups ?? []).Distinct().Order(StringComparer.Ordinal)],
            [.. (await history.Former(cancellation)).Where(former => Has(former.Mission, wanted)).Take(MostFound)],
            marked);
    }

    /// <summary>Looks for missions and letters that have all the words.</summary>
    /// <param name="search">As it was typed; null or blank finds nothing.</param>
    public async Task<SearchView> Search(string? search, CancellationToken cancellation)
    {
        var wanted = Words(search ?? "");
        var typed = Cut(search ?? "");
        if (wanted.Count == 0)
            return new("", false, [], 0, [], [], 0);
        var register = await history.Register(cancellation);
        var missions = (register ?? [])
            .Where(mission => Has(mission, wanted))
            // Who types a mission's short name or code means that mission.
            .OrderByDescending(mission => Is(mission, typed))
            .ToList();
        var letters = (await distributions.All(cancellation))
            .Where(letter =>
                Has($"{letter.DraftLabel} {letter.Process} {letter.Subject} {letter.Id} {letter.Folder}", wanted))
            .ToList();
        return new(
            typed,
            register is null,
            [.. missions.Take(MostFound)],
            missions.Count,
            [.. (await history.Former(cancellation)).Where(former => Has(former.Mission, wanted)).Take(MostFound)],
            [.. letters.Take(MostFound)],
            letters.Count);
    }

    /// <param name="before">How many of the latest letters to leave out.</param>
    /// <returns>Null where nobody knows such a mission.</returns>
    public async Task<MissionView?> Of(string id, int before, CancellationToken cancellation)
    {
        if (await history.Of(id, before, cancellation) is not { } record)
            return null;
        var marked = await troubles.Recent(cancellation);
        var uploaded = record.IsRegisterUnreadable ? null : await registers.Uploaded(cancellation);
        return new(
            record,
            [
                .. record.Mission.Mailboxes.Select(mailbox => marked.GetValueOrDefault(mailbox.Address))
                    .OfType<MailboxTrouble>(),
            ],
            await acts.About(id, MissionEditEndpoints.Act, MostEdits, cancellation),
            await registerHistory.Of(id, cancellation),
            await notes.Of(id, cancellation),
            await tests.Of(id, cancellation))
        {
            Testable = record.Registered is { } mission ? TestMessageEndpoints.Mailboxes(mission, uploaded) : [],
            Waiting = uploaded is { State: UploadedRegisterState.Waits, EditedMission: { } edited } && edited == id
                ? Phrase.Sentences(uploaded.Reasons)
                : null,
            IsProposing = (await proposals.All(cancellation)).Any(mission =>
                mission.MissionId == id && mission.All.Exists(proposal => proposal.IsWaiting)),
        };
    }

    /// <summary>What is looked for: trimmed, and cut to 200 characters.</summary>
    public static string Cut(string search) => TextStart.Of(search.Trim(), LongestSearch);

    private static IReadOnlyList<string> Words(string search) =>
        ProtocolOrder.Key(Cut(search)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool Is(Mission mission, string typed) =>
        string.Equals(mission.Id, typed, StringComparison.OrdinalIgnoreCase)
        || string.Equals(mission.Code, typed, StringComparison.OrdinalIgnoreCase)
        || ProtocolOrder.Key(mission.Name) == ProtocolOrder.Key(typed);

    /// <summary>Compared as names are in protocol order: without accents, case and punctuation.</summary>
    private static bool Has(Mission mission, IReadOnlyList<string> wanted) =>
        wanted.Count == 0
        || Has(
            string.Join(
                ' ',
                (IEnumerable<string?>)
                    [
                        mission.Id,
                        mission.Code,
                        mission.Head?.Name,
                        mission.Telephone,
                        .. mission.Names.Values,
                        .. mission.Titles.Values,
                        .. mission.Mailboxes.Select(mailbox => mailbox.Address),
                    ]),
            wanted);

    private static bool Has(string text, IReadOnlyList<string> wanted)
    {
        var key = ProtocolOrder.Key(text);
        return wanted.All(word => key.Contains(word, StringComparison.Ordinal));
    }
}
