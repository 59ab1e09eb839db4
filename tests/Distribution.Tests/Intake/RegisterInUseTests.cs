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
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        Assert.Equal(223, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        Assert.Equal(
            ["mex", "che"],
            (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Select(mission => mission.Id));
    }

    [Fact]
    public async Task A_bad_register_never_replaces_a_good_one_and_is_reported_once_with_row_and_column()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        await workflow.UploadRegister(TestWorkflow.RegisterOfMailboxes("not an address"));
        await workflow.Run();

        Assert.Equal(2, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        var report = await workflow.Report(RegisterContainer.Uploaded);
        Assert.Contains("The register in use before stays in use.", report);
        Assert.Contains("register.csv, row 2, column to", report);
        Assert.StartsWith(
            "The uploaded register was not taken over; the one in use stays.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);

        await workflow.UploadRegister(TestWorkflow.RegisterOfMailboxes("duty@mission.example"));
        Assert.Single((await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions);
        Assert.Null(await workflow.Report(RegisterContainer.Uploaded));
    }

    [Fact]
    public async Task An_upload_rejected_for_the_register_is_examined_again_with_the_next_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UploadRegister(TestWorkflow.RegisterOf("mex"));
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("audience: [che]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);

        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        await workflow.Run();
        Assert.Equal(1, (await workflow.TheDistribution()).MissionCount);
    }
}
