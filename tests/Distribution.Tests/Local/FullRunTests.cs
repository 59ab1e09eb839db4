using System.Security.Cryptography;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>
/// The sample carried through to all 223 missions, once for all the tests that look at it, and asked for a second time.
/// </summary>
public sealed class FullRun(AzuriteFixture azurite, PostOfficeFixture post) : IAsyncLifetime
{
    private readonly LocalProgram program = new();

    internal LocalProgram.Run First { get; private set; } = null!;

    internal LocalProgram.Run Second { get; private set; } = null!;

    internal string FirstLog { get; private set; } = "";

    internal string SecondLog { get; private set; } = "";

    internal string LinkKey { get; private set; } = "";

    /// <summary>Every mail of either run.</summary>
    internal IReadOnlyList<ReceivedMail> Mails { get; private set; } = [];

    internal string DistributionId { get; private set; } = "";

    internal string Connection { get; } = azurite.NewAccount();

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        string[] arguments = ["--storage", Connection, "--mail", post.Smtp.ToString()];
        First = await program.Once(arguments);
        FirstLog = program.Log;
        var account = StorageAccount.FromConnectionString(Connection);
        var distributions = new DistributionRecords(
            account,
            new LogSegments(account, TimeProvider.System, NullLogger<LogSegments>.Instance));
        DistributionId = Assert.Single(await distributions.All(cancellation)).Id;
        await post.WaitFor(223, IsOurs, cancellation);
        Second = await program.Once(arguments);
        SecondLog = program.Log;
        LinkKey = File.ReadAllText(Path.Combine(program.Data, "link-key"));
        Mails = [.. (await post.List(cancellation)).Where(IsOurs)];
    }

    public ValueTask DisposeAsync()
    {
        program.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsOurs(ReceivedMail mail) =>
        mail.MessageId is { } id && SentMessageId.Read(id)?.Distribution == MessageTokens.Mark(DistributionId);
}

public sealed class FullRunTests(FullRun run, PostOfficeFixture post) : IClassFixture<FullRun>
{
    private static readonly string Sample = Path.Combine(
        AppContext.BaseDirectory,
        "templates",
        "co-facilitators",
        "sample");

    [Fact]
    public void Every_mission_is_accounted_for()
    {
        Assert.Equal("", run.First.Error);
        Assert.Equal(
            "complete: 223 of 223 missions accounted for (accepted 223, failed 0, unknown 0)",
            run.First.LastLine);
        Assert.Equal(0, run.First.Code);
    }

    [Fact]
    public void Each_mission_gets_one_letter_of_its_own_and_nobody_else_sees_it()
    {
        var missions = RegisterCsv.Seed().Missions.ToDictionary(mission => mission.Id);

        Assert.Equal(missions.Keys.Order(), run.Mails.Select(Mission).Order());
        Assert.All(
            run.Mails,
            mail =>
            {
                var mailboxes = missions[Mission(mail)].Mailboxes;
                Assert.Equal(
                    mailboxes.Select(mailbox => mailbox.Address).Order(),
                    mail.Envelope.To.Select(to => to.Address).Order());
                Assert.Equal(Addresses(mailboxes, MailboxField.To), mail.To?.Select(to => to.Address) ?? []);
                Assert.Equal(Addresses(mailboxes, MailboxField.Cc), mail.Cc?.Select(cc => cc.Address) ?? []);
            });
        Assert.Equal(223, run.Mails.Select(mail => mail.Text).Distinct().Count());
    }

    [Fact]
    public async Task Each_letter_carries_the_draft_byte_for_byte()
    {
        var draft = Assert.Single(Directory.GetFiles(Sample, "*.pdf"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(draft)));

        foreach (var mail in run.Mails)
        {
            // The sample is dated as of today.
            Assert.EndsWith(" - letter (en).pdf", mail.Attachments![0].Name, StringComparison.Ordinal);
            Assert.Equal([Path.GetFileName(draft)], mail.Attachments!.Skip(1).Select(attachment => attachment.Name));
            var enclosure = mail.Attachments![^1];
            Assert.Equal(
                hash,
                Convert.ToHexStringLower(
                    SHA256.HashData(await post.Content(mail, enclosure, TestContext.Current.CancellationToken))));
        }
    }

    [Fact]
    public void Asked_again_it_sends_nothing_twice_and_says_how_to_send_afresh()
    {
        Assert.Equal(223, run.Mails.Count);
        Assert.Contains("This very letter was distributed before, on ", run.Second.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"nothing is sent twice.{Environment.NewLine}To send it afresh, ",
            run.Second.Output,
            StringComparison.Ordinal);
        Assert.Equal((0, run.First.LastLine), (run.Second.Code, run.Second.LastLine));
    }

    [Fact]
    public void The_log_holds_no_secret_and_no_warning_about_nothing()
    {
        var storageKey = run.Connection.Split("AccountKey=")[1].Split(';')[0];

        Assert.All([run.FirstLog, run.SecondLog, run.First.Output, run.Second.Output], text =>
        {
            Assert.DoesNotContain(run.LinkKey.Split(':')[1], text, StringComparison.Ordinal);
            Assert.DoesNotContain(storageKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain(" Warning ", text, StringComparison.Ordinal);
        });
    }

    private string Mission(ReceivedMail mail) => SentMessageId.Read(mail.MessageId!)!.MissionId;

    private static IEnumerable<string> Addresses(IEnumerable<Mailbox> mailboxes, MailboxField field) =>
        mailboxes.Where(mailbox => mailbox.Field == field).Select(mailbox => mailbox.Address);
}
