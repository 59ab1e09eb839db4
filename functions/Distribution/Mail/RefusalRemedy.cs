namespace Distribution.Mail;

/// <summary>
/// What to do where a mail server refuses, as far as its own words tell that it objects to us and not to a mailbox.
/// </summary>
internal static class RefusalRemedy
{
    public const string EhloName =
        "Set Mail:EhloName to the full name of this machine in the DNS, such as letters.mission.org.";

    private const string Login =
        "Set Mail:User and Mail:Password, or ask its administrator to let this machine send to others.";

    private const string Sender = "Set Mail:ReturnPath and Mail:From to addresses that it lets this machine send from.";

    private const string Machine = "Ask its administrator to let this machine send.";

    /// <summary>The first that fits is the remedy: what servers say, in small letters.</summary>
    private static readonly (string Words, string Remedy)[] Known =
    [
        ("helo", EhloName),
        ("relay", Login),
        ("authenti", Login),
        ("not logged in", Login),
        ("log in first", Login),
        ("login required", Login),
        ("must be signed in", Login),
        ("sender address rejected", Sender),
        ("sender denied", Sender),
        ("sender rejected", Sender),
        ("not allowed to send", Sender),
        // Exchange Online, of a mailbox that may not send as another.
        ("sendasdenied", Sender),
        // Postfix, where the user who logged in may not send in this name.
        ("not owned by", Sender),
        // Postfix, of a machine that it does not know or that is on a block list.
        ("client host", Machine),
        ("ip address", Machine),
        ("blocked using", Machine),
        ("blocklist", Machine),
        ("blacklist", Machine),
    ];

    /// <returns>Null where the words do not tell.</returns>
    public static string? For(string words) =>
        Known.FirstOrDefault(known => words.Contains(known.Words, StringComparison.OrdinalIgnoreCase)).Remedy;
}
