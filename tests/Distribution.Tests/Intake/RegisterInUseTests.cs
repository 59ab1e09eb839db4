using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class RegisterInUseTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_missions_the_product_came_with_are_in_use_until_a_register_is_uploaded()
    {
        await using var house = await TestWorkflow.Open(azurite);
        Assert.Equal(223, (await house.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        await house.UseRegister("che", "mex");
        Assert.Equal(
            ["mex", "che"],
            (await house.Get<RegisterInUse>().Current(Cancellation)).Missions.Select(mission => mission.Id));
    }

    [Fact]
    public async Task A_bad_register_never_replaces_a_good_one_and_is_reported_once_with_row_and_column()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("che", "mex");
        await house.UseMailboxes("not an address");
        await house.Run();

        Assert.Equal(2, (await house.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        var report = await house.Report(RegisterContainer.Uploaded);
        Assert.Contains("The register in use before stays in use.", report);
        Assert.Contains("register.csv, row 2, column to", report);
        Assert.StartsWith(
            "The uploaded register was not taken over; the one in use stays.",
            Assert.Single(await house.Get<Notices>().All(Cancellation)).Text);

        await house.UseMailboxes("duty@mission.example");
        Assert.Single((await house.Get<RegisterInUse>().Current(Cancellation)).Missions);
        Assert.Null(await house.Report(RegisterContainer.Uploaded));
    }

    [Fact]
    public async Task An_upload_rejected_for_the_register_is_examined_again_with_the_next_one()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("mex");
        await house.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("audience: [che]"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await house.Run();
        Assert.Equal(UploadState.Rejected, (await house.TheUpload()).State);

        await house.UseRegister("che", "mex");
        await house.Run();
        Assert.Equal(1, (await house.TheDistribution()).MissionCount);
    }
}
