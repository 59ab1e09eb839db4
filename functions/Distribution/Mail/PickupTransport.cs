using System.Text;
using Distribution.Common;
using MimeKit;
using static Distribution.Common.Phrase;

namespace Distribution.Mail;

/// <summary>
/// Writes letters as <c>.eml</c> files into a folder, for a mail server that collects them, or for reading. The
/// envelope is in <c>X-Sender</c> and <c>X-Receiver</c> lines at the top: servers with a pickup folder read and remove
/// them, other programs ignore them.
/// </summary>
internal sealed class PickupTransport(string folder, MailSettings settings) : IMailTransport
{
    private const long DefaultLimit = 25_000_000;
    private readonly string folder = Path.GetFullPath(folder);

    public string Description => $"pickup folder {folder}";

    public bool LeavesTheMachine => false;

    public long MaxMessageBytes => settings.MaxMessageBytes > 0 ? settings.MaxMessageBytes : DefaultLimit;

    public Task Probe(CancellationToken cancellation) => Guarded(async () =>
    {
        Directory.CreateDirectory(folder);
        var file = Temporary();
        await File.WriteAllBytesAsync(file, [], cancellation);
        File.Delete(file);
        return true;
    });

    public async Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation)
    {
        try
        {
            return await Guarded(() => Write(message, cancellation));
        }
        catch (Exception exception)
            when (exception is not SenderFaultException && !cancellation.IsCancellationRequested)
        {
            // The file name is the Message-ID, so a retry finds an existing file and writes no second one.
            return MailboxOutcome.All(
                message,
                MailboxResult.TryLater,
                Say($"The letter could not be written to the folder {folder}: {exception.Message}").ForRecord);
        }
    }

    /// <summary>The mail server removes files it has sent, so a missing file may have been sent.</summary>
    public async Task<SentEvidence?> FindSent(string messageId, CancellationToken cancellation)
    {
        var name = FileName(messageId);
        var file = Path.Combine(folder, name);
        return File.Exists(file) && await HeldBy(file, cancellation) == messageId
            ? new("pickup", $"found as {name}")
            : null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<MailboxOutcome>> Write(OutgoingMessage letter, CancellationToken cancellation)
    {
        // All addresses are written, also outside ASCII: the server that collects the file decides whether it can use
        // them.
        MimeMessage message;
        try
        {
            message = MimeMessages.Create(letter, international: true);
        }
        catch (Exception exception) when (MimeMessages.IsUnwritable(exception))
        {
            return MailboxOutcome.Unwritable(letter, exception);
        }

        using var _ = message;
        Directory.CreateDirectory(folder);
        var name = FileName(letter.MessageId);
        var file = Path.Combine(folder, name);
        var written = !File.Exists(file) && await Write(letter, message, file, cancellation);
        var held = written ? letter.MessageId : await HeldBy(file, cancellation);
        // Writing it again could double it: what was collected may have been this very letter.
        if (held is null)
            return MailboxOutcome.All(
                letter,
                MailboxResult.Unknown,
                Say($"A file {name} was in the folder {folder} and was collected before it could be read. Whether it was this letter is not known.").ForRecord);
        if (held != letter.MessageId)
            throw new SenderFaultException(
                $"The folder {folder} already holds another letter named {name}. Move that file away.",
                passes: false);
        return MailboxOutcome.All(
            letter,
            MailboxResult.Accepted,
            written ? $"written to {name}" : $"already there as {name}");
    }

    /// <returns>False if another writer has written this file first (race).</returns>
    private async Task<bool> Write(
        OutgoingMessage letter,
        MimeMessage message,
        string file,
        CancellationToken cancellation)
    {
        var temporary = Temporary();
        try
        {
            await using (
                var stream = new FileStream(
                    temporary,
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.None,
                    1 << 16,
                    useAsync: true))
            {
                await stream.WriteAsync(
                    Encoding.UTF8.GetBytes(
                        $"X-Sender: {letter.ReturnPath}\r\n{string.Concat(letter.Envelope.Select(address => $"X-Receiver: {address}\r\n"))}"
                    ),
                    cancellation);
                await message.WriteToAsync(
                    new FormatOptions
                    {
                        NewLineFormat = NewLineFormat.Dos,
                        International = letter.Mailboxes.Any(mailbox => EmailAddresses.NeedsUtf8(mailbox.Address)),
                    },
                    stream,
                    cancellation);
                await stream.FlushAsync(cancellation);
                // On the disk before it has its name: a mail server must never find half a letter under it, not even
                // after a crash.
                stream.Flush(flushToDisk: true);
            }
            // Overwrites nothing: of two writers of one letter the second fails here, and finds the file of the first.
            File.Move(temporary, file);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
        finally
        {
            // After the move there is nothing under this name, which is no error.
            File.Delete(temporary);
        }
    }

    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SenderFaultException(
                $"Letters cannot be written to the folder {folder}: {SingleLine.Of(exception.Message)} Check its rights and the space on its disk.",
                passes: exception is IOException,
                exception);
        }
    }

    private string Temporary() => Path.Combine(folder, $".{Guid.NewGuid():n}.tmp");

    /// <returns>
    /// The Message-ID of a letter in the folder, empty for none; null where the server has collected it meanwhile.
    /// </returns>
    private static async Task<string?> HeldBy(string file, CancellationToken cancellation)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            var headers = await HeaderList.LoadAsync(stream, cancellation);
            return headers[HeaderId.MessageId]?.Trim().Trim('<', '>') ?? "";
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // If the name had to be changed or shortened, a hash is added, so that two Message-IDs never share a file.
    private static string FileName(string messageId)
    {
        var plain = string.Concat(
                messageId.Select(character =>
                    char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '@' or '+'
                        ? character
                        : '_'))
            .TrimStart('.');
        // The usual file systems take names of 255 bytes.
        return plain == messageId && plain.Length <= 200
            ? $"{plain}.eml"
            : $"{plain[..Math.Min(plain.Length, 150)]}-{Sha256Hex.Of(messageId)[..16]}.eml";
    }
}
