using Azure;
using Azure.Core;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// Letters of which each mission has its own, and too many to typeset within one examination: here more than one.
/// </summary>
public sealed class LetterPreparationTests(AzuriteFixture azurite)
{
    private static readonly byte[] Draft = Samples.Pdf();

    private const string Folder = "gcm/draft-rev-1";

    private static readonly (string, string) OneAtOnce = ("Intake:TypesetAtOnce", "1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_typeset_in_the_queue_before_release_is_offered_and_their_progress_is_shown()
    {
        await using var workflow = await Uploaded();
        await using var site = await TestSite.Open(workflow);

        await workflow.Reconcile();
        Assert.Equal(UploadState.Preparing, (await workflow.TheUpload()).State);
        Assert.Empty(await workflow.Distributions());
        Assert.Contains(
            "gcm/draft-rev-1 is being prepared: 1 of 3 letters is typeset and then waits for release",
            TestSite.Words(await site.Page("/")),
            StringComparison.Ordinal);

        var messages = await Messages(workflow);
        Assert.Equal(2, messages.Count);
        await workflow.Get<IWorkflow>().PrepareLetters(messages[0], Cancellation);
        Assert.Empty(await workflow.Distributions());
        var waiting = await site.Page($"/uploads?folder={Folder}");
        Assert.Contains("2 of 3 letters are typeset. Everything in this folder was in order.", TestSite.Words(waiting), StringComparison.Ordinal);
        // A browser that runs scripts loads parts anew, and not the part in which somebody may be about to press; others
        // load the page, and not so often.
        Assert.Equal("15", waiting.QuerySelector("noscript meta[http-equiv=refresh]")!.GetAttribute("content"));
        Assert.NotNull(waiting.QuerySelector("#page[data-refresh='3000'] #discard-live[data-live] #discard"));
        Assert.Null(waiting.QuerySelector("#upload-live #discard"));

        await workflow.Get<IWorkflow>().PrepareLetters(messages[1], Cancellation);
        var distribution = await workflow.TheDistribution();
        Assert.Equal(DistributionState.AwaitingRelease, distribution.State);
        Assert.Contains(
            "This upload was accepted",
            TestSite.Words(await site.Page($"/uploads?folder={Folder}")),
            StringComparison.Ordinal);
        await workflow.Release();
        Assert.Equal(3, workflow.Sent().Count);
        Assert.Empty(await Kept(workflow));
    }

    [Fact]
    public async Task Are_the_same_letters_that_one_examination_makes()
    {
        await using var parts = await Uploaded();
        await parts.Reconcile();
        await Prepare(parts, (await Messages(parts)).Reverse());
        await using var whole = await Uploaded(("Intake:TypesetAtOnce", "3"));
        await whole.Reconcile();

        var (one, other) = (await parts.TheDistribution(), await whole.TheDistribution());
        Assert.Equal(other.Id, one.Id);
        Assert.Equal(
            Json.Write(await whole.Get<FrozenContents>().Find(other.Id, Cancellation)),
            Json.Write(await parts.Get<FrozenContents>().Find(one.Id, Cancellation)));
        Assert.Equal(Json.Write(other.Sources), Json.Write(one.Sources));
        Assert.Equal(other.Warnings, one.Warnings);
    }

    [Fact]
    public async Task Of_a_translation_are_typeset_too_and_each_mission_gets_both()
    {
        await using var workflow = await Uploaded(
            "address: addressed\ntranslations: [fr]",
            [OneAtOnce],
            ("letter.fr.md", "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 est joint.\n"));
        await workflow.Reconcile();
        // Mexico reads English alone.
        Assert.Equal(5, (await workflow.TheUpload()).Preparation!.Letters);

        await Prepare(workflow, await Messages(workflow));

        await workflow.Release();
        Assert.Equal(
            [("che", 3), ("fra", 3), ("mex", 2)],
            workflow.Sent()
                .Select(message => (message.To.Mailboxes.Single().Address[..3], message.Attachments.Count()))
                .Order());
    }

    [Fact]
    public async Task A_message_that_comes_twice_or_to_two_workers_at_once_makes_one_letter()
    {
        await using var workflow = await Uploaded();
        await using var another = workflow.Another(OneAtOnce);
        await workflow.Reconcile();
        var messages = await Messages(workflow);

        await Task.WhenAll(
            Prepare(workflow, [.. messages, .. messages]),
            Prepare(another, [.. messages.Reverse(), .. messages]));

        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Equal(3, (await workflow.Get<FrozenContents>().Find((await workflow.TheDistribution()).Id, Cancellation)).Pdfs.Count);
        await workflow.Release();
        Assert.Equal(3, workflow.Sent().Count);
    }

    [Fact]
    public async Task While_the_last_worker_puts_them_on_record_nobody_typesets_them_again()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();
        var messages = await Messages(workflow);
        await Prepare(workflow, messages.Take(1));

        IReadOnlyList<string> queued = ["not looked at"];
        await using (
            var last = workflow.OverStorage(
                new Meanwhile(
                    "/$batch",
                    async () =>
                    {
                        await workflow.Reconcile();
                        queued = await Messages(workflow);
                    }),
                OneAtOnce))
            await Prepare(last, messages.Skip(1));

        Assert.Empty(queued);
        var letter = await workflow.TheDistribution();
        Assert.Single(letter.Acts, act => act.Act == Act.Prepared);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
    }

