using Microsoft.Extensions.Options;

namespace Distribution.Web;

/// <summary>Gathers what the desk's pages show.</summary>
internal sealed class DeskReader(
    Distributions distributions,
    Dispatches dispatches,
    Uploads uploads,
    Notices notices,
    Acknowledgements acknowledgements,
    RegisterDesk registers,
    Replies replies,
    Visits visits,
    FrozenLetters letters,
    IOptions<IntakeSettings> intake,
    TimeProvider clock)
{
    public async Task<OverviewView> Overview(CancellationToken cancellation)
    {
        var views = (await uploads.All(cancellation)).Select(upload => View(upload.Value)).ToList();
        List<OverviewLine> lines = [];
        // What follows a letter stands on the letter's page; here only while a person may have to see to it.
        foreach (var distribution in (await distributions.All(cancellation)).Where(found => found.IsLetter || found.State is DistributionState.AwaitingRelease or DistributionState.Paused))
            lines.Add(new(distribution, await Accountable(distribution, cancellation)));
        return new(
            await notices.All(cancellation),
            await replies.CountWaiting(cancellation),
            [.. views.Where(view => view.Upload.State == UploadState.Waiting)],
            [.. views.Where(view => view.Upload.State == UploadState.Rejected)],
            lines);
    }

    /// <param name="folder">As a person finds it: <c>gcm/draft-rev-1</c>.</param>
    public async Task<UploadView?> Upload(string folder, CancellationToken cancellation) =>
        (await uploads.All(cancellation)).FirstOrDefault(upload => upload.Value.Folder.ToString() == folder) is { } found ? View(found.Value) : null;

    /// <param name="mission">Whose letter to show; the first mission's where it names none on the roster.</param>
    public async Task<StatusView?> Status(string id, MissionFilter filter, string? mission, string? late, CancellationToken cancellation)
    {
        var all = await distributions.All(cancellation);
        if (all.FirstOrDefault(found => found.Id == id) is not { } distribution)
            return null;
        var content = await letters.Content(id, cancellation);
        var byMission = (await dispatches.All(id, cancellation)).ToDictionary(stored => stored.Value.MissionId, stored => stored.Value);
        var acknowledged = await acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        var answered = await replies.Answered(distribution.AcknowledgedUnder, cancellation);
        var shown = content.Roster.FirstOrDefault(candidate => candidate.Id == mission) ?? content.Roster[0];
        return new(
            distribution,
            !distribution.IsLetter ? [] : [.. all.Where(other => other.Folder == distribution.Folder && other.Id != id && other.IsLetter).OrderByDescending(other => other.Version)],
            DateOnly.FromDateTime(NewYork.At(distribution.PreparedAt).DateTime),
            [.. content.Roster.Select(member => Line(member, byMission.GetValueOrDefault(member.Id), acknowledged.GetValueOrDefault(member.Id)?.Stands) with { IsAnswered = answered.Contains(member.Id) })],
            filter,
            shown,
            await letters.Preview(id, shown, cancellation),
            content.Letter,
            [.. content.Roster.GroupBy(member => string.Join(' ', content.LanguagesOf(member).Letters.Prepend(content.LanguagesOf(member).Email)))
                .Select(group => new LanguageGroup(content.LanguagesOf(group.First()).Email, content.LanguagesOf(group.First()).Letters, [.. group]))
                .OrderByDescending(group => group.Missions.Count)],
            content.Pdfs,
            new(
                distribution,
                all.FirstOrDefault(other => other.Id == distribution.Follows?.Of),
                [.. all.Where(other => other.Follows?.Of == id).Reverse()],
                (await registers.Current(cancellation)).Missions,
                [content.Letter.Language, .. content.Translations.Select(translation => translation.Language)],
                byMission.Values.Count(dispatch => dispatch.State.IsReached && acknowledged.GetValueOrDefault(dispatch.MissionId)?.Stands is null && !answered.Contains(dispatch.MissionId)),
                byMission.Values.Count(dispatch => dispatch.State is DeliveryState.Bounced or DeliveryState.Failed)),
            late);
    }

    /// <returns>Everything that leaves to one mission; null where there is no such letter.</returns>
    public async Task<LetterView?> Preview(string id, string mission, string? late, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } distribution)
            return null;
        var content = await letters.Content(id, cancellation);
        var place = content.Roster.Index().FirstOrDefault(entry => entry.Item.Id == mission) is { Item: not null } found ? found.Index : -1;
        if (place < 0)
            return null;
        var shown = content.Roster[place];
        var record = await acknowledgements.Find(distribution.AcknowledgedUnder, mission, cancellation);
        var enclosures = content.Enclosures.Select(enclosure => new AttachmentLine(
            enclosure.File,
            enclosure.Role == EnclosureRole.Letter ? "the signed letter" : enclosure.Title,
            enclosure.Length,
            Addresses.Enclosure(id, enclosure.File),
            enclosure.Role == EnclosureRole.Letter,
            Say.Scan(distribution.ScanOf(enclosure)))).ToList();
        return new(
            distribution,
            shown,
            place > 0 ? content.Roster[place - 1] : null,
            place < content.Roster.Count - 1 ? content.Roster[place + 1] : null,
            content.LanguagesOf(shown).Email,
            await letters.Preview(id, shown, cancellation),
            [
                .. enclosures.Where(enclosure => enclosure.IsLetter),
                .. content.PdfsOf(shown).Select(pdf => new AttachmentLine(
                    pdf.File,
                    pdf.Language == content.Letter.Language ? "the letter" : $"the courtesy translation in {Languages.EnglishName(pdf.Language)}",
                    pdf.Length,
                    Addresses.LetterPdf(id, mission, pdf.File),
                    IsLetter: true)),
                .. enclosures.Where(enclosure => !enclosure.IsLetter),
            ],
            (await dispatches.Find(id, place + 1, cancellation)).Value,
            await replies.Of(distribution.AcknowledgedUnder, mission, cancellation),
            late,
            record,
            await visits.Find(distribution.AcknowledgedUnder, mission, cancellation),
            record?.Stands is { } stands ? AcknowledgementEntry.Of(stands) : AcknowledgementEntry.Blank(clock.GetUtcNow()))
        {
            IsAnswered = (await replies.Answered(distribution.AcknowledgedUnder, cancellation)).Contains(mission),
        };
    }

    /// <returns>A typeset letter as it is attached; null where this mission gets none of that name.</returns>
    public async Task<ReadOnlyMemory<byte>?> Pdf(string id, string mission, string file, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return null;
        var content = await letters.Content(id, cancellation);
        return content.Roster.FirstOrDefault(member => member.Id == mission) is { } shown && content.PdfsOf(shown).FirstOrDefault(pdf => pdf.File == file) is { } pdf
            ? await letters.Pdf(id, pdf, cancellation)
            : default(ReadOnlyMemory<byte>?);
    }

    /// <returns>An enclosure with its bytes; null where there is none of that name.</returns>
    public async Task<(Enclosure Enclosure, ReadOnlyMemory<byte> Bytes)?> Enclosure(string id, string file, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is { } distribution && distribution.Enclosures.FirstOrDefault(enclosure => enclosure.File == file) is { } found
            ? (found, await letters.Enclosure(id, found, cancellation))
            : null;

    public async Task<Letter?> Letter(string id, string mission, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is not null
            && (await letters.Content(id, cancellation)).Roster.FirstOrDefault(candidate => candidate.Id == mission) is { } shown
                ? await letters.Preview(id, shown, cancellation)
                : null;

    public async Task<IReadOnlyList<LogLine>?> Log(string id, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is not null
            ? DeliveryLog.Of(
                [.. (await dispatches.All(id, cancellation)).Select(stored => stored.Value)],
                (await letters.Content(id, cancellation)).Roster)
            : null;

    private UploadView View(Upload upload) => new(upload, upload.FirstSeen + intake.Value.WaitFor);

    /// <summary>Only a distribution on its way has to be counted.</summary>
    private async Task<int> Accountable(Distribution distribution, CancellationToken cancellation) => distribution.State switch
    {
        DistributionState.Complete => distribution.MissionCount,
        DistributionState.Released or DistributionState.Sending or DistributionState.Paused or DistributionState.Withdrawn =>
            (await dispatches.Count(distribution.Id, cancellation)).Where(count => count.Key.IsAccountable).Sum(count => count.Value),
        _ => 0,
    };

    private static MissionLine Line(Mission mission, Dispatch? dispatch, Acknowledgement? acknowledgement) => dispatch switch
    {
        { Attempts: [.., var last] } => new(
            mission,
            dispatch.ToldState,
            [.. last.Mailboxes.Select(delivery => new MailboxLine(delivery.Mailbox, delivery.State, delivery.Telling))],
            dispatch.IsOpen ? dispatch.NotBefore : null,
            acknowledgement),
        _ => new(
            mission,
            dispatch?.State ?? DeliveryState.Pending,
            [.. mission.Mailboxes.Select(mailbox => new MailboxLine(mailbox, null, null))],
            null,
            acknowledgement),
    };
}
