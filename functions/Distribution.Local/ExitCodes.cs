using Distribution.Letters.Typesetting;
using Distribution.Mail;
using Distribution.Storage;
using Microsoft.AspNetCore.Connections;

namespace Distribution.Local;

/// <summary>The one place where an exception becomes a sentence and an exit code.</summary>
internal static class ExitCodes
{
    public const int Faulted = 1;

    /// <summary>The exit code shells use for a program stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <param name="url">Where the pages were to be served.</param>
    /// <param name="data">The folder for the details of an unexpected exception.</param>
    /// <returns>
    /// The exit code of <paramref name="run"/>, or that of its exception, which is reported on
    /// <paramref name="error"/>.
    /// </returns>
    public static async Task<int> Run(
        Uri url,
        string data,
        TextWriter error,
        Func<Task<int>> run,
        CancellationToken cancellation)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before the end.");
            return Interrupted;
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync(Sentence(fault, url, data));
            return Faulted;
        }
    }

    private static string Sentence(Exception fault, Uri url, string data) => fault switch
    {
        // First: a full disk shows itself as any of the others. What is a sentence already may say it better.
        _ when fault is not LocalFaultException && DiskSpace.Lacking(data) is { } full => full,
        LocalFaultException or SenderFaultException or TypesetterException => fault.Message,
        // Another program took the port between the look at it and the start of the server.
        IOException { InnerException: AddressInUseException } => ServedAddress.Taken(url).Message,
        _ when StorageFailures.IsStorages(fault) =>
            $"The storage account, or the storage emulator on this machine, failed in the middle of the run. Where letters were leaving this machine, see in the mail server's log which have left before you start again. {Kept(fault, data)}",
        _ => $"Distribution stopped by a fault of its own: {fault.Message.ReplaceLineEndings(" ")} {Kept(fault, data)}",
    };

    private static string Kept(Exception fault, string folder)
    {
        var file = Path.Combine(folder, "last-fault.txt");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, fault.ToString());
            return $"Start again; if it happens again, report it with the file {file}.";
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return $"Start again; the details could not be kept, for {folder} cannot be written to.";
        }
    }
}
