using Distribution.Mail;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class MailTransportsTests
{
    [Theory]
    [InlineData("smtp://127.0.0.1:1025", "SMTP server 127.0.0.1, port 1025", false)]
    [InlineData("smtp://127.9.9.9", "SMTP server 127.9.9.9, port 25", false)]
    [InlineData("smtp://[::1]:1025", "SMTP server ::1, port 1025", false)]
    [InlineData("smtp://localhost:1025/", "SMTP server localhost, port 1025", false)]
    [InlineData("SMTPS://mail.mission.org", "SMTP server mail.mission.org, port 465", true)]
    [InlineData("smtp://localhost.mission.org:587", "SMTP server localhost.mission.org, port 587", true)]
    [InlineData("smtp://128.0.0.1:25", "SMTP server 128.0.0.1, port 25", true)]
    [InlineData("sendgrid", "SendGrid at api.sendgrid.com", true)]
    [InlineData("pickup:/srv/mail", "pickup folder /srv/mail", false)]
    public async Task Builds_the_way_out_that_the_setting_names_and_knows_whether_mail_leaves_the_machine(
        string setting,
        string description,
        bool leaves)
    {
        var settings = OutgoingSamples.Settings(setting);
        settings.SendGridApiKey = "SG.key";

        await using var transport = MailTransports.Create(settings, TimeProvider.System);

        Assert.Equal((description, leaves), (transport.Description, transport.LeavesTheMachine));
    }

    [Fact]
    public async Task A_stand_in_for_SendGrid_on_this_machine_keeps_mail_on_it()
    {
        var settings = OutgoingSamples.Settings("sendgrid");
        settings.SendGridApiKey = "SG.key";
        settings.SendGridUrl = "http://127.0.0.1:8080";

        await using var transport = MailTransports.Create(settings, TimeProvider.System);

        Assert.False(transport.LeavesTheMachine);
    }

    [Theory]
    [InlineData("", 500)]
    [InlineData("mail.mission.org", 500)]
    [InlineData("http://mail.mission.org", 500)]
    [InlineData("smtp://", 500)]
    [InlineData("smtp://mail.mission.org/inbox", 500)]
    [InlineData("pickup:", 500)]
    [InlineData("smtp://desk:secret@mail.mission.org", 501)]
    [InlineData("smtp://desk:secret@mail.mission.org/inbox", 500)]
    public void A_way_out_that_is_none_is_a_fault_with_its_remedy_and_without_secrets(string setting, int number)
    {
        var fault = Assert.Throws<SenderFaultException>(() =>
            MailTransports.Create(OutgoingSamples.Settings(setting), TimeProvider.System));

        Assert.False(fault.Passes);
        Assert.Contains($"(D{number})", fault.Message);
        Assert.DoesNotContain("secret", fault.Message);
    }

    [Fact]
    public void SendGrid_without_a_key_is_a_fault()
    {
        var fault = Assert.Throws<SenderFaultException>(() =>
            MailTransports.Create(OutgoingSamples.Settings("sendgrid"), TimeProvider.System));

        Assert.Contains("Mail:SendGridApiKey", fault.Message);
    }
}
