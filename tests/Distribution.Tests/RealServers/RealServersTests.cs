using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Tracking.Inbound;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Reports;
using MailKit.Net.Smtp;
using MimeKit;
using Xunit;

namespace Distribution.Tests.RealServers;

/// <summary>
/// Letters to missions whose mail servers do what servers do, over real ones: each mission ends as it should, and the
/// table of them is part of the test's output.
/// </summary>
public sealed class RealServersTests(AzuriteFixture azurite, MailServers servers, ITestOutputHelper output)
    : IClassFixture<MailServers>
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(2);

    /// <summary>One mission.</summary>
    /// <param name="Does">What its server does.</param>
    /// <param name="To">Its mailboxes.</param>
    /// <param name="First">What is known while the relay still tries: the mission's standing, and each mailbox.</param>
    /// <param name="Last">What is known when it has given up; null for the same.</param>
    private sealed record Case(string Id, string Does, string To, string First, string? Last = null)
    {
        public string End => Last ?? First;
    }

    private static readonly Case[] Missions =
    [
        new("taken", "takes everything", "taken@taken.example", "Reached: Accepted"),
        new("greylists", "the relay says 450 once", "greylists@taken.example", "Reached: Accepted"),
        new("slow", "the relay takes three seconds", "slow@slow.example", "Reached: Accepted"),
        new("gone", "refused at once", "nobody@gone.example", "NotReached: Failed"),
        new("partly", "one of two refused at once", "good@gone.example nobody@gone.example", "Reached: Accepted, Failed"),
        new("idn", "the same in köln.example", "good@köln.example nobody@köln.example", "Reached: Accepted, Failed"),
        new("idngone", "refused at once in köln.example", "nobody@köln.example", "NotReached: Failed"),
        new("unknown", "refused behind the relay", "nobody@taken.example", "NotReached: Bounced Permanent"),
        new("later", "taken, then refused within", "nobody@later.example", "NotReached: Bounced Permanent"),
        new("forwards", "forwarded to who is not there", "forwards@later.example", "NotReached: Bounced Permanent"),
        new("quota", "over its quota", "full@quota.example", "NotReached: Bounced MailboxFull"),
        new("spam", "takes it for spam", "spam@spam.example", "NotReached: Bounced Spam"),
        new("small", "takes no large mail", "small@small.example", "NotReached: Bounced TooLarge"),
        new("nowhere", "no such domain, says the relay", "someone@nowhere.example", "NotReached: Failed"),
        new("busy", "452 all the time", "busy@busy.example", "Delayed: Deferred", "NotReached: Bounced MailboxFull"),
        new("down", "down", "someone@down.example", "Delayed: Deferred", "NotReached: Bounced Temporary"),
        new("waits", "450, later taken", "waits@waits.example", "Delayed: Deferred"),
        new("away", "answers that it is closed", "away@away.example", "Reached: Accepted"),
        new("rejects", "takes it, and rejects it by mail", "rejects@away.example", "NotReached: Bounced"),
        new("answers", "a person answers", "answers@taken.example", "Reached: Accepted", "Acknowledged: Accepted"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mission_ends_as_its_server_has_it()
    {
        MailServers.AreNeeded();
        await using var workflow = await TestWorkflow.OpenNow(azurite, servers.Settings);
        var letter = await Release(workflow, Missions);

        await Ends(workflow, letter, mission => mission.First);

        await WhatADelayIsCalled(workflow, letter);
        await WhatAMachineSays(workflow, letter);

        servers.IsOpenAgain = true;
        await Until(() => Task.FromResult(servers.Mailboxes.Mail("waits@waits.example").Count > 0), () => servers.Relay.Log);
        await servers.Relay.Set("maximal_queue_lifetime", "1s");
        await Answer(workflow, "answers@taken.example");
        await Ends(workflow, letter, mission => mission.End);
        Assert.Contains("answers", (await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation)).Keys);
    }

    private async Task WhatADelayIsCalled(TestWorkflow workflow, DistributionRecord letter)
    {
        var unreachable = (await workflow.Get<ReportReader>().Unreachable(letter.Id, Cancellation))!;
        foreach (var delayed in (string[])["busy", "down", "waits"])
            Assert.Contains(
                "Delayed, to be tried until",
                unreachable.Lines.Single(line => line.Mission.Id == delayed).Reason,
                StringComparison.OrdinalIgnoreCase);
        await using var site = await TestSite.Open(workflow.Configuration, TimeProvider.System);
        output.WriteLine(TestSite.Words(await site.Page("/")));
        output.WriteLine(TestSite.Words(await site.Page($"/distributions/{letter.Id}/served")));
        output.WriteLine(TestSite.Words(await site.Page($"/distributions/{letter.Id}/unreachable")));
    }

    private async Task WhatAMachineSays(TestWorkflow workflow, DistributionRecord letter)
    {
        var said = Assert.Single(await workflow.Get<Replies>().Of(letter.Id, "away", Cancellation));
        Assert.True(said.Decision.IsMachines);
        Assert.Equal("The Mission is closed until 4 January.", said.Reply.Excerpt);
        Assert.Empty(await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation));
    }

    /// <summary>Writes a reply with the letter's reference to where the letter asks for it, as a person does.</summary>
    private async Task Answer(TestWorkflow workflow, string mailbox)
    {
        using var letter = Received(mailbox);
        using var answer = new MimeMessage(
            [new MailboxAddress("First Secretary", mailbox)],
            letter.ReplyTo,
            $"Re: {letter.Subject}",
            new TextPart("plain") { Text = $"We acknowledge receipt. Reference {await workflow.Reference()}." });
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.ExchangePort, MailKit.Security.SecureSocketOptions.None, Cancellation);
        await client.SendAsync(
            answer,
            answer.From.Mailboxes.Single(),
            letter.ReplyTo.Mailboxes.Where(to => to.Domain == "secretariat.example"),
            Cancellation);
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    private MimeMessage Received(string mailbox) =>
        MimeMessage.Load(new MemoryStream(servers.Mailboxes.Mail(mailbox)[^1]), Cancellation);

    private static async Task<DistributionRecord> Release(TestWorkflow workflow, IEnumerable<Case> missions)
    {
        await workflow.UploadRegister(
            string.Join(
                "\r\n",
                missions
                    .Select(mission =>
                        $"{mission.Id},member-state,Mission {mission.Id},Permanent Mission {mission.Id} to the United Nations,Permanent Representative,,,en,,{mission.To},")
                    .Prepend(TestWorkflow.RegisterOfMailboxes("").Split('\n')[0].TrimEnd())));
        var today = NewYorkTime.At(DateTimeOffset.UtcNow).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples
                .LetterWith("replies: tracked")
                .Replace("date: 2018-03-26", $"date: {today}", StringComparison.Ordinal));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var letter = await workflow.TheDistribution();
        Assert.True(
            await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true),
            await workflow.Report("gcm/draft-rev-1"));
        return letter;
    }

    /// <summary>Carries the letter on, and reads the return mailbox, until every mission has this end.</summary>
    private async Task Ends(TestWorkflow workflow, DistributionRecord letter, Func<Case, string> wanted)
    {
        await Until(
            async () =>
            {
                await workflow.Run();
                // Another worker: one reads the return mailbox once a minute.
                await using (var other = workflow.Another(servers.Settings))
                    await other.Reconcile();
                return (await Now(workflow, letter)).All(now => now.End == wanted(now.Mission));
            },
            () => Table(Now(workflow, letter).GetAwaiter().GetResult(), wanted) + servers.Relay.Log);
        output.WriteLine(Table(await Now(workflow, letter), wanted));
        foreach (var notice in await workflow.Get<Notices>().All(Cancellation))
            output.WriteLine(notice.Text);
    }

    private static async Task Until(Func<Task<bool>> isSo, Func<string> else_)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo(); await Task.Delay(200, Cancellation))
            if (waited.Elapsed > EndsWithin)
                Assert.Fail(else_());
    }

    private static async Task<IReadOnlyList<(Case Mission, string End, string Words)>> Now(
        TestWorkflow workflow,
        DistributionRecord letter)
    {
        var reach = await workflow.Get<ReachReader>().Of(
            (await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!,
            Cancellation);
        var entries = (await workflow.Dispatches(letter.Id)).ToDictionary(entry => entry.MissionId);
        return
        [
            .. reach.Missions.Select(mission =>
            {
                var mailboxes = entries[mission.Mission.Id].Attempts is [.., var last] ? last.Mailboxes : [];
                return (
                    Missions.Single(known => known.Id == mission.Mission.Id),
                    $"{mission.Standing}: {string.Join(", ", mailboxes.Select(box => $"{box.State} {(box.State == DeliveryState.Bounced ? box.Telling?.Bounce : null)}".Trim()))}",
                    string.Join(" | ", mailboxes.Select(box => box.Telling is { } told ? $"{DeliveryLog.Words(told)}: {told.Words}" : "")));
            }),
        ];
    }

    private static string Table(
        IEnumerable<(Case Mission, string End, string Words)> missions,
        Func<Case, string> wanted)
    {
        var table = new StringBuilder();
        foreach (var (mission, end, words) in missions)
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"{(end == wanted(mission) ? "" : $"NOT {wanted(mission)} BUT ")}{mission.Does,-34} {end,-34} {words}");
        return table.ToString();
    }
}
