using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using MimeKit;
using Xunit;

namespace Distribution.Tests;

public sealed class RepliesPageTests(AzuriteFixture azurite)
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly string Me = $"{Environment.UserName} (this machine)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_nothing_waiting_the_front_page_says_nothing_of_it_and_the_list_says_so()
    {
        await using var house = await House.Open(azurite);
        await using var site = await Site.Open(house);
        Assert.DoesNotContain("repl", Site.Words(await site.Page("/")), StringComparison.Ordinal);
        Assert.Contains("No reply waits.", Site.Words(await site.Page("/replies")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_click_on_a_candidate_keeps_the_reply_with_its_mission_by_the_person_signed_in()
    {
        await using var house = await Sent();
        await using var site = await Site.Open(house);
        var distribution = await house.TheDistribution();
        await Take(house, "second.secretary@che.example", Script);
        Assert.Contains("1 reply waits for a person to say which letter it answers", Site.Words(await site.Page("/")), StringComparison.Ordinal);
        var list = await site.Page("/replies");
        Assert.Contains($"{Script} From {Script} <second.secretary@che.example>", Site.Words(list), StringComparison.Ordinal);
        Assert.Contains($"We have it. {Script}", Site.Words(list), StringComparison.Ordinal);
        Assert.Empty(list.QuerySelectorAll("main script"));

        var after = await site.Press(list, $"Switzerland, to Draft Rev 1, {distribution.Process}");

        Assert.Contains("No reply waits.", Site.Words(after), StringComparison.Ordinal);
        var stands = (await house.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!.Stands!;
        Assert.Equal((AcknowledgementChannel.Reply, Me), (stands.Channel, stands.Recorder));
        var letter = await site.Page($"/distributions/{distribution.Id}/letters/che");
        Assert.NotNull(letter.QuerySelector("#replies"));
        Assert.Contains($"Matched by a person. Recorded by {Me}", Site.Words(letter), StringComparison.Ordinal);
        Assert.Empty(letter.QuerySelectorAll("main script"));
    }

    [Fact]
    public async Task Who_presses_second_is_told_that_it_was_decided()
    {
        await using var house = await Sent();
        await using var site = await Site.Open(house);
        await Take(house, "second.secretary@che.example", "Re");
        var list = await site.Page("/replies");
        var waiting = Assert.Single(await house.Get<Replies>().Waiting(Cancellation));
        await house.Get<ReplyDesk>().SetAside(waiting.Id, "the secretary", Cancellation);

        var after = await site.Press(list, $"Switzerland, to Draft Rev 1, {(await house.TheDistribution()).Process}");

        Assert.Equal("Nothing was changed: someone had decided on this message already.", after.QuerySelector("[role=alert]")!.TextContent);
        Assert.Null(await house.Get<Acknowledgements>().Find((await house.TheDistribution()).Id, "che", Cancellation));
    }

    [Fact]
    public async Task What_nobody_knows_is_matched_by_choosing_the_letter_and_typing_the_mission()
    {
        await using var house = await Sent();
        await using var site = await Site.Open(house);
        await Take(house, "someone@else.example", "Re");
        var list = await site.Page("/replies");
        Assert.Contains("Switzerland", list.QuerySelectorAll("#missions option").OfType<IHtmlOptionElement>().Select(option => option.Value));
        var form = list.QuerySelectorAll("form").OfType<IHtmlFormElement>().Single(found => found.QuerySelector("select") is not null);
        var distribution = ((IHtmlOptionElement)form.QuerySelector("option")!).Value;

        var unknown = await Post("Atlantis");
        Assert.Contains("there is no mission of that name on the letter's roster", Site.Words(unknown), StringComparison.Ordinal);
        Assert.Single(await house.Get<Replies>().Waiting(Cancellation));

        Assert.Contains("No reply waits.", Site.Words(await Post(" switzerland ")), StringComparison.Ordinal);
        Assert.NotNull((await house.Get<Acknowledgements>().Find(distribution, "che", Cancellation))!.Stands);

        async Task<IHtmlDocument> Post(string mission)
        {
            var token = form.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>().Single();
            var answer = await site.Post(form.GetAttribute("action")!, ("distribution", distribution), ("mission", mission), (token.Name!, token.Value));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            return await site.Page(answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task What_is_no_reply_is_set_aside_and_changes_nothing_else()
    {
        await using var house = await Sent();
        await using var site = await Site.Open(house);
        await Take(house, "second.secretary@che.example", "Lunch");

        var after = await site.Press("/replies", "No reply to a letter of ours: Lunch");

        Assert.Contains("No reply waits.", Site.Words(after), StringComparison.Ordinal);
        Assert.Null(await house.Get<Acknowledgements>().Find((await house.TheDistribution()).Id, "che", Cancellation));
        Assert.Null((await site.Page($"/distributions/{(await house.TheDistribution()).Id}/letters/che")).QuerySelector("#replies"));
    }

    [Fact]
    public async Task The_message_and_its_files_are_only_ever_saved_whatever_they_say_they_are()
    {
        await using var house = await Sent();
        await using var site = await Site.Open(house);
        await Take(house, "mission@che.example", "Re");
        var page = await site.Page($"/distributions/{(await house.TheDistribution()).Id}/letters/che");
        var links = page.QuerySelectorAll(".files a").OfType<IHtmlAnchorElement>().Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(2, links.Count);

        foreach (var (link, name, part) in ((string, string, string)[])[(links[0], ".eml", "Subject: Re"), (links[1], "notes.html", Script)])
        {
            using var answer = await site.Get(link);
            Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
            Assert.EndsWith(name, answer.Content.Headers.ContentDisposition.FileName, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains(part, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await site.Page(links[1].Replace("/files/0", "/files/1", StringComparison.Ordinal), HttpStatusCode.NotFound);
        await site.Page($"/replies/{new string('0', 32)}/message.eml", HttpStatusCode.NotFound);
        await site.Page("/replies/..%2f..%2fdone/message.eml", HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Send(HttpMethod.Get, links[0], host: "letters.example")).StatusCode);
    }

    private async Task<House> Sent()
    {
        var house = await House.Open(azurite);
        await house.UseMailboxes("mission@che.example");
        await house.Released();
        await house.Run();
        return house;
    }

    private static async Task Take(House house, string from, string subject)
    {
        var body = new BodyBuilder { TextBody = $"We have it. {Script}" };
        body.Attachments.Add("notes.html", Encoding.UTF8.GetBytes(Script), new ContentType("text", "html"));
        using var message = new MimeMessage { Subject = subject, Body = body.ToMessageBody() };
        message.From.Add(new MailboxAddress(subject == Script ? Script : null, from));
        message.To.Add(MailboxAddress.Parse("letters@secretariat.example"));
        using var content = new MemoryStream();
        await message.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await house.Get<InboundFiles>().Upload("one.eml", content, Cancellation);
        await house.Reconcile();
    }
}
