using Distribution.Mail;

namespace Distribution.Web.Health;

/// <summary>Whether the way out for mail answers; nothing is sent.</summary>
internal sealed class MailHealth(IMailTransport transport, TimeProvider clock) : RememberedHealth(clock)
{
    public const string Part = "mail";

    protected override TimeSpan Patience => TimeSpan.FromSeconds(10);

    protected override Task Try(CancellationToken cancellation) => transport.Probe(cancellation);
}
