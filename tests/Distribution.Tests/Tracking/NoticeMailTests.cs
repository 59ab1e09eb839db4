using System.Net;
using Azure.Data.Tables;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.NoticeMails;
using Distribution.Tracking.Proposals;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>
/// What waits for a person is told by mail to the address in <c>Mail:NoticesTo</c>: once, gathered, and with nothing of a
/// letter but its process and label.
/// </summary>
public sealed class NoticeMailTests(AzuriteFixture azurite)
{
    private const string Duty = "duty@secretariat.example";

    private const string Label = "Draft Rev 1 (Global Compact for Safe, Orderly and Regular Migration)";

    private const string End =
        "\n\nSign in at the desk, which says why and what to do. Each of these is written about once. Nobody reads answers to this message.\n";

    private static readonly (string, string) ToDuty = ("Mail:NoticesTo", Duty);

    /// <summary>Storage as it is: for workers over it that have a way out and settings of their own.</summary>
    private static StorageFaultTests.Interference Untouched => new((_, _) => null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_that_waits_for_its_release_is_told_once_and_so_is_the_second_person_it_waits_for()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty, ("Release:People", "2"));
        var letter = await workflow.Accepted();
        await Pass(workflow, TimeSpan.FromMinutes(20));
        var mail = Assert.Single(Mails(transport));
        Assert.Equal("Distribution: a letter waits for its release", mail.Subject);
        Assert.Equal(
            $"{Label} was checked and waits to be released.\nhttp://127.0.0.1:5080/distributions/{letter.Id}{End}",
            mail.Text);
        Assert.Equal([Duty], mail.Envelope);
        // No report about it, and no answer to it, can be taken for one about a letter.
        Assert.Null(SentMessageId.Read(mail.MessageId));
        Assert.True(mail.IsAutomatic);

        await workflow.Get<Releases>().Release(letter.Id, "the first", Cancellation);
        await Pass(workflow, TimeSpan.FromMinutes(20));
        Assert.Equal(2, Mails(transport).Count);
        Assert.StartsWith(
            $"{Label} waits for a second person to release it.",
            Mails(transport)[1].Text,
            StringComparison.Ordinal);
        Assert.Empty(Mails(transport)[1].Enclosures);

