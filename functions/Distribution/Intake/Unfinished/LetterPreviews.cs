using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Letters.Settings;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Microsoft.Extensions.Logging;
using static Distribution.Common.Phrase;

namespace Distribution.Intake.Unfinished;

/// <summary>What a look at a letter in the making shows.</summary>
internal abstract record LetterPreview
{
    internal sealed record Shown(ReadOnlyMemory<byte> Pdf) : LetterPreview;

    /// <param name="Found">The findings that keep it from being shown, each with what to do.</param>
    /// <param name="Why">What else does.</param>
    internal sealed record NotYet(IReadOnlyList<string> Found, params IReadOnlyList<Phrase> Why) : LetterPreview;

    /// <summary>The same person has asked for a newer one meanwhile.</summary>
    internal sealed record Overtaken : LetterPreview;

    /// <summary>There is no such letter any more.</summary>
    internal sealed record Gone : LetterPreview;
}

/// <summary>
/// Typesets the letter of one mission as it was saved last, while it is being written. It looks only at what is
/// printed: no enclosure is read, and nothing is checked but what keeps the letter from being printed.
/// </summary>
internal sealed class LetterPreviews(
    UnfinishedLetters letters,
    RegisterInUse registers,
    Templates templates,
    LetterTypesetter typesetter,
    VerificationReferences references,
    ILogger<LetterPreviews> logger)
{
    // Letters that leave are typeset by the same process, and wait for one preview at most.
    private readonly LatestOnly turns = new();

    /// <param name="mission">
    /// What <see cref="Mission.IsCalled"/> takes for a mission; empty for the first one that gets the letter.
    /// </param>
    /// <param name="language">The letter's own, or one it is translated into; empty for its own.</param>
    public async Task<LetterPreview> Make(
        string id,
        string person,
        string mission,
        string language,
        CancellationToken cancellation)
    {
        return await turns.Do<LetterPreview>(
                id,
                person,
                async () => await Make(id, mission, language, cancellation),
                cancellation)
            ?? new LetterPreview.Overtaken();
    }

    /// <summary>An example of one kind of letter, as a template prints it.</summary>
    /// <inheritdoc cref="ExampleLetter.OfKind"/>
    public async Task<LetterPreview> OfKind(
        string template,
        string form,
        string address,
        CancellationToken cancellation)
    {
        var letter = ExampleLetter.OfKind(template, form, address);
        var roster = (await registers.Current(cancellation)).Missions;
        return await turns.Do(
            () => Typeset(letter, letter, template, roster, roster[0], [], cancellation),
            cancellation);
    }

    private async Task<LetterPreview> Make(
        string id,
        string mission,
        string language,
        CancellationToken cancellation)
    {
        if (await letters.Find(id, cancellation) is not { Value: var letter })
            return new LetterPreview.Gone();
        var register = await registers.Current(cancellation);
        var reading = LetterFile.Read(BlobNames.Letter, Encoding.UTF8.GetBytes(letter.File));
        if (reading.Letter is not { } authentic)
            return NotYet(reading.Faults);
        var (source, faults) = await In(language, letter, authentic, cancellation);
        if (source is null)
            return NotYet(faults);
        if (source == authentic && authentic.Enclosures.Any(entry => entry.Role == EnclosureRole.Letter))
            return new LetterPreview.NotYet([], Say($"The letter is sent as a scan, so none is made."));
        var (roster, _) = Audience.Select(register, authentic.Audience, Location.In(BlobNames.Letter));
        var recipient = mission.Length > 0 ? register.Missions.FirstOrDefault(known => known.IsCalled(mission))
            : roster is [var first, ..] ? first
            : register.Missions[0];
        if (recipient is null)
            return new LetterPreview.NotYet(
                [],
                Say($"No mission of the register is called “{UnsafeCharacters.Briefly(mission)}”. Choose one from the list."));
        try
        {
            return await Typeset(
                authentic,
                source,
                id,
                // A mission that does not get the letter sees it as if it did.
                roster.Contains(recipient) ? roster : [.. roster, recipient],
                recipient,
                await Images(letter, authentic, cancellation),
                cancellation);
        }
        catch (LetterFaultException unmade)
        {
            return NotYet(unmade.Faults);
        }
    }

    /// <param name="reference">What the printed reference is made of.</param>
    private async Task<LetterPreview> Typeset(
        LetterSource authentic,
        LetterSource source,
        string reference,
        IReadOnlyList<Mission> roster,
        Mission recipient,
        IReadOnlyList<UploadedFile> images,
        CancellationToken cancellation)
    {
        try
        {
            var preflight = new Preflight(
                IsStanding: false,
                authentic,
                templates.Load(authentic.Template, BlobNames.Letter),
                [.. authentic.Enclosures.Select(entry => new UploadedFile(entry.File, default, ""))],
                roster,
                source == authentic ? [] : [source],
                images);
            var made = await typesetter.TypesetOne(
                preflight,
                source,
                recipient,
                references.For(reference),
                cancellation);
            return made.Letters is [var only] ? new LetterPreview.Shown(only.Bytes) : NotYet(made.Faults);
        }
        catch (LetterFaultException unmade)
        {
            return NotYet(unmade.Faults);
        }
        catch (TypesetterException unavailable)
        {
            logger.LogError(unavailable, "A letter could not be typeset to be looked at");
            return NotYet([LetterFaults.TypesetterUnavailable(authentic.DraftLabel, unavailable)]);
        }
    }

    /// <summary>The letter, or its translation.</summary>
    private async Task<(LetterSource? Source, IReadOnlyList<Finding> Faults)> In(
        string language,
        UnfinishedLetter letter,
        LetterSource authentic,
        CancellationToken cancellation)
    {
        if (language.Length == 0 || language == authentic.Language)
            return (authentic, []);
        // Where there is no such translation, the letter itself is shown.
        if (letter.Beside.FirstOrDefault(file => BlobNames.LanguageOf(file.Name) == language) is not { } file
            || await letters.ReadFile(letter.Id, file.Sha256, cancellation) is not { } bytes)
            return (authentic, []);
        var read = LetterFile.ReadTranslation(
            file.Name,
            language,
            LetterTranslation.Finished(letter, file, bytes),
            authentic);
        return (read.Letter, read.Faults);
    }

    /// <returns>The images that the letter prints: signatures and emblems.</returns>
    /// <exception cref="LetterFaultException">One that it names is not there.</exception>
    private async Task<IReadOnlyList<UploadedFile>> Images(
        UnfinishedLetter letter,
        LetterSource authentic,
        CancellationToken cancellation)
    {
        List<UploadedFile> images = [];
        foreach (var name in authentic.Signatures.Union(authentic.Emblems))
        {
            if (letter.Beside.FirstOrDefault(file => FileNames.AreSame(file.Name, name)) is { } file
                && await letters.ReadFile(letter.Id, file.Sha256, cancellation) is { } bytes)
                images.Add(new(name, bytes, file.Sha256));
            else
                throw new LetterFaultException(LetterFaults.ImageNotReadable(BlobNames.Letter, name));
        }

        return images;
    }

    private static LetterPreview.NotYet NotYet(IReadOnlyList<Finding> faults) =>
        new([.. faults.Where(fault => !fault.IsWarning).Select(fault => $"{fault.Words} {fault.Remedy}")]);
}
