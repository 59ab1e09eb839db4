using Distribution.Mail;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class SignInRemedyTests
{
    [Theory]
    [InlineData("outlook.office365.com", true)]
    [InlineData("smtp-mail.Outlook.com", true)]
    [InlineData("mail.mission.org", false)]
    [InlineData("notoutlook.com", false)]
    public void Where_no_password_will_do_nobody_is_sent_to_check_it(string host, bool isMicrosofts)
    {
        var (reading, sending) = (SignInRemedy.OfMailbox(host), SignInRemedy.OfSending(host));
        Assert.Equal(isMicrosofts, reading.StartsWith("Microsoft takes no passwords there", StringComparison.Ordinal));
        Assert.Equal(!isMicrosofts, reading.Contains("Inbound:Password", StringComparison.Ordinal));
        Assert.Equal(isMicrosofts, sending.Contains("which Microsoft is ending", StringComparison.Ordinal));
    }
}