        // Approved anew, it is asked for anew, however short a time after.
        Assert.True(await workflow.Get<Releases>().WithdrawApproval(letter.Id, new("the first", "the first"), Cancellation));
        await workflow.Get<Releases>().Release(letter.Id, "the first", Cancellation);
        await Pass(workflow, TimeSpan.FromMinutes(6));
        Assert.Equal(3, Mails(transport).Count);
    }

    [Fact]
    public async Task The_page_says_that_the_second_person_is_asked_by_mail_and_when_that_was_done()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty, ("Release:People", "2"));
        var page = Addresses.Distribution((await workflow.Accepted()).Id);
        await Pass(workflow, TimeSpan.FromMinutes(1));
        await using var site = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        Assert.Equal(
            $"Releasers were asked by mail on 26 March 2018, 12.01 p.m. New York time, at {Duty}.",
            (await site.Page(page)).GetElementById("asked-by-mail")!.TextContent);
        Assert.Equal(
            $"Releasers are asked by mail within a few minutes, at {Duty}.",
            (await site.Press(page, "Approve Draft Rev 1 for 3 missions")).GetElementById("asked-by-mail")!.TextContent);
        await Pass(workflow, TimeSpan.FromMinutes(6));
        Assert.Equal(
            $"Releasers were asked by mail on 26 March 2018, 12.06 p.m. New York time, at {Duty}.",
            (await site.Page(page)).GetElementById("asked-by-mail")!.TextContent);

        await using var quiet = workflow.Another(("Release:People", "2"));
        await using var silent = await TestSite.Open(quiet, [Roles.Releaser], "amélie@secretariat.example");
        Assert.Null((await silent.Page(page)).GetElementById("asked-by-mail"));
    }

    [Fact]
    public async Task A_letter_on_hold_is_told_without_the_words_of_the_server_and_a_hold_within_the_hour_is_the_same_one()
    {
        var isRefusing = true;
        var transport = new TransportStub((message, address) =>
            isRefusing && !IsNotice(message)
                ? throw new SenderFaultException("The key s3cret was refused.", passes: false)
                : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty);
        var letter = await workflow.Released();
        await workflow.Run();
        await Pass(workflow, TimeSpan.FromMinutes(10));
        var told = Assert.Single(Mails(transport), mail => mail.Subject == "Distribution: a letter is on hold");
        Assert.Equal(
            $"{Label} is on hold. It goes on only when a person has put right what its page names.\nhttp://127.0.0.1:5080/distributions/{letter.Id}{End}",
            told.Text);

        await workflow.Get<Releases>().Resume(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        await Pass(workflow, TimeSpan.FromMinutes(20));
        Assert.Single(Mails(transport));

        // It went on, and is on hold again long after.
        isRefusing = false;
        await workflow.Get<Releases>().Resume(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        await Pass(workflow, TimeSpan.FromMinutes(70));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            now => now with { State = DistributionState.Paused, PauseReason = "Again." },
            Cancellation);
        await Pass(workflow, TimeSpan.FromMinutes(10));
        Assert.Equal(2, Mails(transport).Count);
    }

    [Fact]
    public async Task A_hold_that_begins_to_need_a_person_is_another_matter_than_one_that_passes()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = (await workflow.Accepted()) with { State = DistributionState.Paused };
        Assert.NotEqual(await Key(passes: true), await Key(passes: false));

        async Task<string> Key(bool passes) =>
            Assert.Single(await workflow.Get<PendingMatters>().Now([letter with { PausePasses = passes }], Cancellation)).Key;
    }

    [Fact]
    public async Task Many_bounces_are_told_together_and_again_only_when_they_have_doubled()
    {
        string[] gone = ["che", "fra", "mex"];
        var transport = new TransportStub((message, address) => IsNotice(message) || !gone.Contains(message.MissionId)
            ? new(address, MailboxResult.Accepted, "250 OK")
            : new(address, MailboxResult.Refused, $"550 no such mailbox {address} s3cret"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty);
        var letter = await workflow.Released([.. gone, "jpn", "ken"]);
        await workflow.Run();
        await Pass(workflow, TimeSpan.FromMinutes(30));
        var mail = Assert.Single(Mails(transport));
        Assert.Equal("Distribution: letters came back", mail.Subject);
        Assert.StartsWith($"{Label}: 3 letters came back, or were refused.", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", mail.Text + mail.Html, StringComparison.Ordinal);

        await ComesBack("jpn");
        Assert.StartsWith($"{Label}: 4 letters came back, or were refused.", Mails(transport)[1].Text, StringComparison.Ordinal);
        await ComesBack("ken");
        Assert.Equal(2, Mails(transport).Count);

        async Task ComesBack(string mission)
        {
            var sent = (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == mission).Attempts[0];
            await workflow.Get<DeliveryEvidence>().Record(
                [
                    new(
                        sent.MessageId,
                        sent.Mailboxes[0].Mailbox.Address,
                        new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Bounced, "", Source: EvidenceRanks.Report, Id: mission)),
                ],
                Cancellation);
            await Pass(workflow, TimeSpan.FromMinutes(30));
        }
    }

    [Fact]
    public async Task Letters_of_unknown_outcome_a_refused_register_and_a_dead_letter_are_told_in_one_mail()
    {
        var transport = new TransportStub((message, address) => IsNotice(message)
            ? new(address, MailboxResult.Accepted, "250 OK")
            : new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        await workflow.Released("che");
        await workflow.Run();
        await workflow.BringRegister("mission,kind\r\nche,nonsense\r\n"u8.ToArray());
        await workflow.Get<BatchHandler>().SetAside("{\"nobody\":\"understands s3cret\"}", Cancellation);
        Assert.Empty(Mails(transport));

        await using var telling = workflow.OverStorage(Untouched, transport, ToDuty);
        await telling.Reconcile();
        var mail = Assert.Single(Mails(transport));
        Assert.Equal("Distribution: it is not known whether letters left, and 2 other matters", mail.Subject);
        Assert.Contains($"{Label}: of 1 letter it is not known whether they left.\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains(
            "The register that was uploaded is not in use: it was refused, or waits for a person to confirm it.\nhttp://127.0.0.1:5080/register\n",
            mail.Text,
            StringComparison.Ordinal);
        Assert.Contains("There is a new notice on the front page.\nhttp://127.0.0.1:5080/\n", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_mission_proposes_is_told_once_and_names_nobody()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty);
        await workflow.Get<MissionProposals>().Record(
            "che",
            new("form", "letter", "en", workflow.Clock.GetUtcNow(), "Amélie", null, [new("language", "fr", "es")], [], ProposalMail.For()),
            null,
            Cancellation);
        await Pass(workflow, TimeSpan.FromMinutes(20));
        var mail = Assert.Single(Mails(transport));
        Assert.Equal("Distribution: a mission proposes a change of the register", mail.Subject);
        Assert.Equal(
            $"A mission proposes to change what the register has of it.\nhttp://127.0.0.1:5080/proposals{End}",
            mail.Text);
    }

    [Fact]
    public async Task Several_workers_tell_a_matter_once()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted();
        var workers = Enumerable.Range(0, 4)
            .Select(_ => workflow.OverStorage(Untouched, transport, ToDuty))
            .ToList();
        await Task.WhenAll(workers.Select(worker => worker.Reconcile()));
        for (var minute = 0; minute < 12; minute++)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAll(workers.Select(worker => worker.Reconcile()));
        }

        Assert.Single(Mails(transport));
        foreach (var worker in workers)
            await worker.DisposeAsync();
    }

    [Fact]
    public async Task A_worker_that_stops_while_it_hands_a_mail_over_has_it_sent_by_another_as_the_same_message()
    {
        var (first, second) = (new TransportStub(), new TransportStub());
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted();
        await using var stopping = workflow.OverStorage(Untouched, first, ToDuty);
        await using var other = workflow.OverStorage(Untouched, second, ToDuty);
        using var stop = new CancellationTokenSource();
        first.BeforeAnswer = () =>
        {
            stop.Cancel();
            return Task.Delay(Timeout.Infinite, stop.Token);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            stopping.Get<Distribution.Hosting.Reconciler>().Reconcile(stop.Token));
        var begun = Assert.Single(Mails(first));

        workflow.Clock.Advance(TimeSpan.FromMinutes(4));
        await other.Reconcile();
        Assert.Empty(Mails(second));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        // Two take it over at one moment.
        await using var third = workflow.OverStorage(Untouched, second, ToDuty);
        await Task.WhenAll(other.Reconcile(), third.Reconcile());
        await Pass(workflow, TimeSpan.FromMinutes(20), other);
        var again = Assert.Single(Mails(second));
        Assert.Equal(
            (begun.MessageId, begun.Date, begun.Subject, begun.Text),
            (again.MessageId, again.Date, again.Subject, again.Text));
    }

    [Fact]
    public async Task That_nobody_could_be_told_is_shown_by_health_until_somebody_was()
    {
        var result = MailboxResult.Refused;
        var transport = new TransportStub((_, address) => new(address, result, "550 no such s3cret"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty);
        await using var site = await TestSite.Open(workflow);
        await workflow.Accepted();
        await Pass(workflow, TimeSpan.FromMinutes(2));
        var words = await Health(site);
        Assert.Contains(
            "New York time: the mail server refused the message for the address in Mail:NoticesTo. Look whether that mailbox is there.",
            Assert.Single(words.Split('\n'), line => line.StartsWith("mail about what waits: failed", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", words, StringComparison.Ordinal);
        await Pass(workflow, TimeSpan.FromMinutes(13));
        Assert.Contains("nobody is told by mail of what waits for a person", await Health(site), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            (await site.Send(HttpMethod.Get, "/health", host: "elsewhere.example")).StatusCode);
        Assert.InRange(Mails(transport).Count, 3, 4);

        result = MailboxResult.Accepted;
        await Pass(workflow, TimeSpan.FromMinutes(6));
        Assert.StartsWith("ok", await Health(site), StringComparison.Ordinal);
        // The failure had become a notice, which is told with the rest.
        Assert.Contains("and 1 other matter", Mails(transport)[^1].Subject, StringComparison.Ordinal);
        Assert.Empty(workflow.Get<JobFailures>().Now);
    }

    [Fact]
    public async Task A_mail_that_leaves_by_the_configured_way_out_is_written_as_one_that_nobody_answers()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ToDuty);
        await workflow.Accepted();
        await Pass(workflow, TimeSpan.FromMinutes(2));
        var mail = Assert.Single(workflow.Sent());
        Assert.Equal("auto-generated", mail.Headers[MimeKit.HeaderId.AutoSubmitted]);
        Assert.Equal(Duty, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Contains("<br>http://127.0.0.1:5080/distributions/", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_what_was_told_cannot_be_read_is_said_with_the_row_to_delete_and_then_all_is_told_once_more()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ToDuty);
        await using var site = await TestSite.Open(workflow);
        await workflow.Accepted();
        await Pass(workflow, TimeSpan.FromMinutes(2));
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient("Notices");
        var row = (await table.GetEntityAsync<TableEntity>("mail", "told", cancellationToken: Cancellation)).Value;
        row["Facts0"] = "{\"Told\"";
        await table.UpdateEntityAsync(row, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);

        await Pass(workflow, TimeSpan.FromMinutes(2));
        Assert.Contains(
            "what was told already cannot be read. Delete the row told of the partition mail in the table Notices",
            await Health(site),
            StringComparison.Ordinal);
        await table.DeleteEntityAsync("mail", "told", cancellationToken: Cancellation);
        await Pass(workflow, TimeSpan.FromMinutes(2));
        Assert.Equal(2, Mails(transport).Count(mail => mail.Text.Contains("waits to be released", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_an_address_nobody_is_written_to()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.Accepted();
        await Pass(workflow, TimeSpan.FromMinutes(10));
        Assert.Empty(transport.Offered);
    }

    private static async Task Pass(TestWorkflow workflow, TimeSpan time, TestWorkflow? timer = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await (timer ?? workflow).Reconcile();
        }
    }

    private static async Task<string> Health(TestSite site) =>
        await (await site.Send(HttpMethod.Get, "/health")).Content.ReadAsStringAsync(Cancellation);

    private static bool IsNotice(OutgoingMessage message) => message.Envelope is [Duty];

    private static IReadOnlyList<OutgoingMessage> Mails(TransportStub transport) =>
        [.. transport.Offered.Where(IsNotice)];
}
