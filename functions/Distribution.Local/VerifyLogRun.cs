using System.IO.Compression;
using Distribution.Common;
using Distribution.Local.Screen;
using Distribution.Sending;
using Distribution.Tracking.Log;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>Verifies an exported log offline: needs no storage, no network, and nothing but the file.</summary>
internal static class VerifyLogRun
{
    /// <returns>The exit code: 0 where the log is what was sealed.</returns>
    /// <exception cref="LocalFaultException">The file cannot be read, or is not an exported log.</exception>
    public static async Task<int> Run(VerifyLogOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        var verdict = await Verify(options, cancellation);
        foreach (var fault in verdict.Faults)
            console.Line(fault);
        console.Line(
            $"{EnglishText.Counted(verdict.Links, "link")}, {EnglishText.Counted(verdict.Lines, "fact")}{(verdict.Distribution is { } id ? $", of distribution {id}" : "")}."
        );
        if (verdict.Lines > 0)
            console.Line($"The facts: {EnglishText.Listed([.. FactsBySubject(verdict)])}.");
        if (verdict.Erased is { } erased)
            console.Line($"Personal data: {EnglishText.Counted(verdict.Values, "value")}, {erased} of them erased.");
        if (verdict.Head is { } head)
            console.Line($"Head: {LogHead.Short(head)} ({head})");
        if (verdict.Held is { } held)
            console.Line($"The head you hold is that of link {held} of {verdict.Links}.");
        console.Line(verdict.IsSound
            ? "Sound: nothing was changed, removed, added or moved since it was sealed."
            : "Not sound: this is not what was sealed.");
        return verdict.IsSound ? 0 : ExitCodes.Faulted;
    }

    private static IEnumerable<string> FactsBySubject(LogVerdict verdict) =>
        verdict
            .Subjects.OrderBy(subject => subject.Key)
            .Select(subject =>
                $"{subject.Value} about {subject.Key switch
                {
                    FactSubject.Delivery => "deliveries",
                    FactSubject.Act => "acts",
                    FactSubject.Record => "the record",
                    FactSubject.Acknowledgement => "acknowledgements",
                    FactSubject.Desk => "the desk",
                    FactSubject.Forward => "what was forwarded",
                    var unknown => throw new InvalidOperationException($"There are no words for {unknown}."),
                }}");

    private static async Task<LogVerdict> Verify(VerifyLogOptions options, CancellationToken cancellation)
    {
        const string Remedy = "Give the zip that the audit page offers, or its log.jsonl.";
        try
        {
            await using var file = File.OpenRead(options.File);
            if (!await IsZip(file, cancellation))
                return await LogVerification.Verify(file, null, options.Head, cancellation);
            await using var zip = await ZipArchive.CreateAsync(
                file,
                ZipArchiveMode.Read,
                leaveOpen: true,
                entryNameEncoding: null,
                cancellation);
            if (zip.GetEntry(LogExport.LogName) is not { } entry)
                throw new LocalFaultException($"{options.File} holds no {LogExport.LogName}.", Remedy);
            await using var log = await entry.OpenAsync(cancellation);
            await using var values = zip.GetEntry(LogExport.ValuesName) is { } kept
                ? await kept.OpenAsync(cancellation)
                : null;
            return await LogVerification.Verify(log, values, options.Head, cancellation);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new LocalFaultException(
                $"{options.File} cannot be read: {unreadable.Message.TrimEnd('.')}.",
                Remedy,
                unreadable);
        }
    }

    private static async Task<bool> IsZip(FileStream file, CancellationToken cancellation)
    {
        var start = new byte[2];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        file.Position = 0;
        // By its content and not by its name: mail programs and browsers rename what is saved.
        return read == start.Length && start is [(byte)'P', (byte)'K'];
    }
}
