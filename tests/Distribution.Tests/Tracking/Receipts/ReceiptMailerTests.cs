using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Receipts;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Receipts;

/// <summary>What a mission's mailboxes are told when somebody acknowledges in its name.</summary>
public sealed class ReceiptMailerTests(AzuriteFixture azurite)
{
    private static readonly (string, string) On = ("Receipts:ByMail", "true");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mission_is_told_once_of_each_step_at_the_mailboxes_that_its_letter_reached()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        await workflow.UseMailboxes("che@missions.example", "office@missions.example");
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        var letter = Assert.Single(workflow.Sent());
        await using var site = await TestSite.Open(workflow);
        var link = workflow.Get<MissionLinks>().For(distribution.Id, "che");
        var path = new Uri(link).AbsolutePath;

        await MissionVisitor.Acknowledges(workflow, site, path, "Amélie <b>Favre</b>", "Second Secretary");
        await MissionVisitor.Acknowledges(workflow, site, path, "Amélie Favre", act: "?act=correct");
        await MissionVisitor.Acknowledges(workflow, site, path, "Jürg Lauber", act: "?act=withdraw");
        // What another process has left is looked for once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        await workflow.Reconcile();

        var told = Receipts(workflow);
        Assert.Equal(
            [
                "Receipt of Draft Rev 1 acknowledged",
                "Acknowledgement of Draft Rev 1 corrected",
                "Acknowledgement of Draft Rev 1 withdrawn",
            ],
            told.OrderBy(message => message.Date).Select(message => message.Subject));
        foreach (var message in told)
        {
            Assert.Equal(
                ["che@missions.example", "office@missions.example"],
                message.To.Mailboxes.Concat(message.Cc.Mailboxes).Select(box => box.Address).Order());
            Assert.Equal(letter.MessageId, message.InReplyTo);
            Assert.Equal("auto-generated", message.Headers[HeaderId.AutoSubmitted]);
            Assert.Equal("OOF, AutoReply", message.Headers["X-Auto-Response-Suppress"]);
            Assert.Equal("compact@secretariat.example", message.ReplyTo.Mailboxes.Single().Address);
            Assert.Contains(link, message.TextBody, StringComparison.Ordinal);
            Assert.Contains(
                await workflow.Reference(),
                message.TextBody,
                StringComparison.Ordinal);
        }

