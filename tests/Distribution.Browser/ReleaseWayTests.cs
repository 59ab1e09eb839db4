using Distribution.Intake;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>
/// From the files on a drafter's disk to 2 missions that have the letter, as two people do it in a browser.
/// </summary>
public sealed class ReleaseWayTests(Chromium chromium, AzuriteFixture azurite)
{
    [Fact]
    public async Task A_drafter_uploads_and_corrects_a_releaser_looks_ticks_and_sends()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che", "mex");
        await using var drafting = await TestSite.Open(
            workflow,
            [Roles.Drafter, Roles.Releaser],
            "zoë@secretariat.example");
        await using var releasing = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        var (drafter, releaser) = (await chromium.AtTheDesk(), await chromium.AtTheDesk());

        await Upload("Draft Rev 1 is enclosed.", replace: false);
        await drafter.GetByText("You uploaded this, so another person must send it.").WaitForAsync();
        await chromium.Check(drafter, "release-author");
        await releaser.Open(releasing, new Uri(drafter.Url).PathAndQuery);
        await chromium.Check(releaser, "release-to-confirm");

        // She corrects the letter while he fills in the form: what he has before him does not leave any more. A form
        // that is being filled in is left alone when the page renews itself.
        await releaser.GetByLabel("I have seen this, and it is meant so").CheckAsync();
        await Upload("Draft Rev 1 is enclosed, with a correction.", replace: true);
        await releaser.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 1 to 2 missions" }).ClickAsync();
        await releaser.GetByText("Nothing was sent.").First.WaitForAsync();
        await chromium.Check(releaser, "release-overtaken");
        Assert.Empty(workflow.Sent());

        await releaser.Open(releasing, new Uri(drafter.Url).PathAndQuery);
        await releaser.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 1 to 2 missions" }).ClickAsync();
        // The browser itself asks for the tick.
        Assert.Equal(
            DistributionState.AwaitingRelease,
            (await workflow.Distributions()).Single(letter => letter.Version == 2).State);
        await releaser.GetByLabel("I have seen this, and it is meant so").CheckAsync();
        await releaser.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 1 to 2 missions" }).ClickAsync();
        await releaser.GetByText("Released on").First.WaitForAsync();
        await workflow.CarryOutBatches();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.All(
            workflow.Sent(),
            message => Assert.Contains("with a correction", message.TextBody, StringComparison.Ordinal));

        async Task Upload(string body, bool replace)
        {
            await drafter.Open(drafting, "/upload?process=gcm&revision=draft-rev-1");
            await Choose();
            await drafter.GetByRole(AriaRole.Button, new() { Name = "Upload and check" }).ClickAsync();
            if (replace)
            {
                // The page that says what is there already has no files yet.
                await drafter.GetByLabel("Put these in place of the files that are there").WaitForAsync();
                await Choose();
                await drafter.GetByLabel("Put these in place of the files that are there").CheckAsync();
                await drafter.GetByRole(AriaRole.Button, new() { Name = "Upload and check" }).ClickAsync();
            }

            await drafter.WaitForURLAsync("**/distributions/**");

            Task Choose() =>
                drafter.ChooseFiles(Samples.Letter(Samples.FrontMatter + "\ndeadlines:\n  comments: 2018-03-26 11:00", body));
        }
    }
}
