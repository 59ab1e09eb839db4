using System.Net;
using Xunit;

namespace Distribution.Tests;

public sealed class AcknowledgeTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looking_at_the_page_shows_the_letter_and_a_button_and_changes_nothing()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che", "mex");
        await using var site = await Site.Open(house);
        var link = Link(house, distribution, "che");

        Assert.Equal(HttpStatusCode.OK, (await site.Send(HttpMethod.Head, link)).StatusCode);
        var answer = await site.Send(HttpMethod.Get, link, host: "letters.example");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var page = await Site.Read(answer);
        var words = Site.Words(page);
        Assert.Contains("Permanent Mission of Switzerland to the United Nations", words, StringComparison.Ordinal);
        Assert.Contains("Draft Rev 1", words, StringComparison.Ordinal);
        Assert.Contains("26 March 2018", words, StringComparison.Ordinal);
        Assert.Contains("Draft Rev 1 of the Global Compact", words, StringComparison.Ordinal);
        Assert.Equal("Acknowledge receipt", page.QuerySelector("form button")!.TextContent);
        Assert.Empty(await OnRecord(house, distribution));
    }

    [Fact]
    public async Task Pressing_the_button_records_who_and_when_and_the_first_one_stands()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che", "mex");
        await using var site = await Site.Open(house);
        var link = Link(house, distribution, "che");

        var answer = await site.Post(link, ("name", " Amélie <b>Favre</b> "), ("function", "Second Secretary"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(link, answer.Headers.Location!.ToString());
        var first = new Acknowledgement("Amélie <b>Favre</b>", "Second Secretary", AcknowledgementChannel.Page, house.Clock.GetUtcNow());
        Assert.Equal([first], await OnRecord(house, distribution));

        house.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.SeeOther, (await site.Post(link, ("name", "Somebody Else"))).StatusCode);
        Assert.Equal([first], await OnRecord(house, distribution));
        var page = await site.Page(link);
        Assert.Contains(
            $"Receipt acknowledged by \u2068Amélie <b>Favre</b>, Second Secretary\u2069 at {EnglishTime(first.At)}.", Site.Words(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
    }

    [Fact]
    public async Task The_function_may_be_left_out()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che");
        await using var site = await Site.Open(house);
        await site.Post(Link(house, distribution, "che"), ("name", "Amélie Favre"), ("function", " "));
        Assert.Null(Assert.Single(await OnRecord(house, distribution)).Function);
    }

    [Theory]
    [InlineData("", "Write your name.")]
    [InlineData("  ", "Write your name.")]
    [InlineData("Amélie\u0007", "This entry holds a character that cannot be printed. Type it by hand.")]
    [InlineData("Amélie\r\nFavre", "This entry holds a character that cannot be printed. Type it by hand.")]
    [InlineData("Amélie\u202EFavre", "This entry holds a character that cannot be printed. Type it by hand.")]
    public async Task A_name_that_cannot_stand_is_refused_beside_its_field_and_what_was_typed_is_kept(string name, string problem)
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che");
        await using var site = await Site.Open(house);

        var answer = await site.Post(Link(house, distribution, "che"), ("name", name), ("function", "Second \"Secretary\""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Site.Read(answer);
        Assert.Equal(problem, page.GetElementById("name-problem")!.TextContent);
        Assert.Equal("name-problem", page.GetElementById("name")!.GetAttribute("aria-describedby"));
        Assert.Equal("Second \"Secretary\"", page.GetElementById("function")!.GetAttribute("value"));
        Assert.Empty(await OnRecord(house, distribution));
    }

    [Fact]
    public async Task Two_hundred_letters_are_taken_in_and_one_more_is_not()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che");
        await using var site = await Site.Open(house);
        var link = Link(house, distribution, "che");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Post(link, ("name", new string('a', 201)))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Post(link, ("name", "Amélie"), ("function", new string('a', 201)))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await site.Post(link, ("name", new string('a', 20_000)))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await site.Post(link, ("name", new string('é', 200)))).StatusCode);
    }

    [Fact]
    public async Task No_link_but_the_missions_own_for_a_released_letter_says_anything()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Accepted("che", "mex");
        await using var site = await Site.Open(house);
        var own = Link(house, distribution, "che");
        var answers = new List<(HttpStatusCode, string)> { await Answer(own) };

        Assert.True(await house.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        answers.AddRange([
            await Answer(own[..^1] + (own[^1] == 'A' ? 'B' : 'A')),
            await Answer(own.Replace("/che/", "/mex/", StringComparison.Ordinal)),
            await Answer(own[..^20]),
            await Answer(own[..own.LastIndexOf('/')]),
            await Answer(own + "/more"),
            await Answer($"/acknowledge/{distribution.Id}/che/test-forged"),
            await Answer(Path(house.Get<MissionLinks>().For("no-such-distribution", "che"))),
            await Answer(Path(house.Get<MissionLinks>().For(distribution.Id, "fra"))),
        ]);

        var (status, words) = Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("This link is not valid", words, StringComparison.Ordinal);
        Assert.Empty(await OnRecord(house, distribution));
        Assert.Equal(HttpStatusCode.OK, (await site.Get(own)).StatusCode);

        async Task<(HttpStatusCode, string)> Answer(string link)
        {
            var looked = await site.Get(link);
            var pressed = await site.Post(link, ("name", "Amélie Favre"));
            Assert.Equal(looked.StatusCode, pressed.StatusCode);
            var page = await looked.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(page, await pressed.Content.ReadAsStringAsync(Cancellation));
            return (looked.StatusCode, page);
        }
    }

    [Fact]
    public async Task The_link_of_a_proof_says_that_it_acknowledges_nothing()
    {
        await using var house = await House.Open(azurite);
        await using var site = await Site.Open(house);
        var page = await site.Page(Path(house.Get<MissionLinks>().Proof));
        Assert.Contains("Here it acknowledges nothing.", Site.Words(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
    }

    [Fact]
    public async Task A_page_that_fails_leaves_the_link_that_lets_a_mission_in_out_of_the_log()
    {
        await using var house = await House.Open(azurite);
        var distribution = await house.Released("che");
        var link = Link(house, distribution, "che");
        await using var site = await Site.Open(PipelineTests.WithWrongKey(house.Configuration), house.Clock);

        await site.Page(link, HttpStatusCode.InternalServerError);

        Assert.Contains(site.Log, line => line.StartsWith("GET /acknowledge/{distribution}/{mission}/{token} failed, reference ", StringComparison.Ordinal));
        Assert.DoesNotContain(site.Log, line => line.Contains(link.Split('/')[^1], StringComparison.Ordinal));
    }

    private static string Link(House house, Distribution distribution, string mission) => Path(house.Get<MissionLinks>().For(distribution.Id, mission));

    private static string Path(string link) => new Uri(link).AbsolutePath;

    [Theory]
    [InlineData("fr", "ltr", "Accuser réception : Draft Rev 1", "Accuser réception", "Indiquez votre nom.")]
    [InlineData("ar", "rtl", "تأكيد استلام Draft Rev 1", "تأكيد الاستلام", "يرجى كتابة الاسم.")]
    public async Task The_page_is_in_the_language_of_the_mission_where_the_letter_is(string language, string direction, string heading, string button, string refusal)
    {
        await using var house = await House.Open(azurite);
        await house.Upload($"gcm/draft-rev-1/letter.{language}.md", "---\nsubject: Draft Rev 1\n---\nDraft Rev 1");
        await house.UseRegister("che");
        await house.Get<RegisterFiles>().Write(
            RegisterFiles.Uploaded,
            System.Text.Encoding.UTF8.GetBytes($"""
                mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
                che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,{language},,che@missions.example,
                """),
            Cancellation);
        var distribution = await house.Accepted();
        await house.Release();
        await using var site = await Site.Open(house);
        var link = new Uri(house.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath;
        var page = await site.Page(link);

        Assert.Equal((language, direction), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("dir")));
        Assert.Equal((heading, button), (page.QuerySelector("h1")!.TextContent, page.QuerySelector("form button")!.TextContent));
        var refused = await Site.Read(await site.Post(link, ("name", " ")));
        Assert.Contains(refusal, Site.Words(refused), StringComparison.Ordinal);
    }

    private static string EnglishTime(DateTimeOffset at) => SampleLetter.Words("en").DateAndTime(NewYork.At(at).DateTime);

    private static async Task<IEnumerable<Acknowledgement>> OnRecord(House house, Distribution distribution) =>
        (await house.Get<Acknowledgements>().Of(distribution.Id, Cancellation)).Values.Select(record => record.Stands!);
}
