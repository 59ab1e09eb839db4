using Distribution.Common;
using Distribution.Mail;
using Distribution.Register;

namespace Distribution.Tests.Mail;

/// <summary>A letter to an invented mission, for tests of the ways out.</summary>
internal static class OutgoingSamples
{
    public static readonly EncodedEnclosure Draft = new("draft.pdf", "application/pdf", "%PDF-1.7 a draft"u8.ToArray());

    public static OutgoingMessage Letter(params string[] addresses) =>
        new(
            "gcm.draft-rev-1.fra.1@letters.example",
            new DateTimeOffset(2018, 3, 26, 18, 5, 0, TimeSpan.FromHours(-4)),
            "gcm-draft-rev-1",
            "fra",
            new Correspondent("The co-facilitators", "letters@mission.example"),
            "bounces@mission.example",
            [new Correspondent("Ana Núñez", "contact@mission.example")],
            "Permanent Mission of Côte d’Ivoire to the United Nations",
            [
                .. (addresses is [] ? ["a@one.example"] : addresses).Select(
                    (address, index) => new Mailbox(address, index < 2 ? MailboxField.To : MailboxField.Cc)),
            ],
            addresses is [] ? ["a@one.example"] : addresses,
            "en",
            "Global compact: Draft Rev 1",
            "<p>Excellency,</p>",
            "Excellency,\n",
            [Draft]);

    public static MailSettings Settings(string transport) => new()
    {
        Transport = transport,
        From = "The co-facilitators <letters@mission.example>",
        ReturnPath = "bounces@mission.example",
        Timeout = TimeSpan.FromSeconds(10),
    };
}
