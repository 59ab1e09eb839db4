using System.Net;
using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Tracking.Inbound;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class InboundParseTests(AzuriteFixture azurite) : IDisposable
{
    private const string Route = "/inbound/sendgrid";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task What_SendGrid_hands_over_is_kept_first_and_then_taken_like_any_other_message_once()
    {
        await using var workflow = await Sent(("Inbound:ReplyAddress", "replies@letters.example"));
        await using var site = await TestSite.Open(workflow);
        var letter = (await workflow.Dispatches((await workflow.TheDistribution()).Id))[0].Attempts[0].MessageId;
        var address = workflow.ReplyAddress(await workflow.TheDistribution());
        var form = Form(("headers", "X: y"), ("email", Encoding.UTF8.GetString(InboundSample.Stated(letter, address, await workflow.Reference()))), ("envelope", """{"to":["replies@letters.example"],"from":"first.secretary@che.example"}"""));

        Assert.Equal((HttpStatusCode.OK, "Taken."), await Post(site, workflow, form));
        Assert.Equal(HttpStatusCode.OK, (await Post(site, workflow, form)).Status);
        Assert.StartsWith(
            "sendgrid/",
            Assert.Single(await workflow.Get<InboundFiles>().Waiting(Cancellation)).Name,
            StringComparison.Ordinal);

        await workflow.Reconcile();
        Assert.Equal(HttpStatusCode.OK, (await Post(site, workflow, form)).Status);
        await workflow.Reconcile();

        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));
        Assert.Single(
            (
                await workflow.Get<Acknowledgements>().Find((await workflow.TheDistribution()).Id, "che", Cancellation)
            )!.Steps);
        Assert.Empty(site.Log);
    }

    [Fact]
    public async Task The_envelope_tells_whom_a_blind_copy_was_for_and_that_it_came_without_a_sender()
    {
        await using var workflow = await Sent(("Inbound:ReplyAddress", "replies@letters.example"));
        await using var site = await TestSite.Open(workflow);
        var distribution = (await workflow.TheDistribution()).Id;
        var token = workflow.ReplyAddress(await workflow.TheDistribution());
        var message =
            $"From: mission@che.example\r\nTo: undisclosed-recipients:;\r\nSubject: Re\r\nMessage-ID: <MARK@else.example>\r\n\r\n{await workflow.Reference()} We have it.\r\n";

        await Post(site, workflow, Form(("email", message.Replace("MARK", "1", StringComparison.Ordinal)), ("envelope", $$"""{"to":["{{token}}"],"from":""}""")));
        await workflow.Reconcile();
        Assert.Null(await workflow.Get<Acknowledgements>().Find(distribution, "che", Cancellation));
        Assert.Contains(
            "without a return path",
            Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Why,
            StringComparison.Ordinal);

        await Post(site, workflow, Form(("email", message.Replace("MARK", "2", StringComparison.Ordinal)), ("envelope", $$"""{"to":["{{token}}"],"from":"mission@che.example"}""")));
        await workflow.Reconcile();
        Assert.NotNull(await workflow.Get<Acknowledgements>().Find(distribution, "che", Cancellation));
    }

    [Fact]
    public async Task An_envelope_cannot_write_lines_of_its_own_into_the_message()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);

        await Post(site, workflow, Form(("email", "Subject: Re\r\n\r\nText"), ("envelope", """{"to":["a@b.example\r\nX-Evil: yes","c@d.example"],"from":"x\r\ny@z.example"}""")));

        var file = Assert.Single(await workflow.Get<InboundFiles>().Waiting(Cancellation));
        using var stored = new StreamReader((await workflow.Get<InboundFiles>().Read(file, Cancellation))!);
        Assert.Equal(
            "X-Original-To: c@d.example\r\nSubject: Re\r\n\r\nText",
            await stored.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Only_what_SendGrid_signed_within_the_three_days_it_repeats_is_taken()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        var body = Form(("email", "Subject: Re\r\n\r\nText"));
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = workflow.Clock.GetUtcNow();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(site, body, [])).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(site, body, SendGridSigned.Of(body, now, stranger))).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(site, [.. body, 1], SendGridSigned.Of(body, now, key))).Status);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "It is more than 73 hours old."),
            await Post(site, body, SendGridSigned.Of(body, now - TimeSpan.FromHours(74), key)));
        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));

        Assert.Equal(
            HttpStatusCode.OK,
            (await Post(site, body, SendGridSigned.Of(body, now - TimeSpan.FromHours(72), key))).Status);
        Assert.Single(await workflow.Get<InboundFiles>().Waiting(Cancellation));
    }

    [Fact]
    public async Task A_signed_message_caught_on_the_way_and_sent_again_counts_once_and_is_refused_when_it_is_old()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        var distribution = await workflow.TheDistribution();
        var body = Form(
            (
                "email",
                "From: mission@che.example\r\nTo: letters@secretariat.example\r\nSubject: Re\r\nMessage-ID: <one@che.example>\r\n\r\nWe have it."
            ));
        var headers = SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key);

        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Post(site, body, headers)).Status);
            await workflow.Reconcile();
            workflow.Clock.Advance(TimeSpan.FromHours(36));
        }

        Assert.Equal((HttpStatusCode.OK, "Taken."), await Post(site, body, headers));
        workflow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(site, body, headers)).Status);
        await workflow.Reconcile();
        Assert.Equal(
            "che",
            Assert.Single(Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Candidates).MissionId);
        Assert.Null(await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation));
    }

    // SendGrid drops at once, without a word to anybody, what is answered with 4xx.
    [Fact]
    public async Task What_comes_before_its_key_is_set_is_asked_to_come_again_and_taken_then()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:SendGridKey", ""));
        await using var site = await TestSite.Open(workflow);
        var body = Form(("email", "Subject: Re\r\n\r\nText"));
        var headers = SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "No key is set that its signature could be checked with."),
            await Post(site, body, headers));
        await site.Page(Route, HttpStatusCode.NotFound);

        site.Get<IOptions<InboundSettings>>().Value.SendGridKey =
            Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        Assert.Equal((HttpStatusCode.OK, "Taken."), await Post(site, body, headers));
        Assert.Single(await workflow.Get<InboundFiles>().Waiting(Cancellation));
    }

    [Fact]
    public async Task A_form_without_the_whole_message_is_kept_and_a_person_is_told_what_to_tick()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);

        var form = Form(("text", "We have it."), ("from", "someone@che.example"));
        foreach (var _ in (int[])[1, 2])
        {
            // A retry would bring the same bytes, so none is asked for.
            var (status, words) = await Post(site, workflow, form);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("tick “POST the raw, full MIME message”", words, StringComparison.Ordinal);
        }

        Assert.All(
            site.Log,
            line => Assert.Contains("tick “POST the raw, full MIME message”", line, StringComparison.Ordinal));
        Assert.Contains(
            "tick “POST the raw, full MIME message” for this address. Such forms are kept in inbound/unmatched/sendgrid; have a person read them.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(form, Assert.Single(await Kept(workflow)));
        await workflow.Reconcile();
        Assert.Equal(form, Assert.Single(await Kept(workflow)));
    }

    [Theory]
    [InlineData("no form at all", "text/plain", "It is no form of the kind SendGrid sends.")]
    [InlineData("no form at all", "multipart/form-data", "It is no form of the kind SendGrid sends.")]
    [InlineData(
        "--b\r\nContent-Disposition: form-data; name=email\r\n\r\nSubject: cut o",
        "multipart/form-data; boundary=b",
        "The form is cut off or broken.")]
    public async Task What_is_no_whole_form_is_kept_and_said_in_a_sentence(string text, string type, string words)
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        var body = Encoding.ASCII.GetBytes(text);

        Assert.Equal(
            (HttpStatusCode.OK, $"{words} It is kept for a person, and sending it again would not help."),
            await Post(site, body, SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key), type));
        Assert.Contains(
            words,
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(body, Assert.Single(await Kept(workflow)));
        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));
    }

    /// <summary>The forms that are kept for a person.</summary>
    private static async Task<IReadOnlyList<byte[]>> Kept(TestWorkflow workflow)
    {
        var container = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Inbound);
        List<byte[]> kept = [];
        await foreach (
            var blob in container.GetBlobsAsync(
                new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = "unmatched/sendgrid/" },
                Cancellation))
            kept.Add((await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content.ToArray());
        return kept;
    }

    [Fact]
    public async Task Too_much_at_once_is_refused_and_a_message_as_large_as_SendGrid_takes_is_not()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(
            (
                HttpStatusCode.RequestEntityTooLarge,
                "What was sent has 33 MB, and no more than 32 MB can be taken at once."),
            await Post(site, workflow, new byte[33_000_000]));
        Assert.Equal(
            HttpStatusCode.OK,
            (await Post(site, workflow, Form(("email", $"Subject: Re\r\n\r\n{new string('x', 30_000_000)}")))).Status);
        await workflow.Reconcile();
        Assert.Contains(
            "has 30 MB; the largest that is read has 25 MB",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    private async Task<TestWorkflow> Sent(params (string Name, string Value)[] settings)
    {
        var workflow = await TestWorkflow.Open(
            azurite,
            [("Inbound:SendGridKey", Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())), .. settings]);
        await workflow.UseMailboxes("mission@che.example");
        await workflow.Released();
        await workflow.CarryOutBatches();
        return workflow;
    }

    private static byte[] Form(params (string Name, string Value)[] fields) =>
        Encoding.UTF8.GetBytes(
            string.Concat(
                fields.Select(field =>
                    $"--xYzZY\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value}\r\n")
            ) + "--xYzZY--\r\n");

    private Task<(HttpStatusCode Status, string Words)> Post(TestSite site, TestWorkflow workflow, byte[] body) =>
        Post(site, body, SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key));

    private static async Task<(HttpStatusCode Status, string Words)> Post(
        TestSite site,
        byte[] body,
        (string, string)[] headers,
        string type = "multipart/form-data; boundary=xYzZY")
    {
        using var answer = await site.Deliver(Route, body, type, headers);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
