using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

/// <summary>What people said and did, as facts of the sealed log: acknowledgements, acts at the desk, the record.</summary>
public sealed class LoggedPeopleTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_acknowledgement_its_correction_and_its_withdrawal_are_sealed_and_no_line_names_anybody()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await Acknowledge(workflow, letter, "che", "form-2", "form-1", "Amelie Favre", "Misspelt by telephone.");
        await Acknowledge(workflow, letter, "che", "form-3", "form-2", null, "It was for another letter.");
        Assert.Equal(3, (await workflow.Audit(letter.Id)).Waiting);
        await workflow.Reconcile();

        await workflow.AssertLogHasEveryFactOnce(letter.Id);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
        var log = await workflow.Export(letter.Id);
        Assert.Equal(
            [
                ("ack:che/form-1", "Acknowledged", "person", "che", 0, "Telephone", null),
                ("ack:che/form-2", "AcknowledgementCorrected", "person", "che", 1, "Telephone", null),
                ("ack:che/form-3", "AcknowledgementWithdrawn", "person", "che", 2, null, (bool?)null),
            ],
            log.Facts.Where(fact => fact.Subject == FactSubject.Acknowledgement)
                .OrderBy(fact => fact.Step)
                .Select(fact => (fact.Id, fact.Kind, fact.Source, fact.Mission, fact.Step, fact.Channel, fact.Late)));
        Assert.All(
            (string[])["Favre", "Misspelt", "another letter", "the secretary"],
            personal =>
            {
                Assert.DoesNotContain(personal, string.Concat(log.Lines), StringComparison.Ordinal);
                Assert.Contains(
                    log.People,
                    value => value.Value.Contains(personal, StringComparison.Ordinal));
            });
    }

    [Fact]
    public async Task What_a_worker_could_not_write_after_the_table_is_made_up_once()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await Lose(workflow, letter);

        Assert.Equal(
            ["Switzerland's acknowledgement of 2018-03-26 16:00:00Z is on record and not in the log yet."],
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => breach.Words));
        Assert.Equal(0, await workflow.Seal(letter.Id, makeUp: false));
        Assert.Equal(1, await workflow.Seal(letter.Id));
        Assert.Equal(0, await workflow.Seal(letter.Id));
        Assert.True(
            Assert.Single((await workflow.Export(letter.Id)).Facts, fact => fact.Id == "ack:che/form-1").Late);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task An_acknowledgement_that_was_deleted_changed_or_made_up_in_the_table_is_a_difference_by_name()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await Acknowledge(workflow, letter, "mex", "form-2", null, "María Luna");
        await workflow.Seal(letter.Id);
        var table = Table(workflow, ResourceNames.AcknowledgementsTable);
        var swiss = (await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))!;
        var mexican = (await workflow.Get<Acknowledgements>().Find(letter.Id, "mex", Cancellation))!;
        await table.DeleteEntityAsync(letter.Id, "che", cancellationToken: Cancellation);
        await Put(
            mexican with
            {
                Steps = [mexican.Steps[0] with { Stands = mexican.Stands! with { By = "Somebody Else" } }],
            });
        await Put(swiss with { MissionId = "fra" });

        Assert.Equal(
            [
                ("fra", "There is an acknowledgement by fra, which is not on the frozen roster."),
                ("mex", "Mexico's acknowledgement of 2018-03-26 16:00:00Z is not the same on record and in the log."),
                ("che", "Switzerland's acknowledgement of 2018-03-26 16:00:00Z is in the log and not on record."),
            ],
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => (breach.MissionId, breach.Words)));

        Task Put(MissionAcknowledgement record) =>
            table.UpsertEntityAsync(
                new Records<MissionAcknowledgement>(
                    workflow.Get<StorageAccount>(),
                    ResourceNames.AcknowledgementsTable).Entity(record.DistributionId, record.MissionId, record),
                TableUpdateMode.Replace,
                Cancellation);
    }

    [Fact]
    public async Task Erasing_a_missions_names_takes_them_from_beside_the_log_sealed_or_not_and_the_chain_stays_whole()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre", "By telephone, she said.");
        await Acknowledge(workflow, letter, "mex", "form-2", null, "María Luna");
        await workflow.Seal(letter.Id);
        var head = (await workflow.Export(letter.Id)).Links[^1].Hash;
        await Acknowledge(workflow, letter, "che", "form-3", "form-1", "Amélie Favre-Bulle", "Married since.");

        Assert.True(
            await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));

        foreach (var words in (string[])["Amélie", "she said", "Married"])
            Assert.Empty(await HoldingInLog(workflow, words));
        Assert.NotEmpty(await HoldingInLog(workflow, "María Luna"));
        var verdict = await (await workflow.Export(letter.Id)).Verify(head);
        Assert.True(verdict.IsSound);
        Assert.NotNull(verdict.Held);
        Assert.NotEqual(0, verdict.Erased);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);

        // Who acknowledges after that is somebody else, whose name stays.
        await Acknowledge(workflow, letter, "che", "form-4", "form-3", "Urs Frei", "A new colleague.");
        await workflow.Seal(letter.Id);
        Assert.NotEmpty(await HoldingInLog(workflow, "Urs Frei"));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task Names_whose_erasing_broke_off_are_erased_when_the_log_is_sealed_next_and_the_audit_names_them_until_then()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await workflow.Seal(letter.Id);
        // Beside the log are a line that is damaged, and what a sealer left that stopped before its link.
        await (
            await workflow.Blob(ResourceNames.Log, Assert.Single(await HoldingInLog(workflow, "Amélie Favre")).Equals)
        ).Overwrite(text => $"{text}{{\"hash\": half of Amélie Favre\n");
        foreach (var folder in (string[])["people", "segments"])
            await workflow
                .Blobs(ResourceNames.Log)
                .GetBlobClient($"{letter.Id}/{folder}/2-left")
                .UploadAsync(BinaryData.FromString("Amélie Favre"), Cancellation);
        await using var sealing = (await workflow.Get<LogChains>().Hold(letter.Id, Cancellation))!;
        Assert.True(
            await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        Assert.NotEmpty(await HoldingInLog(workflow, "Amélie Favre"));
        Assert.Contains(
            "Switzerland's acknowledgement of 2018-03-26 16:00:00Z is not the same on record and in the log.",
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => breach.Words));
        await sealing.DisposeAsync();

        await workflow.Reconcile();
        Assert.Empty(await HoldingInLog(workflow, "Amélie Favre"));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task Names_that_are_erased_while_the_log_is_being_sealed_go_with_the_next_sealing()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await workflow.Seal(letter.Id);
        // The sealer has read the record, and found nothing to erase.
        await using var sealing = workflow.OverStorage(
            new Meanwhile(
                $"prefix={Uri.EscapeDataString("waiting/")}",
                () => workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation)));
        Assert.NotNull(await sealing.Get<LogSealer>().Seal(letter.Id, makeUp: false, Cancellation));

        await workflow.Reconcile();
        Assert.Empty(await HoldingInLog(workflow, "Amélie Favre"));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);

        // A slow worker writes what a person said only after the names in it were erased, and that is sealed.
        await Acknowledge(workflow, letter, "che", "form-2", "form-1", "Amélie Favre");
        var said = (await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))!;
        await Lose(workflow, letter);
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        workflow.Get<LogSegments>().Buffer(letter.Id, AcknowledgementFacts.Of(said));
        await workflow.Get<LogSegments>().Flush(letter.Id);
        Assert.NotEmpty(await HoldingInLog(workflow, "Amélie Favre"));
        await workflow.Reconcile();
        Assert.Empty(await HoldingInLog(workflow, "Amélie Favre"));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Theory]
    [InlineData("\"link\":2", false)]
    // Also by a worker that read the chain while it was whole.
    [InlineData("\"link\": 1", true)]
    public async Task Names_are_erased_beside_a_broken_chain_too_and_what_it_seals_stays(string damage, bool hasReadIt)
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await workflow.Seal(letter.Id);
        await (
            await workflow.Blob(ResourceNames.Log, name => name.EndsWith("/chain.jsonl", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("\"link\":1", damage, StringComparison.Ordinal));
        var segments = await HoldingInLog(workflow, nameof(Act.Prepared));
        Assert.NotEmpty(segments);

        await using var other = workflow.Another(new TransportStub());
        var another = hasReadIt ? workflow : other;
        Assert.True(await another.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        Assert.Empty(await HoldingInLog(workflow, "Amélie Favre"));
        Assert.Equal(segments, await HoldingInLog(workflow, nameof(Act.Prepared)));

        // So is the letter as a whole.
        Assert.True(await another.Get<Eraser>().Erase(letter.Id, "the secretary", Cancellation));
        Assert.Empty(await workflow.Distributions());
    }

    [Fact]
    public async Task A_chain_sealed_by_an_earlier_version_goes_on_and_gets_what_happened_before_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await AtDesk(workflow, letter, "Stop a letter");
        await SealAsBefore(workflow, letter);
        var head = (await workflow.Export(letter.Id)).Links.Single().Hash;
        workflow.Clock.Advance(TimeSpan.FromDays(400));

        await workflow.Reconcile();
        await workflow.AssertLogHasEveryFactOnce(letter.Id);
        var log = await workflow.Export(letter.Id);
        Assert.Equal(
            ["record:3", "ack:che/form-1"],
            log.Facts.Where(fact => fact.Late is true && fact.Subject != FactSubject.Desk).Select(fact => fact.Id));
        Assert.Equal(
            [("DeskAsked", "Stop a letter"), ("DeskDone", null)],
            log.Facts.Where(fact => fact.Subject == FactSubject.Desk).Select(fact => (fact.Kind, fact.Asked)));
        Assert.Equal(1, (await log.Verify(head)).Held);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
        await using var restarted = workflow.Another(new TransportStub());
        await restarted.Reconcile();
        Assert.Equal(2, (await workflow.Export(letter.Id)).Links.Count);
    }

    [Theory]
    [InlineData("che", "che")]
    [InlineData("che\n", null)]
    [InlineData("Amélie", null)]
    public void What_an_address_names_stands_in_the_open_only_as_a_missions_id(string about, string? mission) =>
        Assert.All(
            DeskFacts.Of(
                new("id", default, "Jo Doe", null, "Releaser", "Send a mission its letter again", "letter", about, DeskOutcome.Done)),
            fact => Assert.Equal(mission, fact.Mission));

    [Fact]
    public async Task What_is_asked_for_at_the_desk_is_sealed_with_what_came_of_it_refused_or_not()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await AtDesk(workflow, letter, "Send a mission its letter again", DeskOutcome.NothingChanged, "che");
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await AtDesk(workflow, letter, "Erase this letter", DeskOutcome.Refused, "<b>Amélie Favre</b>");
        await workflow.Reconcile();

        await workflow.AssertLogHasEveryFactOnce(letter.Id);
        var log = await workflow.Export(letter.Id);
        Assert.Equal(
            [
                ("DeskAsked", "che", "Send a mission its letter again"),
                ("DeskNothingChanged", "che", null),
                ("DeskAsked", null, "Erase this letter"),
                ("DeskRefused", null, null),
            ],
            log.Facts.Where(fact => fact.Subject == FactSubject.Desk)
                .Select(fact => (fact.Kind, fact.Mission, fact.Asked)));
        Assert.DoesNotContain("Amélie", string.Concat(log.Lines), StringComparison.Ordinal);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);

        var last = (await workflow.Get<DeskActs>().Latest(letter.Id, 1, Cancellation)).Single();
        await Table(workflow, ResourceNames.DeskActsTable)
            .DeleteEntityAsync("act", last.Id, cancellationToken: Cancellation);
        Assert.Equal(
            [
                "The log has an act at the desk of 2018-03-26 16:01:00Z which is not on record: Erase this letter.",
                "The log has an act at the desk of 2018-03-26 16:01:00Z which is not on record: DeskRefused.",
            ],
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => breach.Words));
    }

    [Fact]
    public async Task What_is_asked_of_a_letter_that_is_not_on_record_is_in_no_log()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await AtDesk(workflow, letter with { Id = "none" }, "Stop a letter");
        Assert.Empty(await workflow.Waiting("none"));
    }

    [Fact]
    public async Task A_record_that_was_changed_without_an_act_is_a_difference_and_who_superseded_it_is_in_the_log()
    {
        await using var workflow = await Sealed();
        var letter = await workflow.TheDistribution();
        await workflow
            .Get<DistributionRecords>()
            .Change(
                letter.Id,
                record =>
                    (record with { SupersededBy = "gcm-rev-2" }).With(
                        new(workflow.Clock.GetUtcNow(), Act.Superseded, "Rev 2", "")),
                Cancellation);
        await workflow.Seal(letter.Id);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
        Assert.Equal(
            ("gcm-rev-2", "Complete"),
            (await workflow.Export(letter.Id)).Facts.Where(fact => fact.Subject == FactSubject.Record)
                .Select(fact => (fact.SupersededBy, fact.State))
                .Last());

        await workflow
            .Get<DistributionRecords>()
            .Change(letter.Id, record => record with { SupersededBy = null }, Cancellation);
        Assert.Equal(
            [
                "The distribution's record and its copy in the log do not say the same: the record was changed without an act.",
            ],
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => breach.Words));
    }

    internal static async Task Acknowledge(
        TestWorkflow workflow,
        DistributionRecord letter,
        string mission,
        string form,
        string? after,
        string? name,
        string words = "")
    {
        var now = workflow.Clock.GetUtcNow();
        Assert.Equal(
            RecordingResult.Recorded,
            await workflow
                .Get<Acknowledgements>()
                .Record(
                    letter.Id,
                    mission,
                    after,
                    new(
                        form,
                        now,
                        "the secretary",
                        name is null
                            ? null
                            : new(name, "Counsellor", AcknowledgementChannel.Telephone, now, "the secretary"),
                        words)
                    {
                        IsSecretariats = true,
                    },
                    Cancellation));
    }

    internal static async Task AtDesk(
        TestWorkflow workflow,
        DistributionRecord letter,
        string what,
        DeskOutcome outcome = DeskOutcome.Done,
        string? about = null)
    {
        var now = workflow.Clock.GetUtcNow();
        var act = new DeskAct(
            DeskActs.NewId(now),
            now,
            "Jo Doe",
            "directory-id",
            "Releaser",
            what,
            letter.Id,
            about,
            Letter: letter.DraftLabel);
        await workflow.Get<DeskActs>().Add(act, Cancellation);
        await workflow.Get<DeskActs>().Conclude(
            act with
            {
                Outcome = outcome,
                Detail = "with a detail",
            },
            Cancellation);
    }

    internal static TableClient Table(TestWorkflow workflow, string name) =>
        workflow.Get<StorageAccount>().Tables.GetTableClient(name);

    private Task<TestWorkflow> Sealed() => LogSamples.SealedLetter(once, azurite);

    /// <summary>Deletes what waits to be sealed, as where the worker stopped before it wrote it.</summary>
    private static async Task Lose(TestWorkflow workflow, DistributionRecord letter)
    {
        foreach (var segment in await workflow.Waiting(letter.Id))
            await workflow.Get<LogSegments>().Remove(letter.Id, segment.Name, Cancellation);
    }

    /// <summary>Seals acts and deliveries alone, as versions did that knew no other facts.</summary>
    private static async Task SealAsBefore(TestWorkflow workflow, DistributionRecord letter)
    {
        await Lose(workflow, letter);
        var contents = workflow.Get<FrozenContents>();
        var facts = LoggedFacts
            .Acts(
                await workflow.TheDistribution(),
                (await contents.Find(letter.Id, Cancellation)).Roster,
                await contents.ContentHash(letter.Id, Cancellation))
            .Concat((await workflow.Dispatches(letter.Id)).SelectMany(LoggedFacts.Of))
            .Select(fact => fact.Salted())
            .ToList();
        var segment = Text(facts.Select(fact => fact.Line));
        var link = ChainLink.Seal(null, letter.Id, workflow.Clock.GetUtcNow(), segment, facts.Count);
        await using var chain = (await workflow.Get<LogChains>().Hold(letter.Id, Cancellation))!;
        Assert.True(
            await chain.Append(
                link.Segment,
                segment,
                Text(facts.SelectMany(fact => fact.Values).Select(Json.Write)),
                Json.Write(link),
                Cancellation));

        static BinaryData Text(IEnumerable<string> lines) =>
            BinaryData.FromString(string.Concat(lines.Select(line => line + "\n")));
    }

    private static async Task<IReadOnlyList<string>> HoldingInLog(TestWorkflow workflow, string words)
    {
        List<string> holding = [];
        var container = workflow.Blobs(ResourceNames.Log);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
            if ((await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation))
                .Value.Content.ToString()
                .Contains(words, StringComparison.Ordinal))
                holding.Add(blob.Name);
        return holding;
    }
}
