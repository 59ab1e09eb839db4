using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>
/// Reads to whom a person sends a proof: a draft is not yet anybody's, so it goes to mailboxes at the domains of
/// <c>Release:ProofDomains</c>, and to those that the letter itself names.
/// </summary>
internal sealed class ProofReaders(IOptions<ReleaseSettings> release, IOptions<MailSettings> mail)
{
    public const int Most = 5;

    /// <summary>In characters: five of the longest addresses with what stands between them.</summary>
    public const int LongestText = Most * (EmailAddresses.Longest + 2);

    private static readonly char[] Between = [',', ';', ' ', '\t', '\r', '\n'];

    /// <summary>The domains, in ASCII and lower case; without the setting, that of the letters' sender.</summary>
    public IReadOnlyList<string> Domains => ReleaseSettings.Domains(release.Value.ProofDomains) is { Count: > 0 } named
        ? named
        : [EmailAddresses.Domain(mail.Value.Sender?.Address ?? "")];

    /// <param name="typed">Mailboxes with commas, semicolons or spaces between.</param>
    /// <returns>The mailboxes; or what is wrong with them, in a sentence that says what to do.</returns>
    public (IReadOnlyList<string> To, Phrase? Problem) Read(string typed, DistributionRecord letter)
    {
        var words = typed.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (typed.Length > LongestText || words.Length > Most)
            return ([], Say($"Name at most {Most} mailboxes."));
        if (words is [])
            return ([], Say($"Name the mailbox that the proof goes to, such as name@{Domains[0]}."));
        List<string> to = [];
        foreach (var word in words)
        {
            if (EmailAddresses.ReadAlone(word) is not { } address || !EmailAddresses.IsPlain(address))
                return ([], Say($"“{word}” is no mailbox. Write it as in name@{Domains[0]}."));
            if (!Domains.Contains(EmailAddresses.Domain(address))
                && !letter.Proof.Any(reader => Same(reader.Address, address)))
                return ([], Say($"“{word}” is elsewhere: from here a proof goes only to mailboxes at {Either(Domains.Select(Plain))}. Take it out, or download the letter and hand it on yourself."));
            if (!to.Exists(other => Same(other, address)))
                to.Add(address);
        }

        return (to, null);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
