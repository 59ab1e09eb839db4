using System.Globalization;
using Distribution.Local;
using Distribution.Local.ReturnCheck;
using Distribution.Tests.Mail;
using Distribution.Tests.Tracking.Inbound;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Xunit;

namespace Distribution.Tests.Local.ReturnCheck;

public sealed class CheckReturnTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_that_it_came_back_once_the_very_message_lies_in_the_return_mailbox_and_changes_nothing_there()
    {
        Assert.SkipUnless(Dovecot.Program is not null, "dovecot is not installed: no IMAP server to read from.");
        await using var mailbox = await Dovecot.Start(Cancellation);
        await using var server = new SmtpReceiver();
        var running = Run(server.Port, mailbox.Port, TimeSpan.FromMinutes(1));
        while (server.Mails.IsEmpty && !running.IsCompleted)
            await Task.Delay(50, Cancellation);
        var mail = Assert.Single(server.Mails);
        Assert.Matches(@"^bounces\+[a-z2-7]{32}@secretariat\.example$", mail.From);
        Assert.Equal(mail.From, Assert.Single(mail.To));

        mailbox.Deliver("1.other", "Subject: Another\r\nMessage-ID: <other@else.example>\r\n\r\nText\r\n"u8.ToArray());
        mailbox.Deliver("2.ours", mail.Content);
        var (code, words) = await running;

        Assert.Equal(0, code);
        Assert.Contains("It came back: Mail:ReturnPathPerAttempt may be set to true.", words, StringComparison.Ordinal);
        Assert.Equal((2, 0), mailbox.Count());
    }

    [Fact]
    public async Task Says_what_to_do_where_nothing_comes_back_or_the_server_does_not_take_it()
    {
        Assert.SkipUnless(Dovecot.Program is not null, "dovecot is not installed: no IMAP server to read from.");
        await using var mailbox = await Dovecot.Start(Cancellation);
        await using var server = new SmtpReceiver();
        var (code, words) = await Run(server.Port, mailbox.Port, TimeSpan.Zero);
        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Contains(
            "Have the mail server deliver addresses with “+” to the return mailbox",
            words,
            StringComparison.Ordinal);

        await using var strict = new ScriptedSmtpServer().On("MAIL", "553 5.7.1 Sender not owned by user");
        (code, words) = await Run(strict.Port, mailbox.Port, TimeSpan.Zero);
        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Contains(
            "If the server allows only the sender who is signed in, leave Mail:ReturnPathPerAttempt out.",
            words,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sendgrid", "SendGrid sets the return path itself")]
    [InlineData("pickup:outbox", "A folder sends nothing by itself")]
    [InlineData("smtp://127.0.0.1:1", "There is no return mailbox to look into")]
    public async Task Says_which_setting_keeps_it_from_being_tried(string transport, string words)
    {
        var fault = await Assert.ThrowsAsync<LocalFaultException>(() =>
            CheckReturnRun.Run(
                new(TimeSpan.Zero),
                Configuration(("Mail:Transport", transport), ("Mail:SendGridApiKey", "SG.key")),
                AnsiConsole.Console,
                Cancellation));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Words)> Run(int smtp, int imap, TimeSpan wait)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            });
        console.Profile.Width = 1000;
        var code = await CheckReturnRun.Run(
            new(wait),
            Configuration(
                ("Mail:Transport", $"smtp://127.0.0.1:{smtp.ToString(CultureInfo.InvariantCulture)}"),
                ("Inbound:ImapServer", $"imap://127.0.0.1:{imap.ToString(CultureInfo.InvariantCulture)}"),
                ("Inbound:User", Dovecot.User),
                ("Inbound:Password", Dovecot.Password)),
            console,
            Cancellation);
        return (code, output.ToString());
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Append(("Mail:From", "Co-facilitators <letters@secretariat.example>"))
                    .Append(("Mail:ReturnPath", "bounces@secretariat.example"))
                    .Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)))
            .Build();
}
