using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Proposals;

/// <summary>
/// Writes the mails about what missions propose. Each new mailbox is asked to confirm that it is the mission's; that
/// mail says nothing about any letter. The mailboxes that letters go to now are told, so that a proposal which nobody
/// at the mission made is noticed. These mails are no letters: no entry and no count includes them.
/// </summary>
internal sealed class ProposalMailer(
    MissionProposals proposals,
    RegisterInUse registers,
    DistributionRecords distributions,
    FrozenContents contents,
    MissionLinks links,
    MailHandOver mails,
    IOptions<MailSettings> mail)
{
    private Correspondent Sender => mail.Value.Sender!;

    /// <summary>
    /// Hands over what is due for one mission. Idempotent; any number of workers may run it at any time.
    /// </summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public async Task Run(ProposalsOfMission mission, CancellationToken cancellation)
    {
        var due = mission.All.SelectMany(proposal =>
            // Null stands for the mailboxes that letters go to now. Once it has ended, nobody is asked to confirm
            // anything.
            ((NewMailbox?[])[null, .. proposal.End is null ? proposal.NewMailboxes : []])
                .Select(mailbox => (Proposal: proposal, mailbox?.Address)))
            .Where(mail => !MailOf(mail.Proposal, mail.Address)!.IsDone)
            .ToList();
        // Asked before any of them is claimed: what waits for the register leaves as soon as that can be read again.
        if (due is [] || await registers.TryCurrent(cancellation) is null)
            return;
        await MailHandOver.Each(
            due,
            mail => Tell(mission.MissionId, mail.Proposal, mail.Address, cancellation),
            cancellation);
    }

    /// <param name="address">The new mailbox; null for those that letters go to now.</param>
    private Task Tell(string missionId, MissionProposal due, string? address, CancellationToken cancellation) =>
        mails.HandOver(
            due.At,
            () => proposals.Change<MissionProposal?>(
                missionId,
                due.Id,
                now =>
                {
                    if (MailOf(now, address) is not { IsDone: false } told || mails.Claimed(told) is not { } claimed)
                        return new(null, null);
                    now = With(now, address, claimed);
                    return new(now, now);
                },
                cancellation),
            async claimed =>
            {
                var message = await Write(missionId, claimed, address, cancellation);
                if (message is null)
                    await Note(missionId, claimed.Id, address, told => told with { Left = [] });
                return message;
            },
            (claimed, outcomes) => Note(
                missionId,
                claimed.Id,
                address,
                told => told with
                {
                    Left =
                    [
                        .. outcomes.Where(outcome => outcome.Result == MailboxResult.TryLater)
                            .Select(outcome => outcome.Address),
                    ],
                    IsRefused = outcomes.All(outcome => outcome.Result == MailboxResult.Refused),
                }),
            cancellation);

    private Task Note(string missionId, string proposalId, string? address, Func<ProposalMail, ProposalMail> change) =>
        proposals.Change(
            missionId,
            proposalId,
            now => Decision.Of(MailOf(now, address) is { } told ? With(now, address, change(told)) : null),
            // What has left is noted, whoever has stopped waiting.
            CancellationToken.None);

    private static ProposalMail? MailOf(MissionProposal proposal, string? address) =>
        address is null
            ? proposal.Told
            : proposal.NewMailboxes.Find(mailbox => mailbox.Address == address)?.Mail;

    private static MissionProposal With(MissionProposal proposal, string? address, ProposalMail changed) =>
        address is null
            ? proposal with { Told = changed }
            : proposal with
            {
                NewMailboxes =
                [
                    .. proposal.NewMailboxes.Select(mailbox =>
                        mailbox.Address == address ? mailbox with { Mail = changed } : mailbox),
                ],
            };

    /// <returns>
    /// Null where there is nothing to say any more: the names were erased, or mission or letter are not there.
    /// </returns>
    private async Task<OutgoingMessage?> Write(
        string missionId,
        MissionProposal proposal,
        string? address,
        CancellationToken cancellation)
    {
        if (proposal.By == PersonalValue.Erased
            || (await registers.Current(cancellation)).Missions.FirstOrDefault(known => known.Id == missionId)
                is not { } mission
            || await distributions.Find(proposal.DistributionId, cancellation) is null)
            return null;
        var content = await contents.Find(proposal.DistributionId, cancellation);
        // The mission is told in its own language, and not in one that whoever proposed has chosen.
        var language = address is null ? content.LanguagesOf(mission).Email : proposal.Language;
        var words = PageWords.Of(language);
        var letter = content.LetterIn(language);
        string[] paragraphs = address is null
            ? ToldWords(proposal, letter, words)
            : AskedWords(mission, proposal, address, words);
        var told = MailOf(proposal, address)!;
        return new(
            $"{(address is null ? "proposal" : "mailbox")}.{Sha256Hex.Of($"{missionId}!{proposal.Id}!{address}")[..32]}@{EmailAddresses.Domain(Sender.Address)}",
            proposal.At,
            "proposal",
            missionId,
            Sender,
            mail.Value.ReturnPath,
            [address is null ? letter.Contact : Sender],
            mission.TitleIn(language),
            [.. told.To.Select(mailbox => new Mailbox(mailbox, MailboxField.To))],
            // Those that have not got it. The head names all of them, so that each sees who was told.
            told.Left,
            language,
            words[address is null ? "proposal_mail" : "mailbox_mail"],
            MailParagraphs.Html(paragraphs, language),
            MailParagraphs.Text(paragraphs),
            [])
        {
            IsAutomatic = true,
        };
    }

    private static string[] ToldWords(MissionProposal proposal, LetterSource letter, PageWords words) =>
    [
        words.Fill(
            "proposal_mail_text",
            ("name", Isolated.Text(words.Person(proposal.By, proposal.Function))),
            ("date", Moment(proposal.At, words)),
            ("draft", Isolated.Text(letter.DraftLabel))),
        .. proposal.Cells.Select(cell =>
            $"{ProposedWords.Label(words, cell.Column)}\n{words["proposal_now"]}{words["colon"]}{Isolated.Text(ProposedWords.Value(words, cell.Column, cell.Before))}\n{words["proposal_new"]}{words["colon"]}{Isolated.Text(ProposedWords.Proposed(words, cell))}"),
        words["proposal_mail_what"],
        words.Fill("proposal_mail_doubt", ("contact", Isolated.Text(letter.Contact.Address))),
        words["proposal_mail_end"],
    ];

    private string[] AskedWords(Mission mission, MissionProposal proposal, string address, PageWords words) =>
    [
        words.Fill(
            "mailbox_mail_text",
            ("name", Isolated.Text(proposal.By)),
            ("date", Moment(proposal.At, words)),
            ("mission", Isolated.Text(mission.TitleIn(words.Language))),
            ("mailbox", Isolated.Text(EmailAddresses.Shown(address)))),
        words.Fill("mailbox_mail_what", ("date", Moment(proposal.ConfirmUntil, words))),
        links.ForMailbox(mission.Id, proposal.Id, address, words.Language),
        words["mailbox_mail_doubt"],
    ];

    private static string Moment(DateTimeOffset at, PageWords words) =>
        BuiltInWords.Of(words.Language).DateAndTime(NewYorkTime.At(at).DateTime);
}
