using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Forwarding;
using Distribution.Tests.Web;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

/// <summary>What missions forwarded, as facts of the sealed log.</summary>
public sealed class LoggedForwardsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_asked_for_what_became_of_it_and_that_it_came_back_are_sealed_and_no_line_names_anybody()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter, "form-1");
        await workflow.Reconcile();
        await Returned(workflow, letter, "form-1");
        await workflow.Seal(letter.Id);

        await workflow.AssertLogHasEveryFactOnce(letter.Id);
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
        var log = await workflow.Export(letter.Id);
        Assert.Equal(
            [
                ("forward:che/form-1", "ForwardAsked", "mission"),
                ("forward:che/form-1/outcome", "ForwardSent", "worker"),
                ("forward:che/form-1/returned", "ForwardReturned", EvidenceRanks.Report),
            ],
            log.Facts.Where(fact => fact.Subject == FactSubject.Forward)
                .OrderBy(fact => fact.Id)
                .Select(fact => (fact.Id, fact.Kind, fact.Source)));
        Assert.All(
            (string[])["Amélie Favre", "urs@bern.example", "550 5.1.1 no such user"],
            personal =>
            {
                Assert.DoesNotContain(personal, string.Concat(log.Lines), StringComparison.Ordinal);
                Assert.Contains(log.People, value => value.Value == personal);
            });

        // Lost, and as it was again.
        var before = await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation);
        await Table(workflow).DeleteEntityAsync(letter.Id, "che", cancellationToken: Cancellation);
        Assert.IsType<RebuildResult.Rebuilt>(
            await workflow.Get<DistributionRebuild>().Rebuild(letter.Id, null, Cancellation));
        Assert.Equal(before!.All, (await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All);
    }

    [Fact]
    public async Task What_was_changed_or_deleted_in_the_table_is_a_difference_by_name()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter, "form-1");
        await workflow.Reconcile();
        await workflow.Seal(letter.Id);
        var record = (await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!;
        await Table(workflow).UpsertEntityAsync(
            new Records<MissionForwards>(workflow.Get<StorageAccount>(), ResourceNames.ForwardsTable).Entity(
                letter.Id,
                "che",
                record.With(record.All[0] with { To = "somebody@elsewhere.example" })),
            Azure.Data.Tables.TableUpdateMode.Replace,
            Cancellation);
        Assert.Equal(
            ["Switzerland's request to forward the letter of 2018-03-26 16:00:00Z is not the same on record and in the log."],
            (await workflow.Audit(letter.Id)).Breaches.Select(breach => breach.Words));
    }

    [Fact]
    public async Task Erasing_a_missions_names_takes_them_from_the_record_and_from_beside_the_log()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter, "form-1");
        await workflow.Reconcile();
        await Returned(workflow, letter, "form-1");
        await workflow.Seal(letter.Id);
        await Ask(workflow, letter, "form-2");
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        await workflow.Reconcile();

        var record = (await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!;
        Assert.All(record.All, forward => Assert.Equal((PersonalValue.Erased, PersonalValue.Erased), (forward.By, forward.To)));
        // The one that had not left does not leave any more.
        Assert.Equal([ForwardState.Sent, ForwardState.NotSent], record.All.Select(forward => forward.State));
        Assert.DoesNotContain((await workflow.Export(letter.Id)).People, value => value.Value.Contains("urs@", StringComparison.Ordinal));
        Assert.DoesNotContain((await workflow.Export(letter.Id)).People, value => value.Value == "Amélie Favre");
        Assert.DoesNotContain((await workflow.Export(letter.Id)).People, value => value.Value.Contains("no such user", StringComparison.Ordinal));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task Of_one_whose_end_is_not_in_the_log_it_is_not_known_whether_it_left_and_it_is_not_sent_again()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter, "form-1");
        await workflow.Seal(letter.Id);
        await Table(workflow).DeleteEntityAsync(letter.Id, "che", cancellationToken: Cancellation);
        var sent = transport.Offered.Count;

        var rebuilt = Assert.IsType<RebuildResult.Rebuilt>(
            await workflow.Get<DistributionRebuild>().Rebuild(letter.Id, null, Cancellation));
        Assert.Equal(["what 1 mission forwarded"], rebuilt.Restored);
        await workflow.Reconcile();

        Assert.Equal(sent, transport.Offered.Count);
        var forward = Assert.Single((await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All);
        Assert.Equal(
            ("form-1", "Amélie Favre", "urs@bern.example", ForwardState.NotKnown),
            (forward.Id, forward.By, forward.To, forward.State));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    private static async Task Ask(TestWorkflow workflow, DistributionRecord letter, string form) =>
        Assert.Equal(
            ForwardResult.Recorded,
            await workflow
                .Get<Forwards>()
                .Add(letter.Id, "che", new(form, workflow.Clock.GetUtcNow(), "Amélie Favre", "urs@bern.example"), Cancellation));

    private static Task Returned(TestWorkflow workflow, DistributionRecord letter, string form) =>
        ForwardMailerTests.Report(
            workflow,
            ForwardedMessageId.Of(letter.Id, "che", form).MessageId("secretariat.example"),
            "failed",
            "urs@bern.example");

    private static Azure.Data.Tables.TableClient Table(TestWorkflow workflow) =>
        workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.ForwardsTable);
}
