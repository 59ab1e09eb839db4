using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Reports;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Configuration;
using MimeKit;
using Xunit;

namespace Distribution.Tests.RealServers;

/// <summary>
/// Letters to missions whose mail servers do what servers do, over real ones: each mission ends as it should, and the
/// table of them is part of the test's output.
/// </summary>
public sealed partial class RealServersTests(AzuriteFixture azurite, MailServers servers, ITestOutputHelper output)
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
        new("sender", "a person answers the sender", "sender@taken.example", "Reached: Accepted"),
        new("absent", "a machine answers, quoting nothing", "absent@taken.example", "Reached: Accepted"),
    ];

    private static readonly Case[] Plain =
    [
        .. Enumerable.Range(1, MailServers.Plain)
            .Select(number => new Case($"m{number}", "takes everything", $"m{number}@taken.example", "Reached: Accepted")),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mission_ends_as_its_server_has_it()
    {
        MailServers.AreNeeded();
        using var key = RSA.Create(2048);
        await using var workflow = await Open(
            ("Mail:DkimKey", key.ExportPkcs8PrivateKeyPem()),
            ("Mail:DkimSelector", "letters2026"));
        var letter = await Release(workflow, Missions);

        await Ends(workflow, letter, Missions, mission => mission.First);

        await WhatADelayIsCalled(workflow, letter);
        await WhatAMachineSays(workflow, letter);

        servers.IsOpenAgain = true;
        await Until(
            () => Task.FromResult(servers.Mailboxes.Mail("waits@waits.example").Count > 0),
            () => servers.Relay.Log);
        await servers.Relay.Restart("maximal_queue_lifetime = 1s", servers.SubmissionPort, Cancellation);
        var reference = $"We acknowledge receipt. Reference {await workflow.Reference()}.";
        await Write("answers@taken.example", letter => letter.ReplyTo, reference);
        await Write("sender@taken.example", letter => letter.From, reference, quotes: true);
        await Write("absent@taken.example", letter => letter.ReplyTo, "We are closed until 7 January.", isMachine: true);
        await Ends(workflow, letter, Missions, mission => mission.End);
        await IsKept(workflow, letter, "absent", "We are closed until 7 January.");
        Assert.Contains("sender", await workflow.Get<Replies>().Answered(letter.Id, Cancellation));
        await servers.Relay.Restart("maximal_queue_lifetime = 5d", servers.SubmissionPort, Cancellation);
        servers.IsOpenAgain = false;
        await IsSigned(key);
        Assert.SkipUnless(HasVerifier, "Signatures were not checked: dkimpy is not installed (Debian: python3-dkim). All else was as it must be.");
    }

    [Fact]
    public async Task A_report_that_a_delayed_letter_arrived_ends_the_delay_and_reports_are_known_by_the_return_path()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(("Mail:SuccessReports", "true"), ("Mail:ReturnPathPerAttempt", "true"));
        Case[] missions =
        [
            .. Missions.Where(mission => mission.Id is "taken" or "unknown" or "later" or "quota" or "away" or "rejects"),
            new("waits", "450, later taken", "waits@waits.example", "Delayed: Deferred", "Reached: Accepted"),
        ];
        var letter = await Release(workflow, missions);
        await Ends(workflow, letter, missions, mission => mission.First);
        await WhatAMachineSays(workflow, letter);

        servers.IsOpenAgain = true;
        await Ends(workflow, letter, missions, mission => mission.End);
        servers.IsOpenAgain = false;
    }

    [Fact]
    public async Task A_relay_that_is_started_anew_in_the_middle_loses_and_doubles_nothing()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(("Dispatch:ProbeEvery", "00:00:01"));
        var letter = await Release(workflow, Plain);

        var sending = workflow.Run();
        await Until(() => Task.FromResult(Plain.Any(mission => Taken(mission) > 0)), () => servers.Relay.Log);
        await servers.Relay.Stop();
        await sending;
        await servers.Relay.Start(servers.SubmissionPort, Cancellation);

        // The answer to a whole letter may be what was lost.
        await Ends(
            workflow,
            letter,
            Plain,
            (mission, end) => end is "Reached: Accepted" && Taken(mission) == 1
                || end is "Unknown: OutcomeUnknown" && Taken(mission) <= 1);

        // What the relay took for the mission: stopped in the middle, it may itself pass one letter on twice.
        int Taken(Case mission) =>
            servers
                .Mailboxes.Mail(mission.To)
                .Select(received => MimeMessage.Load(new MemoryStream(received), Cancellation))
                .Where(received => SentMessageId.Read(received.MessageId ?? "")?.Distribution == MessageTokens.Mark(letter.Id))
                .Select(received => RelaysOwnId().Match(string.Join('\n', received.Headers.Select(header => header.Value))).Groups[1].Value)
                .Distinct()
                .Count();
    }

    [Fact]
    public async Task A_relay_that_allows_three_connections_gets_every_letter_and_a_notice_names_the_setting()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(
            ("Mail:Transport", $"smtp://localhost:{servers.NarrowPort.ToString(CultureInfo.InvariantCulture)}"));
        var letter = await Release(workflow, Plain);

        await Ends(workflow, letter, Plain, mission => mission.End);

        Assert.Contains(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("Mail:Connections", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_gets_no_letter_and_no_password()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(("Mail:TlsCaFile", ""), ("Inbound:TlsCaFile", ""));
        var letter = await Release(workflow, Plain[..1]);

        await workflow.Run();

        await IsHeld(workflow, letter, "Set Mail:TlsCaFile to the certificate of your own authority");
        Assert.Contains(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("Inbound:TlsCaFile", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_log_in_is_missing_no_letter_fails_and_the_page_says_what_to_do()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(("Mail:User", ""), ("Mail:Password", ""));
        var letter = await Release(workflow, Plain);

        await workflow.Run();

        await IsHeld(workflow, letter, "Set Mail:User and Mail:Password");
    }

    [Fact]
    public async Task Where_the_relay_takes_only_its_own_mail_no_letter_fails_and_the_page_says_what_to_do()
    {
        MailServers.AreNeeded();
        await using var workflow = await Open(
            ("Mail:Transport", $"smtp://localhost:{servers.ExchangePort.ToString(CultureInfo.InvariantCulture)}"),
            ("Mail:User", ""),
            ("Mail:Password", ""));
        var letter = await Release(workflow, Missions);

        await workflow.Run();

        await IsHeld(workflow, letter, "Relay access denied");
    }

    /// <summary>A house whose time is the servers', with their settings and others that outweigh them.</summary>
    private async Task<TestWorkflow> Open(params (string Name, string Value)[] settings) =>
        await TestWorkflow.OpenNow(
            azurite,
            [
                .. servers.Settings.Where(usual => !settings.Any(setting => setting.Name == usual.Name)),
                .. settings,
            ]);

    private static async Task IsHeld(TestWorkflow workflow, DistributionRecord letter, string words)
    {
        var held = (await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!;
        Assert.Equal(DistributionState.Paused, held.State);
        Assert.DoesNotContain(await workflow.Dispatches(letter.Id), entry => entry.State == DeliveryState.Failed);
        await using var site = await TestSite.Open(workflow.Configuration, TimeProvider.System);
        Assert.Contains(
            words,
            TestSite.Words(await site.Page($"/distributions/{letter.Id}")),
            StringComparison.Ordinal);
    }

    private static async Task WhatADelayIsCalled(TestWorkflow workflow, DistributionRecord letter)
    {
        await using var site = await TestSite.Open(workflow.Configuration, TimeProvider.System);
        var page = $"/distributions/{letter.Id}";
        Assert.Contains(
            "to 3 missions it is delayed on its way: Mission busy, Mission down and Mission waits",
            TestSite.Words(await site.Page("/")),
            StringComparison.Ordinal);
        Assert.Contains(
            "To 3 missions of those served it is delayed on its way: Mission busy, Mission down and Mission waits.",
            TestSite.Words(await site.Page($"{page}/served")),
            StringComparison.Ordinal);
        var unreachable = (await workflow.Get<ReportReader>().Unreachable(letter.Id, Cancellation))!;
        foreach (var delayed in (string[])["busy", "down", "waits"])
            Assert.Contains(
                "delayed, to be tried until",
                unreachable.Lines.Single(line => line.Mission.Id == delayed).Reason,
                StringComparison.Ordinal);
    }

    /// <summary>Waits for a machine's answer, which comes on its way after the letter has arrived.</summary>
    private Task IsKept(TestWorkflow workflow, DistributionRecord letter, string mission, string words) => Until(
        async () =>
        {
            await ReadMailbox(workflow);
            return (await workflow.Get<Replies>().Of(letter.Id, mission, Cancellation))
                .Count(kept => kept.Decision.IsMachines && kept.Reply.Excerpt == words) == 1;
        },
        () => servers.Relay.Log);

    private async Task WhatAMachineSays(TestWorkflow workflow, DistributionRecord letter)
    {
        await IsKept(workflow, letter, "away", "The Mission is closed until 4 January.");
        Assert.Empty(await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation));
        await using var site = await TestSite.Open(workflow.Configuration, TimeProvider.System);
        Assert.Contains(
            "The Mission is closed until 4 January.",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}/letters/away")),
            StringComparison.Ordinal);
    }

    private static bool HasVerifier => File.Exists("/usr/lib/python3/dist-packages/dkim/__init__.py");

    /// <summary>
    /// Holds what lies in missions' mailboxes, after three servers, against the key in the DNS, by another program than
    /// the one that signed; and that this program finds a change.
    /// </summary>
    private async Task IsSigned(RSA key)
    {
        if (!HasVerifier)
            return;

        foreach (
            var mailbox in (string[])
                ["taken@taken.example", "slow@slow.example", "good@xn--kln-sna.example", "waits@waits.example"])
        {
            var letter = servers.Mailboxes.Mail(mailbox)[^1];
            Assert.Equal("True", await Verify(letter, key));
            var changed = Encoding.Latin1.GetBytes(
                Encoding.Latin1.GetString(letter).Replace("Subject: Draft", "Subject: Final", StringComparison.Ordinal));
            Assert.Equal("False", await Verify(changed, key));
        }

        output.WriteLine("The signatures of letters in four missions' mailboxes are valid by dkimpy.");
    }

    private static async Task<string> Verify(byte[] letter, RSA key)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [
                "-c",
                "import sys, dkim; print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: sys.argv[2].encode() if name.decode().rstrip('.') == sys.argv[1] else None))",
                "letters2026._domainkey.secretariat.example",
                $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(letter, Cancellation);
        process.StandardInput.Close();
        return (await process.StandardOutput.ReadToEndAsync(Cancellation)).Trim();
    }

    /// <summary>Answers the letter that lies in a mailbox.</summary>
    /// <param name="to">Where the letter asks for answers, or whom it is from.</param>
    /// <param name="quotes">Whether the answer names the letter.</param>
    private async Task Write(
        string mailbox,
        Func<MimeMessage, InternetAddressList> to,
        string text,
        bool quotes = false,
        bool isMachine = false)
    {
        using var letter = Received(mailbox);
        using var answer = new MimeMessage(
            [new MailboxAddress("First Secretary", mailbox)],
            to(letter),
            $"{(isMachine ? "Automatic reply" : "Re")}: {letter.Subject}",
            new TextPart("plain") { Text = text });
        if (quotes)
            answer.InReplyTo = letter.MessageId;
        if (isMachine)
            answer.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.ExchangePort, MailKit.Security.SecureSocketOptions.None, Cancellation);
        await client.SendAsync(
            answer,
            answer.From.Mailboxes.Single(),
            to(letter).Mailboxes.Where(recipient => recipient.LocalPart.Split('+')[0] is "replies" or "letters"),
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
        // A letter of this test's own: the servers keep what others sent, and the same files are the same letter.
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", SampleUpload.Pdf("Draft Rev 1", $"{Guid.NewGuid()}"));
        await workflow.Reconcile();
        var letter = await workflow.TheDistribution();
        Assert.True(
            await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true),
            await workflow.Report("gcm/draft-rev-1"));
        return letter;
    }

    private Task Ends(
        TestWorkflow workflow,
        DistributionRecord letter,
        IReadOnlyList<Case> missions,
        Func<Case, string> wanted) =>
        Ends(workflow, letter, missions, (mission, end) => end == wanted(mission));

    /// <summary>Carries the letter on, and reads the return mailbox, until every mission has the end it should.</summary>
    private async Task Ends(
        TestWorkflow workflow,
        DistributionRecord letter,
        IReadOnlyList<Case> missions,
        Func<Case, string, bool> isRight)
    {
        await Until(
            async () =>
            {
                await workflow.Run();
                await ReadMailbox(workflow);
                return (await Now(workflow, letter, missions)).All(now => isRight(now.Mission, now.End));
            },
            () => Table(Now(workflow, letter, missions).GetAwaiter().GetResult(), isRight) + servers.Relay.Log);
        output.WriteLine(Table(await Now(workflow, letter, missions), isRight));
    }

    /// <summary>Has another worker read the return mailbox: one does so once a minute.</summary>
    private static async Task ReadMailbox(TestWorkflow workflow)
    {
        await using var other = workflow.Another(
            [
                .. workflow.Configuration.AsEnumerable()
                    .Where(setting => setting.Value is not null)
                    .Select(setting => (setting.Key, setting.Value!)),
            ]);
        await other.Get<ReturnMailbox>().Read(Cancellation);
    }

    private static async Task Until(Func<Task<bool>> isSo, Func<string> whatElse)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo(); await Task.Delay(500, Cancellation))
            if (waited.Elapsed > EndsWithin)
                Assert.Fail(whatElse());
    }

    private static async Task<IReadOnlyList<(Case Mission, string End, string Words)>> Now(
        TestWorkflow workflow,
        DistributionRecord letter,
        IReadOnlyList<Case> missions)
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
                    missions.Single(known => known.Id == mission.Mission.Id),
                    $"{mission.Standing}: {string.Join(", ", mailboxes.Select(End))}",
                    string.Join(" | ", mailboxes.Select(Words)));
            }),
        ];
    }

    private static string End(MailboxDelivery mailbox) =>
        mailbox is { State: DeliveryState.Bounced, Telling.Bounce: { } kind } ? $"{mailbox.State} {kind}" : $"{mailbox.State}";

    private static string Words(MailboxDelivery mailbox) =>
        mailbox.Telling is { } told ? $"{DeliveryLog.Words(told)}: {told.Words}" : "";

    private static string Table(
        IEnumerable<(Case Mission, string End, string Words)> missions,
        Func<Case, string, bool> isRight)
    {
        var table = new StringBuilder();
        foreach (var (mission, end, words) in missions)
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"{(isRight(mission, end) ? "" : "WRONG: ")}{mission.Does,-33} {end,-33} {words}");
        return table.ToString();
    }

    [GeneratedRegex(@"by relay\.secretariat\.example \(Postfix\) with ESMTPSA\s+id (\w+)")]
    private static partial Regex RelaysOwnId();
}
