using Distribution.Common;
using Distribution.Mail;

namespace Distribution.Tracking.Inbound;

/// <summary>The faults of this step, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class InboundFaults
{
    public static Finding UnknownImapServer(string value) =>
        new(
            600,
            Location.Setting("Inbound:ImapServer"),
            $"“{UnsafeCharacters.Briefly(value)}” is not the address of an IMAP server.",
            "Write imaps://HOST or imap://HOST:PORT, or leave it empty.");

    public static Finding ImapServerWithCredentials() => new(601, Location.Setting("Inbound:ImapServer"),
        "The server's address carries a user name or a password.",
        "Take them out of the address and put them into Inbound:User and Inbound:Password.");

    public static Finding UnknownImapEncryption(string value) =>
        new(
            602,
            Location.Setting("Inbound:Encryption"),
            $"“{UnsafeCharacters.Briefly(value)}” is not a kind of encryption this program knows.",
            "Write auto, starttls or none.");

    public static Finding ReplyAddressUnusable(string value) =>
        new(
            603,
            Location.Setting("Inbound:ReplyAddress"),
            $"“{UnsafeCharacters.Briefly(value)}” cannot carry a tag for each mission, as in NAME+TAG@domain.",
            $"Write one address in plain letters without “+”, at most {TokenAddress.LongestName} characters before the @, such as replies@letters.mission.org."
        );

    public static Finding InboundKeyUnreadable() =>
        new(
            604,
            Location.Setting("Inbound:SendGridKey"),
            "It is not a public key that SendGrid signs incoming mail with.",
            "Copy the public_key of the security policy that is attached to your Inbound Parse webhook, as it stands; where there are two, put a space between them."
        );
}
