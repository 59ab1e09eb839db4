namespace Distribution;

internal static partial class Faults
{
    public static Fault UnknownImapServer(string value) => new(600, "Setting Inbound:ImapServer",
        $"“{Characters.Briefly(value)}” is not the address of a mailbox's server.", "Write imaps://HOST or imap://HOST:PORT, or leave it empty.");

    public static Fault ImapServerWithCredentials() => new(601, "Setting Inbound:ImapServer",
        "The server's address carries a user name or a password.",
        "Take them out of the address and put them into Inbound:User and Inbound:Password.");

    public static Fault UnknownImapEncryption(string value) => new(602, "Setting Inbound:Encryption",
        $"“{Characters.Briefly(value)}” is not a kind of encryption this program knows.", "Write auto, starttls or none.");
}
