using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Mail;

/// <summary>If a letter tracks replies, there must be a reply address that mail can reach.</summary>
internal sealed class ReplyAddressCheck(ReplyAddresses replies, IMailTransport transport) : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight)
    {
        if (!preflight.Letter.TracksReplies)
            yield break;
        if (replies.Own.Length == 0)
            yield return MailFaults.RepliesWithoutAddress(preflight.Letter.File);
        else if (transport.LeavesTheMachine && EmailAddresses.IsReserved(replies.Own))
            yield return MailFaults.ReservedAddress(Location.Setting("Inbound:ReplyAddress"), replies.Own);
    }
}
