using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Desk;

/// <summary>A file that a person chose: it came within the form, or in parts before it.</summary>
/// <param name="Name">Without the folders that old browsers send, in the form that every system shares (NFC).</param>
/// <param name="Length">In bytes.</param>
/// <param name="Form">Null where it came in parts.</param>
/// <param name="Staged">Null where it came within the form.</param>
internal sealed record ChosenFile(string Name, long Length, IFormFile? Form, StagedFile? Staged);

/// <summary>
/// The files of a form (<see cref="DeskForm"/>). A page with its script sends them in parts before the form
/// (<see cref="PartEndpoints"/>), and the form then names them; without scripts the form holds them.
/// </summary>
internal static class ChosenFiles
{
    /// <summary>The form's field that names a file sent before it, as <c>SHA-256:length:name</c>.</summary>
    public const string Field = "staged";

    private const int LongestHash = 64;

    /// <param name="field">The name of the form's file field.</param>
    /// <param name="person">Who sends the form: files that another person sent in parts are not theirs.</param>
    public static async Task<IReadOnlyList<ChosenFile>> Of(
        HttpRequest request,
        string field,
        Person person,
        CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        var within = form
            .Files.Where(file => file.Name == field && file.FileName.Length > 0)
            .Select(file => new ChosenFile(NameOf(file.FileName), file.Length, file, null))
            .ToList();
        // Who chose files anew means those, and not the ones an earlier press had sent.
        return within is [] ? [.. form[Field].Select(entry => Read(entry ?? "", person)).OfType<ChosenFile>()] : within;
    }

    /// <summary>The values by which a form that is shown again names the files that came in parts.</summary>
    public static IReadOnlyList<string> Entries(IEnumerable<ChosenFile> files) =>
        [
            .. files
                .Where(file => file.Staged is not null)
                .Select(file =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{file.Staged!.Sha256}:{file.Staged.Length}:{file.Name}")),
        ];

    /// <summary>The names of the files that such values name.</summary>
    public static IEnumerable<string> Names(IEnumerable<string> entries) =>
        entries.Select(entry => UnsafeCharacters.Briefly(entry.Split(':', 3)[^1]));

    /// <summary>A SHA-256 hash and a length as an address or a form has them; null where they are none.</summary>
    public static StagedFile? Staged(string sha256, string length, Person person) =>
        // It becomes a part of a blob's name, so nothing but a hash may be in it.
        sha256.Length == LongestHash
        && sha256.All(char.IsAsciiHexDigitLower)
        && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new(person, sha256, bytes)
            : null;

    // Old browsers send the whole path, on Windows with its own separators.
    private static string NameOf(string path) => FileNames.AsRead(path.Split('/', '\\')[^1]);

    private static ChosenFile? Read(string entry, Person person) =>
        // Three pieces at the most: the name comes last, and may have colons of its own.
        entry.Split(':', 3) is [var hash, var length, { Length: > 0 } name]
        && Staged(hash, length, person) is { } staged
            ? new(NameOf(name), staged.Length, null, staged)
            : null;
}

/// <summary>
/// Chosen files, all of them whole and at hand: nothing of an upload is stored before the last of its files has been
/// read and held against its hash.
/// </summary>
internal sealed class OpenFiles : IAsyncDisposable
{
    private readonly List<Stream> streams = [];

    /// <summary>In the order in which they were asked for; empty where one is not whole.</summary>
    public IReadOnlyList<Stream> Streams => streams;

    /// <summary>Sentences that name each file that is not whole, and what to do; empty where all are.</summary>
    public List<Phrase> Problems { get; } = [];

    /// <summary>Opens the files, those that came in parts put together and held against their hashes.</summary>
    /// <returns>To be disposed of; with <see cref="Problems"/> where a file is not whole.</returns>
    public static async Task<OpenFiles> Open(
        IEnumerable<ChosenFile> files,
        StagedFiles staged,
        CancellationToken cancellation)
    {
        var open = new OpenFiles();
        foreach (var file in files)
        {
            if (file.Staged is null)
            {
                open.streams.Add(file.Form!.OpenReadStream());
                continue;
            }

            // On disk: several files of many megabytes each are open at the same time.
            var content = TemporaryFiles.Open();
            open.streams.Add(content);
            var name = UnsafeCharacters.Briefly(file.Name);
            switch (await staged.Assemble(file.Staged, content, cancellation))
            {
                case StagedOutcome.Incomplete:
                    open.Problems.Add(
                        Phrase.Say($"{name} has not arrived whole, or was uploaded already from another page: choose the files again."));
                    break;
                case StagedOutcome.Changed:
                    open.Problems.Add(Phrase.Say($"{name} changed while it was being sent: choose the files again."));
                    break;
            }
        }

        return open;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }
}
