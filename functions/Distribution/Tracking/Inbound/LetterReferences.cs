using System.Text;
using System.Text.RegularExpressions;
using Distribution.Mail;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Finds the Message-IDs that a message names: those it answers, those of letters that are attached to it or quoted in
/// it, in whatever way mail programs write them.
/// </summary>
internal static partial class LetterReferences
{
    /// <summary>
    /// How much of an attached file is searched for the Message-ID header of one of our letters, in bytes.
    /// </summary>
    private const int LongestHead = 64 * 1024;

    /// <summary>The same of a file of Outlook's own, which has its headers anywhere.</summary>
    private const int LongestOutlook = 4 * 1024 * 1024;

    /// <summary>How many attached messages within each other are looked into, and how many files.</summary>
    private const int Deepest = 3;

    private const int MostFiles = 20;

    private static readonly string[] Fields =
    [
        "In-Reply-To",
        "References",
        "Original-Message-ID",
        "X-Original-Message-ID",
        "X-Forwarded-Message-Id",
    ];

    /// <summary>The Message-IDs that its headers say it answers, the nearest first.</summary>
    public static IEnumerable<string?> Answered(MimeMessage message) =>
        [
            message.InReplyTo,
            .. message.References.Reverse(),
            // As some programs write them: without brackets, in quotes, with commas, broken in the middle.
            .. message
                .Headers.Where(header => Fields.Contains(header.Field, StringComparer.OrdinalIgnoreCase))
                .SelectMany(header => Separators().Split(header.Value).Append(Spaces().Replace(header.Value, ""))),
        ];

    /// <summary>The Message-IDs of messages that are attached to it, and that those name.</summary>
    public static IEnumerable<string?> Attached(IEnumerable<MimeEntity> parts, int depth = Deepest) =>
        parts
            .OfType<MessagePart>()
            .Take(MostFiles)
            .Select(part => part.Message)
            .OfType<MimeMessage>()
            .SelectMany(inner => (IEnumerable<string?>)
                [
                    inner.MessageId,
                    .. depth > 1 ? Attached(InboundMail.Parts(inner.Body), depth - 1) : [],
                    .. Answered(inner),
                ]);

    /// <summary>Message-IDs in its text, or in a letter that is attached to it as an ordinary file.</summary>
    public static IEnumerable<string> Quoted(string text, IReadOnlyList<MimeEntity> parts) =>
        parts
            .OfType<MimePart>()
            .Where(part => part is not TextPart && !IsOutlooks(part))
            .Take(MostFiles)
            .Select(part => Beginning(part))
            .Prepend(text)
            .SelectMany(content => Header().Matches(content))
            .Select(match => match.Groups[1].Value)
            .Concat(
                parts
                    .OfType<MimePart>()
                    .Where(IsOutlooks)
                    .Take(MostFiles)
                    // Outlook's own files are in UTF-16.
                    .Select(part => Beginning(part, LongestOutlook).Replace("\0", "", StringComparison.Ordinal))
                    .SelectMany(content => Bracketed().Matches(content))
                    .Select(match => match.Groups[1].Value));

    /// <returns>The first that is a Message-ID in our format; null where none is.</returns>
    public static string? Ours(IEnumerable<string?> candidates) =>
        candidates
            .OfType<string>()
            .Select(candidate => candidate.Trim(' ', '\t', '<', '>', '"', '\''))
            .FirstOrDefault(candidate => SentMessageId.Read(candidate) is not null);

    /// <summary>The beginning of a file, a character for each byte.</summary>
    public static string Beginning(MimePart part) => Beginning(part, LongestHead);

    private static string Beginning(MimePart part, int most)
    {
        if (part.Content is not { Stream: { } stored } encoded)
            return "";
        using var content = encoded.Open();
        // What is decoded is never longer than what is encoded.
        var bytes = new byte[Math.Min(most, stored.Length)];
        return Encoding.Latin1.GetString(bytes, 0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static bool IsOutlooks(MimePart part) =>
        part.FileName?.EndsWith(".msg", StringComparison.OrdinalIgnoreCase) is true
        || part.ContentType.MimeType.Equals("application/vnd.ms-outlook", StringComparison.OrdinalIgnoreCase);

    // Strangers write these texts: without backtracking, the time grows with their length alone.
    [GeneratedRegex(
        @"^[>\s]{0,20}Message-ID:\s{0,10}<([^<>\s]{3,400})>",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Header();

    [GeneratedRegex(@"<([^<>\s]{3,400})>", RegexOptions.NonBacktracking)]
    private static partial Regex Bracketed();

    [GeneratedRegex("[\\s,;<>\"]+", RegexOptions.NonBacktracking)]
    private static partial Regex Separators();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
