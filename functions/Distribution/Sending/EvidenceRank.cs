using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>How reliable evidence about a letter is, the most reliable first.</summary>
internal enum EvidenceRank
{
    /// <summary>The server's own answer to us, or the file in the pickup folder.</summary>
    OwnExchange,

    /// <summary>A person of the secretariat says so, in their name.</summary>
    Person,

    /// <summary>An event the provider has signed.</summary>
    Provider,

    /// <summary>
    /// A message with the token of exactly that attempt, about a mailbox it was sent to. Anyone who has the letter can
    /// forge one. So it can only mark a sent letter as bounced or deferred, and settle an unknown outcome as sent. It
    /// never marks a letter as delivered and never stops one that is still to be sent.
    /// </summary>
    Mail,
}

/// <summary>The sources of evidence. Their names are stored with events, and so never change.</summary>
internal static class EvidenceRanks
{
    public const string SendGrid = "sendgrid";

    public const string Pickup = "pickup";

    /// <summary>A report of a mail server, by mail.</summary>
    public const string Report = "bounce";

    public const string Reply = "reply";

    public const string AutomaticReply = "auto-reply";

    extension(DeliveryEvent happened)
    {
        public EvidenceRank Rank => happened.Source switch
        {
            null or Pickup => EvidenceRank.OwnExchange,
            SendGrid => EvidenceRank.Provider,
            Report or Reply or AutomaticReply => EvidenceRank.Mail,
            // Every other source is the name of a person.
            _ => EvidenceRank.Person,
        };

        public bool IsByMail => happened.Rank == EvidenceRank.Mail;
    }

    /// <summary>Where something is known from, in words that say how reliable that is.</summary>
    public static Phrase Words(DeliveryEvent happened) => happened.Source switch
    {
        null => Say($"The server's own answer"),
        Pickup => Say($"The file in the pickup folder"),
        SendGrid => Say($"A signed event of SendGrid's"),
        Report => Say($"A report by mail, which proves nothing by itself"),
        Reply => Say($"An answer by mail, which proves nothing by itself"),
        AutomaticReply => Say($"An automatic answer by mail, which proves nothing by itself"),
        var person => Say($"The word of {person}"),
    };
}
