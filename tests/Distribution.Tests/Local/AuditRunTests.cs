using Distribution.Common;
using Distribution.Local;
using Distribution.Mail;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>The commands that prove, over the storage of a run that is over.</summary>
public sealed class AuditRunTests : IDisposable
{
    private readonly AzuriteFixture azurite;
    private readonly LocalProgram program = new();

    public AuditRunTests(AzuriteFixture azurite) => this.azurite = azurite;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_is_over_is_sealed_and_proven_and_its_log_checked_without_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();

        var run = await program.Of(
            "audit",
            distribution.Id,
            "--storage",
            await workflow.WholeStorage());
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("Complete, and proven: 2 of 2 missions accounted for.", run.LastLine);
        var head = (await workflow.Export(distribution.Id)).Links[^1].Hash;
        Assert.Contains($"Head: {LogHead.Short(head)}{Environment.NewLine}", run.Output, StringComparison.Ordinal);

        var zip = await Zip(workflow, distribution.Id);
        var verified = await program.Of("verify-log", zip, "--head", LogHead.Short(head));
        Assert.Equal((0, ""), (verified.Code, verified.Error));
        Assert.Equal("Sound: nothing was changed, removed, added or moved since it was sealed.", verified.LastLine);
        Assert.Contains("The head you hold is that of link 1 of 1.", verified.Output, StringComparison.Ordinal);
        Assert.Contains($"Head: {LogHead.Short(head)} ({head})", verified.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 of them erased.", verified.Output, StringComparison.Ordinal);
        Assert.Contains(
            "The facts: 6 about deliveries, 3 about acts and 2 about the record.",
            verified.Output,
            StringComparison.Ordinal);

        var other = await program.Of("verify-log", zip, "--head", new string('0', 64));
        Assert.Equal((ExitCodes.Faulted, "Not sound: this is not what was sealed."), (other.Code, other.LastLine));
    }

    [Fact]
    public async Task What_tables_have_lost_is_rebuilt_by_a_command_and_proven_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        var storage = await workflow.WholeStorage();
        foreach (var table in (string[])[ResourceNames.DistributionsTable, ResourceNames.DispatchesTable])
            await workflow.Get<StorageAccount>().Tables.DeleteTableAsync(table, Cancellation);

        var rebuilt = await program.Of("rebuild", distribution.Id, "--storage", storage);
        Assert.Equal((0, ""), (rebuilt.Code, rebuilt.Error));
        Assert.Contains(
            "Rebuilt from the log: the record and the entries of 2 missions.",
            rebuilt.Output,
            StringComparison.Ordinal);
        Assert.Equal($"Draft Rev 1 is complete. Now run: audit {distribution.Id}", rebuilt.LastLine);
        Assert.Equal(
            "Complete, and proven: 2 of 2 missions accounted for.",
            (await program.Of("audit", distribution.Id, "--storage", storage)).LastLine);

        var again = await program.Of("rebuild", distribution.Id, "--storage", storage);
        Assert.Equal(0, again.Code);
        Assert.Contains("Nothing was missing, and nothing was changed.", again.Output, StringComparison.Ordinal);
        var other = await program.Of("rebuild", "none", "--storage", storage);
        Assert.Equal(
            (ExitCodes.Faulted, $"This storage has no log of none. It has those of {distribution.Id}."),
            (other.Code, other.LastLine));
    }

    [Fact]
    public async Task What_is_not_complete_is_named_mission_by_mission_with_exit_code_1()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "che" ? MailboxResult.Unknown : MailboxResult.Accepted, "")));
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();

        var run = await program.Of(
            "audit",
            distribution.Id,
            "--storage",
            await workflow.WholeStorage());
        Assert.Equal(
            (ExitCodes.Faulted, "Not every mission is accounted for: 1 of 2 missions accounted for."),
            (run.Code, run.LastLine));
        Assert.Contains(
            "che: It is not known what became of the letter to Switzerland.",
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_chain_is_told_and_not_gone_on_with()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        await (
            await workflow.Blob(ResourceNames.Log, name => name.Contains("/segments/", StringComparison.Ordinal))
        ).DeleteAsync(cancellationToken: Cancellation);

        var run = await program.Of(
            "audit",
            distribution.Id,
            "--storage",
            await workflow.WholeStorage());
        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains("The lines that link 1 of the log seals are missing.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_distribution_is_told_with_those_there_are()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        var run = await program.Of("audit", "none", "--storage", await workflow.WholeStorage());
        Assert.Equal(
            (ExitCodes.Faulted, $"There is no distribution none in this storage. Give one of {distribution.Id}."),
            (run.Code, run.Error.Trim()));
    }

    [Fact]
    public async Task Without_an_account_it_looks_into_the_data_folder()
    {
        var run = await program.Of("audit", "none", "--data", program.Data);
        Assert.Equal(
            (
                ExitCodes.Faulted,
                "There is no distribution none in this storage. It holds none: give another folder with --data, or an account with --storage."
            ),
            (run.Code, run.Error.Trim()));
    }

    [Fact]
    public async Task A_log_file_that_was_changed_is_told_with_link_and_lines()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        var log = await workflow.Export(distribution.Id);
        var file = program.WithFile(
            "log.jsonl",
            System.Text.Encoding.UTF8.GetString(log.Log).Replace("Accepted", "Deferred", StringComparison.Ordinal));

        var run = await program.Of("verify-log", file);
        Assert.Equal((ExitCodes.Faulted, "Not sound: this is not what was sealed."), (run.Code, run.LastLine));
        Assert.Contains(
            $"Link 1, lines 2 to {log.Facts.Count + 1}: they are not the lines that were sealed",
            run.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK, but no zip")]
    public async Task A_file_that_is_no_log_is_told_in_a_sentence(string content)
    {
        var file = program.WithFile("log.zip", content);
        var run = await program.Of("verify-log", file);
        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.StartsWith($"{file} cannot be read: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "Give the zip that the audit page offers, or its log.jsonl.",
            run.Error.Trim(),
            StringComparison.Ordinal);
    }

    public void Dispose() => program.Dispose();

    private async Task<string> Zip(TestWorkflow workflow, string distributionId)
    {
        var path = program.WithFile("log.zip", "");
        await using var file = File.Create(path);
        Assert.True(await workflow.Get<LogExport>().Write(distributionId, file, Cancellation));
        return path;
    }
}
