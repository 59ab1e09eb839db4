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
/// Mails to a mission's mailboxes what was recorded of its acknowledgement, so that a false one is noticed by those in
/// whose name it was given. It goes to the mailboxes that the letter reached, and never to an address that somebody
/// typed. Such a mail is no letter: no entry and no count includes it.
/// </summary>
internal sealed class ReceiptMailer(
    ReceiptsDue receipts,
    Acknowledgements acknowledgements,
    DistributionRecords distributions,
    FrozenContents contents,
    MissionEntries entries,
    MissionLinks links,
    MailHandOver mails,
    IOptions<MailSettings> mail,
    TimeProvider clock)
{
    /// <summary>
    /// A step that is not on record by then never will be: the worker that was to record it has stopped, or the step
    /// was refused.
    /// </summary>
    private static readonly TimeSpan NeverRecorded = TimeSpan.FromMinutes(10);

    private Correspondent Sender => mail.Value.Sender!;

    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        // Nearly always nothing is due, and then storage is not asked at every run.
        if (receipts.Look.Begin())
            await MailHandOver.Each(
                await receipts.All(cancellation),
                due =>
                {
                    // As long as one is due, the next run looks again at once.
                    receipts.Look.Expect();
                    return Tell(due, cancellation);
                },
                cancellation);
    }

    private async Task Tell(ReceiptDue due, CancellationToken cancellation)
    {
        if (await Step(due, cancellation) is (_, null))
        {
            // The absolute difference, so that nothing stays for a clock that was set back.
            if ((clock.GetUtcNow() - due.At).Duration() >= NeverRecorded)
                await receipts.Remove(due, cancellation);
            return;
        }

        await mails.HandOver(
            due.At,
            () => receipts.Update<ReceiptDue?>(
                due,
                now => now is not null && mails.Claimed(now) is { } claimed ? new(claimed, claimed) : new(null, null),
                cancellation),
            claimed => Write(claimed, cancellation),
            Record,
            cancellation);
    }

    /// <returns>
    /// The mission's acknowledgement, and the place of the step in it; null for either that is not on record.
    /// </returns>
    private async Task<(MissionAcknowledgement? Record, int? Place)> Step(
        ReceiptDue due,
        CancellationToken cancellation)
    {
        var record = await acknowledgements.Find(due.DistributionId, due.MissionId, cancellation);
        return (record, record?.Steps.FindIndex(step => step.Id == due.StepId) is >= 0 and var place ? place : null);
    }

    private async Task Record(ReceiptDue due, IReadOnlyList<MailboxOutcome> outcomes)
    {
        // What has left is noted, whoever has stopped waiting.
        var cancellation = CancellationToken.None;
        if (outcomes
                .Where(outcome => outcome.Result == MailboxResult.TryLater)
                .Select(outcome => outcome.Address)
                .ToList()
            is [_, ..] later)
        {
            await receipts.Update(
                due,
                now => Decision.Of(now is null ? null : now with { Left = [.. later] }),
                cancellation);
            return;
        }

        // Noted with the acknowledgement before the row that asks for it goes: a worker that stops in between has it
        // found as told.
        await acknowledgements.Change(
            due.DistributionId,
            due.MissionId,
            now => Decision.Of(now.Told.Contains(due.StepId) ? null : now with { Told = now.Told.Add(due.StepId) }),
            cancellation);
        await receipts.Remove(due, cancellation);
    }

    private async Task<OutgoingMessage?> Write(ReceiptDue due, CancellationToken cancellation)
    {
        if (await Step(due, cancellation) is not ({ } record, { } place)
            || record.Told.Contains(due.StepId)
            // A receipt would name who was erased.
            || record.Steps[place].By == PersonalValue.Erased
            || await distributions.Find(due.DistributionId, cancellation) is not { ReleasedAt: not null })
        {
            await receipts.Remove(due, cancellation);
            return null;
        }

        return await Write(due, record, place, cancellation);
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
        var letter = (await entries.Find(due.DistributionId, due.MissionId, cancellation)).Value.Taken;
        // Where the letter reached none of them, and was acknowledged all the same, all are told.
        var mailboxes = letter?.By ?? mission.Mailboxes;
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
            InReplyTo: letter?.MessageId)
        {
            IsAutomatic = true,
        };
    }

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
        // The names of the secretariat's people are not told to missions.
        var (text, where, doubt) = step switch
        {
            { Stands: not null } => ($"{kind}_text", "receipt_mail_where", "receipt_mail_doubt"),
            { IsSecretariats: true } =>
                ($"{kind}_desk_text", "receipt_mail_where_withdrawn", "receipt_mail_doubt_desk"),
            _ => ($"{kind}_text", "receipt_mail_where_withdrawn", "receipt_mail_doubt_withdrawn"),
        };
        return
        [
            words.Fill(
                text,
                ("name", Isolated.Text(step.By)),
                ("date", dates.DateAndTime(NewYorkTime.At(step.At).DateTime))),
            string.Join(
                '\n',
                receipt.Facts.Select(fact => (fact.Label, fact.Value))
                    .Append((words["receipt_check"], receipt.Check))
                    .Select(fact => $"{fact.Item1}{words["colon"]}{Isolated.Text(fact.Item2)}")),
            $"{words[where]}\n{links.For(distributionId, mission.Id)}",
            words.Fill(doubt, ("contact", Isolated.Text(content.Letter.Contact.Address))),
            words["receipt_mail_end"],
        ];
    }
}
