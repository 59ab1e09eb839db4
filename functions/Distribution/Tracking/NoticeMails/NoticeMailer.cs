using System.Collections.Immutable;
using System.Net;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.NoticeMails;

/// <summary>
/// Mails to <c>Mail:NoticesTo</c> when something waits for a person. Each matter is told once, and matters that come up
/// within some minutes are told together. Such a mail is no letter: no entry, no count and no log includes it.
/// </summary>
/// <remarks>
/// The mail is stored before it is handed over, which one worker alone can do. Where that worker stops before it has
/// stored the end, the same mail is handed over again under its Message-ID: told twice is better than not at all, and
/// mail programs show one.
/// </remarks>
internal sealed class NoticeMailer(
    PendingMatters matters,
    ToldMatters told,
    MailHandOver mails,
    IMailTransport transport,
    IOptions<MailSettings> mail,
    IOptions<SiteSettings> site,
    TimeProvider clock)
{
    /// <summary>Between two mails, and before another try: what comes up meanwhile is told together.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A matter that is gone for less than this and comes back is the same one, such as a hold that is tried again.
    /// </summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    /// <summary>
    /// How old the stored time at which a matter was last seen may become: not every look is written.
    /// </summary>
    private static readonly TimeSpan SeenLag = TimeSpan.FromMinutes(10);

    private readonly MailSettings settings = mail.Value;

    private InvalidDataException? failure;

    /// <exception cref="InvalidDataException">The last mail could not be handed over; says why.</exception>
    public async Task Run(IReadOnlyList<DistributionRecord> distributions, CancellationToken cancellation)
    {
        if (settings.NoticesTo.Length == 0)
            return;
        var pending = await matters.Now(distributions, cancellation);
        var (open, failed) = await told.Update(state => Next(state, pending), cancellation);
        if (open is not null)
            await HandOver(open, cancellation);
        else if (failed is not null)
            // The same exception as before where it is the same failure: it is not another try.
            throw failure?.Message == failed ? failure : failure = new(failed);
    }

    /// <returns>The mail to hand over now; null for none. Why the last one could not be handed over.</returns>
    private Decision<NoticeMailState, (NoticeMail? Open, string? Failure)> Next(
        NoticeMailState stored,
        IReadOnlyList<PendingMatter> pending)
    {
        var now = clock.GetUtcNow();
        var seen = Seen(stored.Told, pending, now);
        var state = stored with
        {
            Told = seen,
            ToldAt = stored.ToldAt.RemoveRange(stored.ToldAt.Keys.Where(key => !seen.ContainsKey(key))),
        };
        var news = pending.Where(matter => !seen.ContainsKey(matter.Key)).ToList();
        if (state.Open is { } known)
            return mails.Claimed(known) is { } open ? Claimed(open) : new(null, (null, null));
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (news is not [] && (state.LastAt is not { } last || (now - last).Duration() >= Gather))
            return Claimed(mails.Claimed(Write(news, now))!);

        // Nothing is left to be told, so that it could not be told is no fault any more.
        var failed = news is [] ? null : state.Failure;
        return new(
            seen != stored.Told || failed != state.Failure ? state with { Failure = failed } : null,
            (null, failed));

        Decision<NoticeMailState, (NoticeMail?, string?)> Claimed(NoticeMail open) =>
            new(state with { Open = open }, (open, null));
    }

    private static ImmutableDictionary<string, DateTimeOffset> Seen(
        ImmutableDictionary<string, DateTimeOffset> before,
        IReadOnlyList<PendingMatter> pending,
        DateTimeOffset now)
    {
        var waiting = pending.Select(matter => matter.Key).ToHashSet();
        var seen = before;
        foreach (var (key, at) in before)
            if (waiting.Contains(key) && (now - at).Duration() >= SeenLag)
                seen = seen.SetItem(key, now);
            else if (!waiting.Contains(key) && (now - at).Duration() >= Forgotten)
                seen = seen.Remove(key);
        return seen;
    }

    private NoticeMail Write(IReadOnlyList<PendingMatter> news, DateTimeOffset now)
    {
        var start = site.Value.PublicUrl.TrimEnd('/');
        var lines = news
            .GroupBy(matter => (matter.Words, matter.Page))
            .Select(same =>
                $"{same.Key.Words}{(same.Count() > 1 ? $" ({same.Count()} of these.)" : "")}\n{start}{same.Key.Page}")
            .ToList();
        var kinds = news.Select(matter => matter.Kind).Distinct().ToList();
        return new(
            $"notice-{Guid.NewGuid():n}@{EmailAddresses.Domain(Sender.Address)}",
            now,
            $"Distribution: {kinds[0]}{(kinds.Count > 1 ? $", and {EnglishText.Counted(kinds.Count - 1, "other matter")}" : "")}",
            $"{string.Join("\n\n", lines)}\n\nSign in at the desk, which says why and what to do. Each of these is written about once. Nobody reads answers to this message.\n",
            [.. news.Select(matter => matter.Key)]);
    }

    private Correspondent Sender => settings.Sender!;

    private async Task HandOver(NoticeMail open, CancellationToken cancellation)
    {
        InvalidDataException? failed = null;
        try
        {
            var outcome = (await transport.Send(Message(open), cancellation))[0];
            // One that may have been taken counts as told.
            if (outcome.Result is MailboxResult.Refused or MailboxResult.TryLater)
                failed = new(
                    outcome.Result == MailboxResult.Refused
                        ? "the mail server refused the message for the address in Mail:NoticesTo. Look whether that mailbox is there."
                        : "the mail server did not take the message for the address in Mail:NoticesTo for now.",
                    new IOException(outcome.Answer));
        }
        catch (SenderFaultException fault)
        {
            failed = new("no mail can be sent at all.", fault);
        }

        await told.Update(
            state => Decision.Of(
                // Another worker took it over, and has ended it.
                state.Open?.MessageId != open.MessageId
                    ? null
                    : state with
                    {
                        Told = failed is null
                            ? state.Told.SetItems(open.Keys.Select(key => KeyValuePair.Create(key, clock.GetUtcNow())))
                            : state.Told,
                        ToldAt = failed is null
                            ? state.ToldAt.SetItems(
                                open.Keys.Select(key => KeyValuePair.Create(key, clock.GetUtcNow())))
                            : state.ToldAt,
                        LastAt = clock.GetUtcNow(),
                        Open = null,
                        Failure = failed?.Message,
                    }),
            // What has left is noted, whoever has stopped waiting.
            CancellationToken.None);
        failure = failed;
        if (failed is not null)
            throw failed;
    }

    private OutgoingMessage Message(NoticeMail open) =>
        new(
            open.MessageId,
            open.Date,
            "notice",
            "secretariat",
            Sender,
            settings.ReturnPath,
            [Sender],
            "",
            [new(settings.NoticesTo, MailboxField.To)],
            [settings.NoticesTo],
            "en",
            open.Subject,
            $"<p>{WebUtility.HtmlEncode(open.Text.Trim()).Replace("\n\n", "</p><p>", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal)}</p>",
            open.Text,
            [],
            // A mailbox that once bounced is tried all the same: nobody looks for the reason on the provider's page.
            PassesSuppression: true)
        {
            IsAutomatic = true,
        };
}
