using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Files that come in parts, as the script of the upload form sends them.</summary>
public sealed class PartUploadTests(AzuriteFixture azurite)
{
    private const int Part = (int)RequestLimits.Part;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_in_any_order_and_twice_are_the_file_that_was_chosen_and_no_draft_before_it_is_signed_off()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var scan = Content(17_000_000);
        foreach (var part in (int[])[2, 0, 1, 0])
            Assert.Equal(HttpStatusCode.NoContent, await Send(site, scan, part));
        Assert.Equal([0, 1, 2], await There(site, scan));
        await workflow.Reconcile();
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));
        Assert.Empty(await workflow.Get<Uploads>().All(Cancellation));

        var letter = Encoding.UTF8.GetBytes(Samples.Letter());
        await Send(site, letter, 0);
        var answer = await SignOff(site, ("letter.md", letter), ("draft-rev-1.pdf", scan));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var act = Assert.Single(await workflow.Get<DeskActs>().Latest(null, 10, Cancellation));
        Assert.Equal(
            (DeskOutcome.Done, "2 files are uploaded into gcm/draft-rev-1.", "gcm/draft-rev-1: draft-rev-1.pdf and letter.md"),
            (act.Outcome, act.Words, act.Detail));
        Assert.Equal(
            [("gcm/draft-rev-1/draft-rev-1.pdf", Sha256Hex.Of(scan)), ("gcm/draft-rev-1/letter.md", Sha256Hex.Of(letter))],
            await Drafted(workflow));
        Assert.Equal(0, await Staged(workflow));
    }

    [Fact]
    public async Task A_letter_that_came_in_parts_is_checked_like_any_other_and_its_uploader_is_its_author()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var (letter, pdf) = (Encoding.UTF8.GetBytes(Samples.Letter()), Samples.Pdf());
        await Send(site, letter, 0);
        await Send(site, pdf, 0);
        await SignOff(site, ("letter.md", letter), ("draft-rev-1.pdf", pdf));

        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Contains(
            $"Uploaded by {TestSite.PersonWithRoles}",
            TestSite.Words(await site.Page(Addresses.Distribution((await workflow.TheDistribution()).Id))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_broke_off_is_no_upload_says_so_and_is_taken_up_where_it_stopped()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var scan = Content(9_000_000);
        await Send(site, scan, 0);

        var answer = await SignOff(site, ("letter.pdf", scan));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(
            "letter.pdf has not arrived whole, or was uploaded already from another page: choose the files again.",
            TestSite.Words(await TestSite.Read(answer)),
            StringComparison.Ordinal);
        Assert.Empty(await Drafted(workflow));

        Assert.Equal([0], await There(site, scan));
        await Send(site, scan, 1);
        Assert.Equal(HttpStatusCode.SeeOther, (await SignOff(site, ("letter.pdf", scan))).StatusCode);
        Assert.Equal([("gcm/draft-rev-1/letter.pdf", Sha256Hex.Of(scan))], await Drafted(workflow));
    }

    [Fact]
    public async Task Of_several_files_none_is_put_into_the_folder_where_one_is_not_whole()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        byte[] whole = [1, 2, 3];
        await Send(site, whole, 0);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await SignOff(site, ("a.pdf", whole), ("b.pdf", [4, 5]))).StatusCode);
        Assert.Empty(await Drafted(workflow));
    }

    [Fact]
    public async Task A_file_that_changed_while_it_was_sent_is_refused_in_words_and_sent_anew()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var before = Content(9_000_000);
        var after = (byte[])before.Clone();
        after[^1] ^= 1;
        await Send(site, before, 0);
        // Under the hash the file had when it was chosen comes what it holds now.
        Assert.Equal(HttpStatusCode.NoContent, await Send(site, before, 1, after.AsMemory(Part)));

        var answer = await SignOff(site, ("letter.pdf", before));
        Assert.Contains(
            "letter.pdf changed while it was being sent: choose the files again.",
            TestSite.Words(await TestSite.Read(answer)),
            StringComparison.Ordinal);
        Assert.Empty(await Drafted(workflow));
        Assert.Empty(await There(site, before));
    }

    [Fact]
    public async Task A_part_that_is_damaged_cut_or_too_large_is_refused_and_not_kept()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var scan = Content(9_000_000);
        var token = await site.Token();
        var path = Path(scan);
        (string, string)[] headers = [("RequestVerificationToken", token.Value), (PartEndpoints.Digest, Digest(scan.AsSpan(Part)))];

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Put($"{path}/1", Content(1_000_000).AsMemory(1), headers)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Put($"{path}/0", scan.AsMemory(Part), headers)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Put($"{path}/7", scan.AsMemory(Part), headers)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Put($"{path}/1", scan.AsMemory(Part), headers[0])).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await site.Put($"{path}/0", scan, headers)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Put($"{Addresses.Parts}/nohash/1/0", scan.AsMemory(Part), headers)).StatusCode);
        var tooLong = await site.Put($"{Addresses.Parts}/{Sha256Hex.Of(scan)}/60000001/0", scan.AsMemory(0, Part), headers);
        Assert.Equal(
            (
                HttpStatusCode.RequestEntityTooLarge,
                "The file has a little more than 60 MB, and no more than 60 MB can be uploaded."),
            (tooLong.StatusCode, await tooLong.Content.ReadAsStringAsync(Cancellation)));
        Assert.Empty(await There(site, scan));
        Assert.Equal(HttpStatusCode.NoContent, (await site.Put($"{path}/1", scan.AsMemory(Part), headers)).StatusCode);
    }

    [Fact]
    public async Task Nobody_reads_or_signs_off_what_another_person_sends_and_no_other_site_and_no_reader_sends_any()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var zoe = await TestSite.Open(workflow, [Roles.Drafter], "zoë@secretariat.example");
        await using var boris = await TestSite.Open(workflow, [Roles.Drafter], "boris@secretariat.example");
        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        byte[] scan = [1, 2, 3];
        await Send(zoe, scan, 0);

        Assert.Equal([0], await There(zoe, scan));
        Assert.Empty(await There(boris, scan));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignOff(boris, ("letter.pdf", scan))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await boris.Put($"{Path(scan)}/0", scan, (PartEndpoints.Digest, Digest(scan)))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await Send(reader, scan, 0));
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Get(Path(scan))).StatusCode);
        Assert.Equal(1, await Staged(workflow));
    }

    [Fact]
    public async Task Of_two_pages_that_upload_into_one_folder_the_second_is_asked_and_need_not_send_its_files_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        byte[][] scans = [[1], [2]];
        foreach (var scan in scans)
            await Send(site, scan, 0);
        var answers = await Task.WhenAll(scans.Select(scan => SignOff(site, ("letter.pdf", scan))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        var second = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity);
        var page = await TestSite.Read(second);
        Assert.Contains("the files you chose are sent already", TestSite.Words(page), StringComparison.Ordinal);
        page.QuerySelector("#replace")!.SetAttribute("checked", "");
        await site.Press(page, "Upload and check");
        var kept = scans[Array.IndexOf(answers, second)];
        Assert.Equal([("gcm/draft-rev-1/letter.pdf", Sha256Hex.Of(kept))], await Drafted(workflow));

        // Whoever presses once more, with the same files, is led to what they have become.
        var before = await workflow.Get<Drafts>().List(null, Cancellation);
        await Send(site, kept, 0);
        var again = await SignOff(site, ("letter.pdf", kept));
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Contains(
            "These files were uploaded into gcm/draft-rev-1 already when you pressed.",
            TestSite.Words(await site.Page(again.Headers.Location!.ToString())),
            StringComparison.Ordinal);
        Assert.Equal(before, await workflow.Get<Drafts>().List(null, Cancellation));
    }

    [Fact]
    public async Task What_nobody_finishes_is_deleted_a_day_after_its_last_part_came()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var (left, goesOn) = (Content(9_000_000), Content(10_000_000));
        await Send(site, left, 0);
        await Send(site, goesOn, 0);
        workflow.Clock.Advance(TimeSpan.FromHours(23));
        await Send(site, goesOn, 1);
        await workflow.Reconcile();
        Assert.Equal(3, await Staged(workflow));

        workflow.Clock.Advance(TimeSpan.FromHours(2));
        await workflow.Reconcile();
        Assert.Empty(await There(site, left));
        Assert.Equal([0, 1], await There(site, goesOn));
        workflow.Clock.Advance(TimeSpan.FromHours(23));
        await workflow.Reconcile();
        Assert.Equal(0, await Staged(workflow));
    }

    [Fact]
    public async Task Files_that_are_too_large_together_are_told_by_size_and_limit()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var token = await site.Token();
        var answer = await site.Send(
            HttpMethod.Post,
            Addresses.UploadForm,
            [
                new(token.Name, token.Value),
                new("process", "gcm"),
                new("revision", "draft-rev-1"),
                new(ChosenFiles.Field, $"{new string('a', 64)}:40000000:a.pdf"),
                new(ChosenFiles.Field, $"{new string('b', 64)}:30000000:b.pdf"),
            ]);
        Assert.Contains(
            "The files have 70 MB together, and one upload has no more than 60 MB.",
            TestSite.Words(await TestSite.Read(answer)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_comes_in_parts_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var register = Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra", "mex"));
        await Send(site, register, 0);
        var token = await site.Token();
        var answer = await site.Send(
            HttpMethod.Post,
            Addresses.Register,
            [new(token.Name, token.Value), new(ChosenFiles.Field, Entry("missions.csv", register))]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Contains(
            "The register is in use, with 3 missions.",
            TestSite.Words(await site.Page(answer.Headers.Location!.ToString())),
            StringComparison.Ordinal);
        Assert.Equal(0, await Staged(workflow));
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private static string Path(byte[] file) => $"{Addresses.Parts}/{Sha256Hex.Of(file)}/{file.Length}";

    internal static string Entry(string name, byte[] file) => $"{Sha256Hex.Of(file)}:{file.Length}:{name}";

    private static string Digest(ReadOnlySpan<byte> part) =>
        $"sha-256=:{Convert.ToBase64String(SHA256.HashData(part))}:";

    internal static async Task<HttpStatusCode> Send(TestSite site, byte[] file, int part, ReadOnlyMemory<byte>? content = null)
    {
        var bytes = content ?? file.AsMemory(part * Part, Math.Min(Part, file.Length - (part * Part)));
        return (
            await site.Put(
                $"{Path(file)}/{part}",
                bytes,
                ("RequestVerificationToken", (await site.Token()).Value),
                (PartEndpoints.Digest, Digest(bytes.Span)))
        ).StatusCode;
    }

    private static async Task<IReadOnlyList<int>> There(TestSite site, byte[] file) =>
        JsonSerializer.Deserialize<List<int>>(await (await site.Get(Path(file))).Content.ReadAsStringAsync(Cancellation))!;

    private static async Task<HttpResponseMessage> SignOff(TestSite site, params (string Name, byte[] Content)[] files)
    {
        var token = await site.Token();
        return await site.Send(
            HttpMethod.Post,
            Addresses.UploadForm,
            [
                new(token.Name, token.Value),
                new("process", "gcm"),
                new("revision", "draft-rev-1"),
                .. files.Select(file => KeyValuePair.Create(ChosenFiles.Field, Entry(file.Name, file.Content))),
            ]);
    }

    private static async Task<IReadOnlyList<(string Name, string Sha256)>> Drafted(TestWorkflow workflow)
    {
        List<(string, string)> found = [];
        foreach (var file in await workflow.Get<Drafts>().List(null, Cancellation))
            found.Add((file.Name, Sha256Hex.Of((await workflow.Get<Drafts>().Read(file, Cancellation))!.Value.Span)));
        return found;
    }

    private static async Task<int> Staged(TestWorkflow workflow) =>
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Staging)
            .GetBlobsAsync(cancellationToken: Cancellation)
            .CountAsync(Cancellation);
}
