using System.Collections.ObjectModel;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>The content of an upload folder, read but not yet checked.</summary>
internal abstract record UploadReading
{
    /// <summary>
    /// More than any mail server takes, in bytes: if the files that the letter names are larger together, none is read.
    /// </summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <param name="listing">The folder, as listed.</param>
    /// <param name="today">Today in New York: the date of a standing letter that gives none.</param>
    /// <param name="days">Which days are working days.</param>
    /// <param name="budget">The processor time that reading the letter and its translations may take.</param>
    /// <param name="open">Reads the listed version of a file; null if it was changed or deleted since.</param>
    public static async Task<UploadReading> Of(
        FolderListing listing,
        DateOnly today,
        WorkingDays days,
        RenderBudget budget,
        Func<DraftFile, CancellationToken, Task<ReadOnlyMemory<byte>?>> open,
        CancellationToken cancellation)
    {
        var (folder, files, standing) = (listing.Folder, listing.Files, listing.Standing);
        var names = files.Select(file => BlobNames.Place(file.Name)).ToList();
        List<Finding> faults =
        [
            .. names.SelectMany(name => name.Faults),
            .. BlobNames.Alike(standing is null ? files : [.. files, standing]).Select(IntakeFaults.NamesAlike),
        ];
        var letterName = folder.IsStanding ? BlobNames.StandingLetter : BlobNames.Letter;
        if ((folder.IsStanding ? standing : Find(letterName)) is not { } letterFile)
        {
            if (!folder.IsStanding
                && MisnamedFiles.Letter($"{folder}", [.. files.Select(file => file.File)]) is { } misnamed)
                faults.Add(misnamed);
            return faults is [] ? new Waits([letterName]) : new Faulty(faults);
        }

        if (letterFile.Length > LetterText.MaxBytes)
            return new Faulty([
                .. faults,
                LetterFaults.LetterTooLarge(letterName, letterFile.Length, LetterText.MaxBytes),
            ]);
        if (await open(letterFile, cancellation) is not { } letterBytes)
            return new Changed();

        var reading = Within(
            budget,
            () =>
                folder.IsStanding
                    ? LetterFile.ReadStanding(letterName, letterBytes, folder.Revision, today, days)
                    : LetterFile.Read(letterName, letterBytes, days));
        faults.AddRange(reading.Faults);
        if (budget.IsSpent)
            return new Faulty([.. faults, LetterFaults.TooSlow(Location.In(letterName), budget.Allowed)]);
        if (reading.Letter is not { } letter)
            return new Faulty([
                .. faults,
                .. await OfFilesAlone(files.Where(file => file != letterFile), open, cancellation),
            ]);

        var enclosureNames = letter.Enclosures.Select(entry => entry.File).ToList();
        var translationNames = folder.IsStanding ? [] : TranslationNames(names, letter, faults);
        List<string> imageNames = [.. letter.Signatures.Union(letter.Emblems)];
        List<string> named = [.. enclosureNames, .. translationNames, .. imageNames];
        var missing = named.Where(file => Find(file) is null).ToList();
        faults.AddRange(
            missing.Select(file => Misnamed(letter, file, files, named)).OfType<Finding>());
        faults.AddRange(MisnamedFiles.Translations(Unnamed()));
        if (missing is not [])
            // Faults are reported at once, whatever file is still to come.
            return faults.Exists(fault => !fault.IsWarning)
                ? new Faulty(faults)
                : new Waits(missing)
                {
                    Near = MisnamedFiles.Near(
                        missing,
                        [.. files.Select(file => file.File)],
                        [.. named, letterName])
                };
        if (named.Sum(file => Find(file)!.Length) is > MostBytes and var bytes)
            return new Faulty([.. faults, IntakeFaults.TooLargeToRead(letterName, bytes, MostBytes)]);

        List<UploadedFile> read = [];
        foreach (var name in named)
        {
            if (await open(Find(name)!, cancellation) is not { } content)
                return new Changed();
            read.Add(Uploaded(name, content));
        }

        // In the order of the names: enclosures, translations, images.
        var translations = read[enclosureNames.Count..]
            [..translationNames.Count]
            .Select(file =>
                Within(
                    budget,
                    () =>
                        LetterFile.ReadTranslation(
                            file.Name,
                            BlobNames.LanguageOf(file.Name)!,
                            file.Content,
                            letter)))
            .ToList();
        var images = read[^imageNames.Count..];
        faults.AddRange(translations.SelectMany(translation => translation.Faults));
        faults.AddRange(
            images.Where(image => letter.Signatures.Contains(image.Name)).SelectMany(SignatureImage.Check));
        faults.AddRange(images.Where(image => letter.Emblems.Contains(image.Name)).SelectMany(EmblemImage.Check));
        return new Whole(
            letter,
            [.. translations.Select(translation => translation.Letter).OfType<LetterSource>()],
            read[..enclosureNames.Count],
            images,
            [Uploaded(letterName, letterBytes), .. read[enclosureNames.Count..]],
            ContentHash.Of(letterBytes, read),
            faults,
            [
                .. Unnamed().Take(LetterFaults.Most).Select(name => IntakeFaults.NotNamedInLetter(name, letterName)),
                .. listing.LeftOut is []
                    ? []
                    : (Finding[])
                    [
                        IntakeFaults.FilesLeftOut($"{folder}", [.. listing.LeftOut.Select(file => file.File)])
                    ],
            ]);

        // In a standing folder each file is a draft of its own.
        IEnumerable<string> Unnamed() => folder.IsStanding ? [] : names
            .Select(name => name.File!)
            .Where(name => name != letterName && !named.Any(file => FileNames.AreSame(file, name)));

        DraftFile? Find(string name) => files.FirstOrDefault(file => FileNames.AreSame(file.File, name));
    }

