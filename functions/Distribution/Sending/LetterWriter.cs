using System.Net;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Makes the message that carries one mission's letter.</summary>
internal sealed partial class LetterWriter(
    MissionLinks links,
    ReplyAddresses replies,
    ReturnPaths returnPaths,
    MessageTokens tokens,
    IOptions<MailSettings> mail)
{
    private readonly Lazy<Correspondent> from = new(() => mail.Value.Sender!);

    private string Domain => EmailAddresses.Domain(from.Value.Address);

    /// <summary>The Message-IDs of one mission's attempts, by their numbers.</summary>
    /// <param name="key">The id of the key the distribution was made with.</param>
    public Func<int, string> MessageIds(string? key, MissionEntry entry) =>
        attempt =>
            new SentMessageId(
                MessageTokens.Mark(entry.DistributionId),
                entry.MissionId,
                attempt,
                tokens.Create(TokenPurpose.MessageId, key, entry.DistributionId, entry.MissionId, attempt)
            ).MessageId(Domain);

    /// <exception cref="LetterFaultException">The letter cannot be made for this mission.</exception>
    public async Task<OutgoingMessage> Write(
        PreparedLetters letters,
        MissionEntry entry,
        CancellationToken cancellation)
    {
        var attempt = entry.Attempts[^1];
        var mission = letters.Mission(entry);
        var letter = letters.Letters.Render(mission, links.For(Acknowledged(letters, entry), entry.MissionId));
        return (await Message(letters, letter, entry.DistributionId, mission, cancellation)) with
        {
            MessageId = attempt.MessageId,
            ReturnPath = returnPaths.For(letters.KeyId, entry.DistributionId, entry.MissionId, attempt.Number),
            // Not the time of this try: each try of an attempt has the same bytes.
            Date = attempt.StartedAt,
            ReplyTo = [letters.Content.Letter.Contact, .. Tracked(letters, entry)],
            Mailboxes = [.. attempt.Mailboxes.Select(mailbox => mailbox.Mailbox)],
            Envelope = entry.Open(),
            PassesSuppression = attempt.AskedBy is not null,
            InReplyTo = letters.Content.Reminder?.Thread.GetValueOrDefault(mission.Id),
        };
    }

    /// <summary>
    /// The mission's letter as it got it, with its link, for a colleague; marked with who had it forwarded. It answers
    /// no message: a bounce of it must not look like one of the mission's own letter.
    /// </summary>
    /// <param name="id">Of what was asked for; the Message-ID is made of it.</param>
    /// <param name="by">As typed.</param>
    /// <param name="isCorrected">Whether a later letter corrects it.</param>
    /// <exception cref="LetterFaultException">The letter cannot be made for this mission.</exception>
    public async Task<OutgoingMessage> WriteForwarded(
        PreparedLetters letters,
        MissionEntry entry,
        string id,
        DateTimeOffset at,
        string by,
        string to,
        bool isCorrected,
        CancellationToken cancellation)
    {
        var mission = letters.Mission(entry);
        var letter = letters.Letters.Render(mission, links.For(entry.DistributionId, entry.MissionId));
        var words = PageWords.Of(letters.Content.LanguagesOf(mission).Email);
        var contact = Isolated.Text(letters.Content.Letter.Contact.Address);
        string[] marks =
        [
            .. isCorrected ? (string[])[words.Fill("letter_corrected", ("contact", contact))] : [],
            words.Fill(
                "forward_mail_by",
                ("name", Isolated.Text(by)),
                ("date", BuiltInWords.Of(words.Language).DateAndTime(NewYorkTime.At(at).DateTime))),
            words.Fill("forward_mail_doubt", ("contact", contact)),
        ];
        var marked = string.Concat(marks.Select(mark => $"<p><strong>{WebUtility.HtmlEncode(mark)}</strong></p>"));
        return (
            await Message(
                letters,
                letter with
                {
                    Subject = SingleLine.Of(words.Fill("forward_mail_subject", ("subject", letter.Subject))),
                    Text = $"{string.Join('\n', marks)}\n\n{letter.Text}",
                    Html = WithMark(letter.Html, marked, words.Language),
                },
                "forward",
                mission,
                cancellation)) with
        {
            MessageId = ForwardedMessageId.Of(entry.DistributionId, entry.MissionId, id).MessageId(Domain),
            Date = at,
            ReplyTo = [letters.Content.Letter.Contact, .. Tracked(letters, entry)],
            MissionTitle = "",
            Mailboxes = [new(to, MailboxField.To)],
            Envelope = [to],
            IsAutomatic = true,
        };
    }

    /// <summary>
    /// The first mission's letter, as a proof for the people who read it before its release. Its link does not
    /// acknowledge.
    /// </summary>
    public async Task<OutgoingMessage> WriteProof(
        PreparedLetters letters,
        DistributionRecord distribution,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var mission = letters.Content.Roster[0];
        var letter = letters.Letters.Render(mission, links.Proof);
        IReadOnlyList<string> readers =
            distribution.ProofTo is []
                ? [.. distribution.Proof.Select(reader => reader.Address)]
                : distribution.ProofTo;
        return (
            await Message(
                letters,
                letter with
                {
                    Subject = $"PROOF, not sent to missions: {letter.Subject}",
                    Text = $"{ProofMark}\n\n{letter.Text}",
                    Html = WithMark(letter.Html, $"<p><strong>{ProofMark}</strong></p>", Languages.English),
                },
                distribution.Id,
                mission,
                cancellation)) with
        {
            MessageId = $"{distribution.Id}.proof.{now.ToUnixTimeMilliseconds()}@{Domain}",
            Date = now,
            MissionTitle = "",
            Mailboxes = [.. readers.Select(reader => new Mailbox(reader, MailboxField.To))],
            Envelope = [.. readers],
        };
    }

    private const string ProofMark = "PROOF, for reading. This letter has not been sent to any mission.";

    /// <param name="language">That of the mark: mail programs leave out what the page itself says of it.</param>
    private static string WithMark(string html, string mark, string language)
    {
        var direction = Languages.IsRightToLeft(language) ? "rtl" : "ltr";
        return BodyStart().Replace(
            html,
            found =>
                $"{found.Value}<div lang=\"{language}\" dir=\"{direction}\" style=\"padding:1em 20px 0\">{mark}</div>",
            1);
    }

    /// <summary>Where an email's body begins; in a template that has no such element, its very beginning.</summary>
    [GeneratedRegex("<body[^>]*>|^(?!.*<body)", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex BodyStart();

    /// <summary>A reminder asks for the acknowledgement of the letter it reminds of.</summary>
    private static string Acknowledged(PreparedLetters letters, MissionEntry entry) =>
        letters.Content is { Reminder: not null, Follows: { } follows } ? follows.Of : entry.DistributionId;

    /// <summary>
    /// Empty if the setting was removed after the pre-flight: the letter is sent anyway, and a reply to it is still
    /// recognized by its Message-ID.
    /// </summary>
    private IEnumerable<Correspondent> Tracked(PreparedLetters letters, MissionEntry entry) =>
        letters.Content.Letter.TracksReplies
        && replies.For(letters.KeyId, Acknowledged(letters, entry), entry.MissionId) is { } address
            ? [new(null, address)]
            : [];

    private async Task<OutgoingMessage> Message(
        PreparedLetters letters,
        Letter letter,
        string distributionId,
        Mission mission,
        CancellationToken cancellation)
    {
        var language = letters.Content.LanguagesOf(mission).Email;
        return new(
            MessageId: "",
            Date: default,
            DistributionId: distributionId,
            MissionId: mission.Id,
            From: from.Value,
            ReturnPath: mail.Value.ReturnPath,
            ReplyTo: [letters.Content.Letter.Contact],
            MissionTitle: mission.TitleIn(language),
            Mailboxes: [],
            Envelope: [],
            Language: language,
            Subject: letter.Subject,
            Html: letter.Html,
            Text: letter.Text,
            Enclosures: await letters.Attachments(mission, cancellation));
    }
}
