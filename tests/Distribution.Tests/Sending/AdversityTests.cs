using System.Diagnostics;
using System.Text;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// What else can happen while letters leave: clocks that jump, disks that fill, registers that are edited, batches that
/// take long.
/// </summary>
public sealed class AdversityTests(AzuriteFixture azurite)
{
    private static readonly string[] Five = ["che", "mex", "fra", "jpn", "ken"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_clock_that_jumps_back_and_forth_doubles_no_letter_and_loses_none(int seed)
    {
        var random = new Random(seed);
        var transport = new TransportStub((_, address) => random.Next(2) == 0
            ? new(address, MailboxResult.TryLater, "451 4.3.2 Later")
            : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"),
            ("Dispatch:RetryDelays:0", "00:01:00"),
            ("Dispatch:RetryDelays:1", "00:05:00"),
            ("Dispatch:RetryDelays:2", "00:05:00"),
            ("Dispatch:RetryDelays:3", "00:05:00"),
            ("Dispatch:RetryDelays:4", "00:05:00"),
            ("Dispatch:RetryDelays:5", "00:05:00"),
            ("Dispatch:RetryDelays:6", "00:05:00"),
            ("Dispatch:RetryDelays:7", "00:05:00"));
        var distribution = await workflow.Released(Five);
        for (var jump = 0; jump < 12; jump++)
        {
            workflow.Clock.AdjustTime(workflow.Clock.GetUtcNow() + TimeSpan.FromMinutes(random.Next(-180, 200)));
            await workflow.Run();
        }

        for (var hour = 0; hour < 24 && (await workflow.TheDistribution()).State != DistributionState.Complete; hour++)
        {
            workflow.Clock.Advance(TimeSpan.FromHours(1));
            await workflow.Run();
        }

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        foreach (var entry in await workflow.Dispatches(distribution.Id))
        {
            Assert.Equal(DeliveryState.Accepted, entry.State);
            var events = Assert.Single(Assert.Single(entry.Attempts).Mailboxes).Events;
            Assert.Single(events, happened => happened.Kind == DeliveryEventKind.Accepted);
            Assert.Equal(
                transport.Offered.Count(offered => offered.MissionId == entry.MissionId),
                events.Count(happened => happened.Kind == DeliveryEventKind.HandingOver));
        }
    }

    [Fact]
    public async Task A_distribution_queued_under_a_clock_that_was_put_back_since_is_taken_up_without_waiting_for_that_hour()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "mex");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        workflow.Clock.AdjustTime(workflow.Clock.GetUtcNow() - TimeSpan.FromHours(10));

        await workflow.Run();