    /// <summary>Why a file that the letter names will not come; null if it may.</summary>
    private static Finding? Misnamed(
        LetterSource letter,
        string name,
        IReadOnlyList<DraftFile> files,
        IReadOnlyList<string> named)
    {
        var (place, key) = letter.Enclosures.FirstOrDefault(entry => entry.File == name) is { } entry
            ? (letter.LocationOf(entry, "file"), "file")
            : BlobNames.LanguageOf(name) is null
                ? letter.Signatures.Contains(name)
                    ? (Location.In(letter.File, field: "signatories"), "signature")
                    : (Location.In(letter.File, field: letter.Sender is null ? "signatories" : "sender"), "emblem")
                : (Location.In(name), default(string));
        return ToolFiles.Is(name)
            ? IntakeFaults.ToolFileNamed(place, name)
            : MisnamedFiles.Reference(place, key, name, files, named);
    }

    private static T Within<T>(RenderBudget budget, Func<T> read)
    {
        using var time = budget.Begin();
        return read();
    }

    /// <summary>
    /// The files of the letter's courtesy translations, uploaded or still to come, in the order of the languages.
    /// </summary>
    private static List<string> TranslationNames(
        IReadOnlyList<BlobPlace> files,
        LetterSource letter,
        List<Finding> faults)
    {
        List<string> found = [];
        foreach (var file in files.Select(place => place.File).OfType<string>())
        {
            if (BlobNames.LanguageOf(file) is not { } language)
                continue;
            if (!Languages.IsOfficial(language))
                faults.Add(IntakeFaults.TranslationLanguageUnknown(file, language));
            else if (language == letter.Language)
                faults.Add(LetterFileFaults.TranslationIntoItself(Location.In(file), language));
            else
                found.Add(language);
        }

        var wanted = letter.AwaitedTranslations ?? found;
        return [.. Languages.Official.Where(wanted.Contains).Select(BlobNames.TranslationIn)];
    }

    /// <summary>
    /// Faults of the files that do not depend on the letter, so that all faults are reported at once.
    /// </summary>
    private static async Task<IReadOnlyList<Finding>> OfFilesAlone(
        IEnumerable<DraftFile> files,
        Func<DraftFile, CancellationToken, Task<ReadOnlyMemory<byte>?>> open,
        CancellationToken cancellation)
    {
        List<Finding> faults = [];
        // Its translations and its emblem are no enclosures.
        foreach (
            var file in files.Where(file =>
                file.Length <= MostBytes
                && BlobNames.LanguageOf(file.File) is null
                && FileTypes.ExtensionOf(file.File) != "svg"))
            if (await open(file, cancellation) is { } content)
                faults.AddRange(EnclosureCheck.OfFile(new(file.File, content, "")));
        return faults;
    }

    private static UploadedFile Uploaded(string name, ReadOnlyMemory<byte> content) =>
        new(name, content, Sha256Hex.Of(content.Span));

    /// <summary>A file changed while it was read; its own event starts another examination.</summary>
    internal sealed record Changed : UploadReading;

    internal sealed record Waits(IReadOnlyList<string> For) : UploadReading
    {
        /// <inheritdoc cref="CheckResult.Waits.Near"/>
        public IReadOnlyDictionary<string, string> Near { get; init; } = ReadOnlyDictionary<string, string>.Empty;
    }

    internal sealed record Faulty(IReadOnlyList<Finding> Faults) : UploadReading;

    /// <summary>Everything the letter names is there.</summary>
    /// <param name="Enclosures">In the letter's order.</param>
    /// <param name="Images">The images of the signatures and the emblems.</param>
    /// <param name="Sources">The letter itself, its translations and images.</param>
    /// <param name="Faults">Faults found while reading.</param>
    /// <param name="Unnamed">A warning for each file the letter does not name, and a note of what was left out.</param>
    internal sealed record Whole(
        LetterSource Letter,
        IReadOnlyList<LetterSource> Translations,
        IReadOnlyList<UploadedFile> Enclosures,
        IReadOnlyList<UploadedFile> Images,
        IReadOnlyList<UploadedFile> Sources,
        string ContentHash,
        IReadOnlyList<Finding> Faults,
        IReadOnlyList<Finding> Unnamed) : UploadReading;
}
