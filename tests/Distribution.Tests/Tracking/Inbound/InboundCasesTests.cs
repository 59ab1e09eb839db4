using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>
/// What people and machines really send, in <c>cases</c>: a message a file, put into the container after a letter with
/// tracked replies has gone to a mission of its own. <c>index.csv</c> says how each may end, and how it must never end.
/// </summary>
public sealed partial class InboundCasesTests(AzuriteFixture azurite)
{
    private const string From = "letters@secretariat.example";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Tracking", "Inbound", "cases");

    /// <summary>
    /// Of these nobody can say which mission they are about: they name no letter, and their sender is no mission's.
    /// </summary>
    private static readonly string[] NamesNobody =
    [
        "plain-bounce-no-message-id-quoted.eml",
        "dsn-no-returned-part-only-final-recipient.eml",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_message_ends_as_it_may_in_one_place_that_people_see_and_never_as_it_must_not(
        bool returnPathPerAttempt)
    {
        var cases = Index();
        Assert.Equal(78, cases.Count);
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Inbound:ReplyAddress", "replies@letters.example"),
            ("Mail:ReturnPathPerAttempt", returnPathPerAttempt ? "true" : "false"));
        await workflow.Get<RegisterContainer>().Write(RegisterContainer.Uploaded, Register(cases.Count), Cancellation);
        await workflow.Reconcile();
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        await workflow.Run();
        var letter = await workflow.TheDistribution();
        Assert.Equal(DistributionState.Complete, letter.State);

        List<string> wrong = [];
        foreach (var (place, test) in cases.Index())
        {
            var mission = IdOf(place);
            var before = await Places(workflow, letter.Id, mission);
            await workflow
                .Get<InboundFiles>()
                .Upload(test.File, new MemoryStream(await Filled(workflow, letter, place, test.File)), Cancellation);
            await workflow.Get<InboundUploads>().Handle(test.File, Cancellation);
            var after = await Places(workflow, letter.Id, mission);
            var ends = await Ends(workflow, letter.Id, place, before, after);
            if (!ends.Overlaps(test.EndsAsOneOf) || ends.Overlaps(test.Never))
                wrong.Add(
                    $"{test.File} ended as {string.Join(' ', ends)}; it may end as {string.Join(' ', test.EndsAsOneOf)}, never as {string.Join(' ', test.Never)}"
                );
            var shown = after.Shown.ExceptBy(before.Shown.Select(reply => reply.Id), reply => reply.Id).ToList();
            if (shown.Count != 1)
                wrong.Add($"{test.File} stands in {shown.Count} places");
            else if (!$"{shown[0].Subject}\n{shown[0].Excerpt}".Contains(test.Shows, StringComparison.Ordinal))
                wrong.Add($"{test.File} shows {shown[0].Subject} / {shown[0].Excerpt}, and not {test.Shows}");
            else if (ends.Contains("waits")
                && !NamesNobody.Contains(test.File)
                && (!shown[0].Candidates.Any(candidate => candidate.MissionId == mission) || shown[0].Why.Length == 0))
                wrong.Add($"{test.File} waits without its mission offered, or without a reason");
        }

        Assert.True(
            wrong.Count == 0,
            $"{cases.Count - wrong.Count} of {cases.Count} ended right.\n{string.Join('\n', wrong)}");
    }

    private static async Task<HashSet<string>> Ends(
        TestWorkflow workflow,
        string distribution,
        int place,
        PlacesOf before,
        PlacesOf after)
    {
        HashSet<string> ends = [];
        if ((await workflow.Get<Acknowledgements>().Find(distribution, IdOf(place), Cancellation))?.Stands is not null)
            ends.Add("acknowledged");
        if (after.Waiting.Count > before.Waiting.Count)
            ends.Add("waits");
        if (after.Kept.Count(kept => kept.Decision.IsMachines) > before.Kept.Count(kept => kept.Decision.IsMachines))
            ends.Add("noted");
        if (after.Notices > before.Notices)
            ends.Add("told");
        var boxes = (await workflow.Dispatches(distribution))
            .Single(entry => entry.MissionId == IdOf(place))
            .Attempts[0]
            .Mailboxes;
        if (boxes.Exists(box => box.State == DeliveryState.Bounced))
            ends.Add("bounced");
        if (boxes.Count > 1 && boxes.Count(box => box.State == DeliveryState.Bounced) == 1)
            ends.Add("bounced-one");
        if (boxes.Exists(box => box.State == DeliveryState.Deferred))
            ends.Add("deferred");
        if (ends.Count == 0)
            ends.Add("lost");
        return ends;
    }

