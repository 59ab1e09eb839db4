using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Distribution.Mail.MailboxResult;

namespace Distribution.Tests.Mail;

public sealed class SmtpTransportTests : IAsyncDisposable
{
    private static readonly string[] Pipelining = ["8BITMIME", "PIPELINING"];

    private readonly ScriptedSmtpServer server = new();
    private readonly FakeTimeProvider clock = new();
    private readonly MailSettings settings;
    private readonly List<IMailTransport> transports = [];

    public SmtpTransportTests() => settings = OutgoingSamples.Settings($"smtp://127.0.0.1:{server.Port}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in transports)
            await transport.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Hands_a_letter_over_to_each_mailbox_and_returns_the_servers_words()
    {
        await using var receiver = new SmtpReceiver();
        settings.Transport = receiver.Address;

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example"));

        Assert.Equal(
            [
                new("a@one.example", Accepted, "250 2.0.0 queued as 1"),
                new("b@one.example", Accepted, "250 2.0.0 queued as 1"),
            ],
            outcomes);
        var mail = Assert.Single(receiver.Mails);
        Assert.Equal("bounces@mission.example", mail.From);
        Assert.Equal(["a@one.example", "b@one.example"], mail.To);
        Assert.Equal("gcm.draft-rev-1.fra.1@letters.example", mail.Message.MessageId);
    }

    [Fact]
    public async Task Asks_a_server_that_reports_for_reports_on_failure_and_delay_that_name_the_letter()
    {
        server.Extensions = ["8BITMIME", "DSN"];

        await Send(OutgoingSamples.Letter("a@one.example"));

        var mail = Assert.Single(server.Mails);
        Assert.Contains(" ENVID=gcm.draft-rev-1.fra.1@letters.example", mail.Sender);
        Assert.Contains(" RET=HDRS", mail.Sender);
        Assert.Equal(["RCPT TO:<a@one.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a@one.example"], mail.Recipients);
    }

    [Fact]
    public async Task Asks_for_reports_on_success_too_where_the_setting_says_so()
    {
        server.Extensions = ["8BITMIME", "DSN"];
        settings.SuccessReports = true;

        await Send(OutgoingSamples.Letter("a@one.example"));

        Assert.Contains(" NOTIFY=SUCCESS,FAILURE,DELAY ", Assert.Single(Assert.Single(server.Mails).Recipients));
    }

    [Fact]
    public async Task Offers_the_letter_to_its_envelope_alone_while_the_header_names_all_its_mailboxes()
    {
        var letter = OutgoingSamples.Letter("a@one.example", "b@one.example") with { Envelope = ["b@one.example"] };

        var outcome = Assert.Single(await Send(letter));

        Assert.Equal("b@one.example", outcome.Address);
        var mail = Assert.Single(server.Mails);
        Assert.Equal(["RCPT TO:<b@one.example>"], mail.Recipients);
        Assert.Contains("a@one.example", mail.Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_mailbox_does_not_stop_the_others(bool pipelined)
    {
        if (pipelined)
            server.Extensions = Pipelining;
        server
            .On("RCPT TO:<a@", "550-5.1.1 No such\r\n550 5.1.1 mailbox here")
            .On("RCPT TO:<c@", "450 4.2.1 Try later");

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example", "c@one.example"));

        Assert.Equal(
        [
            new("a@one.example", Refused, "550 5.1.1 No such 5.1.1 mailbox here"),
            new("b@one.example", Accepted, "250 2.0.0 queued as 1"),
            new("c@one.example", TryLater, "450 4.2.1 Try later"),
        ], outcomes);
    }

    [Fact]
    public async Task When_every_mailbox_is_refused_each_has_its_own_answer_and_nothing_is_sent()
    {
        server.On("RCPT TO:<a@", "550 5.1.1 Unknown").On("RCPT TO:<b@", "452 4.2.2 Full");

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example"));

        Assert.Equal([Refused, TryLater], outcomes.Select(outcome => outcome.Result));
        Assert.Equal(["550 5.1.1 Unknown", "452 4.2.2 Full"], outcomes.Select(outcome => outcome.Answer));
        Assert.DoesNotContain("DATA", server.Commands);
    }

    [Theory]
    [InlineData("DATA", "451 4.3.0 Not now", TryLater)]
    [InlineData("DATA", "554 5.7.1 No", Refused)]
    [InlineData("DATA", "250 What?", TryLater)]
    [InlineData(".", "451 4.7.1 Greylisted", TryLater)]
    [InlineData(".", "421 4.3.2 Closing", TryLater)]
    [InlineData(".", "554 5.6.0 Content refused", Refused)]
    [InlineData(".", "552 5.3.4 Too large", Refused)]
    [InlineData(".", "252 Taken in its own words", Accepted)]
    [InlineData(".", "354 Go on?", Unknown)]
    internal async Task The_answer_to_the_letter_itself_holds_for_every_mailbox_that_was_accepted(
        string step,
        string answer,
        MailboxResult expected)
    {
        server.On("RCPT TO:<a@", "550 5.1.1 Unknown").On(step, answer);

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example", "c@one.example"));

        Assert.Equal([Refused, expected, expected], outcomes.Select(outcome => outcome.Result));
        Assert.Equal(["550 5.1.1 Unknown", answer, answer], outcomes.Select(outcome => outcome.Answer));
    }

    [Fact]
    public async Task A_letter_teaches_what_the_server_takes()
    {
        await using var receiver = new SmtpReceiver(mostBytes: 10_485_760);
        var transport = Transport(receiver.Address);

        await transport.Send(OutgoingSamples.Letter(), Cancellation);

        Assert.Equal(10_485_760, transport.MaxMessageBytes);
    }

    [Fact]
    public async Task A_letter_with_a_value_that_cannot_be_written_is_refused_in_words_and_the_next_one_goes_out()
    {
        var transport = Transport();

        var outcomes = await transport.Send(
            OutgoingSamples.Letter("a@one.example", "b@one.example") with
            {
                Subject = "x\r\nBcc: spy@else.example",
            },
            Cancellation);
        var next = Assert.Single(await transport.Send(OutgoingSamples.Letter(), Cancellation));

        Assert.Equal([Refused, Refused], outcomes.Select(outcome => outcome.Result));
        Assert.All(
            outcomes,
            outcome =>
                Assert.Equal(
                    "The letter could not be written as mail: A line break or control character stands in “x Bcc: spy@else.example”.",
                    outcome.Answer));
        Assert.Equal((Accepted, 1), (next.Result, server.Connections));
    }

    [Fact]
    public async Task A_content_type_that_is_none_is_refused_in_words()
    {
        var outcome = Assert.Single(
            await Send(
                OutgoingSamples.Letter() with
                {
                    Enclosures = [new("draft.pdf", "no type at all", "x"u8.ToArray())],
                })
        );

        Assert.Equal(Refused, outcome.Result);
        Assert.StartsWith("The letter could not be written as mail: ", outcome.Answer);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task What_fails_in_an_unforeseen_way_before_the_hand_over_may_be_offered_again()
    {
        var outcome = Assert.Single(await Send(OutgoingSamples.Letter() with { Text = null! }));

        Assert.NotEqual(Unknown, outcome.Result);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_return_path_that_is_no_address_is_a_fault_of_the_senders_own()
    {
        var fault = await Assert.ThrowsAsync<SenderFaultException>(() =>
            Send(OutgoingSamples.Letter() with { ReturnPath = "bounces" }));

        Assert.False(fault.Passes);
        Assert.Contains("Mail:ReturnPath", fault.Message);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_name_no_machine_can_have_is_a_fault_and_no_unknown_outcome()
    {
        await using var transport = new SmtpTransport(
            new(new string('x', 300), 25, IsEncrypted: false),
            settings,
            clock);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() =>
            transport.Send(OutgoingSamples.Letter(), Cancellation));

        Assert.Contains("cannot be reached", fault.Message);
    }

    [Theory]
    [InlineData("MAIL FROM", "550 5.7.1 Sender refused", false, "Mail:ReturnPath")]
    [InlineData("MAIL FROM", "450 4.7.1 Slow down", true, "just now")]
    [InlineData("MAIL FROM", "421 4.3.2 Shutting down", true, "just now")]
    [InlineData("MAIL FROM", "530 5.7.0 Authentication required", false, "Mail:User")]
    [InlineData("MAIL FROM", "552 5.3.4 Message size exceeds fixed limit", false, "Send smaller files")]
    [InlineData("MAIL FROM", "554 5.3.4 Message too big for system", false, "Send smaller files")]
    [InlineData("RCPT TO", "530 5.7.0 Must issue STARTTLS first", false, "Mail:Encryption")]
    [InlineData("CONNECT", "421 4.3.2 Too many connections", true, "just now")]
    [InlineData("CONNECT", "554 5.7.1 Go away", false, "administrator")]
    [InlineData("CONNECT", ScriptedServer.Drop, true, "cannot be reached")]
    public async Task A_fault_of_the_senders_own_blames_no_mailbox_and_says_what_to_do(
        string step,
        string answer,
        bool passes,
        string remedy)
    {
        server.On(step, answer);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.Equal(passes, fault.Passes);
        Assert.Contains($"127.0.0.1, port {server.Port}", fault.Message);
        Assert.Contains(remedy, fault.Message);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("535 5.7.8 Wrong password", false)]
    [InlineData("454 4.7.0 Temporary failure", true)]
    public async Task A_refused_log_in_is_a_fault_of_the_senders_own(string answer, bool passes)
    {
        server.Extensions = ["AUTH PLAIN"];
        server.On("AUTH", answer);
        settings.User = "desk";
        settings.Password = "open sesame";

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.Equal(passes, fault.Passes);
        Assert.DoesNotContain("sesame", fault.Message);
    }

    [Theory]
    [InlineData("open sesame", true)]
    [InlineData("open barley", false)]
    public async Task Signs_in_where_a_user_is_set_and_a_wrong_password_is_a_fault_that_does_not_pass(
        string password,
        bool isRight)
    {
        await using var receiver = new SmtpReceiver(
            endpoint => endpoint.AllowUnsecureAuthentication().AuthenticationRequired(),
            (user, given) => (user, given) == ("desk", "open sesame"));
        (settings.Transport, settings.User, settings.Password) = (receiver.Address, "desk", password);

        if (isRight)
            Assert.Equal(Accepted, Assert.Single(await Send(OutgoingSamples.Letter())).Result);
        else
            Assert.False(
                (await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()))).Passes);

        Assert.Equal(isRight ? 1 : 0, receiver.Mails.Count);
    }

    [Fact]
    public async Task A_server_without_log_in_is_a_fault_when_a_user_is_set()
    {
        settings.User = "desk";

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.False(fault.Passes);
        Assert.Contains("Mail:User", fault.Message);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_is_a_fault_when_encryption_is_required()
    {
        settings.Encryption = "starttls";

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.False(fault.Passes);
        Assert.Contains("Mail:Encryption", fault.Message);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smtps", "auto")]
    [InlineData("smtp", "starttls")]
    [InlineData("smtp", "auto")]
    public async Task A_certificate_nobody_vouches_for_is_a_fault_and_no_letter_is_shown_to_that_server(
        string scheme,
        string encryption)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=stranger",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var receiver = new SmtpReceiver(endpoint =>
            endpoint.Certificate(certificate).IsSecure(scheme == "smtps"));
        (settings.Transport, settings.Encryption) = ($"{scheme}://127.0.0.1:{receiver.Port}", encryption);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.False(fault.Passes);
        Assert.Contains("certificate", fault.Message);
        Assert.Empty(receiver.Mails);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_fault_that_may_pass()
    {
        await server.DisposeAsync();

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.True(fault.Passes);
        Assert.Contains("cannot be reached", fault.Message);
    }

    [Theory]
    [InlineData("MAIL FROM")]
    [InlineData("RCPT TO")]
    [InlineData("DATA")]
    public async Task A_connection_lost_before_the_letter_was_sent_hands_nothing_over(string step)
    {
        server.On(step, ScriptedServer.Drop);

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(TryLater, outcome.Result);
    }

    [Fact]
    public async Task A_connection_lost_within_the_letter_hands_nothing_over()
    {
        server.DropWithinData = 1_000;
        var letter = OutgoingSamples.Letter() with
        {
            Enclosures = [new("large.pdf", "application/pdf", new byte[4_000_000])],
        };

        var outcome = Assert.Single(await Send(letter));

        Assert.Equal(TryLater, outcome.Result);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_connection_lost_after_the_final_dot_leaves_the_outcome_unknown_for_the_accepted_mailboxes_only()
    {
        server.On("RCPT TO:<a@", "550 5.1.1 Unknown").On(".", ScriptedServer.Drop);

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example"));

        Assert.Equal([Refused, Unknown], outcomes.Select(outcome => outcome.Result));
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData("MAIL", 5, TryLater)]
    [InlineData("RCPT", 5, TryLater)]
    [InlineData("DATA", 5, TryLater)]
    [InlineData(".", 10, Unknown)]
    internal async Task Silence_ends_after_the_time_of_its_step_and_is_judged_by_whether_the_whole_letter_had_been_sent(
        string step,
        int minutes,
        MailboxResult expected)
    {
        settings.Timeout = TimeSpan.Zero;
        server.On(step, ScriptedServer.Silence);

        var sending = Send(OutgoingSamples.Letter());
        await Until(() => server.Commands.Any(command => command.StartsWith(step, StringComparison.Ordinal)));

        var (outcomes, taken) = await PassingTime(sending);

        Assert.Equal(expected, Assert.Single(outcomes).Result);
        Assert.InRange(taken.TotalMinutes, minutes, minutes + 3);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    public async Task A_server_that_does_not_greet_is_given_up_after_a_minute(string step)
    {
        settings.Timeout = TimeSpan.Zero;
        server.On(step, ScriptedServer.Silence);
        var sending = Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));
        await Until(() => server.Connections == 1);

        var (fault, taken) = await PassingTime(sending);

        Assert.True(fault.Passes);
        Assert.InRange(taken.TotalMinutes, 1, 4);
    }

    [Theory]
    [InlineData("DATA", TryLater)]
    [InlineData(".", Unknown)]
    internal async Task The_setting_bounds_the_wait_for_every_step(string step, MailboxResult expected)
    {
        settings.Timeout = TimeSpan.FromSeconds(30);
        server.On(step, ScriptedServer.Silence);

        var sending = Send(OutgoingSamples.Letter());
        await Until(() => server.Commands.Contains(step));

        var (outcomes, taken) = await PassingTime(sending);

        Assert.Equal(expected, Assert.Single(outcomes).Result);
        Assert.InRange(taken.TotalMinutes, 0.5, 3.5);
    }

    [Fact]
    public async Task A_final_dot_that_is_answered_after_six_minutes_is_an_answer()
    {
        settings.Timeout = TimeSpan.Zero;
        var asked = clock.GetUtcNow();
        server.BeforeAnswer = async command =>
        {
            while (command == "." && clock.GetUtcNow() < asked + TimeSpan.FromMinutes(6))
                await Task.Delay(5, Cancellation);
        };

        var (outcomes, _) = await PassingTime(Send(OutgoingSamples.Letter()));

        Assert.Equal(new("a@one.example", Accepted, "250 2.0.0 queued as 1"), Assert.Single(outcomes));
    }

    [Theory]
    [InlineData("CONNECT", "220 ")]
    [InlineData("CONNECT", "220-hello\r\n")]
    [InlineData("EHLO", "250-more\r\n")]
    public async Task A_server_that_never_ends_its_greeting_is_cut_off(string step, string words)
    {
        server.On(step, ScriptedServer.Forever + words);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.True(fault.Passes);
        Assert.Contains("It sent more than 1 MB without coming to the end of an answer", fault.Message);
    }

    [Theory]
    [InlineData("RCPT", "550 no", TryLater)]
    [InlineData("RCPT", "550-no\r\n", TryLater)]
    [InlineData("DATA", "354-go\r\n", TryLater)]
    [InlineData(".", "250-taken\r\n", Unknown)]
    [InlineData(".", "250 taken ", Unknown)]
    internal async Task A_server_that_never_ends_an_answer_is_cut_off_and_takes_no_memory(
        string step,
        string words,
        MailboxResult expected)
    {
        server.On(step, ScriptedServer.Forever + words);
        var before = GC.GetTotalAllocatedBytes();

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(expected, outcome.Result);
        // Tests beside this one are counted too; a server that is not cut off costs ten times as much.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000_000);
    }

    [Fact]
    public async Task Greets_with_the_domain_letters_come_from_unless_told_another_name()
    {
        settings.From = "Bureau <bureau@côte.example>";
        await Send(OutgoingSamples.Letter());
        settings.EhloName = "out.letters.example";
        await Send(OutgoingSamples.Letter());

        Assert.Equal(
            ["EHLO xn--cte-kna.example", "EHLO out.letters.example"],
            server.Commands.Where(command => command.StartsWith("EHLO", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("EHLO", "504 5.5.2 <out>: Helo command rejected: need fully-qualified hostname")]
    [InlineData("EHLO", "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)")]
    [InlineData("EHLO", "501 Syntax")]
    public async Task A_refused_name_is_a_fault_that_names_its_setting(string step, string answer)
    {
        // Where EHLO is refused, the library tries HELO.
        server.On(step, answer).On("HELO", answer);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Transport().Probe(Cancellation));

        Assert.False(fault.Passes);
        Assert.Contains("Mail:EhloName", fault.Message);
        Assert.Contains("“mission.example”", fault.Message);
    }

    [Theory]
    [InlineData("MAIL", "555 5.5.4 Unsupported option: ENVID", false)]
    [InlineData("MAIL", "501 5.5.4 Syntax: MAIL FROM: <address>", false)]
    [InlineData("MAIL", "501 5.5.4 Syntax: MAIL FROM: <address>", true)]
    [InlineData("RCPT", "555 5.5.4 Unsupported option: NOTIFY", false)]
    [InlineData("RCPT", "501 5.5.4 NOTIFY", true)]
    public async Task A_server_that_refuses_to_be_asked_for_reports_is_offered_the_letter_once_more_without(
        string step,
        string answer,
        bool pipelined)
    {
        server.Extensions = pipelined ? [.. Pipelining, "DSN"] : ["8BITMIME", "DSN"];
        server.On(step, answer, step == "RCPT" && pipelined ? answer : "250 OK");
        var transport = Transport();

        var outcomes = await transport.Send(OutgoingSamples.Letter("a@one.example", "b@one.example"), Cancellation);
        await transport.Send(OutgoingSamples.Letter("c@one.example"), Cancellation);

        Assert.All(outcomes, outcome => Assert.Equal(Accepted, outcome.Result));
        Assert.Equal(["MAIL FROM:<bounces@mission.example>"], server.Mails.Select(mail => Plain(mail.Sender)).Distinct());
        Assert.Equal(
            ["RCPT TO:<a@one.example>", "RCPT TO:<b@one.example>", "RCPT TO:<c@one.example>"],
            server.Mails.SelectMany(mail => mail.Recipients));

        static string Plain(string command) => command.Replace(" BODY=8BITMIME", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_refused_with_and_without_reports_is_refused_and_the_next_letter_asks_for_them_again()
    {
        server.Extensions = ["8BITMIME", "DSN"];
        server.On("RCPT TO:<bad@", "501 5.1.3 Bad address", "501 5.1.3 Bad address");
        var transport = Transport();

        var outcomes = await transport.Send(OutgoingSamples.Letter("bad@one.example", "b@one.example"), Cancellation);
        await transport.Send(OutgoingSamples.Letter("c@one.example"), Cancellation);

        Assert.Equal([Refused, Accepted], outcomes.Select(outcome => outcome.Result));
        Assert.Contains("NOTIFY=", Assert.Single(server.Mails.Last().Recipients));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_letter_that_names_no_address_a_server_takes_is_refused_when_it_refuses_twice()
    {
        server.Extensions = ["8BITMIME", "DSN"];
        server.On("RCPT", "555 5.5.4 No", "555 5.5.4 No");

        Assert.Equal(Refused, Assert.Single(await Send(OutgoingSamples.Letter())).Result);
    }

    [Fact]
    public async Task Stopping_before_the_letter_was_sent_hands_nothing_over()
    {
        using var stop = new CancellationTokenSource();
        server.On("DATA", ScriptedServer.Silence);
        var sending = Transport().Send(OutgoingSamples.Letter(), stop.Token);
        await Until(() => server.Commands.Contains("DATA"));

        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task Stopping_after_the_letter_was_sent_still_waits_for_its_answer()
    {
        using var stop = new CancellationTokenSource();
        server.On(".", ScriptedServer.Silence);
        var sending = Transport().Send(OutgoingSamples.Letter(), stop.Token);
        await Until(() => !server.Mails.IsEmpty);

        await stop.CancelAsync();

        var (outcomes, _) = await PassingTime(sending);
        Assert.Equal(Unknown, Assert.Single(outcomes).Result);
    }

    [Fact]
    public async Task Connections_are_used_again_and_only_as_many_are_opened_as_letters_are_in_flight()
    {
        var transport = Transport();

        foreach (var _ in Enumerable.Range(0, 5))
            await transport.Send(OutgoingSamples.Letter(), Cancellation);
        Assert.Equal(1, server.Connections);

        await Task.WhenAll(Enumerable.Range(0, 20).Chunk(4).Select(async chunk =>
        {
            foreach (var _ in chunk)
                await transport.Send(OutgoingSamples.Letter(), Cancellation);
        }));
        Assert.InRange(server.Connections, 1, 5);
        Assert.Equal(25, server.Mails.Count);
    }

    [Fact]
    public async Task A_refused_letter_leaves_its_connection_fit_for_the_next()
    {
        server.On("RCPT TO", "550 5.1.1 Unknown");
        var transport = Transport();

        await transport.Send(OutgoingSamples.Letter(), Cancellation);
        var outcome = Assert.Single(await transport.Send(OutgoingSamples.Letter(), Cancellation));

        Assert.Equal(Accepted, outcome.Result);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_the_server_has_closed_is_replaced_without_losing_or_doubling_the_letter()
    {
        var transport = Transport();
        await transport.Send(OutgoingSamples.Letter(), Cancellation);
        server.HangUp();

        var outcome = Assert.Single(await transport.Send(OutgoingSamples.Letter(), Cancellation));

        Assert.Equal(Accepted, outcome.Result);
        Assert.Equal((2, 2), (server.Connections, server.Mails.Count));
    }

    [Fact]
    public async Task A_kept_connection_that_says_421_is_replaced()
    {
        var transport = Transport();
        await transport.Send(OutgoingSamples.Letter(), Cancellation);
        server.On("MAIL FROM", "421 4.4.2 Idle too long");

        var outcome = Assert.Single(await transport.Send(OutgoingSamples.Letter(), Cancellation));

        Assert.Equal(Accepted, outcome.Result);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(5, 1, false)]
    [InlineData(30, 1, true)]
    [InlineData(90, 2, false)]
    public async Task A_kept_connection_is_asked_whether_it_lives_after_a_while_and_dropped_when_old(
        int seconds,
        int connections,
        bool asked)
    {
        var transport = Transport();
        await transport.Send(OutgoingSamples.Letter(), Cancellation);
        clock.Advance(TimeSpan.FromSeconds(seconds));

        await transport.Send(OutgoingSamples.Letter(), Cancellation);

        Assert.Equal(connections, server.Connections);
        Assert.Equal(asked, server.Commands.Contains("NOOP"));
    }

    [Fact]
    public async Task A_kept_connection_that_fails_its_question_is_replaced()
    {
        var transport = Transport();
        await transport.Send(OutgoingSamples.Letter(), Cancellation);
        server.On("NOOP", ScriptedServer.Drop);
        clock.Advance(TimeSpan.FromSeconds(30));

        await transport.Send(OutgoingSamples.Letter(), Cancellation);

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("8BITMIME")]
    [InlineData("8BITMIME", "SMTPUTF8")]
    public async Task An_address_outside_ASCII_is_refused_in_words_and_the_others_are_served(params string[] extensions)
    {
        server.Extensions = extensions;

        var outcomes = await Send(OutgoingSamples.Letter("élan@one.example", "b@one.example"));

        Assert.Equal([Refused, Accepted], outcomes.Select(outcome => outcome.Result));
        Assert.Contains("ASCII", outcomes[0].Answer);
        var mail = Assert.Single(server.Mails);
        Assert.Equal(["RCPT TO:<b@one.example>"], mail.Recipients);
        Assert.DoesNotContain("lan@one.example", mail.Data);
    }

    [Theory]
    [InlineData("a@mission.côte.example", "a@mission.xn--cte-kna.example")]
    [InlineData("a@mission.xn--cte-kna.example", "a@mission.xn--cte-kna.example")]
    [InlineData("a@XN--CTE-KNA.example", "a@xn--cte-kna.example")]
    [InlineData("office@例え.テスト", "office@xn--r8jz45g.xn--zckzah")]
    [InlineData("office@مثال.example", "office@xn--mgbh0fb.example")]
    public async Task A_domain_outside_ASCII_travels_in_its_ASCII_form_whatever_the_server_offers(
        string address,
        string travels)
    {
        server.Extensions = ["8BITMIME", "SMTPUTF8", "DSN"];

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter(address)));

        Assert.Equal(new(address, Accepted, "250 2.0.0 queued as 1"), outcome);
        var mail = Assert.Single(server.Mails);
        Assert.StartsWith($"RCPT TO:<{travels}> ", Assert.Single(mail.Recipients));
        Assert.EndsWith($" ORCPT=rfc822;{travels}", Assert.Single(mail.Recipients));
        Assert.DoesNotContain("SMTPUTF8", mail.Sender);
        Assert.Contains(travels, mail.Data, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("a@côte.example", false)]
    [InlineData("a@xn--cte-kna.example", false)]
    [InlineData("a@xn--cte-kna.example", true)]
    [InlineData("A@XN--CTE-KNA.example", true)]
    public async Task A_refused_mailbox_of_a_domain_outside_ASCII_is_known_for_refused(string address, bool pipelined)
    {
        server.Extensions = pipelined ? Pipelining : ["8BITMIME", "SMTPUTF8"];
        server
            .On("RCPT TO:<a@xn--cte-kna.example>", "550 5.1.1 Unknown", "550 5.1.1 Unknown")
            .On("RCPT TO:<b@xn--cte-kna.example>", "450 4.2.0 Later");
        var transport = Transport();

        var beside = await transport.Send(
            OutgoingSamples.Letter(address, "good@one.example", "b@côte.example"),
            Cancellation);
        var alone = Assert.Single(await transport.Send(OutgoingSamples.Letter(address), Cancellation));

        Assert.Equal(
            [
                new(address, Refused, "550 5.1.1 Unknown"),
                new("good@one.example", Accepted, "250 2.0.0 queued as 1"),
                new("b@côte.example", TryLater, "450 4.2.0 Later"),
            ],
            beside);
        Assert.Equal(new(address, Refused, "550 5.1.1 Unknown"), alone);
    }

    [Fact]
    public async Task What_is_no_address_is_refused_here_and_never_shown_to_the_server()
    {
        var outcomes = await Send(
            OutgoingSamples.Letter("a@one.example") with
            {
                Envelope = ["a@one.example", "not an address"],
            });

        Assert.Equal([Accepted, Refused], outcomes.Select(outcome => outcome.Result));
        Assert.Single(Assert.Single(server.Mails).Recipients);
    }

    [Fact]
    public async Task An_answer_is_kept_to_one_line_of_at_most_500_characters()
    {
        server.On("RCPT TO", $"550-5.1.1 {new string('x', 600)}\r\n550 5.1.1 end");

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.InRange(outcome.Answer.Length, 490, 500);
        Assert.StartsWith("550 5.1.1 xxx", outcome.Answer);
    }

    [Fact]
    public async Task Probing_sends_nothing_and_learns_what_the_server_takes()
    {
        server.Extensions = ["8BITMIME", "SIZE 10485760"];
        var transport = Transport();
        Assert.Equal(25_000_000, transport.MaxMessageBytes);

        await transport.Probe(Cancellation);

        Assert.Equal(10_485_760, transport.MaxMessageBytes);
        Assert.Empty(server.Mails);
        Assert.Equal(
            ["MAIL FROM:<bounces@mission.example>", "RCPT TO:<bounces@mission.example>", "RSET"],
            server.Commands.Skip(1));
    }

    [Theory]
    [InlineData("MAIL FROM", "550 5.7.1 Not you", false)]
    [InlineData("MAIL FROM", "530 5.7.0 Log in first", false)]
    [InlineData("MAIL FROM", "451 4.3.0 Later", true)]
    [InlineData("MAIL FROM", "421 4.3.2 Closing", true)]
    [InlineData("MAIL FROM", ScriptedServer.Drop, true)]
    [InlineData("CONNECT", "421 4.3.2 Busy", true)]
    [InlineData("RCPT TO", "530 5.7.0 Authentication required", false, "Mail:User")]
    [InlineData("RCPT TO", "554 5.7.1 <x>: Relay access denied", false, "Mail:User")]
    [InlineData("RCPT TO", "454 4.7.1 <x>: Relay access denied", false, "Mail:User")]
    [InlineData("RCPT TO", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", false)]
    [InlineData("RCPT TO", "504 5.5.2 <out>: Helo command rejected: need FQDN", false, "Mail:EhloName")]
    [InlineData("RCPT TO", "550 5.7.1 <x>: Sender address rejected: not owned by user", false, "Mail:ReturnPath")]
    [InlineData("RCPT TO", "550 5.1.1 User unknown", false, "Mail:ReturnPath")]
    [InlineData("RCPT TO", "421 4.3.2 Closing", true)]
    [InlineData("RCPT TO", ScriptedServer.Drop, true)]
    public async Task Probing_finds_a_fault_of_the_senders_own_before_any_letter_does(
        string step,
        string answer,
        bool passes,
        string remedy = "")
    {
        server.On(step, answer);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Transport().Probe(Cancellation));

        Assert.Equal(passes, fault.Passes);
        Assert.Contains(remedy, fault.Message);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Where_a_log_in_is_offered_and_none_is_set_being_turned_away_is_for_want_of_it()
    {
        server.Extensions = ["AUTH PLAIN"];
        server.On("RCPT TO", "554 5.7.1 <out.example[192.0.2.1]>: Client host rejected: Access denied");

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Transport().Probe(Cancellation));

        Assert.Contains("Set Mail:User and Mail:Password", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_a_first_letter_is_accepted_a_refusal_is_believed_only_where_the_return_path_is_taken()
    {
        const string Denied = "554 5.7.1 Recipient address rejected: Access denied";
        server.On("RCPT TO", Denied, Denied);
        await using var transport = Transport();

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() =>
            transport.Send(OutgoingSamples.Letter("a@one.example"), Cancellation));
        Assert.Contains(Denied, fault.Message, StringComparison.Ordinal);

        server.On("RCPT TO", Denied);
        var refused = await transport.Send(OutgoingSamples.Letter("a@one.example"), Cancellation);
        Assert.Equal(MailboxResult.Refused, Assert.Single(refused).Result);

        await transport.Send(OutgoingSamples.Letter("b@one.example"), Cancellation);
        server.On("RCPT TO", Denied, Denied);
        refused = await transport.Send(OutgoingSamples.Letter("a@one.example"), Cancellation);
        Assert.Equal(MailboxResult.Refused, Assert.Single(refused).Result);
    }

    [Theory]
    [InlineData("450 4.7.1 Greylisted, come back later")]
    [InlineData("452 4.2.2 Over quota")]
    public async Task That_the_return_path_is_put_off_says_nothing_about_other_mailboxes(string answer)
    {
        server.On("RCPT TO", answer);

        await Transport().Probe(Cancellation);
    }

    [Fact]
    public async Task The_setting_bounds_the_size_and_the_server_bounds_the_setting()
    {
        settings.MaxMessageBytes = 12_000_000;
        var transport = Transport();
        Assert.Equal(12_000_000, transport.MaxMessageBytes);

        server.Extensions = ["SIZE 5000000"];
        await transport.Probe(Cancellation);

        Assert.Equal(5_000_000, transport.MaxMessageBytes);
    }

    [Fact]
    public async Task A_line_of_dots_and_a_very_long_line_arrive_as_they_were()
    {
        var text = $"Excellency,\n\n.\n..\nFrom here\n{new string('x', 5_000)}\n";

        await using var receiver = new SmtpReceiver();
        settings.Transport = receiver.Address;
        await Send(OutgoingSamples.Letter() with { Text = text });

        var mail = Assert.Single(receiver.Mails);
        Assert.All(
            Encoding.UTF8.GetString(mail.Content).Split("\r\n"),
            line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(text, mail.Message.TextBody!.ReplaceLineEndings("\n"));
    }

    private IMailTransport Transport(string? address = null)
    {
        settings.Transport = address ?? settings.Transport;
        var transport = MailTransports.Create(settings, clock);
        transports.Add(transport);
        return transport;
    }

    private Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage letter) => Transport().Send(letter, Cancellation);

    /// <summary>Lets time pass on the clock, ten seconds by ten seconds, until something has ended.</summary>
    private async Task<(T Result, TimeSpan Taken)> PassingTime<T>(Task<T> task)
    {
        var begun = clock.GetUtcNow();
        while (!task.IsCompleted)
        {
            await Task.Delay(5, Cancellation);
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        return (await task, clock.GetUtcNow() - begun);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5, Cancellation);
    }
}