        var given = told.Single(message => message.Subject!.StartsWith("Receipt", StringComparison.Ordinal));
        Assert.Contains("Acknowledged by: \u2068Amélie <b>Favre</b>\u2069", given.TextBody, StringComparison.Ordinal);
        Assert.Contains("Amélie &lt;b&gt;Favre&lt;/b&gt;", Decoded(given.HtmlBody!), StringComparison.Ordinal);
        var withdrawn = told.Single(message => message.Subject!.EndsWith("withdrawn", StringComparison.Ordinal));
        Assert.Contains("by \u2068Jürg Lauber\u2069 at", withdrawn.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Acknowledged by", withdrawn.TextBody, StringComparison.Ordinal);
        Assert.Contains("where receipt can be acknowledged again:", withdrawn.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("withdraw it on that page", withdrawn.TextBody, StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<ReceiptsDue>().All(Cancellation));
    }

    [Fact]
    public async Task It_is_written_in_the_language_of_the_missions_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        await workflow.UseMailboxes("che@missions.example");
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        await Record(workflow, distribution.Id, "form");
        await workflow.Reconcile();

        var message = Assert.Single(Receipts(workflow));
        Assert.Equal("Réception confirmée : Draft Rev 1", message.Subject);
        Assert.Contains("lang=\"fr\" dir=\"ltr\"", message.HtmlBody, StringComparison.Ordinal);

        // What the secretariat does is not said to be done in the mission's name, nor by whom.
        Assert.Equal(
            RecordingResult.Recorded,
            (await workflow.Get<RecordedAcknowledgements>()
                .Withdraw(distribution.Id, "che", "act", "form", "not meant for this letter", "amelie.dupont", Cancellation)).Taken);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        var withdrawn = Receipts(workflow).Single(mail => mail.MessageId != message.MessageId);
        Assert.StartsWith("Le secrétariat a retiré", withdrawn.TextBody, StringComparison.Ordinal);
        foreach (var words in (string[])["amelie", "au nom de", "corrigé ou retiré", "Si personne à votre mission"])
            Assert.DoesNotContain(words, withdrawn.TextBody, StringComparison.Ordinal);
        Assert.All(
            Languages.Official,
            language => Assert.DoesNotContain("{{ name }}", PageWords.Of(language)["receipt_mail_withdrawn_desk_text"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_stops_after_handing_it_over_leaves_the_very_same_mail_to_the_next()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, distribution.Id, "form");
        var stops = new TransportStub((_, _) => throw new OperationCanceledException("The worker stops."));
        await using var stopping = workflow.Another(stops, settings: On);
        var goesOn = new TransportStub();
        await using var next = workflow.Another(goesOn, settings: On);

        await Assert.ThrowsAnyAsync<Exception>(() => stopping.Get<ReceiptMailer>().Run(Cancellation));
        // The stopped worker may still be at it.
        await next.Get<ReceiptMailer>().Run(Cancellation);
        Assert.Empty(goesOn.Offered);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(next.Get<ReceiptMailer>().Run(Cancellation), next.Get<ReceiptMailer>().Run(Cancellation));
        await next.Get<ReceiptMailer>().Run(Cancellation);

        Assert.Equal(Assert.Single(stops.Offered).MessageId, Assert.Single(goesOn.Offered).MessageId);
        Assert.Equal(
            ["form"],
            (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!.Told);
    }

    [Fact]
    public async Task A_mailbox_that_says_later_is_tried_again_alone()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        await workflow.UseMailboxes("che@missions.example", "office@missions.example");
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        await Record(workflow, distribution.Id, "form");
        var isBusy = true;
        var server = new TransportStub((_, address) =>
            new(
                address,
                isBusy && address.StartsWith("office", StringComparison.Ordinal)
                    ? MailboxResult.TryLater
                    : MailboxResult.Accepted,
                "said the server"));
        await using var worker = workflow.Another(server, settings: On);

        await worker.Get<ReceiptMailer>().Run(Cancellation);
        isBusy = false;
        await worker.Get<ReceiptMailer>().Run(Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await worker.Get<ReceiptMailer>().Run(Cancellation);
        await worker.Get<ReceiptMailer>().Run(Cancellation);

        Assert.Equal(
            [["che@missions.example", "office@missions.example"], ["office@missions.example"]],
            server.Offered.Select(message => message.Envelope));
    }

    [Fact]
    public async Task A_form_that_comes_twice_or_is_never_recorded_sends_nothing_more()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, distribution.Id, "form");
        await workflow.Reconcile();
        // The same again, and one that was based on what no longer stands.
        await Record(workflow, distribution.Id, "form");
        await Record(workflow, distribution.Id, "another");
        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await workflow.Reconcile();

        Assert.Single(Receipts(workflow));
        Assert.Empty(await workflow.Get<ReceiptsDue>().All(Cancellation));
    }

    [Fact]
    public async Task Names_that_were_erased_meanwhile_are_not_mailed_and_without_the_setting_nothing_is()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await Record(workflow, distribution.Id, "form");
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(distribution.Id, "che", "amélie", Cancellation));
        await using var silent = workflow.Another(("Receipts:ByMail", "false"));
        await Record(silent, distribution.Id, "other-form", "mex");
        await workflow.Reconcile();

        Assert.Empty(Receipts(workflow));
        Assert.Empty(await workflow.Get<ReceiptsDue>().All(Cancellation));
    }

    [Fact]
    public async Task A_scanner_that_opens_and_submits_everything_at_once_brings_about_no_mail()
    {
        await using var workflow = await TestWorkflow.Open(azurite, On);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var link = new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath;

        for (var press = 0; press < 3; press++)
        {
            await site.Send(HttpMethod.Post, link, MissionVisitor.FormOf(await site.Page(link), ("name", "Scanner")));
            await site.Get($"{link}/receipt");
        }

        await workflow.Reconcile();
        Assert.Empty(Receipts(workflow));
        Assert.Empty(await workflow.Get<ReceiptsDue>().All(Cancellation));
    }

    private static Task Record(TestWorkflow workflow, string distribution, string form, string mission = "che") =>
        workflow
            .Get<Acknowledgements>()
            .Record(
                distribution,
                mission,
                null,
                new(
                    form,
                    workflow.Clock.GetUtcNow(),
                    "Amélie Favre",
                    new("Amélie Favre", null, AcknowledgementChannel.Page, workflow.Clock.GetUtcNow())),
                Cancellation);

    private static IReadOnlyList<MimeMessage> Receipts(TestWorkflow workflow) =>
        [.. workflow.Sent().Where(message => message.MessageId!.StartsWith("receipt.", StringComparison.Ordinal))];

    private static string Decoded(string html) => html.Replace("&#233;", "é", StringComparison.Ordinal);
}
