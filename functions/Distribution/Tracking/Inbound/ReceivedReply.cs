using MimeKit;
using MimeKit.IO;
using MimeKit.Text;

namespace Distribution;

/// <summary>A file that came with a reply.</summary>
/// <param name="Length">In bytes.</param>
internal sealed record ReplyFile(string Name, long Length);

/// <summary>A letter to one mission that a reply may be to, in words for the person who decides.</summary>
/// <param name="Letter">Draft and process.</param>
/// <param name="Mission">The mission's name in English.</param>
internal sealed record ReplyCandidate(string DistributionId, string MissionId, string Letter, string Mission);

/// <summary>What is shown of a message that a person wrote.</summary>
/// <param name="Id">Made from the Message-ID: the same from whatever source it comes.</param>
/// <param name="Sender">As the message names its sender, with the address; fit for one line.</param>
/// <param name="At">When it was sent, where the message says so and that can be; else when it came.</param>
/// <param name="Excerpt">The beginning of its text, without what it quotes, on one line, at most 500 characters.</param>
/// <param name="Files">The first of the files that came with it.</param>
/// <param name="MoreFiles">How many further files came with it.</param>
/// <param name="Candidates">The likeliest first.</param>
internal sealed record ReceivedReply(
    string Id, string Sender, string Subject, DateTimeOffset At, string Excerpt, IReadOnlyList<ReplyFile> Files, int MoreFiles, IReadOnlyList<ReplyCandidate> Candidates)
{
    private const int MostFiles = 50;

    private const int LongestName = 150;

    private const int LongestExcerpt = 500;

    private static readonly TimeSpan LongestOnTheWay = TimeSpan.FromDays(60);

    public static ReceivedReply Read(MimeMessage message, string id, DateTimeOffset now)
    {
        var sender = message.From.Mailboxes.FirstOrDefault();
        var files = FilesOf(message).ToList();
        return new(
            id,
            Line(string.IsNullOrWhiteSpace(sender?.Name) ? sender?.Address ?? "" : $"{sender.Name} <{sender.Address}>"),
            Line(message.Subject ?? ""),
            message.Date > now || message.Date < now - LongestOnTheWay ? now : message.Date,
            Excerpts(message),
            [.. files.Take(MostFiles).Select(file => new ReplyFile(NameOf(file), LengthOf(file)))],
            Math.Max(0, files.Count - MostFiles),
            []);
    }

    /// <returns>The bytes of one of <see cref="Files"/>; null where there is none of that number.</returns>
    /// <param name="place">From 0.</param>
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
        InboundMail.Parts(message.Body).Where(part => part is MessagePart || part is MimePart { FileName: not null } || part.IsAttachment);

    private static string NameOf(MimeEntity file)
    {
        var name = Printable((file as MimePart)?.FileName ?? (file is MessagePart ? "message.eml" : "")).Replace('/', '-').Replace('\\', '-').Trim(' ', '.');
        // The end of a long name says what kind of file it is.
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
        if (InboundMail.Parts(message.Body).OfType<TextPart>().Where(part => !part.IsAttachment && (part.IsPlain || part.IsHtml)).OrderByDescending(part => part.IsPlain).FirstOrDefault() is not { } text)
            return "";
        if (text.IsPlain)
            return Line(new PlainTextPreviewer { MaximumPreviewLength = LongestExcerpt }.GetPreviewText(string.Join('\n', text.Text.Split('\n').Where(line => !line.StartsWith('>')))));
        // The previewer begins at the body, and some mail programs write none.
        var html = new HtmlTextPreviewer { MaximumPreviewLength = LongestExcerpt };
        return Line(html.GetPreviewText(text.Text) is { Length: > 0 } words ? words : html.GetPreviewText($"<body>{text.Text}"));
    }

    private static string Line(string text) => OneLine.Of(Printable(OneLine.Of(text)));

    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Where(rune => Characters.FirstUnprintable(rune.ToString()) is null));
}