    private static async Task<PlacesOf> Places(TestWorkflow workflow, string distribution, string mission) =>
        new(
            await workflow.Get<Replies>().Waiting(Cancellation),
            await workflow.Get<Replies>().Of(distribution, mission, Cancellation),
            (await workflow.Get<Notices>().All(Cancellation)).Count);

    private static IReadOnlyList<Case> Index() =>
        [
            .. File.ReadAllLines(Path.Combine(Folder, "index.csv"))
                .Skip(1)
                .Where(line => line.Length > 0)
                .Select(line =>
                    Cell()
                        .Matches(line)
                        .Select(cell => cell.Groups[1].Success ? cell.Groups[1].Value : cell.Groups[2].Value)
                        .ToList())
                .Select(cells => new Case(
                    cells[0],
                    cells[2].Split(' '),
                    cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    cells[4])),
        ];

    private static string IdOf(int place) => string.Create(CultureInfo.InvariantCulture, $"m{place:00}");

    /// <summary>The third is of a kind that servers write in another way.</summary>
    private static string[] MailboxesOf(int place) =>
        Index()[place].File.StartsWith("dsn-xtext", StringComparison.Ordinal)
            ? [$"mission@{IdOf(place)}.example", $"second+desk@{IdOf(place)}.example", $"third@{IdOf(place)}.example"]
            : [$"mission@{IdOf(place)}.example"];

    private static byte[] Register(int count) =>
        Encoding.UTF8.GetBytes(
            string.Join(
                "\r\n",
                Enumerable
                    .Range(0, count)
                    .Select(place =>
                        $"{IdOf(place)},member-state,Mission {IdOf(place)},Permanent Mission {IdOf(place)},Permanent Representative,,,en,,{string.Join(';', MailboxesOf(place))},"
                    )
                    .Prepend(
                        "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc"
                    )));

    private static async Task<byte[]> Filled(TestWorkflow workflow, DistributionRecord letter, int place, string file)
    {
        var sent = (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == IdOf(place)).Attempts[
            0
        ];
        var mailboxes = MailboxesOf(place);
        var now = workflow.Clock.GetUtcNow();
        var values = new Dictionary<string, string>
        {
            ["message_id"] = $"<{sent.MessageId}>",
            ["message_id_bare"] = sent.MessageId,
            ["MESSAGE_ID"] = $"<{sent.MessageId.ToUpperInvariant()}>",
            ["reply_address"] = workflow.ReplyAddress(letter, IdOf(place)),
            ["return_path"] = workflow.Get<ReturnPaths>().For(letter.KeyId, letter.Id, IdOf(place), 1),
            ["from"] = From,
            ["mailbox"] = mailboxes[0],
            ["mailbox2"] = mailboxes.ElementAtOrDefault(1) ?? "",
            ["mailbox3"] = mailboxes.ElementAtOrDefault(2) ?? "",
            ["mailbox2_xtext"] = mailboxes.ElementAtOrDefault(1)?.Replace("+", "+2B", StringComparison.Ordinal) ?? "",
            ["domain"] = $"{IdOf(place)}.example",
            ["date"] = now.ToString("r", CultureInfo.InvariantCulture),
            ["date-18h"] = now.AddHours(-18).ToString("r", CultureInfo.InvariantCulture),
            ["date-3d"] = now.AddDays(-3).ToString("r", CultureInfo.InvariantCulture),
        };
        var text = Placeholder()
            .Replace(
                await File.ReadAllTextAsync(Path.Combine(Folder, file), Encoding.Latin1, Cancellation),
                found => values[found.Groups[1].Value]);
        return Encoding.Latin1.GetBytes(
            Encoded()
                .Replace(
                    text,
                    found =>
                        Convert.ToBase64String(
                            Encoding.Latin1.GetBytes(found.Groups[1].Value),
                            Base64FormattingOptions.InsertLineBreaks)));
    }

    [GeneratedRegex("(?:^|,)(?:\"([^\"]*)\"|([^,]*))")]
    private static partial Regex Cell();

    [GeneratedRegex(@"\{\{([A-Za-z0-9_-]+)\}\}(?<!\{\{base64\}\})")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\{\{base64\}\}(.*?)\{\{/base64\}\}", RegexOptions.Singleline)]
    private static partial Regex Encoded();

    private sealed record Case(string File, string[] EndsAsOneOf, string[] Never, string Shows);

    private sealed record PlacesOf(IReadOnlyList<ReceivedReply> Waiting, IReadOnlyList<KeptReply> Kept, int Notices)
    {
        public IEnumerable<ReceivedReply> Shown => Waiting.Concat(Kept.Select(kept => kept.Reply));
    }
}
