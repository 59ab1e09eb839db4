using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>The result of asking to send a letter to one more mission.</summary>
internal abstract record AddendumResult
{
    /// <summary>Prepared as a distribution that waits for its release on its own page.</summary>
    public sealed record Prepared(string DistributionId) : AddendumResult;

    /// <param name="Words">Why not, and what to do, for the person who asked.</param>
    public sealed record Refused(Phrase Words) : AddendumResult;
}

/// <summary>
/// Prepares an addendum: the same frozen letter for a mission that was added later, for its new mailboxes, or in
/// another language. It is a distribution of its own with its own time, checked and released like any other.
/// </summary>
internal sealed class Addenda(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    Verifications verifications,
    RegisterInUse registers,
    LetterTypesetter printer,
    TimeProvider clock)
{
    /// <param name="missionId">Its id, or what <see cref="Mission.IsCalled"/> takes for it.</param>
    /// <param name="language">The language the mission asks for; null for the mission's own.</param>
    /// <param name="by">Who asks for it, for the record.</param>
    public async Task<AddendumResult> Prepare(
        string distributionId,
        string missionId,
        string? language,
        Person by,
        CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { StandsFirm: true, IsLetter: true } letter)
            return new AddendumResult.Refused(
                Say($"Only a letter that was released, and neither stopped nor superseded, can be sent to one more mission."));
        var register = await registers.Current(cancellation);
        if ((register.Missions.FirstOrDefault(known => known.Id == missionId)
                ?? register.Missions.FirstOrDefault(known => known.IsCalled(missionId))) is not { } mission)
            return new AddendumResult.Refused(
                Say($"The register has no mission “{SingleLine.Of(missionId)}”. Add it there first, then choose it here."));
        var content = await contents.Find(letter.Id, cancellation);
        if (language is not null
            && language != content.Letter.Language
            && content.Translations.All(translation => translation.Language != language))
            return new AddendumResult.Refused(
                Languages.IsOfficial(language)
                    ? Say($"The letter has no translation into {Recorded(Languages.EnglishName(language))}.")
                    : Say($"The letter has no translation into that language."));
        if (language is not null)
            mission = mission with
            {
                // Letters are chosen among the mission's own languages, so the one asked for has to be one of them.
                Language = language,
                OfficialLanguages = [.. mission.OfficialLanguages.Append(language).Distinct()],
            };
        // Those that were replaced or discarded count as well: they keep their numbers, and no id is used twice.
        var earlier = (await distributions.Following(letter.Id, cancellation))
            .Where(other => other.Follows!.Kind == FollowUpKind.Addendum)
            .ToList();
        if (Holds(content, mission))
            return new AddendumResult.Refused(
                Say($"{mission.Said} is on the list already, with the same mailboxes and language. To send its letter once more, open the mission in the list below and choose “Send the letter once more”."));
        foreach (
            var other in earlier.Where(other =>
                other.State is not (DistributionState.Replaced or DistributionState.Discarded)))
            if (Holds(await contents.Find(other.Id, cancellation), mission))
                return new AddendumResult.Refused(
                    Say($"This is prepared already: see the addendum for {mission.Said} below."));
        return await Prepare(
            // The mission is as the register in use has it, and so the record names that register and not the letter's.
            letter with
            {
                RegisterHash = register.Hash,
            },
            content,
            mission,
            earlier.Count + 1,
            by,
            cancellation);
    }

    /// <summary>Whether a distribution already has this mission, with the same mailboxes and languages.</summary>
    private static bool Holds(FrozenContent content, Mission mission) =>
        content.Roster.FirstOrDefault(member => member.Id == mission.Id) is { } member
        && member.Mailboxes.SequenceEqual(mission.Mailboxes)
        && content.LanguagesOf(member) is var had
        && content.LanguagesOf(mission) is var wanted
        && had.Email == wanted.Email
        && wanted.Letters.All(had.Letters.Contains);

    private async Task<AddendumResult> Prepare(
        DistributionRecord letter,
        FrozenContent content,
        Mission mission,
        int number,
        Person by,
        CancellationToken cancellation)
    {
        List<UploadedFile> files = [];
        foreach (var enclosure in content.Enclosures)
            files.Add(
                new(enclosure.File, await contents.ReadEnclosure(letter.Id, enclosure, cancellation), enclosure.Hash));
        var printed = await Print(letter, content, mission, cancellation);
        if (printed.Faults is not [])
            return new AddendumResult.Refused(
                Say($"The letter cannot be made for {mission.Said}. {Plain($"{printed.Faults[0]}")}"));

        var now = clock.GetUtcNow();
        var one = content with
        {
            Roster = [mission],
            Pdfs = [.. printed.Letters.Select(pdf => pdf.Pdf)],
            Follows = new(FollowUpKind.Addendum, letter.Id),
        };
        for (; ; number++)
        {
            var id = $"{letter.Id}-a{number}";
            if (await distributions.Find(id, cancellation) is not null)
                continue;
            var (frozen, isNew) = await contents.Freeze(id, one, new([], files, printed.Letters), cancellation);
            // Freezing keeps what an earlier call, which may have died, stored under this id. If that was for another
            // mission, or for this one as the register had it then, the next number is tried.
            if (!isNew
                && (frozen.Roster[0].Id != mission.Id
                    || MissionDifference.Particulars(frozen.Roster[0], mission) is not []))
                continue;
            // The record comes last: without it nothing is listed or sent, and a call that died in between is made good
            // under the same id by the next one.
            await verifications.AddLetters(id, frozen, cancellation);
            await entries.Freeze(id, frozen, isNew, cancellation);
            await distributions.Add(
                letter.FollowedBy(
                    FollowUpKind.Addendum,
                    id,
                    frozen,
                    new(now, Act.Prepared, by.Name, $"addendum to {letter.Id}")) with
                {
                    Authors = [by],
                    Reminders =
                    [
                        .. letter
                            .Reminders.Where(reminder => reminder.State == ReminderState.Planned)
                            // The id of a reminder is made of the addendum's own id and this number, so it begins at 1
                            // again.
                            .Select((reminder, place) => reminder with { Number = place + 1 }),
                    ],
                },
                cancellation);
            // Only a mark on the letter's page: the addendum is found by what it follows.
            await distributions.Change(
                letter.Id,
                found => found.With(new(now, Act.AddendumPrepared, by.Name, id)),
                cancellation);
            return new AddendumResult.Prepared(id);
        }
    }

    /// <summary>
    /// Gets the letters for the mission. Collective letters are copied; an addressed letter is typeset again with the
    /// mission's address.
    /// </summary>
    private async Task<TypesetLetters> Print(
        DistributionRecord letter,
        FrozenContent content,
        Mission mission,
        CancellationToken cancellation)
    {
        var alone = content with { Roster = [mission] };
        if (content.Letter.Address == AddressForm.Addressed)
            return await printer.Typeset(
                Preflight.Of(alone, await contents.ReadImages(letter.Id, content, cancellation)),
                content.Reference,
                cancellation);
        List<TypesetLetter> letters = [];
        foreach (var pdf in alone.PdfsOf(mission))
            letters.Add(new(pdf, await contents.ReadPdf(letter.Id, pdf, cancellation)));
        return new(letters, []);
    }
}
