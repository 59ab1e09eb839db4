using Distribution.Common;

namespace Distribution.Mail;

/// <summary>The faults that this folder reports, each with its number; see <see cref="Finding"/>.</summary>
internal static class MailFaults
{
    public static Finding UnknownTransport(string value) => new(500, Location.Setting("Mail:Transport"),
        value.Length == 0
            ? "How letters are sent is not set."
            : $"“{UnsafeCharacters.Briefly(value)}” is not a way to send letters that this program knows.",
        "Write smtp://HOST:PORT, smtps://HOST:PORT, sendgrid, or pickup:FOLDER.");

    public static Finding TransportWithCredentials() => new(501, Location.Setting("Mail:Transport"),
        "The mail server's address carries a user name or a password.",
        "Take them out of the address and put them into Mail:User and Mail:Password.");

    public static Finding SettingIsNoAddress(string name, string value) =>
        new(
            503,
            Location.Setting(name),
            $"“{UnsafeCharacters.Briefly(value)}” is not one email address.",
            "Write one address in plain letters, such as letters@mission.org.");

    public static Finding UnknownEncryption(string value) =>
        new(
            505,
            Location.Setting("Mail:Encryption"),
            $"“{UnsafeCharacters.Briefly(value)}” is not a kind of encryption this program knows.",
            "Write auto, starttls or none.");

    public static Finding UnknownRevocation(string setting, string value) =>
        new(
            528,
            Location.Setting(setting),
            $"“{UnsafeCharacters.Briefly(value)}” does not say whether revoked certificates are looked for.",
            "Write required, when-reachable or none.");

    public static Finding FingerprintUnreadable(string setting) => new(529, Location.Setting(setting),
        "It is not the SHA-256 fingerprint of a certificate.",
        "Write its 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 shows them.");

    public static Finding CaFileUnreadable(string setting, string file) =>
        new(
            530,
            Location.Setting(setting),
            $"“{UnsafeCharacters.Briefly(file)}” is not a file of certificates that can be read.",
            "Name a file in PEM, which begins with -----BEGIN CERTIFICATE-----.");

    public static Finding SendGridUrlUnusable(string value) =>
        new(
            506,
            Location.Setting("Mail:SendGridUrl"),
            $"“{UnsafeCharacters.Briefly(value)}” is not an address letters can be handed to safely.",
            "Write https://api.sendgrid.com or https://api.eu.sendgrid.com.");

    public static Finding SettingOutOfRange(string name, string problem, string remedy) =>
        new(507, Location.Setting(name), problem, remedy);

    public static Finding SendGridEventKeyUnreadable() =>
        new(
            508,
            Location.Setting("Mail:SendGridEventKey"),
            "It is not a public key that SendGrid signs events with.",
            "Copy the Verification Key from SendGrid's page Settings, Mail Settings, Event Webhooks, as it stands; where there are two, put a space between them."
        );

    public static Finding MessageTooLarge(long bytes, long limit) =>
        new(
            510,
            Location.InWords("The enclosures together"),
            $"A letter with them comes to {EnglishText.SizeAbove(limit, bytes)} as mail carries it, and at most {EnglishText.Size(limit)} can be sent.",
            "Make the files smaller, leave out those that can be read elsewhere, or write “page: documents”: what is too large is then linked.");

    public static Finding EnclosuresLinked(IReadOnlyList<string> files, long limit) => new(
        518,
        Location.InWords("The enclosures together"),
        $"They are more than the {EnglishText.Size(limit)} that one mail can carry: {EnglishText.Listed(files)} {(files is [_] ? "is" : "are")} linked in it, and fetched from the mission's page.",
        "Make smaller what is to come by mail.",
        Severity.Note);

    public static Finding MessageHeavy(long bytes) => new(511, Location.InWords("The enclosures together"),
        $"They come to {EnglishText.Size(bytes)}, and some missions' mail servers refuse letters of that size.",
        "Send smaller files if you can.", Severity.Note);

    public static Finding FileNamesGarbled(IReadOnlyList<string> files) => new(608, Location.InWords("The enclosures"),
        $"SendGrid carries names in plain letters alone, and some missions' mail programs will show other signs for {(files is [_] ? "the name" : "the names")} of {EnglishText.Listed(files)}.",
        "Give each a name in Latin letters and digits; what the letter calls it stays.", Severity.Note);

