using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Gathers what leaves to one mission and what was heard of it, and the files of a letter.</summary>
internal sealed class MissionLetterReader(
    DistributionRecords distributions,
    MissionEntries dispatches,
    Acknowledgements acknowledgements,
    Forwards forwards,
    Replies replies,
    Visits visits,
    FrozenLetters letters,
    ReachReader reaches,
    TimeProvider clock)
{
    /// <returns>Everything that leaves to one mission; null where there is no such letter.</returns>
    public async Task<LetterView?> Preview(string id, string mission, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } distribution)
            return null;
        var content = await letters.Content(id, cancellation);
        var place = content.Roster.Index().FirstOrDefault(entry => entry.Item.Id == mission) is { Item: not null } found
            ? found.Index
            : -1;
        if (place < 0)
            return null;
        var shown = content.Roster[place];
        // A reminder is acknowledged under the letter that it reminds of.
        var record = await acknowledgements.Find(distribution.AcknowledgedUnder, mission, cancellation);
        var enclosures = content.Enclosures.Select(enclosure => new AttachmentLine(
            enclosure.File,
            enclosure.Role == EnclosureRole.Letter ? Say($"the signed letter") : Plain(enclosure.Title),
            enclosure.Length,
            Addresses.Enclosure(id, enclosure.File),
            enclosure.Role == EnclosureRole.Letter,
            content.Linked.Contains(enclosure.File)
                ? Say($"{DeskText.Scan(distribution, enclosure)}, too large for mail: linked")
                : DeskText.Scan(distribution, enclosure))).ToList();
        return new(
            distribution,
            shown,
            place > 0 ? content.Roster[place - 1] : null,
            place < content.Roster.Count - 1 ? content.Roster[place + 1] : null,
            content.LanguagesOf(shown).Email,
            await letters.Preview(id, shown, cancellation),
            [
                .. enclosures.Where(enclosure => enclosure.IsLetter),
                .. content
                    .PdfsOf(shown)
                    .Select(pdf => new AttachmentLine(
                        pdf.File,
                        pdf.Language == content.Letter.Language
                            ? Say($"the letter")
                            : Say($"the courtesy translation in {DeskText.Language(pdf.Language)}"),
                        pdf.Length,
                        Addresses.LetterPdf(id, mission, pdf.File),
                        IsLetter: true)),
                .. enclosures.Where(enclosure => !enclosure.IsLetter),
            ],
            (await dispatches.Find(id, mission, cancellation)).Value,
            await replies.Of(distribution.AcknowledgedUnder, mission, cancellation),
            record,
            await visits.Find(distribution.AcknowledgedUnder, mission, cancellation),
            record?.Stands is { } stands
                ? AcknowledgementEntry.Of(stands)
                : AcknowledgementEntry.Blank(clock.GetUtcNow()))
        {
            Forwards = (await forwards.Find(id, mission, cancellation))?.All ?? [],
            IsAnswered = (await replies.Answered(distribution.AcknowledgedUnder, cancellation)).Contains(mission),
        };
    }

    /// <returns>A typeset letter as it is attached; null where this mission gets none of that name.</returns>
    public async Task<ReadOnlyMemory<byte>?> Pdf(string id, string mission, string file, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return null;
        var content = await letters.Content(id, cancellation);
        return
            content.Roster.FirstOrDefault(member => member.Id == mission) is { } shown
            && content.PdfsOf(shown).FirstOrDefault(pdf => pdf.File == file) is { } pdf
            ? await letters.Pdf(id, pdf, cancellation)
            : default(ReadOnlyMemory<byte>?);
    }

    /// <returns>An enclosure with its bytes; null where there is none of that name.</returns>
    public async Task<(Enclosure Enclosure, ReadOnlyMemory<byte> Bytes)?> Enclosure(
        string id,
        string file,
        CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is { } distribution
        && distribution.Enclosures.FirstOrDefault(enclosure => enclosure.File == file) is { } found
            ? (found, await letters.Enclosure(id, found, cancellation))
            : null;

    /// <returns>The mission's email, with the link of a proof; null where there is no such letter or mission.</returns>
    public async Task<Letter?> Letter(string id, string mission, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is not null
        && (await letters.Content(id, cancellation)).Roster.FirstOrDefault(candidate => candidate.Id == mission)
            is { } shown
            ? await letters.Preview(id, shown, cancellation)
            : null;

    /// <returns>The delivery log as a file; null where there is no such distribution.</returns>
    public async Task<byte[]?> Log(string id, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is { } distribution
            ? DeliveryLogFile.Write(
                DeliveryLog.Of(
                    [.. (await dispatches.All(id, cancellation)).Select(stored => stored.Value)],
                    (await letters.Content(id, cancellation)).Roster),
                await reaches.Of(distribution, cancellation))
            : null;
}
