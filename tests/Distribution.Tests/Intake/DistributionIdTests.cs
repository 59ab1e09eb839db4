using Distribution.Intake;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class DistributionIdTests
{
    private static readonly UploadFolder Folder = new("gcm", "draft-rev-1");

    [Fact]
    public void The_same_upload_always_has_the_same_id() =>
        Assert.Equal("gcm-draft-rev-1-8c8db5000fd7", DistributionId.For(Folder, "abc"));

    [Fact]
    public void Another_process_revision_place_or_content_is_another_distribution() =>
        Assert.Equal(5, new[]
        {
            DistributionId.For(Folder, "abc"),
            DistributionId.For(Folder, "abd"),
            DistributionId.For(Folder with { Revision = "draft-rev.1" }, "abc"),
            DistributionId.For(Folder with { Process = "GCM" }, "abc"),
            DistributionId.For(Folder with { IsStanding = true }, "abc"),
        }.Distinct().Count());

    [Theory]
    [InlineData("Déclaration politique", "Projet révisé (1)", "declaration-politique-projet-revise-1-")]
    [InlineData("миграция", "草案", "")]
    public void An_id_is_made_of_plain_letters(string process, string revision, string start)
    {
        var id = DistributionId.For(new UploadFolder(process, revision), "abc");

        Assert.StartsWith(start, id, StringComparison.Ordinal);
        Assert.Matches(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", id);
    }

    [Fact]
    public void An_id_stays_short() =>
        Assert.Equal(
            74,
            DistributionId.For(new UploadFolder(new string('a', 120), new string('b', 120)), "abc").Length);

    [Fact]
    public void Content_is_the_same_whatever_the_order_of_files_and_another_when_anything_changes()
    {
        var (one, two) = (new UploadedFile("a.pdf", default, "1"), new UploadedFile("b.pdf", default, "2"));
        var hash = ContentHash.Of("letter"u8.ToArray(), [one, two]);

        Assert.Equal(hash, ContentHash.Of("letter"u8.ToArray(), [two, one]));
        Assert.Matches(@"\A[0-9a-f]{64}\z", hash);
        Assert.NotEqual(hash, ContentHash.Of("Letter"u8.ToArray(), [one, two]));
        Assert.NotEqual(hash, ContentHash.Of("letter"u8.ToArray(), [one]));
        Assert.NotEqual(hash, ContentHash.Of("letter"u8.ToArray(), [one with { Hash = "2" }, two with { Hash = "1" }]));
        Assert.NotEqual(hash, ContentHash.Of("letter"u8.ToArray(), [one, two with { Name = "c.pdf" }]));
    }
}
