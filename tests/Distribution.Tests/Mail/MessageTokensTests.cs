using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class MessageTokensTests(AzuriteFixture azurite)
{
    private const string Key = "test:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_token_is_120_bits_in_base32_and_another_for_each_purpose_key_distribution_mission_and_attempt()
    {
        var tokens = Tokens(Key, LinkKeys.Create("another"));
        string[] all =
        [
            tokens.Create(TokenPurpose.MessageId, "test", "gcm-rev-1", "che", 1),
            tokens.Create(TokenPurpose.ReturnPath, "test", "gcm-rev-1", "che", 1),
            tokens.Create(TokenPurpose.Reply, "test", "gcm-rev-1", "che", 1),
            tokens.Create(TokenPurpose.MessageId, "another", "gcm-rev-1", "che", 1),
            tokens.Create(TokenPurpose.MessageId, "test", "gcm-rev-2", "che", 1),
            tokens.Create(TokenPurpose.MessageId, "test", "gcm-rev-1", "mex", 1),
            tokens.Create(TokenPurpose.MessageId, "test", "gcm-rev-1", "che", 2),
        ];
        Assert.All(all, token => Assert.Matches("^[a-z2-7]{24}$", token));
        Assert.Equal(all.Length, all.Distinct().Count());
        // What letters already sent bear must not change with a version.
        Assert.Equal(("mvrzpkmj", 8), (MessageTokens.Mark("gcm-rev-1"), MessageTokens.MarkLength));
        Assert.Equal(all[0], Tokens(Key).Create(TokenPurpose.MessageId, "test", "gcm-rev-1", "che", 1));
    }

    [Fact]
    public void The_longest_Message_ID_has_160_characters_and_is_read_in_any_case()
    {
        var sent = new SentMessageId("abcdefgh", new string('m', 60), 99_999, new string('a', 24));
        var id = $"<{sent.MessageId(new string('d', SentMessageId.LongestDomain))}>";
        Assert.Equal(160, id.Length);
        Assert.Equal(sent, SentMessageId.Read(id));
        Assert.Equal(
            sent with
            {
                MissionId = sent.MissionId.ToUpperInvariant(),
            },
            SentMessageId.Read(id.ToUpperInvariant()));
        Assert.Contains(
            MailSettingsValidation.Check(
                new()
                {
                    Transport = "smtp://127.0.0.1:25",
                    From = $"a@{new string('d', 60)}.example",
                    ReturnPath = "b@c.example",
                }),
            fault => fault.Code == "D527");
    }

    [Fact]
    public async Task A_new_key_orphans_no_letter_and_new_letters_are_made_with_it()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Inbound:ReplyAddress", "replies@letters.example"));
        var before = await workflow.Released("che");
        Assert.Equal("test", before.KeyId);
        await using var rotated = workflow.Another(
            ("Links:Keys:0", LinkKeys.Create("new")),
            ("Links:Keys:1", Key),
            ("Inbound:ReplyAddress", "replies@letters.example"),
            ("Mail:Transport", $"pickup:{workflow.PickupFolder}"));
        await rotated.Run();

        // Prepared before the key was changed, sent after: the letter is made with the key its record names.
        var message = Assert.Single(workflow.Sent()).MessageId!;
        var found = (await rotated.Get<MessageIds>().Find(message.ToUpperInvariant(), Cancellation))!;
        Assert.Equal((before.Id, "che", true), (found.Distribution.Id, found.Mission.Id, found.IsOurs));
        Assert.Equal(workflow.ReplyAddress(before), rotated.ReplyAddress(before));
        var tampered = message.Replace(
            SentMessageId.Read(message)!.Token!,
            new string('a', 24),
            StringComparison.Ordinal);
        Assert.False((await rotated.Get<MessageIds>().Find(tampered, Cancellation))!.IsOurs);
        Assert.Null(
            await rotated
                .Get<MessageIds>()
                .Find(
                    message.Replace(SentMessageId.Read(message)!.Distribution, "aaaaaaaa", StringComparison.Ordinal),
                    Cancellation));
    }

    [Theory]
    [InlineData("sendgrid", "bounces@secretariat.example", 525)]
    [InlineData("smtp://127.0.0.1:25", "bounces-of-the-secretariats-letters@secretariat.example", 526)]
    [InlineData("smtp://127.0.0.1:25", "bounces+x@secretariat.example", 526)]
    [InlineData("smtp://127.0.0.1:25", "bounces@secretariat.example", null)]
    public void A_return_path_of_each_attempts_own_is_refused_where_it_cannot_be(
        string transport,
        string address,
        int? code)
    {
        var settings = new MailSettings
        {
            Transport = transport,
            SendGridApiKey = "SG.key",
            From = "letters@secretariat.example",
            ReturnPath = address,
            ReturnPathPerAttempt = true,
        };
        Assert.Equal(
            code is { } fault ? [$"D{fault}"] : (string[])[],
            MailSettingsValidation.Check(settings).Select(found => found.Code));
        settings.ReturnPathPerAttempt = false;
        Assert.Empty(MailSettingsValidation.Check(settings));
    }

    [Fact]
    public async Task A_report_to_the_attempts_own_return_path_counts_though_it_quotes_nothing_and_all_tries_of_it_have_one()
    {
        var tries = 0;
        var transport = new TransportStub(
            (_, address) =>
                tries++ == 0 ? new(address, MailboxResult.TryLater, "451") : new(address, MailboxResult.Accepted, "250")
        );
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Mail:ReturnPathPerAttempt", "true"));
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        for (
            var waits = 0;
            waits < 20 && (await workflow.TheDistribution()).State != DistributionState.Complete;
            waits++)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(6));
            await workflow.Run();
        }

        Assert.Equal(2, transport.Offered.Count);
        var path = Assert.Single(transport.Offered.Select(message => message.ReturnPath).Distinct());
        Assert.Matches(@"^bounces\+[a-z2-7]{32}@secretariat\.example$", path);
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "back.eml",
                new MemoryStream(
                    System.Text.Encoding.ASCII.GetBytes(
                        $"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {path.ToUpperInvariant()}\r\nSubject: failed\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"r\"\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; che@missions.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n"
                    )),
                Cancellation);
        await workflow.Reconcile();
        Assert.Equal(DeliveryState.Bounced, (await workflow.Dispatches(letter.Id))[0].State);
    }

    private static MessageTokens Tokens(params string[] keys) => new(Options.Create(new LinkSettings { Keys = keys }));
}
