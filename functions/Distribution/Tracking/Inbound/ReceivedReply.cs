using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using MimeKit;
using MimeKit.IO;

namespace Distribution.Tracking.Inbound;

/// <summary>A file that came with a reply.</summary>
/// <param name="Length">In bytes.</param>
internal sealed record ReplyFile(string Name, long Length);

/// <summary>A letter to one mission that a reply may be about, in words for the person who decides.</summary>
/// <param name="Letter">The draft's label and the process.</param>
/// <param name="Mission">The mission's name in English.</param>
internal sealed record ReplyCandidate(string DistributionId, string MissionId, string Letter, string Mission)
{
    /// <summary>
    /// The candidate for a mission. The id is that of the letter that is acknowledged: for a reminder, the letter it
    /// reminds of.
    /// </summary>
    public static ReplyCandidate Of(DistributionRecord distribution, Mission mission) =>
        new(
            distribution.AcknowledgedUnder,
            mission.Id,
            $"{distribution.DraftLabel}, {distribution.Process}",
            mission.Name);
}

/// <summary>What the desk shows of an incoming message.</summary>
/// <param name="Id">
/// A hash of what the sender wrote, without what mail servers add: the same from whatever source the message comes, and
/// different for any other message.
/// </param>
/// <param name="Sender">The sender's name and address as the message gives them, on one line.</param>
/// <param name="At">When it reached us.</param>
/// <param name="Excerpt">The beginning of its text, without quotations, on one line, at most 500 characters.</param>
/// <param name="Files">The first of its files.</param>
/// <param name="MoreFiles">How many further files it has.</param>
/// <param name="Candidates">The letters it may be about, the most likely first.</param>
internal sealed record ReceivedReply(
    string Id,
    string Sender,
    string Subject,
    DateTimeOffset At,
    string Excerpt,
    IReadOnlyList<ReplyFile> Files,
    int MoreFiles,
    IReadOnlyList<ReplyCandidate> Candidates)
{
    private const int MostFiles = 50;

    private const int LongestName = 150;

    private const int LongestNamed = 80;

    /// <summary>When it was sent, by its sender's clock; null where it does not say.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public ReplyPile Pile { get; init; }

    /// <summary>Why it waits for a person: a sentence.</summary>
    public string Why { get; init; } = "";

    /// <summary>
    /// Whether it has the token of the first candidate's letter and is more likely a person's than a machine's, so that
    /// the mission counts as having answered.
    /// </summary>
    public bool IsAnswer { get; init; }

    /// <summary>Whether it says that the letter was not handed on, or that nobody reads what comes there.</summary>
    public bool SaysUnread { get; init; }

    /// <summary>Whether its sender is a mailbox of the first candidate's mission. A sender can be forged.</summary>
    public bool IsFromMission { get; init; }

    /// <summary>The message without those candidates whose letters do not exist any more.</summary>
    public ReceivedReply Without(Func<ReplyCandidate, bool> gone)
    {
        var left = Candidates.Where(letter => !gone(letter)).ToList();
        return left.Count == Candidates.Count ? this
            // What is known of the first candidate is not known of the next one.
            : left.FirstOrDefault() == Candidates[0] ? this with { Candidates = left }
            : this with { Candidates = left, IsAnswer = false, IsFromMission = false };
    }

    /// <param name="message">A message that <see cref="ReadableMessage.Open"/> made readable.</param>
    /// <param name="arrived">When it reached us.</param>
    public static ReceivedReply Read(MimeMessage message, string id, DateTimeOffset arrived)
    {
        var sender = message.From.Mailboxes.FirstOrDefault();
        var files = FilesOf(message).ToList();
        return new(
            id,
            Line(string.IsNullOrWhiteSpace(sender?.Name) ? sender?.Address ?? "" : $"{sender.Name} <{sender.Address}>"),
            Line(message.Subject ?? ""),
            arrived,
            Excerpts(message),
            [.. files.Take(MostFiles).Select(file => new ReplyFile(NameOf(file), LengthOf(file)))],
            Math.Max(0, files.Count - MostFiles),
            [])
        {
            SentAt = message.Date == DateTimeOffset.MinValue ? null : message.Date,
            SaysUnread = InboundMail.SaysUnread(message),
        };
    }

    /// <summary>A message that was not read: only the place where it is stored is known.</summary>
    public static ReceivedReply Unread(string id, string place, DateTimeOffset arrived, string why) =>
        new(id, "", Line(place), arrived, "", [], 0, []) { Why = why };

    /// <summary>
    /// The beginning of its subject: enough to tell it from another message on a page that shows only that.
    /// </summary>
    public string Named =>
        Subject.Length > LongestNamed ? $"{TextStart.Of(Subject, LongestNamed).TrimEnd()} …" : Subject;

    /// <summary>Whether the word occurs in what is shown of it, ignoring case.</summary>
    public bool Has(string word) =>
        ((string[])[Sender, Subject, Excerpt, Why, .. Candidates.Select(candidate => candidate.Mission)]).Any(text =>
            text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <returns>The name and bytes of one of <see cref="Files"/>; null where there is no file of that number.</returns>
    /// <param name="place">The file's index, from 0.</param>
    public static (string Name, MemoryStream Content)? File(MimeMessage message, int place)
    {
        if (FilesOf(message).Take(MostFiles).ElementAtOrDefault(place) is not { } file)
            return null;
        var content = new MemoryStream();
        Write(file, content);
        content.Position = 0;
        return (NameOf(file), content);
    }

    private static IEnumerable<MimeEntity> FilesOf(MimeMessage message) =>
        InboundMail
            .Parts(message.Body)
            .Where(part => part is MessagePart || part is MimePart { FileName: not null } || part.IsAttachment);

    private static string NameOf(MimeEntity file)
    {
        var name = Printable((file as MimePart)?.FileName ?? (file is MessagePart ? "message.eml" : ""))
            // A name that leads into another folder, or that Windows does not take, becomes one that does not.
            .Replace('/', '-')
            .Replace('\\', '-')
            .Trim(' ', '.');
        // Cut the beginning of a long name: the end has the file extension.
        return name.Length == 0 ? "attachment" : name.Length > LongestName ? name[^LongestName..] : name;
    }

    private static long LengthOf(MimeEntity file)
    {
        using var measure = new MeasuringStream();
        Write(file, measure);
        return measure.Length;
    }

    private static void Write(MimeEntity file, Stream to)
    {
        if (file is MessagePart { Message: { } inner })
            inner.WriteTo(to);
        else if (file is MimePart { Content: { } content })
            content.DecodeTo(to);
    }

    private static string Excerpts(MimeMessage message)
    {
        var text = ReplyText.Of(message);
        return Line(
            ReplyText.AboveQuotation(text) is { Length: > 0 } above
                ? above
                // Everything is quoted, such as with an answer below or between the lines: then what does not begin as
                // a quotation is shown.
                : string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('>'))));
    }

    private static string Line(string text) => SingleLine.Of(Printable(SingleLine.Of(text)));

    private static string Printable(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => UnsafeCharacters.FirstUnprintable(rune.ToString()) is null));
}
