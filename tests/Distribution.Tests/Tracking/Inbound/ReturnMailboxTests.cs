using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Local.Servers;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>Held against a real IMAP server.</summary>
public sealed class ReturnMailboxTests(AzuriteFixture azurite)
{
    private const string Missing =
        "dovecot (dovecot-imapd) is not installed, and nothing else here is a real IMAP server.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unread_messages_are_taken_once_and_stay_marked_as_read()
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var workflow = await Sent(server.Port);
        var letter = (await Entry(workflow)).Attempts[0].MessageId;
        server.Deliver("1.bounce", InboundSample.Bytes("mailbox-full", letter));
        server.Deliver("2.news", InboundSample.Bytes("list-mail", letter));
        server.Deliver("3.broken", [0, 0, 0]);
        server.Deliver("4.delay", InboundSample.Bytes("delayed", letter));

        await NextMinute(workflow);

        Assert.Equal([DeliveryEventKind.Deferred, DeliveryEventKind.Bounced], (await Heard(workflow)).Order());
        Assert.Equal((4, 4), server.Count());
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        await NextMinute(workflow);

        Assert.Equal(2, (await Heard(workflow)).Count);
    }

    [Fact]
    public async Task What_a_person_wrote_into_the_mailbox_acknowledges_and_what_a_machine_wrote_does_not()
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var workflow = await Sent(server.Port, ("Inbound:ReplyAddress", "replies@letters.example"));
        var (distribution, letter) = (
            (await workflow.TheDistribution()).Id,
            (await Entry(workflow)).Attempts[0].MessageId);
        server.Deliver("1.away", InboundSample.Bytes("out-of-office-exchange", letter));

        await NextMinute(workflow);
        Assert.Null(await workflow.Get<Acknowledgements>().Find(distribution, "che", Cancellation));

        var taken = workflow.Clock.GetUtcNow().AddSeconds(7);
        server.Deliver(
            "2.person",
            InboundSample.Stated(letter, workflow.ReplyAddress(await workflow.TheDistribution()), await workflow.Reference()),
            taken);
        await NextMinute(workflow);

        var stands = (await workflow.Get<Acknowledgements>().Find(distribution, "che", Cancellation))!.Stands!;
        Assert.Equal("First Secretary <first.secretary@che.example>", stands.By);
        // When the mailbox took it, and not when its sender dates it or when it was read.
        Assert.Equal(taken, stands.At);
        var kept = Assert
            .Single(
                await workflow.Get<Replies>().Of(distribution, "che", Cancellation),
                kept => !kept.Decision.IsMachines)
            .Reply;
        Assert.Contains("We acknowledge receipt, with thanks.", kept.Excerpt, StringComparison.Ordinal);
        Assert.NotNull(await workflow.Get<Replies>().Message(kept.Id, Cancellation));
        Assert.Equal((2, 2), server.Count());
    }

    [Fact]
    public async Task The_mailbox_is_read_at_most_each_minute()
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var workflow = await Sent(server.Port);
        await NextMinute(workflow);
        server.Deliver("1.bounce", InboundSample.Bytes("mailbox-full", (await Entry(workflow)).Attempts[0].MessageId));

        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        await workflow.Reconcile();
        Assert.Empty(await Heard(workflow));

        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        await workflow.Reconcile();
        Assert.Single(await Heard(workflow));

        // Nor does it wait until a clock that was set back has come so far again.
        server.Deliver("2.bounce", InboundSample.Bytes("mailbox-full", (await Entry(workflow)).Attempts[0].MessageId));
        workflow.Clock.AdjustTime(workflow.Clock.GetUtcNow() - TimeSpan.FromHours(10));
        await workflow.Reconcile();
        Assert.Equal((2, 2), server.Count());
    }

    [Fact]
    public async Task A_dropped_connection_loses_nothing_and_reading_goes_on_with_the_next_run()
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var line = new CutLine(server.Port);
        await using var workflow = await Sent(line.Port);
        var letter = (await Entry(workflow)).Attempts[0].MessageId;
        foreach (var name in (string[])["mailbox-full", "delayed", "delivered"])
            server.Deliver(name, InboundSample.Bytes(name, letter));

        line.CutAfter = 1_800;
        await NextMinute(workflow);
        Assert.InRange((await Heard(workflow)).Count, 0, 2);
        Assert.InRange(server.Count().Seen, 0, 2);

        line.CutAfter = long.MaxValue;
        await NextMinute(workflow);
        Assert.Equal(
            [DeliveryEventKind.Deferred, DeliveryEventKind.Delivered, DeliveryEventKind.Bounced],
            (await Heard(workflow)).Order());
        Assert.Equal((3, 3), server.Count());
        Assert.True(line.Cuts > 0);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Theory]
    [InlineData("Inbound:Password", "wrong", "refused the sign-in, and until it is let in no bounce is heard of. Check Inbound:User and Inbound:Password.")]
    [InlineData("Inbound:Folder", "Elsewhere", "has no folder Elsewhere. Set Inbound:Folder")]
    [InlineData("Inbound:Encryption", "starttls", "lacks what the settings ask for. Check Inbound:Encryption")]
    public async Task What_keeps_it_from_being_read_is_told_to_a_person_once_and_stops_nothing_else(
        string setting,
        string value,
        string words)
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var workflow = await Sent(server.Port, (setting, value));

        await NextMinute(workflow);
        await NextMinute(workflow);

        Assert.Contains(
            words,
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_to_a_person_once_and_letters_go_out()
    {
        await using var workflow = await Sent(Ports.Free(1)[0]);

        await NextMinute(workflow);

        Assert.Contains(
            "cannot be reached. Check that it runs and that Inbound:ImapServer",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_message_stays_unread_while_storage_gives_no_answer_at_all_and_is_taken_whole_later()
    {
        Assert.SkipUnless(Dovecot.Program is not null, Missing);
        await using var server = await Dovecot.Start(Cancellation);
        await using var workflow = await Sent(server.Port);
        var arrived = workflow.Clock.GetUtcNow().AddSeconds(-20);
        server.Deliver("1.person", Samples.Bytes("From: a@else.example\r\nSubject: Re\r\n\r\nText\r\n"), arrived);
        var tried = 0;
        await using (
            var shaken = workflow.OverStorage(
                new StorageFaultTests.Interference(
                    (request, _) =>
                        request.Uri.Path.Contains("/kept/", StringComparison.Ordinal) && ++tried > 0
                            ? throw StorageFaultTests.EveryTry
                            : null),
                Usual(server.Port)))
        {
            await NextMinute(shaken);
            // What it says is not known: no reminder of a later hour leaves, and no letter of unknown outcome again.
            Assert.True(await shaken.Get<InboundMailJob>().HeardUntil(Cancellation) < arrived);
            Assert.Contains("inbound mail", shaken.Get<JobFailures>().Now.Keys);
        }

        Assert.True(tried > 0);
        Assert.Equal((1, 0), server.Count());
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        await NextMinute(workflow);
        Assert.Equal("Text", Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Excerpt);
        Assert.Equal((1, 1), server.Count());
        Assert.Equal(workflow.Clock.GetUtcNow(), await workflow.Get<InboundMailJob>().HeardUntil(Cancellation));
    }

    private static (string Name, string Value)[] Usual(int port) =>
        [
            ("Inbound:ImapServer", $"imap://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"),
            ("Inbound:User", Dovecot.User),
            ("Inbound:Password", Dovecot.Password),
        ];

    private async Task<TestWorkflow> Sent(int port, params (string Name, string Value)[] settings)
    {
        var usual = Usual(port);
        var workflow = await TestWorkflow.Open(
            azurite,
            [.. usual.Where(setting => !settings.Any(other => other.Name == setting.Name)), .. settings]);
        await workflow.UseMailboxes("mission@che.example");
        await workflow.Released();
        await workflow.CarryOutBatches();
        return workflow;
    }

    private static async Task NextMinute(TestWorkflow workflow)
    {
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
    }

    private static async Task<MissionEntry> Entry(TestWorkflow workflow) =>
        Assert.Single(await workflow.Dispatches((await workflow.TheDistribution()).Id));

    private static async Task<IReadOnlyList<DeliveryEventKind>> Heard(TestWorkflow workflow) =>
        [
            .. (await Entry(workflow))
                .Attempts[0]
                .Mailboxes[0]
                .Events.Where(happened => happened.Source == "bounce")
                .Select(happened => happened.Kind),
        ];

    /// <summary>
    /// A line to the server that breaks once so many bytes of its answers have passed on one connection.
    /// </summary>
    private sealed class CutLine : IAsyncDisposable
    {
        private readonly ScriptedServer line;

        public CutLine(int server) =>
            line = new(async (client, stop) =>
            {
                using var upstream = new TcpClient();
                await upstream.ConnectAsync(IPAddress.Loopback, server, stop);
                await Task.WhenAny(
                    client.CopyToAsync(upstream.GetStream(), stop),
                    Answers(upstream.GetStream(), client, stop));
            });

        public int Port => line.Port;

        public long CutAfter { get; set; } = long.MaxValue;

        public int Cuts { get; private set; }

        public ValueTask DisposeAsync() => line.DisposeAsync();

        private async Task Answers(NetworkStream from, NetworkStream to, CancellationToken stop)
        {
            var buffer = new byte[256];
            for (long passed = 0; passed < CutAfter;)
            {
                var read = await from.ReadAsync(buffer, stop);
                if (read == 0)
                    return;
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
                passed += read;
            }

            Cuts++;
        }
    }
}