    public static Finding ReservedMailboxes(int count, IReadOnlyList<string> first) =>
        new(
            512,
            Location.InWords("The register of missions"),
            $"{Some(count, "mailbox is a placeholder", "mailboxes are placeholders")} that no mail can reach: {string.Join(", ", first)}{(count > first.Count ? " and others" : "")}.",
            "Load a register with the missions' own addresses or, to try things out, set Mail:Transport to a mail server on this machine.");

    public static Finding ReservedAddress(Location place, string address) =>
        new(
            513,
            place,
            $"{UnsafeCharacters.Briefly(address)} is a placeholder that no mail can reach.",
            "Put a real address there or, to try things out, set Mail:Transport to a mail server on this machine.");

    public static Finding LoopbackPublicUrl(string url) => new(514, Location.Setting("PublicUrl"),
        $"{UnsafeCharacters.Briefly(url)} can be opened on this machine only, so the missions' links would not work.",
        "Set PublicUrl to the address the missions can open.");

    public static Finding ControlCharacters(Location place, string what) => new(515, place,
        $"{what} holds a line break or another invisible character.", "Type it again on one line.");

    public static Finding NotAnAddress(Location place, string address) =>
        new(
            516,
            place,
            $"“{UnsafeCharacters.Briefly(address)}” is not one email address.",
            "Correct it; an address looks like name@mission.org.");

    public static Finding RepliesWithoutAddress(string file) => new(517, Location.In(file, field: "replies"),
        "Replies are to be tracked, and there is no address for them.",
        "Set Inbound:ReplyAddress to an address whose mail this program reads, or write “replies: contact”.");

    public static Finding DkimKeyUnreadable() => new(520, Location.Setting("Mail:DkimKey"),
        "It is not a private key that letters can be signed with.",
        "Put an RSA or Ed25519 private key there, in PEM and without a password; openssl genrsa 2048 makes one.");

    public static Finding DkimKeyTooShort(int bits) => new(521, Location.Setting("Mail:DkimKey"),
        $"The key has {bits} bits, and receivers trust none shorter than {DkimKey.Shortest}.",
        $"Make one of {DkimKey.Recommended} bits, publish it in the DNS under a new name, and set Mail:DkimSelector to that name.");

    public static Finding DkimDomainNotAligned(string domain, string from) =>
        new(
            522,
            Location.Setting("Mail:DkimDomain"),
            $"Letters come from {UnsafeCharacters.Briefly(from)} and would be signed in the name of {UnsafeCharacters.Briefly(domain)}, which receivers do not count as the same sender.",
            "Sign with the domain of Mail:From, or leave Mail:DkimDomain empty.");

    public static Finding NotAName(string setting, string value) =>
        new(
            523,
            Location.Setting(setting),
            $"“{UnsafeCharacters.Briefly(value)}” cannot be part of a name in the DNS.",
            "Write letters, digits, hyphens and dots, such as letters2026.");

    public static Finding SignedElsewhere(string setting, string signer) =>
        new(
            524,
            Location.Setting(setting),
            $"This service signs only letters that it sends by SMTP; these are signed by {signer}.",
            "Clear Mail:DkimKey, Mail:DkimSelector and Mail:DkimDomain, and set the signing up there.");

    private static string Some(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    public static Finding ReturnPathOfSendGrid() =>
        new(
            525,
            Location.Setting("Mail:ReturnPathPerAttempt"),
            "SendGrid sets the return path itself, so no letter can have one of its own.",
            "Leave it out, or write false.");

    public static Finding ReturnPathWithoutRoom(string address) =>
        new(
            526,
            Location.Setting("Mail:ReturnPath"),
            $"“{UnsafeCharacters.Briefly(address)}” cannot carry a tag for each letter, as in NAME+TAG@domain.",
            $"Write one without “+”, with at most {TokenAddress.LongestName} characters before the @, or leave Mail:ReturnPathPerAttempt out."
        );

    public static Finding SenderDomainTooLong(string domain) =>
        new(
            527,
            Location.Setting("Mail:From"),
            $"The domain {UnsafeCharacters.Briefly(domain)} has {domain.Length} characters; with more than {SentMessageId.LongestDomain} a letter's Message-ID would be longer than mail programs keep.",
            "Send from an address with a shorter domain.");
}
