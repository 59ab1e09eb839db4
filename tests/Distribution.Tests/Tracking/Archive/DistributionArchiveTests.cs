using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Tracking.Reports;
using Distribution.Tracking;
using Distribution.Tracking.Archive;
using Xunit;

namespace Distribution.Tests.Tracking.Archive;

/// <summary>An archive, taken apart by someone who has nothing but the archive.</summary>
public sealed class DistributionArchiveTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_file_is_in_the_manifest_with_its_sum_and_nothing_else_is()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var files = Unzipped(await Archive(workflow, await Complete(workflow)));

        var sums = Text(files["MANIFEST.sha256"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line[66..], line => line[..64]);
        Assert.Equal(
            files.Keys.Where(name => name != "MANIFEST.sha256").Order(StringComparer.Ordinal),
            sums.Keys.Order(StringComparer.Ordinal));
        Assert.All(sums, sum => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(files[sum.Key])), sum.Value));

        var manifest = JsonDocument.Parse(files["manifest.json"]).RootElement;
        Assert.Equal("Complete", manifest.GetProperty("state").GetString());
        var listed = manifest.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(files.Count - 2, listed.Count);
        Assert.All(listed, file => Assert.Equal(
            (sums[file.GetProperty("name").GetString()!], files[file.GetProperty("name").GetString()!].LongLength),
            (file.GetProperty("sha256").GetString()!, file.GetProperty("bytes").GetInt64())));
        Assert.All(listed, file => Assert.NotEmpty(file.GetProperty("role").GetString()!));
    }

    [Fact]
    public async Task It_holds_the_letters_the_enclosures_the_roster_and_what_became_of_them()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await Complete(workflow);
        var step = new AcknowledgementStep(
            "1",
            workflow.Clock.GetUtcNow(),
            "Amélie Favre",
            new("Amélie Favre", null, AcknowledgementChannel.Page, workflow.Clock.GetUtcNow()));
        Assert.True(await workflow.Get<Acknowledgements>().RecordFirst(distribution.Id, "che", step, Cancellation));
        var files = Unzipped(await Archive(workflow, distribution));

        Assert.Equal(
            [
                "README.txt", $"letters/all/{Samples.LetterPdf}",
                "letters/mex/subject.txt", "letters/mex/email.html", "letters/mex/email.txt",
                "letters/che/subject.txt", "letters/che/email.html", "letters/che/email.txt",
                "enclosures/draft-rev-1.pdf", "content.json", "roster.csv", "deliveries.csv", "acknowledgements.csv", "acts.csv",
                "log/log.jsonl", "log/people.jsonl", "log/README.txt", "manifest.json", "MANIFEST.sha256",
            ],
            files.Keys);
        Assert.Equal(
            distribution.Enclosures[0].Hash,
            Convert.ToHexStringLower(SHA256.HashData(files["enclosures/draft-rev-1.pdf"])));
        Assert.Contains(
            "Draft Rev 1 of the Global Compact",
            Pdf.Text(files[$"letters/all/{Samples.LetterPdf}"]),
            StringComparison.Ordinal);
        Assert.Equal(["mex", "che"], ReportTablesTests.Rows(files["roster.csv"]).Skip(1).Select(row => row[1]));
        Assert.Contains("Accepted by the mail server", Text(files["deliveries.csv"]), StringComparison.Ordinal);
        Assert.Contains("Amélie Favre", Text(files["acknowledgements.csv"]), StringComparison.Ordinal);
        Assert.Equal(
            ["Prepared", "Released", "Completed"],
            ReportTablesTests.Rows(files["acts.csv"]).Skip(1).Select(row => row[2]));
    }

    [Fact]
    public async Task The_log_in_it_is_sound_and_has_every_fact()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await Complete(workflow);
        var files = Unzipped(await Archive(workflow, distribution));
        var log = new ExportedLog(files["log/log.jsonl"], files["log/people.jsonl"], "");
        Assert.Empty((await log.Verify((await workflow.Export(distribution.Id)).Links[^1].Hash)).Faults);
        Assert.Equal(await workflow.FactsOnRecord(distribution.Id), log.WithoutCopies());
    }

    [Fact]
    public async Task The_emails_are_those_that_were_sent_but_for_the_link_that_acknowledges()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await Complete(workflow);
        var archive = await Archive(workflow, distribution);
        var files = Unzipped(archive);
        foreach (var mission in (string[])["che", "mex"])
        {
            var message = workflow
                .Sent()
                .Single(sent => sent.To.ToString().Contains($"{mission}@", StringComparison.Ordinal));
            var link = workflow.Get<MissionLinks>().For(distribution.Id, mission);
            Assert.Contains(link, message.TextBody, StringComparison.Ordinal);
            Assert.Equal(
                message
                    .TextBody!.ReplaceLineEndings("\n")
                    .Replace(link, DistributionArchive.NeutralLink, StringComparison.Ordinal)
                    .Trim(),
                Text(files[$"letters/{mission}/email.txt"]).Trim());
            Assert.Equal(
                message
                    .HtmlBody!.ReplaceLineEndings("\n")
                    .Replace(link, DistributionArchive.NeutralLink, StringComparison.Ordinal)
                    .Trim(),
                Text(files[$"letters/{mission}/email.html"]).Trim());
            Assert.Equal(message.Subject, Text(files[$"letters/{mission}/subject.txt"]).Trim());
            var token = link.Split('/')[^1];
            Assert.All(files, file => Assert.DoesNotContain(token, Text(file.Value), StringComparison.Ordinal));
        }

        Assert.Contains(DistributionArchive.NeutralLink, Text(files["README.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_addressed_to_each_mission_lie_in_its_folder()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var files = Unzipped(await Archive(workflow, await Complete(workflow, "address: addressed")));
        Assert.False(files.ContainsKey($"letters/all/{Samples.LetterPdf}"));
        Assert.Contains("Switzerland", Pdf.Text(files[$"letters/che/{Samples.LetterPdf}"]), StringComparison.Ordinal);
        Assert.Contains("Mexico", Pdf.Text(files[$"letters/mex/{Samples.LetterPdf}"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_state_makes_the_same_bytes_whoever_makes_it_and_whenever()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await Complete(workflow);
        var first = await Archive(workflow, distribution);
        workflow.Clock.Advance(TimeSpan.FromDays(400));
        await using var other = workflow.Another(new TransportStub());
        Assert.Equal(first, await Archive(other, distribution));
    }

    [Fact]
    public async Task One_made_before_the_end_says_so_and_holds_no_letter_that_has_not_left()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Accepted("che", "mex");
        var unreleased = Unzipped(await Archive(workflow, distribution));
        Assert.Contains("HAD NOT BEEN RELEASED", Text(unreleased["README.txt"]), StringComparison.Ordinal);
        Assert.DoesNotContain(unreleased.Keys, name => name.Contains("email", StringComparison.Ordinal));

        Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        var open = Unzipped(await Archive(workflow, distribution));
        Assert.Contains("BEFORE THE DISTRIBUTION WAS COMPLETE", Text(open["README.txt"]), StringComparison.Ordinal);
        await workflow.CarryOutBatches();
        var complete = Text(Unzipped(await Archive(workflow, distribution))["README.txt"]);
        Assert.DoesNotContain("THIS ARCHIVE WAS MADE", complete, StringComparison.Ordinal);
        Assert.Contains(
            "Missions    2; the letter was offered to the mail servers of 2",
            complete,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reminders_archive_has_what_its_missions_acknowledged_of_the_letter_and_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await Complete(workflow);
        await workflow.Acknowledge(letter.Id, "mex", "María Luna");
        Assert.True(await workflow.RemindNow(letter.Id));
        await workflow.Run();
        await workflow.Acknowledge(letter.Id, "che", "Amélie Favre");
        var reminder = (await workflow.Distributions()).Single(other => other.Follows is not null);

        var files = Unzipped(await Archive(workflow, reminder));
        Assert.Equal(
            [("che", "Amélie Favre")],
            ReportTablesTests
                .Rows(files["acknowledgements.csv"])
                .Skip(1)
                .Select(row => (row[2], row[7])));
        Assert.Contains(
            $"What missions acknowledge is the letter it reminds of,\n{letter.Id}.\n",
            Text(files["README.txt"]),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "archive of a reminder",
            Text(Unzipped(await Archive(workflow, letter))["README.txt"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_is_named_by_its_id()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await Complete(workflow);
        Assert.Contains(
            "Nothing is on record that follows",
            Text(Unzipped(await Archive(workflow, distribution))["README.txt"]),
            StringComparison.Ordinal);
        Assert.True(
            await workflow
                .Get<DistributionRecords>()
                .Add(
                    distribution with
                    {
                        Id = "gcm-addendum",
                        Follows = new(FollowUpKind.Addendum, distribution.Id),
                        PreparedAt = distribution.PreparedAt.AddDays(1),
                    },
                    Cancellation));
        Assert.Contains(
            "  gcm-addendum  an addendum, letter of 26 March 2018",
            Text(Unzipped(await Archive(workflow, distribution))["README.txt"]),
            StringComparison.Ordinal);
    }

    private static async Task<DistributionRecord> Complete(TestWorkflow workflow, string lines = "")
    {
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            lines.Length == 0 ? Samples.Letter() : Samples.LetterWith(lines));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        await workflow.Reconcile();
        return await workflow.TheDistribution();
    }

    private static async Task<byte[]> Archive(TestWorkflow workflow, DistributionRecord distribution)
    {
        using var file = new MemoryStream();
        Assert.True(await workflow.Get<DistributionArchive>().Write(distribution.Id, file, Cancellation));
        return file.ToArray();
    }

    private static Dictionary<string, byte[]> Unzipped(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        Dictionary<string, byte[]> files = [];
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using var stored = entry.Open();
            stored.CopyTo(content);
            files.Add(entry.FullName, content.ToArray());
        }

        return files;
    }

    private static string Text(byte[] content) => Encoding.UTF8.GetString(content);
}
