using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What the desk notes about a mission for one another.</summary>
public sealed class MissionNoteTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_note_stands_with_its_author_and_time_acts_as_words_is_kept_once_and_is_erased_from_everywhere()
    {
        const string words = "Ask for <b>Ms. Favre</b>\nafter 3 p.m. =1+1";
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await site.Page(Addresses.Mission("che"));
        var told = await Keep(site, page, words);
        Assert.Contains("The note is kept for everyone of the desk.", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Equal(words, told.QuerySelector(".desk-note .typed")!.TextContent);
        Assert.Contains($"{TestSite.PersonWithRoles}, ", TestSite.Words(told.QuerySelector(".desk-note .quiet")!.TextContent), StringComparison.Ordinal);

        // The same form once more, as after "back" or a double click.
        told = await Keep(site, page, words);
        Assert.Contains("This note was kept already when you pressed, and stands here once.", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Single(told.QuerySelectorAll(".desk-note"));
        Assert.Empty((await site.Page(Addresses.Mission("fra"))).QuerySelectorAll(".desk-note"));

        var note = Assert.Single(await workflow.Get<MissionNotes>().Of("che", Cancellation));
        Assert.Contains("The note is erased.", TestSite.Words(await Erase()), StringComparison.Ordinal);
        Assert.Contains("the note had been erased already", TestSite.Words(await Erase()), StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<MissionNotes>().Of("che", Cancellation));
        Assert.DoesNotContain("Favre", await (await site.Get("/acts.csv")).Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        async Task<IHtmlDocument> Erase()
        {
            var answer = await site.Post(Addresses.EraseMissionNote("che", note.Id), await site.Token());
            return await site.Page(answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task A_note_without_words_or_too_long_is_not_kept_and_nothing_typed_is_lost()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await site.Post(Addresses.MissionNotes("che"), await site.Token(), ("words", " \n "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var typed = new string('x', MissionNotes.Longest + 1);
        answer = await site.Post(Addresses.MissionNotes("che"), await site.Token(), ("words", typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Equal("Make it shorter: 2000 characters at most. It has 2001.", page.QuerySelector("#note-problem")!.TextContent);
        Assert.Equal(typed, page.QuerySelector("#note")!.TextContent);
        Assert.Empty(await workflow.Get<MissionNotes>().Of("che", Cancellation));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await site.Post(Addresses.MissionNotes("nowhere"), await site.Token(), ("words", "a note"))).StatusCode);
    }

    [Fact]
    public async Task A_reader_reads_notes_and_writes_and_erases_none()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Get<MissionNotes>().Add(Guid.NewGuid(), "che", "zoë", "A note", Cancellation);
        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        Assert.Equal("A note", (await reader.Page(Addresses.Mission("che"))).QuerySelector(".desk-note .typed")!.TextContent);
        var id = (await workflow.Get<MissionNotes>().Of("che", Cancellation))[0].Id;
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await reader.Post(Addresses.MissionNotes("che"), await reader.Token(), ("words", "x"))).StatusCode);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await reader.Post(Addresses.EraseMissionNote("che", id), await reader.Token())).StatusCode);
        Assert.Single(await workflow.Get<MissionNotes>().Of("che", Cancellation));
    }

    private static async Task<IHtmlDocument> Keep(TestSite site, IHtmlDocument page, string words)
    {
        var answer = await site.Post(
            Addresses.MissionNotes("che"),
            await site.Token(),
            ("form", page.QuerySelector("#note-part input[name=form]")!.GetAttribute("value")!),
            ("words", words));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await site.Page(answer.Headers.Location!.ToString());
    }
}
