using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Receipts;

/// <summary>
/// Writes to a mission's mailboxes what was recorded of its acknowledgement, so that a false one is noticed by those in
/// whose name it was given. It goes to the mailboxes that the letter reached and never to an address that somebody typed.
/// Such a mail is no letter: no entry and no count knows of it.
/// </summary>
/// <remarks>
/// One worker alone hands a receipt over, under a Message-ID made of the step's id. Where that worker stops before it has
/// noted the end, the same mail is handed over again: told twice is better than not at all, and mail programs show one.
/// </remarks>
internal sealed class ReceiptMailer(
    ReceiptsDue receipts,
    Acknowledgements acknowledgements,
    DistributionRecords distributions,
    FrozenContents contents,
    MissionEntries entries,
    MissionLinks links,
    IMailTransport transport,
    IOptions<MailSettings> mail,
    TimeProvider clock)
{
    /// <summary>Longer than a handover can take within its job's budget.</summary>
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    /// <summary>A step that is not on record by then will not be: whoever was to record it has stopped, or was refused.</summary>
    private static readonly TimeSpan NeverRecorded = TimeSpan.FromMinutes(10);

    /// <summary>A receipt that a mail server has not taken by then is of no use any more.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromDays(1);

    private Correspondent Sender => EmailAddresses.Read(mail.Value.From)!;

    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        if (!receipts.Look.Begin())
            return;
        List<Exception> faults = [];
        foreach (var due in await receipts.All(cancellation))
            try
            {
                receipts.Look.Expect();
                await Tell(due, cancellation);
            }
            catch (LaterFormatException)
            {
                // The version that wrote it looks after it; until then the receipt stays due.
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                faults.Add(fault);
            }

        if (faults is not [])
            throw new AggregateException(faults);
    }

    private async Task Tell(ReceiptDue due, CancellationToken cancellation)
    {
        var record = await acknowledgements.Find(due.DistributionId, due.MissionId, cancellation);
        var place = record?.Steps.FindIndex(step => step.Id == due.StepId) ?? -1;
        if (place < 0)
        {
            // The absolute difference, so that nothing stays for a clock that was set back.
            if ((clock.GetUtcNow() - due.At).Duration() >= NeverRecorded)
                await receipts.Remove(due, cancellation);
            return;
        }

        if (!record!.Told.Contains(due.StepId)
            && record.Steps[place].By != PersonalValue.Erased
            && await distributions.Find(due.DistributionId, cancellation) is { ReleasedAt: not null })
        {
            if (await Claim(due, cancellation) is not { } claimed
                || !await HandOver(claimed, record, place, cancellation))
                return;
            await acknowledgements.Change(
                due.DistributionId,
                due.MissionId,
                now => new Decision<MissionAcknowledgement, bool>(
                    now.Told.Contains(due.StepId) ? null : now with { Told = now.Told.Add(due.StepId) },
                    true),
                cancellation);
        }

        await receipts.Remove(due, cancellation);
    }

    /// <returns>Null where another worker has it in hand, or has done it.</returns>
    private Task<ReceiptDue?> Claim(ReceiptDue due, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("n");
        return receipts.Update<ReceiptDue?>(
            due,
            now =>
            {
                if (now is null
                    || (now.ClaimedAt is { } claimed && (clock.GetUtcNow() - claimed).Duration() < ClaimFor))
                    return new(null, null);
                now = now with { ClaimedAt = clock.GetUtcNow(), ClaimId = id };
                return new(now, now);
            },
            cancellation);
    }

    /// <returns>Whether nothing is left to hand over.</returns>
    private async Task<bool> HandOver(
        ReceiptDue due,
        MissionAcknowledgement record,
        int place,
        CancellationToken cancellation)
    {
        var message = await Write(due, record, place, cancellation);
        var later = (await transport.Send(message, cancellation))
            .Where(outcome => outcome.Result == MailboxResult.TryLater)
            .Select(outcome => outcome.Address)
            .ToList();
        if (later is [] || (clock.GetUtcNow() - due.At).Duration() >= TryFor)
            return true;
        // The claim stays: its end is when it is tried again.
        await receipts.Update(
            due,
            now => new Decision<ReceiptDue, bool>(now is null ? null : now with { Left = [.. later] }, true),
            cancellation);
        return false;
    }

    private async Task<OutgoingMessage> Write(
        ReceiptDue due,
        MissionAcknowledgement record,
        int place,
        CancellationToken cancellation)
    {
        var content = await contents.Find(due.DistributionId, cancellation);
        var mission = content.Roster.First(known => known.Id == due.MissionId);
        var language = content.LanguagesOf(mission).Email;
        var (mailboxes, letterId) = Reached(
            mission,
            (await entries.Find(due.DistributionId, due.MissionId, cancellation)).Value);
        var words = PageWords.Of(language);
        var step = record.Steps[place];
        var kind =
            step.Stands is null ? "receipt_mail_withdrawn"
            : place > 0 && record.Steps[place - 1].Stands is not null ? "receipt_mail_corrected"
            : "receipt_mail_given";
        var paragraphs = Paragraphs(due.DistributionId, content, mission, step, kind, words);
        return new(
            $"receipt.{Sha256Hex.Of(due.Key)[..32]}@{EmailAddresses.Domain(Sender.Address)}",
            step.At,
            "receipt",
            mission.Id,
            Sender,
            mail.Value.ReturnPath,
            [content.Letter.Contact],
            mission.TitleIn(language),
            mailboxes,
            due.Left ?? [.. mailboxes.Select(mailbox => mailbox.Address)],
            language,
            SingleLine.Of(words.Fill(kind, ("draft", content.LetterIn(language).DraftLabel))),
            MailParagraphs.Html(paragraphs, language),
            MailParagraphs.Text(paragraphs),
            [],
            InReplyTo: letterId)
        {
            IsAutomatic = true,
        };
    }

    /// <summary>The mailboxes that took the letter, and its Message-ID; all of the roster's where none is known to have.</summary>
    private static (IReadOnlyList<Mailbox> Mailboxes, string? LetterId) Reached(Mission mission, MissionEntry entry) =>
        entry.Attempts.FindLast(attempt => attempt.Mailboxes.Exists(mailbox => mailbox.State.IsReached)) is { } attempt
            ? (
                [
                    .. attempt
                        .Mailboxes.Where(mailbox => mailbox.State.IsReached)
                        .Select(mailbox => mailbox.Mailbox),
                ],
                attempt.MessageId)
            : (mission.Mailboxes, null);

    private IReadOnlyList<string> Paragraphs(
        string distributionId,
        FrozenContent content,
        Mission mission,
        AcknowledgementStep step,
        string kind,
        PageWords words)
    {
        var dates = BuiltInWords.Of(words.Language);
        var receipt = Receipt.Of(content, mission, dates, words, step.Stands);
        return
        [
            words.Fill(
                $"{kind}_text",
                ("name", Isolated.Text(step.By)),
                ("date", dates.DateAndTime(NewYorkTime.At(step.At).DateTime))),
            string.Join(
                '\n',
                receipt.Facts.Select(fact => (fact.Label, fact.Value))
                    .Append((words["receipt_check"], receipt.Check))
                    .Select(fact => $"{fact.Item1}{words["colon"]}{Isolated.Text(fact.Item2)}")),
            $"{words["receipt_mail_where"]}\n{links.For(distributionId, mission.Id)}",
            words.Fill("receipt_mail_doubt", ("contact", Isolated.Text(content.Letter.Contact.Address))),
            words["receipt_mail_end"],
        ];
    }
}
