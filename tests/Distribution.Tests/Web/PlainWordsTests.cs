using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A secretary reads no name of a setting: what to do about it is folded, for whoever runs the service.</summary>
public sealed partial class PlainWordsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("All is well. Re:Draft stays.", "All is well. Re:Draft stays.")]
    [InlineData(
        "The mail server refused the log-in: “535 5.7.8 No.” Check Mail:User and Mail:Password.",
        "The mail server refused the log-in: “535 5.7.8 No.” Ask whoever runs this service.")]
    [InlineData("Check Mail:User.", "Ask whoever runs this service.")]
    public void What_names_a_setting_is_left_out_and_whom_to_ask_is_said(string words, string plain) =>
        Assert.Equal(plain, ServiceWords.Plain(words));

    [Fact]
    public void Every_section_of_the_settings_is_known() =>
        Assert.All(
            ReadmeTests.Settings.Where(setting => setting.Contains(':', StringComparison.Ordinal)),
            setting => Assert.True(ServiceWords.NameSettings($"Set {setting} first."), setting));

    [Fact]
    public async Task No_page_names_a_setting_but_where_it_is_folded_for_whoever_runs_the_service()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await workflow.Released("che", "fra");
        transport.Fault = new("The mail server refused the log-in. Check Mail:User and Mail:Password.", passes: false);
        await workflow.Run();
        var waits = await workflow.AcceptedWith("", "draft-rev-2");
        await workflow.Get<DistributionRecords>().Change(
            waits.Id,
            now => now with
            {
                ProofRequestedAt = workflow.Clock.GetUtcNow(),
                ProofNote = "The proof was not sent. The mail server refused the log-in. Check Mail:User.",
                Warnings =
                [
                    new Finding(599, Location.Setting("Mail:From"), "This is a sample.", "Set Mail:From to another address.", Severity.Note),
                ],
            },
            Cancellation);
        await workflow.Upload("gcm/draft-rev-3/letter.md", "---\nprocess: GCM\nMail:From: x\n---\nNothing");
        await workflow.Get<Notices>().Add(
            new("sample", workflow.Clock.GetUtcNow(), letter.Id, "Letters leave slowly. Set Mail:Connections to 3."),
            Cancellation);
        await workflow.Get<DeskActs>().Add(
            new(DeskActs.NewId(workflow.Clock.GetUtcNow()), workflow.Clock.GetUtcNow(), "amélie", null, "releaser", "Send a proof", letter.Id, null)
            {
                Outcome = DeskOutcome.NothingChanged,
                Words = "No proof was sent. Look at Mail:From.",
            },
            Cancellation);
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);
        var folded = 0;
        foreach (
            var address in (string[])
                [
                    Addresses.Front,
                    Addresses.Distribution(letter.Id),
                    Addresses.Distribution(waits.Id),
                    Addresses.Proof(waits.Id),
                    Addresses.Letter(letter.Id, "che"),
                    Addresses.LetterBriefing(letter.Id),
                    Addresses.Briefing(),
                    Addresses.Served(letter.Id),
                    Addresses.Unreachable(letter.Id),
                    Addresses.Audit(letter.Id),
                    Addresses.Erase(letter.Id),
                    Addresses.Erased,
                    Addresses.Acts(),
                    Addresses.Replies,
                    Addresses.MissionList,
                    Addresses.Mission("che"),
                    Addresses.MissionEdit("che"),
                    Addresses.Register,
                    Addresses.UploadForm,
                    Addresses.NewLetter,
                    Addresses.Upload(new("gcm", "draft-rev-3")),
                    $"{Addresses.Search}?q=che",
                ])
        {
            var page = await site.Page(address);
            foreach (var part in page.QuerySelectorAll(".for-operations"))
            {
                folded++;
                part.Remove();
            }

            var words = TestSite.Words(page.Body!.TextContent);
            if (Setting().Match(words) is { Success: true } named)
                Assert.Fail($"{address}: {words[Math.Max(0, named.Index - 200)..Math.Min(words.Length, named.Index + 40)]}");
        }

        // The on-hold letter, its notice, the proof and the finding: who runs the service finds what to set.
        Assert.InRange(folded, 4, 20);
    }

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+:[A-Z][A-Za-z]*")]
    private static partial Regex Setting();
}
