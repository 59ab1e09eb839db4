using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Intake.Unfinished;

/// <summary>What a letter can be begun from: a process, with its last letter.</summary>
internal sealed record KnownProcess(string Folder, DistributionRecord Last);

/// <summary>
/// Begins letters at the desk: new ones, ones that follow the last letter of a process, and ones from the files of a
/// folder.
/// </summary>
internal sealed class LetterBeginnings(
    UnfinishedLetters letters,
    DistributionRecords distributions,
    FrozenContents contents,
    Drafts drafts,
    TimeProvider clock)
{
    /// <summary>What belongs to one letter alone: the next letter of its process does not take it over.</summary>
    private static readonly LetterKey[] OfOneLetter =
    [
        LetterSchema.Draft, LetterSchema.Sequence, LetterSchema.Date, LetterSchema.Reference, LetterSchema.Subject,
        LetterSchema.EmbargoedUntil, LetterSchema.Translations, LetterSchema.Deadlines, LetterSchema.Meetings,
        LetterSchema.Send, LetterSchema.Remind, LetterSchema.Supersedes, LetterSchema.Correction, LetterSchema.Release,
    ];

    /// <summary>The word for <see cref="FollowUpKind.Withdrawal"/>.</summary>
    private const string Withdrawal = "withdrawal";

    /// <returns>The process with the latest letter first.</returns>
    public async Task<IReadOnlyList<KnownProcess>> Processes(CancellationToken cancellation) =>
    [
        .. (await distributions.All(cancellation))
            .Where(letter => letter.IsLetter && letter.State != DistributionState.Discarded)
            .GroupBy(letter => letter.Folder.Process)
            .Select(process => new KnownProcess(process.Key, process.MaxBy(letter => letter.Sequence)!)),
    ];

    public Task<UnfinishedLetter> Anew(Person by, CancellationToken cancellation) =>
        Add(New(by, "").With(LetterSchema.Sequence.Name, "1"), cancellation);

    /// <param name="process">The folder of a process.</param>
    /// <returns>Null if no letter of it is known.</returns>
    public async Task<UnfinishedLetter?> After(string process, Person by, CancellationToken cancellation)
    {
        if ((await Processes(cancellation)).FirstOrDefault(known => known.Folder == process) is not { } known)
            return null;
        return await Add(await Copy(known.Last, by, cancellation), cancellation);
    }

    /// <summary>A letter that corrects another one: it goes to those that one went to.</summary>
    /// <param name="kind">One of the words of <see cref="LetterSchema.Correction"/>.</param>
    /// <returns>Null if there is no such letter, or no such kind.</returns>
    public async Task<UnfinishedLetter?> Correcting(string id, string kind, Person by, CancellationToken cancellation)
    {
        if (!LetterSchema.Correction.Choices.Contains(kind)
            || await distributions.Find(id, cancellation) is not { IsLetter: true } corrected
            || (await Processes(cancellation)).FirstOrDefault(known => known.Folder == corrected.Folder.Process)
                is not { } process)
            return null;
        var letter = await Copy(corrected, by, cancellation);
        letter = WithMeetings(
            letter,
            (await contents.Find(corrected.Id, cancellation)).Letter,
            isWithdrawn: kind == Withdrawal);
        return await Add(
            letter
                .With(LetterSchema.Supersedes.Name, corrected.Id)
                .With(LetterSchema.Correction.Name, kind)
                // A correction goes to the missions that got what it corrects, and has no audience of its own.
                .With(LetterSchema.Audience.Name, "")
                .With(
                    LetterSchema.Sequence.Name,
                    (process.Last.Sequence + 1).ToString(CultureInfo.InvariantCulture)) with
            {
                Notes =
                [
                    Say($"This corrects {corrected.DraftLabel}, and goes to exactly those that it went to. Say under “What is sent” how this one is called.")
                        .ForRecord
                ],
            },
            cancellation);
    }

    /// <summary>A letter with the text of another one, and all that letters of a process have in common.</summary>
    /// <returns>Null if there is no such letter.</returns>
    public async Task<UnfinishedLetter?> Like(string id, Person by, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { IsLetter: true } former
            || (await Processes(cancellation)).FirstOrDefault(known => known.Folder == former.Folder.Process)
                is not { } process)
            return null;
        var text = (await contents.Find(id, cancellation)).Letter.Body;
        return await Add(
            (await Copy(former, by, cancellation))
                .With(
                    LetterSchema.Sequence.Name,
                    (process.Last.Sequence + 1).ToString(CultureInfo.InvariantCulture)) with
            {
                Text = text,
                Notes =
                [
                    Say($"Text, letterheads, signatories, contact, recipients, language and paper come from {former.DraftLabel}.")
                        .ForRecord
                ],
            },
            cancellation);
    }

    /// <summary>
    /// The meetings that a letter has announced: a correction changes them, and a withdrawal cancels them.
    /// </summary>
    private static UnfinishedLetter WithMeetings(UnfinishedLetter letter, LetterSource corrected, bool isWithdrawn)
    {
        var meetings = corrected.Meetings.Select(meeting =>
            meeting with { IsCancelled = meeting.IsCancelled || isWithdrawn });
        foreach (var (name, value) in LetterFormFields.Of(corrected with { MeetsAt = [.. meetings] }))
            if (name.StartsWith($"{LetterSchema.Meetings.Name}[", StringComparison.Ordinal))
                letter = letter.With(name, value);
        return letter;
    }

    /// <summary>What the letters of a process have in common, as one of them says it.</summary>
    private async Task<UnfinishedLetter> Copy(DistributionRecord from, Person by, CancellationToken cancellation)
    {
        var last = (await contents.Find(from.Id, cancellation)).Letter;
        var letter = New(by, from.Folder.Process);
        foreach (var (name, value) in LetterFormFields.Of(last))
            if (!OfOneLetter.Any(key =>
                name == key.Name
                || name.StartsWith($"{key.Name}.", StringComparison.Ordinal)
                || name.StartsWith($"{key.Name}[", StringComparison.Ordinal)))
                letter = letter.With(name, value);
        letter = letter.With(
            LetterSchema.Sequence.Name,
            (last.Sequence + 1).ToString(CultureInfo.InvariantCulture)) with
        {
            Notes =
            [
                Say($"Letterheads, signatories, contact, recipients, language and paper come from {last.DraftLabel}, the last letter of this process.")
                    .ForRecord
            ],
        };
        foreach (var image in last.Signatures.Concat(last.Emblems))
            letter = await WithFile(
                letter,
                image,
                (await contents.ReadSource(from.Id, image, cancellation)).Content,
                cancellation);
        return letter;
    }

    /// <summary>
    /// Opens the files of a folder, whoever put them there. They stay as they are until the letter is put back.
    /// </summary>
    /// <returns>Null if there is no letter in it.</returns>
    public async Task<UnfinishedLetter?> From(UploadFolder folder, Person by, CancellationToken cancellation)
    {
        if (folder.IsStanding)
            return null;
        var listing = await FolderListing.Now(drafts, folder, cancellation);
        // A second press, or a second person, goes on in the same letter: two would overwrite each other in the folder.
        if ((await letters.All(cancellation))
            .FirstOrDefault(known => known.Folder == folder && known.FolderFiles == listing.Fingerprint) is { } open)
            return open;
        if (listing.Files.FirstOrDefault(file => file.File == BlobNames.Letter) is not { } source
            || source.Length > LetterText.MaxBytes
            || await drafts.Read(source, cancellation) is not { } bytes)
            return null;
        List<IReadOnlyDictionary<string, string>> enclosures = [];
        var letter = New(by, folder.Process) with { Folder = folder, FolderFiles = listing.Fingerprint };
        // It has its own date or none, and not that of today.
        letter = letter.With(LetterSchema.Date.Name, "");
        if (LetterFormFields.Read(BlobNames.Letter, bytes.Span) is { } read)
        {
            enclosures.AddRange(read.Enclosures);
            foreach (var (name, value) in read.Fields)
                letter = letter.With(name, value);
            letter = letter with
            {
                Text = read.Text,
                Notes =
                [
                    Say($"These are the files of {Plain($"{folder}")}. They stay as they are until you press “Check and show”.")
                        .ForRecord,
                    .. LeftOut(bytes.Span, read),
                ],
            };
        }
        else
            letter = letter with
            {
                Text = TextEncoding.Read(bytes.Span) ?? "",
                Notes =
                [
                    Say($"The particulars in letter.md of {Plain($"{folder}")} cannot be told from its text: all of it stands in the text below.")
                        .ForRecord
                ],
            };
        foreach (var file in listing.Files.Where(file => file != source))
            if (file.Length > UploadReading.MostBytes)
                letter = letter with
                {
                    Notes = letter.Notes.Add(
                        Say($"{UnsafeCharacters.Briefly(file.File)} is larger than {Amounts.Size(UploadReading.MostBytes)}, which no letter carries. It is not here, and is deleted from the folder when the letter is put back.")
                            .ForRecord),
                };
            else if (await drafts.Read(file, cancellation) is { } content)
            {
                var named = enclosures.Find(enclosure =>
                    FileNames.AreSame(enclosure.GetValueOrDefault(EnclosureKeys.File.Name, ""), file.File));
                letter = await WithFile(letter, file.File, content, cancellation);
                letter = letter with
                {
                    Files = letter.Files.SetItem(letter.Files.Count - 1, letter.Files[^1] with
                    {
                        Title = named?.GetValueOrDefault(EnclosureKeys.Title.Name) ?? "",
                        Role = named?.GetValueOrDefault(EnclosureKeys.Role.Name) ?? "",
                        Label = named?.GetValueOrDefault(EnclosureKeys.Label.Name) ?? "",
                    }),
                };
            }

        if ((await distributions.All(cancellation))
            .Where(sent => sent.Folder == folder && sent.StandsFirm)
            .MaxBy(sent => sent.Version) is { } released)
            letter = letter with
            {
                Notes = letter.Notes.Add(
                    Say($"{released.DraftLabel} was released from this folder already: what is changed here becomes a second letter to the missions. To put that one right, open its page and send a correction.")
                        .ForRecord),
            };

        // In the order in which the letter names them.
        return await Add(
            letter with
            {
                Files =
                [
                    .. letter.Files.OrderBy(file =>
                        enclosures.FindIndex(enclosure =>
                            FileNames.AreSame(enclosure.GetValueOrDefault(EnclosureKeys.File.Name, ""), file.Name))
                            is >= 0 and var place
                            ? place
                            : int.MaxValue),
                ],
            },
            cancellation);
    }

    /// <summary>What of a letter.md no field holds, a sentence each; nothing where all has one.</summary>
    private static IEnumerable<string> LeftOut(ReadOnlySpan<byte> file, LetterInFields read)
    {
        List<Phrase> notes = [];
        if (read.Unreadable is not [])
            notes.Add(
                Say($"What stands in letter.md under {Keys(read.Unreadable)} cannot be read, and is left out when the letter is put back: type it into its field."));
        if (read.Unknown is not [])
            notes.Add(
                Say($"What stands in letter.md under {Keys(read.Unknown)} has no field here, and is left out when the letter is put back."));
        if (read.Enclosures.Any(enclosure => enclosure.ContainsKey(EnclosureKeys.Sha256.Name)))
            notes.Add(
                Say($"The checksums of files (“sha256”) have no field here, and are left out of letter.md when the letter is put back."));
        var particulars = (TextEncoding.Read(file) ?? "")
            .Split('\n')
            .Skip(1)
            .TakeWhile(line => line.TrimEnd() != "---");
        if (particulars.Any(line => line.TrimStart().StartsWith('#')))
            notes.Add(
                Say($"Comments (lines with “#”) have no field here, and are left out of letter.md when the letter is put back."));
        return notes.Select(note => note.ForRecord);

        static string Keys(IReadOnlyList<string> keys) => string.Join(", ", keys.Take(5).Select(key => $"“{key}”"));
    }

    private UnfinishedLetter New(Person by, string process)
    {
        var now = clock.GetUtcNow();
        return new UnfinishedLetter(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UnfinishedLetter.IdLength / 2)),
            by,
            now,
            by,
            now,
            ImmutableDictionary<string, string>.Empty,
            "",
            [],
            process,
            null,
            [])
            .With(LetterSchema.Date.Name, NewYorkTime.At(now).ToString(DateType.Format, CultureInfo.InvariantCulture));
    }

    private async Task<UnfinishedLetter> WithFile(
        UnfinishedLetter letter,
        string name,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation)
    {
        var file = UnfinishedFiles.Look(name, content);
        // Stored before the letter is on record: one on record always has its files.
        await letters.PutFile(letter.Id, file.Sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
        return letter with { Files = letter.Files.Add(file) };
    }

    private async Task<UnfinishedLetter> Add(UnfinishedLetter letter, CancellationToken cancellation) =>
        (await letters.Add(letter, cancellation)).Value;
}
