using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

public sealed class InboundSettingsValidationTests
{
    public static TheoryData<string, string, string, string, string, string> Faulty =>
        new()
        {
            {
                "mail.secretariat.example",
                "u",
                "p",
                "INBOX",
                "auto",
                "Setting Inbound:ImapServer: “mail.secretariat.example” is not the address of an IMAP server. Write imaps://HOST or imap://HOST:PORT, or leave it empty. (D600)"
            },
            { "imaps://host/inbox", "u", "p", "INBOX", "auto", "(D600)" },
            {
                "imaps://user:pass@host",
                "u",
                "p",
                "INBOX",
                "auto",
                "Take them out of the address and put them into Inbound:User and Inbound:Password. (D601)"
            },
            { "imaps://host", "", "p", "INBOX", "auto", "Set Inbound:User and start again. (D502)" },
            { "imaps://host", "u", "", "INBOX", "auto", "Set Inbound:Password and start again. (D502)" },
            { "imaps://host", "u", "p", "", "auto", "Set Inbound:Folder and start again. (D502)" },
            {
                "imap://host",
                "u",
                "p",
                "INBOX",
                "tls",
                "“tls” is not a kind of encryption this program knows. Write auto, starttls or none. (D602)"
            },
        };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_names_the_setting_and_what_to_write_and_never_a_password(
        string server,
        string user,
        string password,
        string folder,
        string encryption,
        string words)
    {
        var result = new InboundSettingsValidation().Validate(
            null,
            new()
            {
                ImapServer = server,
                User = user,
                Password = password,
                Folder = folder,
                Encryption = encryption,
            });
        Assert.True(result.Failed);
        Assert.Contains(words, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("user:pass", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("imaps://mail.secretariat.example", "u")]
    [InlineData("imap://[::1]:1143", "u")]
    public void Without_a_server_nothing_else_is_asked_for(string server, string user) =>
        Assert.True(
            new InboundSettingsValidation()
                .Validate(
                    null,
                    new()
                    {
                        ImapServer = server,
                        User = user,
                        Password = user,
                    })
                .Succeeded);

    [Theory]
    [InlineData("replies")]
    [InlineData("replies+more@letters.example")]
    [InlineData("Replies <replies@letters.example>")]
    [InlineData("réponses@letters.example")]
    [InlineData("a-name-that-leaves-no-room-for-token@letters.example")]
    public void An_address_that_no_token_can_be_put_into_is_refused(string address) =>
        Assert.Contains(
            "Write one address in plain letters without “+”, at most 31 characters before the @",
            new InboundSettingsValidation().Validate(null, new() { ReplyAddress = address }).FailureMessage,
            StringComparison.Ordinal);

    [Fact]
    public void A_key_that_is_none_is_refused() =>
        Assert.Contains(
            "(D604)",
            new InboundSettingsValidation().Validate(null, new() { SendGridKey = "no key" }).FailureMessage,
            StringComparison.Ordinal);

    [Fact]
    public void A_server_has_the_usual_port_unless_it_says_another()
    {
        Assert.Equal((new("mail.example", 993, true), null), ImapServer.Parse("imaps://mail.example"));
        Assert.Equal((new("mail.example", 143, false), null), ImapServer.Parse("imap://mail.example/"));
        Assert.Equal((new("mail.example", 1143, false), null), ImapServer.Parse("imap://mail.example:1143"));
    }
}
