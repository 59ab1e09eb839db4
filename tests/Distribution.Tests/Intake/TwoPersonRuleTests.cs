using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Hosting;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>A letter leaves when two different people stand behind it.</summary>
public sealed class TwoPersonRuleTests(AzuriteFixture azurite)
{
    private static readonly Person Amelie = new("amélie@secretariat.example", "amélie@secretariat.example");
    private static readonly Person Boris = new("boris@secretariat.example", "Boris");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_storage_tool_brought_has_no_author_and_two_different_people_release_it()
    {
        await using var workflow = await Open();
        var id = (await workflow.Accepted("che")).Id;
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Amelie));
        Assert.Equal(ReleaseOutcome.HasApproved, await Release(workflow, id, Amelie with { Name = "Amélie Favre" }));
        await workflow.CarryOutBatches();
        Assert.Empty(workflow.Sent());

        Assert.Equal(ReleaseOutcome.Released, await Release(workflow, id, Boris));
        await workflow.CarryOutBatches();
        Assert.Single(workflow.Sent());
        Assert.Equal(
            [(Act.Approved, "amélie@secretariat.example"), (Act.Released, "Boris")],
            (await workflow.TheDistribution())
                .Acts.Where(entry => entry.Act is Act.Approved or Act.Released)
                .Select(entry => (entry.Act, entry.By!)));
        Assert.Equal(ReleaseOutcome.TooLate, await Release(workflow, id, Boris));
    }

    [Fact]
    public async Task Whoever_uploaded_every_file_at_the_desk_is_one_of_the_two_and_may_not_be_the_other()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await Bring(workflow, Amelie);
        await workflow.Reconcile();
        var id = (await workflow.TheDistribution()).Id;
        Assert.Equal(ReleaseOutcome.IsAuthor, await Release(workflow, id, Amelie));
        Assert.Equal(ReleaseOutcome.Released, await Release(workflow, id, Boris));
        Assert.Equal([Amelie], (await workflow.TheDistribution()).Authors!);
    }

    [Fact]
    public async Task What_its_author_brought_and_a_storage_tool_put_back_has_no_author()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        var (first, draft) = (Samples.Bytes(Samples.Letter()), Samples.Pdf());
        await Bring(workflow, Amelie, ("draft-rev-1.pdf", draft), ("letter.md", first));
        await workflow.Reconcile();
        var id = (await workflow.TheDistribution()).Id;
        await Bring(
            workflow,
            Amelie,
            ("letter.md", Samples.Bytes(Samples.Letter(body: "Draft Rev 1 is enclosed, corrected."))),
            ("draft-rev-1.pdf", draft));
        await workflow.Reconcile();
        await workflow.Upload("gcm/draft-rev-1/letter.md", first);
        await workflow.Reconcile();

        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));
        Assert.Equal(ReleaseOutcome.HasApproved, await Release(workflow, id, Boris));
        await workflow.CarryOutBatches();
        Assert.Empty(workflow.Sent());
    }

    [Fact]
    public async Task Her_old_letter_beside_her_new_enclosure_is_a_pair_that_nobody_has_uploaded()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await Bring(workflow, Amelie);
        await Bring(workflow, Amelie, ("draft-rev-1.pdf", Samples.Pdf("Draft Rev 1 as corrected")));
        await workflow.Reconcile();
        var id = (await Waiting(workflow)).Id;
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));
        Assert.Equal(ReleaseOutcome.HasApproved, await Release(workflow, id, Boris));
    }

    [Fact]
    public async Task Whoever_uploaded_a_letter_has_not_seen_what_another_register_makes_of_it()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await Bring(workflow, Amelie);
        await workflow.Reconcile();
        await workflow.UseRegister("mex");
        await workflow.Get<DraftUploads>().Renew(new("gcm", "draft-rev-1"), Cancellation);
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, (await Waiting(workflow)).Id, Boris));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approval_of_what_was_replaced_and_came_back_does_not_count(bool theSameBytesAtOnce)
    {
        await using var workflow = await Open();
        var draft = Samples.Pdf();
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await workflow.Reconcile();
        var id = (await workflow.TheDistribution()).Id;
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Amelie));
        if (!theSameBytesAtOnce)
        {
            await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, and something else"));
            await workflow.Reconcile();
        }

        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await workflow.Reconcile();
        Assert.Equal(
            DistributionState.AwaitingRelease,
            (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!.State);
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));
        await workflow.CarryOutBatches();
        Assert.Empty(workflow.Sent());
    }

    [Fact]
    public async Task An_approval_is_of_the_content_that_was_looked_at_and_of_no_other()
    {
        await using var workflow = await Open();
        var id = (await workflow.Accepted("che")).Id;
        Assert.Equal(
            ReleaseOutcome.OtherContent,
            await workflow
                .Get<Releases>()
                .Release(id, Amelie, new(new string('0', 64), [], new Dictionary<string, string>()), Cancellation));
        await Release(workflow, id, Amelie);
        // As a version before hashes recorded it.
        await workflow
            .Get<DistributionRecords>()
            .Change(
                id,
                waiting =>
                    waiting with
                    {
                        Approvals = [.. waiting.Approvals.Select(approval => approval with { Content = null })],
                    },
                Cancellation);
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));
        Assert.Equal(["Boris"], (await workflow.TheDistribution()).Approvals.Select(approval => approval.By.Name));
    }

    [Fact]
    public async Task One_file_of_unknown_origin_makes_the_author_unknown_and_so_does_a_changed_one()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await Bring(workflow, Amelie);
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Another text"));
        await workflow.Reconcile();
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, (await Waiting(workflow)).Id, Amelie));
    }

    [Fact]
    public async Task The_same_bytes_uploaded_into_another_folder_say_nothing_of_this_one()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await Bring(workflow, Amelie, ("letter.md", Samples.Bytes(Samples.Letter())));
        await workflow.Reconcile();
        Assert.Null(
            (await workflow.Get<Releases>().Review((await workflow.TheDistribution()).Id, Cancellation))!.Authors);
    }

    [Fact]
    public async Task An_approval_can_be_taken_back_and_falls_with_the_content_it_was_given_to()
    {
        await using var workflow = await Open();
        var id = (await workflow.Accepted("che")).Id;
        await Release(workflow, id, Amelie);
        Assert.False(await workflow.Get<Releases>().WithdrawApproval(id, Boris, Cancellation));
        Assert.True(await workflow.Get<Releases>().WithdrawApproval(id, Amelie, Cancellation));
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));

        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Another text"));
        await workflow.Reconcile();
        var next = (await workflow.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);
        Assert.NotEqual(id, next.Id);
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, next.Id, Amelie));
    }

    [Fact]
    public async Task Two_who_press_at_the_same_moment_are_two()
    {
        await using var workflow = await Open();
        var id = (await workflow.Accepted("che")).Id;
        var outcomes = await Task.WhenAll(Release(workflow, id, Amelie), Release(workflow, id, Boris));
        Assert.Equal([ReleaseOutcome.Released, ReleaseOutcome.Approved], outcomes.Order());
    }

    [Fact]
    public async Task What_is_asked_is_confirmed_by_each_and_a_letter_held_back_needs_both_again()
    {
        await using var workflow = await Open("2018-03-26 12:00");
        await workflow.UseRegister("che");
        var id = (await workflow.AcceptedWith("send: 2018-03-29 09:00")).Id;
        await Release(workflow, id, Amelie);
        Assert.Equal(ReleaseOutcome.Released, await Release(workflow, id, Boris));
        Assert.Equal(DistributionState.Scheduled, (await workflow.TheDistribution()).State);
        Assert.True(await workflow.Get<Releases>().HoldBack(id, "Boris", Cancellation));
        Assert.Equal(ReleaseOutcome.Approved, await Release(workflow, id, Boris));
        Assert.Equal(ReleaseOutcome.Released, await Release(workflow, id, Amelie));

        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        Assert.Equal(ReleaseOutcome.Unconfirmed, await Release(workflow, id, Amelie));
        Assert.Equal(
            ReleaseOutcome.Approved,
            await workflow.Get<Releases>().Release(id, Amelie, confirmed: true, Cancellation));
        Assert.Equal(ReleaseOutcome.Unconfirmed, await Release(workflow, id, Boris));
        Assert.Equal(
            ReleaseOutcome.Released,
            await workflow.Get<Releases>().Release(id, Boris, confirmed: true, Cancellation));
    }

    [Fact]
    public async Task Whoever_prepared_an_addendum_does_not_release_it()
    {
        await using var workflow = await Open();
        var letter = (await workflow.Accepted("che")).Id;
        await Release(workflow, letter, Amelie);
        await Release(workflow, letter, Boris);
        await workflow.Run();
        await workflow.UseRegister("che", "mex");
        var addendum = Assert
            .IsType<AddendumResult.Prepared>(
                await workflow.Get<Addenda>().Prepare(letter, "mex", null, Amelie, Cancellation))
            .DistributionId;
        Assert.Equal(ReleaseOutcome.IsAuthor, await Release(workflow, addendum, Amelie));
        Assert.Equal(ReleaseOutcome.Released, await Release(workflow, addendum, Boris));
    }

    [Fact]
    public async Task No_letter_lowers_the_number_by_asking_to_be_released_automatically()
    {
        await using var workflow = await Open();
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("release: automatic"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        Assert.Empty(await workflow.Distributions());
        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);
    }

    [Theory]
    [InlineData("3", "false", "The setting Release:People must be 1 or 2: how many different people a release needs.")]
    [InlineData(
        "2",
        "true",
        "The setting Release:AllowAutomatic lets letters leave that nobody has released, and Release:People asks for two people. Set Release:AllowAutomatic to false, or Release:People to 1."
    )]
    public void Settings_that_contradict_this_are_told_at_the_start(string people, string automatic, string words) =>
        Assert.Equal(
            [words],
            SettingRemedyTests.Faults(("Release:People", people), ("Release:AllowAutomatic", automatic)));

    [Fact]
    public async Task The_page_says_to_each_what_their_press_would_do()
    {
        await using var workflow = await Open();
        var id = (await workflow.Accepted("che")).Id;
        await using var first = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        await using var second = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        Assert.Contains(
            "Approved by amélie@secretariat.example",
            TestSite
                .Words(
                    (await first.Press($"/distributions/{id}", "Approve Draft Rev 1 for 1 mission"))
                        .QuerySelector("main")!
                        .TextContent)
                .Replace("\u2068", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains(
            "You have approved it. Another releaser must send it",
            TestSite.Words(await first.Page($"/distributions/{id}")),
            StringComparison.Ordinal);
        Assert.Contains(
            "Released on",
            TestSite.Words(await second.Press($"/distributions/{id}", "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_does_what_it_said_or_nothing()
    {
        await using var workflow = await Open();
        var address = Addresses.Distribution((await workflow.Accepted("che")).Id);
        await using var first = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        await using var second = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");

        var toApprove = await second.Page(address);
        await first.Press(address, "Approve Draft Rev 1 for 1 mission");
        var refused = await second.Press(toApprove, "Approve Draft Rev 1 for 1 mission");
        Assert.StartsWith(
            "Nothing was sent or approved: who stands behind this letter has changed",
            TestSite.Words(refused.QuerySelector("[role=alert]")!.TextContent),
            StringComparison.Ordinal);
        Assert.Null((await workflow.TheDistribution()).ReleasedAt);

        // The other way round: what the page said would send it would only approve it by now.
        await first.Press(address, "Take my approval back");
        refused = await second.Press(refused, "Send Draft Rev 1 to 1 mission");
        Assert.StartsWith(
            "Nothing was sent or approved:",
            TestSite.Words(refused.QuerySelector("[role=alert]")!.TextContent),
            StringComparison.Ordinal);
        Assert.Empty((await workflow.TheDistribution()).Approvals);

        // A form that does not say what its button said, as one of an earlier version.
        var silent = await second.Page(address);
        silent.QuerySelector("input[name=step]")!.Remove();
        await second.Press(silent, "Approve Draft Rev 1 for 1 mission");
        Assert.Empty((await workflow.TheDistribution()).Approvals);

        await second.Press(refused, "Approve Draft Rev 1 for 1 mission");
        Assert.Contains(
            "Released on",
            TestSite.Words(await first.Press(address, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
    }

    private Task<TestWorkflow> Open(string at = "2018-03-26 12:00") =>
        TestWorkflow.OpenAt(at, azurite, null, ("Release:People", "2"));

    private static Task<ReleaseOutcome> Release(TestWorkflow workflow, string id, Person person) =>
        workflow.Get<Releases>().Release(id, person, confirmed: false, Cancellation);

    private static async Task<DistributionRecord> Waiting(TestWorkflow workflow) =>
        (await workflow.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);

    /// <summary>Uploads at the desk, as its form does: the sample letter and draft where no others are named.</summary>
    private static async Task Bring(TestWorkflow workflow, Person author, params (string Name, byte[] Content)[] files)
    {
        await using var site = await TestSite.Open(workflow, [Roles.Drafter], author.Name);
        using var form = new MultipartFormDataContent();
        foreach (
            var (name, value) in ((string Name, string Value)[])
                [await site.Token(), ("process", "gcm"), ("revision", "draft-rev-1"), ("replace", "yes")])
            form.Add(new StringContent(value), name);
        foreach (
            var (name, content) in files is []
                ? [("draft-rev-1.pdf", Samples.Pdf()), ("letter.md", Samples.Bytes(Samples.Letter()))]
                : files)
            form.Add(new ByteArrayContent(content), "files", name);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await site.Send(Addresses.UploadForm, form)).StatusCode);
    }
}