        Assert.Equal(2, workflow.Sent().Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_register_edited_while_letters_leave_changes_nothing_for_those_on_the_frozen_roster()
    {
        TestWorkflow? edited = null;
        var transport = new TransportStub();
        await using var workflow = edited = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        transport.BeforeAnswer = async () =>
        {
            transport.BeforeAnswer = () => Task.CompletedTask;
            var lines = Encoding
                .UTF8.GetString(RegisterCsv.SeedContent.Span)
                .Replace("fra@missions.example", "other@missions.example", StringComparison.Ordinal)
                .Split("\r\n");
            await edited.UploadRegister(
                string.Join(
                    "\r\n",
                    lines.Where((line, row) => row == 0 || line.Split(',')[0] is "fra" or "ken" or "usa")));
            Assert.Equal(3, (await edited.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        };
        await workflow.Released(Five);
        await workflow.CarryOutBatches();

        Assert.Equal(
            Five.Select(mission => $"{mission}@missions.example").Order(),
            transport.Offered.Select(offered => Assert.Single(offered.Envelope)).Order());
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_letter_is_left_alone_for_a_whole_claim_from_its_own_hand_over_on()
    {
        var slow = new TransportStub();
        await using var workflow = await TestWorkflow.Open(
            azurite,
            slow,
            ("Dispatch:Concurrency", "1"),
            ("Dispatch:ClaimFor", "00:05:00"));
        var living = new TransportStub();
        await using var another = workflow.Another(living);
        slow.BeforeAnswer = async () =>
        {
            // Two letters together outlast a claim of five minutes; neither does by itself.
            workflow.Clock.Advance(TimeSpan.FromMinutes(3));
            await another.Run();
        };
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();

        Assert.Equal((2, 0), (slow.Offered.Count, living.Offered.Count));
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry =>
                Assert.Equal(
                    [DeliveryEventKind.HandingOver, DeliveryEventKind.Accepted],
                    entry.Attempts[0].Mailboxes[0].Events.Select(happened => happened.Kind)));
    }

    [Fact]
    public async Task A_letter_is_left_alone_while_its_worker_waits_six_minutes_for_the_answer_to_the_final_dot()
    {
        await using var server = new ScriptedSmtpServer();
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:Transport", $"smtp://127.0.0.1:{server.Port}"),
            ("Dispatch:ClaimFor", "00:05:00"));
        var living = new TransportStub();
        await using var another = workflow.Another(living);
        var distribution = await workflow.Released("che");
        var answered = new TaskCompletionSource();
        server.BeforeAnswer = command => command == "." ? answered.Task : Task.CompletedTask;
        var sending = workflow.CarryOutBatches();
        while (server.Mails.IsEmpty)
            await Task.Delay(5, Cancellation);
        for (var minute = 0; minute < 6; minute++)
        {
            var until = await ClaimedUntil();
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await another.Run();
            // As soon as two thirds of it are left, it is renewed.
            while (workflow.Clock.GetUtcNow() > until - TimeSpan.FromMinutes(3.2) && await ClaimedUntil() == until)
                await Task.Delay(5, Cancellation);
        }

        answered.SetResult();
        await sending;
        await another.Run();

        Assert.Empty(living.Offered);
        Assert.Single(server.Mails);
        Assert.Equal(
            [DeliveryEventKind.HandingOver, DeliveryEventKind.Accepted],
            Assert.Single(await workflow.Dispatches(distribution.Id))
                .Attempts[0].Mailboxes[0].Events.Select(happened => happened.Kind));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);

        async Task<DateTimeOffset> ClaimedUntil() =>
            Assert.Single(await workflow.Dispatches(distribution.Id)).Claim!.Until;
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_for_one_run_is_gone_on_with_in_another()
    {
        var slow = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, slow, ("Dispatch:Concurrency", "1"));
        slow.BeforeAnswer = () =>
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(16));
            return Task.CompletedTask;
        };
        var distribution = await workflow.Released("che", "mex");
        var message = (await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value;

        await workflow.Get<BatchHandler>().Dispatch(message.MessageText, Cancellation);

        Assert.Single(slow.Offered);
        await workflow.Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);
        await workflow.CarryOutBatches();
        Assert.Equal(2, slow.Offered.Count);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(DeliveryState.Accepted, entry.State));
    }

    [Fact]
    public async Task A_pickup_folder_on_a_full_disk_holds_the_distribution_and_each_letter_is_there_once_when_there_is_space_again()
    {
        var disk = Directory.CreateTempSubdirectory("disk-").FullName;
        Assert.SkipUnless(
            await Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", disk),
            "A small disk can be made here by nobody but root on Linux.");
        try
        {
            var folder = Path.Combine(disk, "pickup");
            await using var workflow = await TestWorkflow.Open(azurite, ("Mail:Transport", $"pickup:{folder}"));
            var distribution = await workflow.Released(Five);
            await workflow.CarryOutBatches();
            var paused = await workflow.TheDistribution();
            Assert.Equal(DistributionState.Paused, paused.State);
            Assert.StartsWith(
                $"Letters cannot be written to the folder {folder}: No space left on device",
                paused.PauseReason);
            Assert.All(
                await workflow.Dispatches(distribution.Id),
                entry =>
                    Assert.True(entry.State is DeliveryState.Pending or DeliveryState.Accepted, $"{entry.State}")
            );
            Assert.All(Directory.GetFiles(folder), file => Assert.EndsWith(".eml", file));

            Assert.True(await Mount("-o", "remount,size=8m", disk));
            workflow.Clock.Advance(TimeSpan.FromMinutes(2));
            await workflow.Run();
            Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
            Assert.Equal(5, Directory.GetFiles(folder, "*.eml").Length);
            Assert.All(
                await workflow.Dispatches(distribution.Id),
                entry => Assert.Equal(DeliveryState.Accepted, entry.State));
        }
        finally
        {
            using var unmount = Process.Start("umount", [disk]);
            await unmount.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(disk);
        }
    }

    private static async Task<bool> Mount(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        await mount.StandardError.ReadToEndAsync(Cancellation);
        await mount.WaitForExitAsync(Cancellation);
        return mount.ExitCode == 0;
    }
}
