using System.Net.Sockets;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Storage;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Reads the return mailbox over IMAP. A message is marked as read only after it was handled; none is moved, deleted or
/// answered.
/// If the connection drops, the messages that are still unread are read the next time.
/// </summary>
internal sealed class ReturnMailbox(
    InboundMailHandler handler,
    IOptions<InboundSettings> options,
    TimeProvider clock,
    ILogger<ReturnMailbox> logger)
{
    /// <summary>The most messages in one run; the others wait for the next run.</summary>
    private const int MostAtOnce = 200;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    private readonly InboundSettings settings = options.Value;
    private readonly SemaphoreSlim one = new(1);
    private DateTimeOffset next = DateTimeOffset.MinValue;
    private Reading last = new(DateTimeOffset.MinValue, null);

    /// <summary>
    /// Handles the unread messages, at most once a minute and in one run at a time. If something prevents that and a
    /// person can fix it, a person is told once.
    /// </summary>
    /// <returns>
    /// When the last reading began: what had come by then was handled. Now, where no mailbox is to be read.
    /// </returns>
    /// <exception cref="NoticedException">The last reading failed, and a person was told.</exception>
    /// <exception cref="IOException">The last reading broke off; what is still unread waits for the next.</exception>
    public async Task<DateTimeOffset> Read(CancellationToken cancellation)
    {
        if (settings.ImapServer.Length == 0)
            return clock.GetUtcNow();
        if (await one.WaitAsync(TimeSpan.Zero, cancellation))
            try
            {
                if (clock.GetUtcNow() is var now && now >= next)
                {
                    next = now + Every;
                    last = new(now, await Failure(cancellation));
                }
            }
            finally
            {
                one.Release();
            }

        // Between two readings the last one counts, so that a mailbox that cannot be read is not taken for a quiet one.
        return last.Failure is { } failure ? throw failure : last.Began;
    }

    /// <returns>Null where the unread messages were handled.</returns>
    private async Task<Exception?> Failure(CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(LongestRun, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await ReadUnseen(stop.Token);
            return null;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && Words(fault) is { Length: > 0 } words)
        {
            await handler.NotifyOnce(words, cancellation);
            return new NoticedException(words, fault);
        }
        catch (Exception passing) when (!cancellation.IsCancellationRequested)
        {
            // A dropped connection, or the run took too long. Messages that are still unread are handled in the next
            // run.
            return new IOException("Reading the return mailbox broke off; it goes on in a minute.", passing);
        }
    }

    private string Place =>
        ImapServer.Parse(settings.ImapServer).Server is { } server
            ? $"{server.Host}, port {server.Port}"
            : settings.ImapServer;

    private async Task ReadUnseen(CancellationToken cancellation)
    {
        using var client = await ImapSignIn.SignIn(settings, clock, cancellation);
        var folder = await client.GetFolderAsync(settings.Folder, cancellation);
        await folder.OpenAsync(FolderAccess.ReadWrite, cancellation);
        var unseen = (await folder.SearchAsync(SearchQuery.NotSeen, cancellation)).Order().Take(MostAtOnce).ToList();
        if (unseen.Count > 0)
        {
            var (matched, unmatched) = (0, 0);
            foreach (
                var message in await folder.FetchAsync(
                    unseen,
                    MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.InternalDate,
                    cancellation))
                if (await Handle(folder, message, cancellation) is { } result)
                    _ = result == InboundResult.Matched ? matched++ : unmatched++;
            logger.LogInformation(
                "{Matched} messages in the return mailbox were about letters, {Unmatched} were not",
                matched,
                unmatched);
        }

        await client.DisconnectAsync(quit: true, cancellation);
    }

    /// <returns>Null where the message could not be handled for now and stays unread.</returns>
    private async Task<InboundResult?> Handle(
        IMailFolder folder,
        IMessageSummary message,
        CancellationToken cancellation)
    {
        var place = $"{settings.Folder} of the return mailbox, message {message.UniqueId.Id}";
        var result = InboundResult.Unmatched;
        try
        {
            if (message.Size > InboundMailHandler.Largest)
                await handler.SetAside(
                    $"The message {place} has {EnglishText.SizeAbove(InboundMailHandler.Largest, message.Size.Value)}; the largest that is read has {EnglishText.Size(InboundMailHandler.Largest)}. It stays there, marked as read; have a person read it.",
                    cancellation);
            else
                await using (var content = await folder.GetStreamAsync(message.UniqueId, cancellation))
                    result = await handler.Handle(content, place, Arrived(message), cancellation);
        }
        catch (MessageNotFoundException)
        {
            // Someone else removed it from the mailbox in the meantime.
            return null;
        }
        catch (Exception passing)
            when (!IsLoss(passing) && !cancellation.IsCancellationRequested && StorageFailures.MayWait(passing))
        {
            logger.LogWarning(passing, "{Place} could not be taken for now", place);
            return null;
        }
        catch (Exception fault) when (!IsLoss(fault) && !cancellation.IsCancellationRequested)
        {
            // One message that fails must not stop the others from being handled.
            logger.LogError(fault, "{Place} could not be taken", place);
            await handler.SetAside(
                $"The message {place} could not be taken in. It stays there, marked as read; have a person read it.",
                cancellation);
        }

        await folder.StoreAsync(
            message.UniqueId,
            new StoreFlagsRequest(StoreAction.Add, MessageFlags.Seen) { Silent = true },
            cancellation);
        return result;
    }

    /// <summary>
    /// When the message came, by the mailbox; now, where the mailbox gives no time or one in the future.
    /// </summary>
    private DateTimeOffset Arrived(IMessageSummary message) =>
        clock.GetUtcNow() is var now && message.InternalDate is { } date && date < now ? date.ToUniversalTime() : now;

    private static bool IsLoss(Exception fault) =>
        fault
            is IOException
                or SocketException
                or TimeoutException
                or ImapProtocolException
                or ServiceNotConnectedException
                or OperationCanceledException;

    /// <returns>What a person can do about it; empty where the problem is temporary.</returns>
    private string Words(Exception fault) =>
        fault switch
        {
            ImapServerException server => $"The return mailbox's server {Place} {server.Message}",
            EndlessAnswerException =>
                $"The return mailbox's server {Place} sent more than any message needs and did not come to an end. Check that Inbound:ImapServer names it rightly, and have its administrator look at it.",
            AuthenticationException or SaslException =>
                $"The return mailbox's server {Place} refused the sign-in. Check Inbound:User and Inbound:Password; until then no bounce is heard of.",
            NotSupportedException =>
                $"The return mailbox's server {Place} lacks what the settings ask for. Check Inbound:Encryption and the port.",
            FolderNotFoundException =>
                $"The return mailbox has no folder {SingleLine.Of(settings.Folder)}. Set Inbound:Folder to one that it has.",
            SocketException =>
                $"The return mailbox's server {Place} cannot be reached. Check that it runs and that Inbound:ImapServer names it rightly; until then no bounce is heard of.",
            ImapCommandException refused =>
                $"The return mailbox's server {Place} refused a command: “{SingleLine.Of(refused.Message)}”. Check Inbound:Folder and the user's rights.",
            _ => "",
        };

    /// <param name="Failure">Null where the unread messages were handled.</param>
    private sealed record Reading(DateTimeOffset Began, Exception? Failure);
}