    [Fact]
    public async Task The_last_of_them_are_put_on_record_also_where_the_timer_queues_them_again_meanwhile()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();
        var messages = await Messages(workflow);
        await Prepare(workflow, messages.Take(1));

        await using (
            var last = workflow.OverStorage(
                new Meanwhile(
                    "/preparing/",
                    () =>
                    {
                        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
                        return workflow.Reconcile();
                    }),
                OneAtOnce))
            await Prepare(last, messages.Skip(1));

        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.Empty(await Kept(workflow));
    }

    [Fact]
    public async Task A_fault_in_the_last_of_them_rejects_the_upload_and_the_corrected_one_passes()
    {
        await using var workflow = await Uploaded();
        await workflow.UploadRegister(
            TestWorkflow.RegisterOf("che", "fra", "mex").Replace("of Mexico", "of Mexico 𓀀", StringComparison.Ordinal));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        await workflow.Reconcile();

        await Prepare(workflow, await Messages(workflow));

        var upload = await workflow.TheUpload();
        Assert.Equal(UploadState.Rejected, upload.State);
        Assert.Contains("𓀀", Assert.Single(upload.Faults, fault => !fault.IsWarning).ToString(), StringComparison.Ordinal);
        Assert.Empty(await workflow.Distributions());
        Assert.Empty(await Kept(workflow));

        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "fra", "mex"));
        await workflow.Reconcile();
        await Prepare(workflow, await Messages(workflow));
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task What_was_replaced_meanwhile_is_typeset_no_further_and_leaves_nothing_behind()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();
        var old = await Messages(workflow);

        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf("Another draft"));
        await workflow.Reconcile();
        await Prepare(workflow, old);
        Assert.Equal(UploadState.Preparing, (await workflow.TheUpload()).State);
        await Prepare(workflow, await Messages(workflow));

        Assert.Equal((await workflow.TheUpload()).DistributionId, (await workflow.TheDistribution()).Id);
        Assert.Empty(await Kept(workflow));
    }

    [Fact]
    public async Task A_version_that_waits_for_release_is_replaced_as_soon_as_the_next_is_being_typeset()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var before = await workflow.AcceptedWith("address: addressed");
        await using var small = workflow.Another(OneAtOnce);

        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf("Another draft"));
        await small.Reconcile();

        Assert.Equal(DistributionState.Replaced, (await workflow.TheDistribution()).State);
        Assert.False(await workflow.Get<Releases>().Release(before.Id, "the secretary", Cancellation));
    }

    [Fact]
    public async Task A_person_can_discard_it_and_nothing_is_made_of_it()
    {
        await using var workflow = await Uploaded();
        await using var site = await TestSite.Open(workflow);
        await workflow.Reconcile();

        await site.Press($"/uploads?folder={Folder}", "Discard this upload");
        await Prepare(workflow, await Messages(workflow));
        await workflow.Reconcile();

        Assert.Equal(UploadState.Discarded, (await workflow.TheUpload()).State);
        Assert.Empty(await workflow.Distributions());
        Assert.Empty(await Kept(workflow));
    }

    [Fact]
    public async Task Messages_that_were_lost_are_queued_again_by_the_timer_and_only_those_missing()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();
        await Prepare(workflow, (await Messages(workflow)).Take(1));

        workflow.Clock.Advance(TimeSpan.FromMinutes(4));
        await workflow.Reconcile();
        Assert.Empty(await Messages(workflow));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();

        await Prepare(workflow, [Assert.Single(await Messages(workflow))]);
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_letter_that_leaves_by_itself_does_so_when_all_are_typeset()
    {
        await using var workflow = await Uploaded("address: addressed\nrelease: automatic", [OneAtOnce, ("Release:AllowAutomatic", "true")]);
        await workflow.Run();
        Assert.Empty(workflow.Sent());

        await Prepare(workflow, await Messages(workflow));
        await workflow.CarryOutBatches();

        Assert.Equal(3, workflow.Sent().Count);
    }

    [Fact]
    public async Task Letters_that_cannot_be_typeset_in_several_tries_reject_the_upload_in_words()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();

        await workflow.Get<IWorkflow>().SetPreparationAside((await Messages(workflow))[0], Cancellation);
        await workflow.Get<IWorkflow>().SetPreparationAside("{ not a message", Cancellation);

        var upload = await workflow.TheUpload();
        Assert.Equal(UploadState.Rejected, upload.State);
        Assert.Contains(
            "could not be typeset in several tries",
            Assert.Single(upload.Faults, fault => !fault.IsWarning).ToString(),
            StringComparison.Ordinal);
    }

    /// <summary>Wherever a worker stops in its last message, nothing is released half made, and the timer ends it.</summary>
    [Fact]
    public async Task A_worker_that_stops_anywhere_loses_nothing_and_makes_no_half_letter()
    {
        await using var workflow = await Uploaded();
        await workflow.Reconcile();
        var messages = await Messages(workflow);
        await Prepare(workflow, messages.Take(1));
        var oneIsLeft = await StorageCopy.Of(
            workflow,
            [ResourceNames.UploadsTable, ResourceNames.DistributionsTable, ResourceNames.DispatchesTable],
            [ResourceNames.Distributions]);
        var stops = 0;
        for (var whole = false; !whole; stops++)
        {
            var left = stops;
            await using var stopping = workflow.OverStorage(
                new StorageFaultTests.Interference(
                    (request, carriedOut) =>
                        !carriedOut && request.Method != RequestMethod.Get && left-- <= 0
                            ? new FaultyAnswer(request, 403, "AuthorizationFailure")
                            : null),
                OneAtOnce);
            try
            {
                await Prepare(stopping, messages.Skip(1));
                whole = true;
            }
            catch (RequestFailedException)
            {
                // The queue would bring the message again; here the timer has to do without it.
            }

            for (var minutes = 0; minutes < 12; minutes += 6)
            {
                workflow.Clock.Advance(TimeSpan.FromMinutes(6));
                await workflow.Get<DraftUploads>().ExamineAll(Cancellation);
                await Prepare(workflow, await Messages(workflow));
            }

            var distribution = await workflow.TheDistribution();
            Assert.Equal(DistributionState.AwaitingRelease, distribution.State);
            Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
            await workflow.CarryOutBatches();
            Assert.Equal(3, workflow.Sent().Count);
            Directory.Delete(workflow.PickupFolder, recursive: true);
            await oneIsLeft.PutBack();
        }

        Assert.True(stops > 5, $"The worker was stopped at {stops - 1} places only.");
    }

    private Task<TestWorkflow> Uploaded(params (string, string)[] settings) =>
        Uploaded("address: addressed", settings is [] ? [OneAtOnce] : settings);

    private async Task<TestWorkflow> Uploaded(
        string lines,
        (string, string)[] settings,
        params (string Name, string Text)[] files)
    {
        var workflow = await TestWorkflow.Open(azurite, settings);
        foreach (var (name, text) in files)
            await workflow.Upload($"{Folder}/{name}", text);
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith(lines));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Draft);
        return workflow;
    }

    /// <summary>Takes what waits in the queue out of it.</summary>
    private static async Task<IReadOnlyList<string>> Messages(TestWorkflow workflow)
    {
        var messages = (await workflow.PrepareQueue.ReceiveMessagesAsync(32, cancellationToken: Cancellation)).Value;
        foreach (var message in messages)
            await workflow.PrepareQueue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);
        return [.. messages.Select(message => message.MessageText)];
    }

    private static async Task Prepare(TestWorkflow workflow, IEnumerable<string> messages)
    {
        foreach (var message in messages)
            await workflow.Get<IWorkflow>().PrepareLetters(message, Cancellation);
    }

    /// <summary>What is kept of a preparation while it lasts.</summary>
    private static async Task<IReadOnlyList<string>> Kept(TestWorkflow workflow)
    {
        List<string> kept = [];
        await foreach (
            var blob in workflow
                .Get<StorageAccount>()
                .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
                .GetBlobsAsync(BlobTraits.None, BlobStates.None, null, Cancellation))
            if (blob.Name.Contains("/preparing/", StringComparison.Ordinal))
                kept.Add(blob.Name);
        return kept;
    }
}
