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
    InboundNotices notices,
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
    private readonly Turns<UniqueId> turns = new();
    private DateTimeOffset? begun;
    private HeardMail last = new(DateTimeOffset.MinValue, null);

    /// <summary>
    /// Handles the unread messages, at most once a minute and in one run at a time. If something prevents that and a
    /// person can fix it, a person is told once.
    /// </summary>
    /// <returns>
    /// How far the last reading went: up to when it began, or to the oldest message that it left unread. Now, where no
    /// mailbox is to be read. Its failure is a <see cref="NoticedException"/> where a person was told, and an
    /// <see cref="IOException"/> where it broke off, or left messages that could not be handled.
    /// </returns>
    public async Task<HeardMail> Read(CancellationToken cancellation)
    {
        if (settings.ImapServer.Length == 0)
            return new(clock.GetUtcNow(), null);
        if (await one.WaitAsync(TimeSpan.Zero, cancellation))
            try
            {
                // A reading in the future means that the clock was set back: nothing waits for a wrong clock.
                var now = clock.GetUtcNow();
                if (begun is not { } before || (now - before).Duration() >= Every)
                {
                    // Also where the reading fails: the server is then asked again in a minute, not at every run of the
                    // timer.
                    begun = now;
                    Dictionary<UniqueId, DateTimeOffset> left = [];
                    var failure = await Failure(left, cancellation);
                    last = HeardMail.Of(now, left.Values, failure);
                }
            }
            finally
            {
                one.Release();
            }

        // Between two readings the last one counts, so that a mailbox that cannot be read is not taken for a quiet one.
        return last;
    }

    /// <param name="left">Gets the messages that stay unread, and when each arrived.</param>
    /// <returns>Null where nothing failed.</returns>
    private async Task<Exception?> Failure(
        Dictionary<UniqueId, DateTimeOffset> left,
        CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(LongestRun, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return await ReadUnseen(left, stop.Token) is [_, ..] failures
                ? new IOException(
                    "Some messages of the return mailbox could not be taken for now.",
                    new AggregateException(failures))
                : null;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && Words(fault) is { Length: > 0 } words)
        {
            await notices.Once(words, cancellation);
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

    /// <returns>Why messages could not be handled for now.</returns>
    private async Task<IReadOnlyList<Exception>> ReadUnseen(
        Dictionary<UniqueId, DateTimeOffset> left,
        CancellationToken cancellation)
    {
        List<Exception> failures = [];
        using var client = await ImapSignIn.SignIn(settings, clock, cancellation);
        var folder = await client.GetFolderAsync(settings.Folder, cancellation);
        await folder.OpenAsync(FolderAccess.ReadWrite, cancellation);
        var unseen = await folder.SearchAsync(SearchQuery.NotSeen, cancellation);
        if (unseen.Count > 0)
        {
            var waiting = (
                await folder.FetchAsync(
                    unseen,
                    MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.InternalDate,
                    cancellation)).ToDictionary(message => message.UniqueId);
            // Before any is handled: whatever ends the run, those that were not reached count as left.
            foreach (var message in waiting.Values)
                left[message.UniqueId] = Arrived(message);
            var (matched, unmatched) = (0, 0);
            // Unique ids grow (RFC 9051), so the oldest comes first.
            foreach (var id in turns.Next([.. waiting.Keys.Order()], MostAtOnce))
                try
                {
                    turns.Try(id);
                    if (await Handle(folder, waiting[id], cancellation) is { } result)
                        _ = result == InboundResult.Matched ? matched++ : unmatched++;
                    // Also where it was gone from the mailbox: nobody waits for it.
                    left.Remove(id);
                }
                catch (Exception passing)
                    when (!IsLoss(passing) && !cancellation.IsCancellationRequested && StorageFailures.MayWait(passing))
                {
                    logger.LogWarning(passing, "{Place} could not be taken for now", PlaceOf(id));
                    failures.Add(passing);
                }

            logger.LogInformation(
                "{Matched} messages in the return mailbox were about letters, {Unmatched} were not",
                matched,
                unmatched);
        }

        await client.DisconnectAsync(quit: true, cancellation);
        return failures;
    }

    private string PlaceOf(UniqueId id) => $"{settings.Folder} of the return mailbox, message {id.Id}";

    /// <returns>Null where it is no longer there.</returns>
    private async Task<InboundResult?> Handle(
        IMailFolder folder,
        IMessageSummary message,
        CancellationToken cancellation)
    {
        var place = PlaceOf(message.UniqueId);
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
        catch (Exception fault)
            when (!IsLoss(fault) && !cancellation.IsCancellationRequested && !StorageFailures.MayWait(fault))
        {
            // One message that fails must not stop the others from being handled.
            logger.LogError(fault, "{Place} could not be taken", place);
            await handler.SetAside(
                $"The message {place} could not be taken in. It stays there, marked as read; have a person read it.",
                cancellation);
        }

        // Marked as read when it is stored here: a connection that drops before leaves it unread, and it is known by
        // its id when it comes again.
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
                $"The return mailbox's server {Place} refused the sign-in, and until it is let in no bounce is heard of. {SignInRemedy.OfMailbox(ImapServer.Parse(settings.ImapServer).Server!.Host)}",
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
}
