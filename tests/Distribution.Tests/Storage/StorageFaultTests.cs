using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Distribution.Tests.Storage;

public sealed class StorageFaultTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Notice Notice => new("one", new(2018, 3, 26, 12, 0, 0, TimeSpan.Zero), null, "A notice.");

    [Theory]
    [InlineData(409, "TableBeingDeleted")]
    [InlineData(409, "AccountBeingCreated")]
    public async Task A_conflict_that_does_not_say_the_row_is_there_is_not_taken_for_a_row(int status, string code)
    {
        var notices = new Notices(
            await Account(
                (request, _) => request.Method == RequestMethod.Post ? new FaultyAnswer(request, status, code) : null));

        Assert.Equal(
            status,
            (await Assert.ThrowsAsync<RequestFailedException>(() => notices.Add(Notice, Cancellation))).Status);

        Assert.Empty(await notices.All(Cancellation));
    }

    [Fact]
    public async Task A_row_whose_first_answer_was_lost_counts_as_added_and_another_of_the_same_key_does_not()
    {
        var losses = 0;
        var notices = new Notices(
            await Account(
                (request, carriedOut) =>
                    request.Method == RequestMethod.Post && carriedOut && losses++ == 0
                        ? throw new IOException("Connection reset by peer")
                        : null));

        Assert.True(await notices.Add(Notice, Cancellation));
        Assert.False(await notices.Add(Notice with { Text = "Another." }, Cancellation));

        Assert.Equal("A notice.", Assert.Single(await notices.All(Cancellation)).Text);
    }

    [Fact]
    public async Task Content_that_a_passing_conflict_kept_out_is_not_taken_for_written()
    {
        var (refusals, losses) = (0, 0);
        var account = await Account(
            (request, carriedOut) =>
                carriedOut && request.Method == RequestMethod.Put && request.Uri.Path.EndsWith("/content.json", StringComparison.Ordinal) && losses++ == 0
                    ? throw new IOException("Connection reset by peer")
                : request.Uri.Path.EndsWith("/letter.md", StringComparison.Ordinal)
                && request.Method == RequestMethod.Put
                && refusals++ == 0
                    ? new FaultyAnswer(request, 409, "ContainerBeingDeleted")
                    : null);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation);
        var contents = new FrozenContents(account);
        UploadedFile letter = new("letter.md", Samples.Bytes(Samples.Letter()), "");

        await Assert.ThrowsAsync<RequestFailedException>(() =>
            contents.Freeze("one", content, new([letter], [], []), Cancellation));
        // Of the content, the answer is lost: it is this one's all the same.
        var (frozen, isNew) = await contents.Freeze("one", content, new([letter], [], []), Cancellation);
        Assert.Equal((Json.Write(content), true, 2), (Json.Write(frozen), isNew, losses));
        // What is there already stays as it is.
        Assert.False(
            (await contents.Freeze(
                "one",
                content,
                new([letter with { Content = Samples.Bytes("other") }], [], []),
                Cancellation)).IsNew);

        var stored = await account
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient("one/letter.md")
            .DownloadContentAsync(Cancellation);
        Assert.Equal(Samples.Letter(), stored.Value.Content.ToString());
    }

    [Theory]
    [InlineData("mark")]
    [InlineData("$batch")]
    [InlineData("/enclosures/")]
    public async Task An_examination_that_breaks_off_for_good_after_its_beginning_puts_the_folder_aside_with_words(
        string place)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var earlier = await workflow.Accepted("che");
        await using var broken = workflow.OverStorage(
            new Interference(
                (request, carriedOut) =>
                    !carriedOut
                    && request.Method != RequestMethod.Get
                    && request.Uri.ToString().Contains(place, StringComparison.Ordinal)
                        ? throw new InvalidOperationException("A fault of our own.")
                        : null));
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(body: "Draft Rev 1 is enclosed, with a correction."));
        await broken.Get<DraftUploads>().ExamineAll(Cancellation);

        var upload = await workflow.TheUpload();
        Assert.Equal((UploadState.Rejected, 353), (upload.State, Assert.Single(upload.Faults).Number));
        Assert.NotEmpty(upload.Files);
        Assert.Contains(
            "The examination broke off for a fault of the system itself.",
            await workflow.Report("gcm/draft-rev-1"),
            StringComparison.Ordinal);
        Assert.Equal(
            DistributionState.Replaced,
            (await workflow.Get<DistributionRecords>().Find(earlier.Id, Cancellation))!.State);

        // As the report says, it is examined again when one of its files is uploaded anew.
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(body: "Draft Rev 1 is enclosed, with a correction."));
        await workflow.Reconcile();
        Assert.Equal(
            DistributionState.AwaitingRelease,
            (await workflow.Distributions()).Single(distribution => distribution.Id != earlier.Id).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_letter_whose_discarding_broke_off_does_not_come_back_by_itself(bool theFolderWasWritten)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var ending = workflow.OverStorage(
            new Interference(
                (request, carriedOut) =>
                    carriedOut == theFolderWasWritten
                    && request.Method != RequestMethod.Get
                    && request.Uri.Path.Contains($"/{ResourceNames.UploadsTable}", StringComparison.Ordinal)
                        ? throw new InvalidOperationException("The process ends here.")
                        : null));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ending.Get<Discards>().DiscardLetter(letter.Id, "the secretary", Cancellation));
        var stored = (await workflow.Get<Uploads>().Find(letter.Folder, Cancellation))!;
        Assert.Equal(theFolderWasWritten ? UploadState.Discarded : UploadState.Accepted, stored.Value.State);

        // A deployment brings other templates.
        await workflow
            .Get<Uploads>()
            .Save(stored.Value with { Surroundings = "an earlier template" }, stored.ETag, Cancellation);
        await workflow.Reconcile();
        Assert.Equal(DistributionState.Discarded, (await workflow.TheDistribution()).State);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Reconcile();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task An_upload_examined_while_storage_fails_is_examined_again_and_not_rejected()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var failing = true;
        await using var shaken = workflow.OverStorage(
            new Interference(
                (request, _) =>
                    failing && request.Uri.Path.Contains("/enclosures/", StringComparison.Ordinal)
                        ? new FaultyAnswer(request, 409, "ContainerBeingDeleted")
                        : null));
        await shaken.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await shaken.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await shaken.Reconcile();
        Assert.Null(await shaken.Report("gcm/draft-rev-1"));
        Assert.Empty(await shaken.Distributions());

        failing = false;
        await shaken.Reconcile();
        Assert.Equal(DistributionState.AwaitingRelease, (await shaken.TheDistribution()).State);
    }

    // Where there is no status, there is no answer at all.
    [Theory]
    [InlineData("/kept/", 403, "AuthorizationFailure")]
    [InlineData($"/{ResourceNames.RepliesTable}", 409, "TableBeingDeleted")]
    [InlineData("/kept/", null, "")]
    [InlineData($"/{ResourceNames.RepliesTable}", null, "")]
    [InlineData("/unmatched/", null, "")]
    public async Task A_message_that_comes_while_storage_is_away_is_taken_later_and_whole(
        string place,
        int? status,
        string code)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "one.eml",
                new MemoryStream("From: a@else.example\r\nSubject: Re\r\n\r\nText\r\n"u8.ToArray()),
                Cancellation);
        var tried = 0;
        await using (
            var shaken = workflow.OverStorage(
                new Interference(
                    (request, carriedOut) =>
                    {
                        if (carriedOut || !request.Uri.Path.Contains(place, StringComparison.Ordinal))
                            return null;
                        tried++;
                        return status is { } answered ? new FaultyAnswer(request, answered, code) : throw EveryTry;
                    })))
            Assert.NotNull((await shaken.Get<InboundUploads>().HandleAll(Cancellation)).Failure);
        Assert.True(tried > 0);
        Assert.Single(await workflow.Get<InboundFiles>().Waiting(Cancellation));
        // It is put away there once it is on record.
        Assert.Equal(
            place == "/unmatched/" ? 1 : 0,
            (await workflow.Get<Replies>().Waiting(Cancellation)).Count);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        await workflow.Reconcile();
        Assert.Equal("Text", Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Excerpt);
        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));
    }

    /// <summary>What the SDK throws where none of its tries had an answer.</summary>
    internal static AggregateException EveryTry =>
        new("Retry failed after 7 tries.", new RequestFailedException(503, "busy"), new IOException("reset"));

    [Fact]
    public void Every_failure_of_storage_is_known_as_one_and_no_other()
    {
        Assert.True(StorageFailures.IsStorages(new RequestFailedException(403, "forbidden")));
        Assert.True(StorageFailures.IsStorages(EveryTry));
        Assert.False(StorageFailures.IsStorages(new AggregateException(new IOException(), new InvalidDataException())));
        Assert.False(StorageFailures.IsStorages(new InvalidOperationException()));
    }

    [Fact]
    public void Only_failures_of_the_service_itself_are_waited_out()
    {
        Assert.All(
            (Exception[])
                [
                    new RequestFailedException(0, "reset"),
                    new RequestFailedException(409, "conflict"),
                    new RequestFailedException(412, "condition"),
                    new RequestFailedException(429, "slow down"),
                    new RequestFailedException(503, "busy"),
                    new TaskCanceledException(),
                    new AggregateException(new IOException(), new RequestFailedException(500, "broken")),
                ],
            failure => Assert.True(StorageFailures.Pass(failure), failure.Message));
        Assert.All(
            (Exception[])
                [
                    new RequestFailedException(403, "forbidden"),
                    new InvalidDataException(),
                    new AggregateException(new IOException(), new InvalidOperationException()),
                ],
            failure => Assert.False(StorageFailures.Pass(failure), failure.Message));
    }

    /// <param name="answer">
    /// For a request before (false) and after (true) it was carried out: an answer of its own, null for none, or an
    /// exception.
    /// </param>
    private async Task<StorageAccount> Account(Func<Request, bool, Response?> answer)
    {
        var connection = azurite.NewAccount();
        var account = StorageAccount.FromConnectionString(connection);
        await new StorageSetup(account, new(account, TimeProvider.System, NullLogger<JobStates>.Instance)).Create(Cancellation);
        return StorageAccount.FromConnectionString(connection, new Interference(answer));
    }

    internal sealed class Interference(Func<Request, bool, Response?> answer) : HttpPipelinePolicy
    {
        /// <remarks>Only the keys of forms are read so, by a library.</remarks>
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            ProcessNext(message, pipeline);

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (answer(message.Request, false) is { } instead)
            {
                message.Response = instead;
                return;
            }

            await ProcessNextAsync(message, pipeline);
            answer(message.Request, true);
        }
    }
}
