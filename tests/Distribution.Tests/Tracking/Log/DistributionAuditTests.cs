using System.Text;
using Azure.Data.Tables;
using CsvHelper;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

public sealed class DistributionAuditTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static readonly DateTimeOffset Heard = new(2026, 3, 26, 22, 5, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_complete_distribution_of_223_missions_is_proven()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        await workflow.UseAllMissions();
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        await workflow.Reconcile();

        var audit = await workflow.Audit(distribution.Id);
        Assert.Empty(audit.Breaches);
        Assert.True(audit.IsProven);
        Assert.Equal((223, 223, 0), (audit.Missions.Count, audit.Accountable, audit.Waiting));
        Assert.All(
            audit.Missions,
            line => Assert.Equal((DeliveryState.Accepted, DeliveryState.Accepted), (line.Entry, line.Log)));
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        Assert.Equal((await workflow.Export(distribution.Id)).Facts.Count, audit.Facts);
        Assert.Equal(3, audit.Files);
    }

    [Fact]
    public async Task What_is_not_sealed_yet_is_shown_and_is_complete_but_not_proven()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        var attempt = (await workflow.Dispatches(distribution.Id))[0].Attempts[0];
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        attempt.MessageId,
                        attempt.Mailboxes[0].Mailbox.Address,
                        new(Heard, DeliveryEventKind.Delivered, "250 OK", Source: "sendgrid", Id: "sg-1")),
                ],
                Cancellation);

        var audit = await workflow.Audit(distribution.Id);
        Assert.Equal((true, false, 1), (audit.IsAccounted, audit.IsProven, audit.Waiting));
        Assert.Equal(DeliveryState.Delivered, audit.Missions[0].Log);
        await workflow.Reconcile();
        Assert.True((await workflow.Audit(distribution.Id)).IsProven);
    }

    [Fact]
    public async Task A_mission_that_is_not_accounted_for_breaks_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "che" ? MailboxResult.Unknown : MailboxResult.Accepted, "")));
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);

        Assert.Equal(
            [(BreachKind.NotAccountable, "che", "It is not known what became of the letter to Switzerland.")],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task A_mission_without_an_entry_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await Table(workflow).DeleteEntityAsync(distribution.Id, "mex", cancellationToken: Cancellation);

        Assert.Equal(
            [(BreachKind.EntryMissing, "mex", "Mexico is on the frozen roster and has no entry.")],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task An_entry_for_a_mission_that_is_not_on_the_roster_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await workflow.Get<MissionEntries>().Add([new(distribution.Id, "fra", 3, [], null, null)], Cancellation);

        Assert.Equal(
            [
                (
                    BreachKind.NotOnRoster,
                    "fra",
                    "There is an entry for fra, which is not on the frozen roster in this place."),
            ],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task An_entry_that_stands_in_the_place_of_another_mission_breaks_it_twice()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await Change(workflow, distribution, entry => entry with { MissionId = "fra" });

        Assert.Equal(
            [(BreachKind.NotOnRoster, "fra"), (BreachKind.EntryMissing, "che")],
            (await Breaches(workflow, distribution)).Select(breach => (breach.Kind, breach.Mission!)));
    }

    [Fact]
    public async Task An_entry_that_says_something_else_than_the_log_breaks_it()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((_, address) => new(address, MailboxResult.Refused, "550 No such user")));
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        await Change(
            workflow,
            distribution,
            entry => WithLast(entry, happened => happened with { Kind = DeliveryEventKind.Accepted }));

        Assert.Equal(
            [
                (BreachKind.LogDiffers, "che", "Its entry and the log do not say the same of che/1/0/1."),
                (BreachKind.LogDiffers, "che", "By its entry it is Accepted, by the log Failed."),
            ],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task Words_put_into_a_servers_mouth_break_it_unless_they_were_erased_beside_the_log()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await Change(
            workflow,
            distribution,
            entry => WithLast(entry, happened => happened with { Words = "250 OK, gladly" }));
        Assert.Equal(
            [(BreachKind.LogDiffers, "che", "Its entry and the log do not say the same of che/1/0/1.")],
            await Breaches(workflow, distribution));

        await (
            await workflow.Blob(ResourceNames.Log, name => name.Contains("/people/", StringComparison.Ordinal))
        ).Overwrite(_ => "");
        Assert.True((await workflow.Audit(distribution.Id)).IsProven);
    }

    [Fact]
    public async Task A_value_beside_the_log_that_was_changed_breaks_it_and_nothing_is_rebuilt_of_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        // The copy of the record has its words in the log alone: nothing else could show that they were changed.
        await (
            await workflow.Blob(ResourceNames.Log, name => name.Contains("/people/", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("Global Compact", "Local Compact", StringComparison.Ordinal));

        const string words =
            "The personal data beside the log holds a value that does not fit its hash: it was changed, and is left out.";
        Assert.Contains((BreachKind.ChainBroken, null, words), await Breaches(workflow, distribution));
        Assert.False((await workflow.Audit(distribution.Id)).IsProven);
        var refused = Assert.IsType<RebuildResult.Refused>(
            await workflow.Get<DistributionRebuild>().Rebuild(distribution.Id, despite: null, Cancellation));
        Assert.StartsWith(words, refused.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_that_was_taken_out_of_an_entry_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await Change(
            workflow,
            distribution,
            entry =>
                entry with
                {
                    Attempts =
                    [
                        entry.Attempts[0] with
                        {
                            Mailboxes =
                            [
                                entry.Attempts[0].Mailboxes[0] with
                                {
                                    Events = entry.Attempts[0].Mailboxes[0].Events.RemoveAt(1),
                                },
                            ],
                        },
                    ],
                });

        Assert.Contains(
            await Breaches(workflow, distribution),
            breach =>
                breach is { Kind: BreachKind.LogDiffers, Mission: "che" }
                && breach.Words.StartsWith("The log has che/1/0/1 (Accepted, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/enclosures/", "The stored file draft-rev-1.pdf is not the one that was frozen: its hash differs.")]
    [InlineData("/letters/", "The stored file " + Samples.LetterPdf + " is not the one that was frozen: its hash differs.")]
    [InlineData("/content.json", "The frozen content, content.json, is not the one whose hash the log begins with.")]
    public async Task A_stored_file_that_was_changed_breaks_it(string file, string words)
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(ResourceNames.Distributions, name => name.Contains(file, StringComparison.Ordinal))
        ).Overwrite(text => text + " ");

        Assert.Equal([(BreachKind.ContentDiffers, null, words)], await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task A_roster_from_which_a_mission_was_taken_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation);
        await (
            await workflow.Blob(
                ResourceNames.Distributions,
                name => name.EndsWith("/content.json", StringComparison.Ordinal))
        ).Overwrite(_ => Json.Write(content with { Roster = [content.Roster[0]] }));

        Assert.Equal(
            [
                (BreachKind.ContentDiffers, null),
                (BreachKind.ContentDiffers, null),
                (BreachKind.NotOnRoster, "che"),
                (BreachKind.NotOnRoster, "che"),
            ],
            (await Breaches(workflow, distribution)).Select(breach => (breach.Kind, breach.Mission)));
    }

    [Fact]
    public async Task Content_that_is_gone_breaks_it_and_says_so()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(
                ResourceNames.Distributions,
                name => name.EndsWith("/content.json", StringComparison.Ordinal))
        ).DeleteAsync(cancellationToken: Cancellation);

        Assert.Equal(
            [
                (
                    BreachKind.ContentDiffers,
                    null,
                    "The frozen content, content.json, is missing or cannot be read. Without it there is no roster to go by."
                ),
            ],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task A_sealed_segment_that_was_changed_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(ResourceNames.Log, name => name.Contains("/segments/", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("Accepted", "Delivered", StringComparison.Ordinal));

        Assert.Equal(
            (BreachKind.ChainBroken, null, "The lines that link 1 of the log seals are not those that were sealed."),
            (await Breaches(workflow, distribution))[0]);
    }

    [Fact]
    public async Task A_chain_from_which_the_end_was_cut_breaks_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.Seal(distribution.Id);
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        await (
            await workflow.Blob(ResourceNames.Log, name => name.EndsWith("/chain.jsonl", StringComparison.Ordinal))
        ).Overwrite(text => text.Split('\n')[0] + "\n");

        var breaches = await Breaches(workflow, distribution);
        Assert.Contains((BreachKind.LogDiffers, "mex", "3 facts of its entry are not in the log yet."), breaches);
        Assert.Contains((BreachKind.LogDiffers, "che", "3 facts of its entry are not in the log yet."), breaches);
    }

    [Fact]
    public async Task A_link_that_was_changed_breaks_it()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(ResourceNames.Log, name => name.EndsWith("/chain.jsonl", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("\"at\":\"20", "\"at\":\"19", StringComparison.Ordinal));

        Assert.Equal(
            [(BreachKind.ChainBroken, null, "Link 1 of the log was changed, or does not follow the link before it.")],
            await Breaches(workflow, distribution));
    }

    [Fact]
    public async Task Of_a_distribution_that_was_stopped_it_is_proven_that_it_was_sent_to_nobody_and_it_does_not_read_complete()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub { Fault = new("The mail server cannot be reached.", passes: false) });
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation);
        await workflow.Reconcile();

        var audit = await workflow.Audit(distribution.Id);
        Assert.Equal(
            (true, false, "Every mission is accounted for, and proven; 2 do not have the letter"),
            (audit.IsProven, audit.IsComplete, audit.Verdict));
        Assert.All(
            audit.Missions,
            line => Assert.Equal((DeliveryState.Withdrawn, DeliveryState.Withdrawn), (line.Entry, line.Log)));
    }

    [Fact]
    public async Task As_a_file_it_has_a_line_for_the_whole_and_one_for_each_mission_and_no_cell_acts_as_a_formula()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await Table(workflow).DeleteEntityAsync(distribution.Id, "mex", cancellationToken: Cancellation);
        var audit = await workflow.Audit(distribution.Id);

        var rows = Rows(audit with { General = [new(BreachKind.NotOnRoster, "=1+1", "=1+1")] });
        Assert.Equal(
            [
                "Mission id",
                "Mission",
                "Accounted for",
                "Has the letter",
                "State on record",
                "State by the log",
                "Facts in the log",
                "Known by",
                "What breaks the proof",
            ],
            rows[0]);
        Assert.Equal(
            [
                "",
                "The whole distribution",
                "no",
                audit.Reach.Sentence,
                audit.Reach.Word,
                audit.Head!,
                $"{audit.Facts} sealed, 0 waiting",
                "",
                "'=1+1",
            ],
            rows[1]);
        Assert.Equal(
            [
                "mex",
                "Mexico",
                "no",
                "not known",
                "none",
                "Accepted",
                "3",
                "",
                "Mexico is on the frozen roster and has no entry.",
            ],
            rows[2]);
        Assert.Equal(
            ["che", "Switzerland", "yes", "yes", "Accepted", "Accepted", "3", "The server's own answer", ""],
            rows[3]);
        Assert.Equal(Encoding.UTF8.Preamble, AuditFile.Write(audit).AsSpan(0, 3));
    }

    [Fact]
    public async Task Mail_alone_completes_and_proves_nothing_until_a_person_vouches_for_it()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (_, address) => new(address, address[..3] == "mex" ? MailboxResult.Unknown : MailboxResult.Accepted, "")
            ));
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        var attempt = (await workflow.Dispatches(distribution.Id))
            .Single(entry => entry.MissionId == "mex")
            .Attempts[0];
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        attempt.MessageId,
                        attempt.Mailboxes[0].Mailbox.Address,
                        new(
                            workflow.Clock.GetUtcNow(),
                            DeliveryEventKind.Delivered,
                            "250 OK",
                            Source: "bounce",
                            Id: "1")),
                ],
                Cancellation);
        await workflow.Run();
        await workflow.Seal(distribution.Id);

        var audit = await workflow.Audit(distribution.Id);
        Assert.Equal(
            (DistributionState.Sending, false, 1),
            (audit.Distribution.State, audit.IsComplete, audit.Accountable));
        Assert.Equal(
            "Mail alone says what became of the letter to Mexico, and mail proves nothing. Ask the mission, and say on its page that it has the letter, or send it once more.",
            Assert.Single(audit.Breaches).Words);
        Assert.Equal(
            ["A report by mail, which proves nothing by itself", "The server's own answer"],
            audit.Missions.Select(line => line.Evidence));

        Assert.True(await workflow.Get<Resends>().Vouch(distribution.Id, "mex", "the secretary", Cancellation));
        await workflow.Seal(distribution.Id);
        audit = await workflow.Audit(distribution.Id);
        Assert.Equal((DistributionState.Complete, true), (audit.Distribution.State, audit.IsProven));
    }

    private Task<TestWorkflow> Sealed() => LogSamples.SealedLetter(once, azurite);

    private static async Task<IReadOnlyList<(BreachKind Kind, string? Mission, string Words)>> Breaches(
        TestWorkflow workflow,
        DistributionRecord distribution)
    {
        var audit = await workflow.Audit(distribution.Id);
        Assert.False(audit.IsAccounted || audit.IsProven);
        return [.. audit.Breaches.Select(breach => (breach.Kind, breach.MissionId, breach.Words))];
    }

    private static TableClient Table(TestWorkflow workflow) =>
        workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DispatchesTable);

    /// <summary>Changes the first entry behind the workflow's back.</summary>
    private static Task<Stored<MissionEntry>?> Change(
        TestWorkflow workflow,
        DistributionRecord distribution,
        Func<MissionEntry, MissionEntry> change) =>
        workflow.Get<MissionEntries>().Change(distribution.Id, "che", change, Cancellation);

    private static MissionEntry WithLast(MissionEntry entry, Func<DeliveryEvent, DeliveryEvent> change)
    {
        var attempt = entry.Attempts[0];
        var events = attempt.Mailboxes[0].Events;
        return entry with
        {
            Attempts =
            [
                attempt with
                {
                    Mailboxes =
                    [
                        attempt.Mailboxes[0] with
                        {
                            Events = events.SetItem(events.Count - 1, change(events[^1])),
                        },
                    ],
                },
            ],
        };
    }

    private static List<string[]> Rows(AuditReport audit)
    {
        using var reader = CsvReader.Create(
            AuditFile.Write(audit),
            CsvReaderOptions.Default with
            {
                HasHeader = false,
            });
        List<string[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
