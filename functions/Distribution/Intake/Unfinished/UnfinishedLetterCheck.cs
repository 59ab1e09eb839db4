using System.Text;
using Distribution.Common;
using Distribution.Letters.Settings;

namespace Distribution.Intake.Unfinished;

/// <summary>A file as it goes into the folder of its letter.</summary>
internal sealed record FinishedFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>A letter in the making, and what was found in it.</summary>
internal sealed record LetterWithFindings(UnfinishedLetter Letter, IReadOnlyList<Finding> Findings);

/// <summary>
/// Checks a letter in the making as if its files lay in its folder: with the one check of all letters.
/// </summary>
internal sealed class UnfinishedLetterCheck(
    LetterCheck check,
    UnfinishedLetters letters,
    RegisterInUse registers,
    EarlierLetters earlier,
    Uploads uploads,
    DeskHolidays holidays,
    WordConfirmations confirmations,
    Drafts drafts)
{
    // A check typesets a letter, which others wait for.
    private readonly LatestOnly turns = new();

    /// <summary>
    /// The findings in a letter as it was saved last, while somebody writes it. A person who asks again gets no answer
    /// to the request before.
    /// </summary>
    /// <returns>Null where there is no answer: it was overtaken, or the letter or a file of it is gone.</returns>
    public Task<LetterWithFindings?> WhileTyping(string id, string person, CancellationToken cancellation) =>
        turns.Do(
            id,
            person,
            async () =>
            {
                if (await letters.Find(id, cancellation) is not { Value: var saved })
                    return null;
                var letter = CoverLetterFields.WithoutWhatTheLetterHas(saved);
                return await Files(letter, cancellation) is not { } files
                    ? null
                    : await Check(letter, files, cancellation) switch
                    {
                        CheckResult.Refused refused => new LetterWithFindings(letter, refused.Faults),
                        CheckResult.Sound sound => new LetterWithFindings(letter, sound.Letter.Warnings),
                        _ => new LetterWithFindings(letter, []),
                    };
            },
            cancellation);

    /// <summary>The files of its folder; null if one is gone, because the letter was discarded meanwhile.</summary>
    public async Task<IReadOnlyList<FinishedFile>?> Files(UnfinishedLetter letter, CancellationToken cancellation)
    {
        List<FinishedFile> files = [];
        foreach (var file in letter.Beside)
        {
            if (await letters.ReadFile(letter.Id, file.Sha256, cancellation) is not { } content)
                return null;
            files.Add(new(file.Name, LetterTranslation.Finished(letter, file, content)));
        }

        return [.. files, new(BlobNames.Letter, Encoding.UTF8.GetBytes(letter.File))];
    }

    public async Task<CheckResult> Check(
        UnfinishedLetter letter,
        IReadOnlyList<FinishedFile> files,
        CancellationToken cancellation)
    {
        var folder = letter.Target;
        // A new letter never takes the place of files that others have put there.
        if (letter.Folder is null && (await FolderListing.Now(drafts, folder, cancellation)).Files.Count > 0)
            return new CheckResult.Refused([UnfinishedLetterFaults.FolderTaken($"{folder}", letter.Called)]);
        var listed = files
            .Select(file => (
                File: file,
                Listed: new DraftFile(
                    BlobNames.Of(folder, file.Name),
                    // In place of an ETag: the same bytes are the same version.
                    Sha256Hex.Of(file.Content.Span),
                    file.Content.Length)))
            .ToList();
        return await check.Check(
            new(
                new(folder, [.. listed.Select(file => file.Listed)], null),
                (wanted, _) =>
                    Task.FromResult<ReadOnlyMemory<byte>?>(listed.First(file => file.Listed == wanted).File.Content),
                await registers.Current(cancellation),
                earlier)
            {
                Versions = (await uploads.Find(folder, cancellation))?.Value.Versions ?? [],
                // One shows whether the letter can be typeset; what is wrong is found in all of them.
                TypesetAtMost = 1,
                Days = await holidays.Now(cancellation),
                ConfirmedWords = await confirmations.All(cancellation),
            },
            cancellation);
    }
}
