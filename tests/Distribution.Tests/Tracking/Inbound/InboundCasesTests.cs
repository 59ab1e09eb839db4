using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>
/// What people and machines really send, in <c>cases</c>: a message a file, taken in after a letter with tracked
/// replies has gone to a mission of its own. <c>index.csv</c> says how each may end, and how it must never end.
/// The folders within hold further cases of the same kinds; <c>README.md</c> says how they are written.
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

    /// <summary>Of each folder of cases: its name, how many cases it has, and those that do not end right yet.</summary>
    private static readonly (string Name, int Count, string[] Open)[] Folders =
    [
        ("", 78, []),
        ("bounces", 65, []),
        ("reading", 309, []),
    ];

    /// <summary>
    /// What replies say is read the same with every return path, so that once is enough for those; of the others, those
    /// that bear the return path come a second time, when each attempt has one of its own.
    /// </summary>
    public static TheoryData<string, bool> Runs =>
        [.. Folders.SelectMany(folder => (bool[])(folder.Name == "reading" ? [true] : [false, true]), (folder, own) => (folder.Name, own))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Every_message_ends_as_it_may_in_one_place_that_people_see_and_never_as_it_must_not(
        string folder,
        bool returnPathPerAttempt)
    {
        var cases = Index(folder);
        var (_, count, open) = Folders.Single(one => one.Name == folder);
        Assert.Equal(count, cases.Count);
        if (folder != "reading" && returnPathPerAttempt)
            cases = [.. cases.Where(test => test.Text.Contains("{{return_path}}", StringComparison.Ordinal))];
        (string, string)[] settings =
        [
            ("Inbound:ReplyAddress", "replies@letters.example"),
            ("Mail:ReturnPathPerAttempt", returnPathPerAttempt ? "true" : "false"),
        ];
        await using var workflow = await TestWorkflow.Open(azurite, settings);
        await workflow.UploadRegister(Register(cases));
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Examine();
        await workflow.Release();
        var letter = await workflow.TheDistribution();
        Assert.Equal(DistributionState.Complete, letter.State);

        var reference = await workflow.Reference();
        var sent = (await workflow.Dispatches(letter.Id)).ToDictionary(entry => entry.MissionId, entry => entry.Attempts[0].MessageId);
        var messages = cases.Select((test, place) => Filled(workflow, letter, place, test, sent[IdOf(place)], reference)).ToList();
        HashSet<int> told = [];
        var requests = new RequestLog();
        await using var reader = workflow.OverStorage(requests, settings);
        foreach (var (place, test) in cases.Index())
        {
            requests.Clear();
            // Whichever way they come: the mailbox, the container, or a webhook.
            await reader
                .Get<InboundMailHandler>()
                .Handle(new MemoryStream(messages[place]), test.File, workflow.Clock.GetUtcNow(), Cancellation);

            if (requests.Writes.Any(write => write.StartsWith("POST", StringComparison.Ordinal)
                && write.EndsWith($"/{ResourceNames.NoticesTable}", StringComparison.Ordinal)))
                told.Add(place);
        }

        // Every case has a mission of its own, so that all is looked at once, when all have been taken.
        var waiting = await WaitingByMessage(workflow);
        var kept = (await workflow.Get<Replies>().Kept([], int.MaxValue, Cancellation)).Latest.ToLookup(reply =>
            (reply.Decision.DistributionId, reply.Decision.MissionId));
        var acknowledged = await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation);
        var entries = (await workflow.Dispatches(letter.Id)).ToDictionary(entry => entry.MissionId);
        List<(string File, string What)> wrong = [];
        foreach (var (place, test) in cases.Index())
        {
            var mission = IdOf(place);
            var found = new Found(
                [.. waiting[Convert.ToBase64String(messages[place])]],
                [.. kept[(letter.Id, mission)]],
                told.Contains(place),
                acknowledged.GetValueOrDefault(mission)?.Stands is not null,
                entries[mission].Attempts[0].Mailboxes);
            var ends = Ends(found);
            if (!ends.Overlaps(test.EndsAsOneOf) || ends.Overlaps(test.Never))
                wrong.Add((
                    test.File,
                    $"ended as {string.Join(' ', ends)}; it may end as {string.Join(' ', test.EndsAsOneOf)}, never as {string.Join(' ', test.Never)}"
                ));
            var shown = found.Shown.ToList();
            if (shown.Count != 1)
                wrong.Add((test.File, $"stands in {shown.Count} places"));
            else if (!$"{shown[0].Subject}\n{shown[0].Excerpt}".Contains(test.Shows, StringComparison.Ordinal))
                wrong.Add((test.File, $"shows {shown[0].Subject} / {shown[0].Excerpt}, and not {test.Shows}"));
            else if (ends.Contains("waits")
                && !test.NamesNobody
                && (!shown[0].Candidates.Any(candidate => candidate.MissionId == mission) || shown[0].Why.Length == 0))
                wrong.Add((test.File, "waits without its mission offered, or without a reason"));
        }

        // Nor does any message stand anywhere else.
        Assert.Equal(cases.Count, waiting.Sum(replies => replies.Count()) + kept.Sum(replies => replies.Count()));
        wrong.AddRange(
            open.Except(wrong.Select(one => one.File))
                .Select(file => (file, "ends right: take it off the list of those that do not yet"))
                .ToList());
        wrong.RemoveAll(one => open.Contains(one.File) && !one.What.StartsWith("ends right", StringComparison.Ordinal));
        Assert.True(
            wrong is [],
            $"{cases.Count - wrong.DistinctBy(one => one.File).Count()} of {cases.Count} ended right.\n{string.Join('\n', wrong.Select(one => $"{one.File} {one.What}"))}");
    }

    private static HashSet<string> Ends(Found found)
    {
        HashSet<string> ends = [];
        if (found.IsAcknowledged)
            ends.Add("acknowledged");
        if (found.Waiting is not [])
            ends.Add("waits");
        if (found.Kept.Any(kept => kept.Decision.IsMachines))
            ends.Add("noted");
        if (found.IsTold)
            ends.Add("told");
        var boxes = found.Mailboxes;
        if (boxes.Any(box => box.State == DeliveryState.Bounced))
            ends.Add("bounced");
        if (boxes.Count > 1 && boxes.Count(box => box.State == DeliveryState.Bounced) == 1)
            ends.Add("bounced-one");
        if (boxes.Any(box => box.State == DeliveryState.Deferred))
            ends.Add("deferred");
        if (ends.Count == 0)
            ends.Add("lost");
        return ends;
    }

    /// <summary>What waits, by the message it is about as it came.</summary>
    private static async Task<ILookup<string, ReceivedReply>> WaitingByMessage(TestWorkflow workflow)
    {
        List<(string Message, ReceivedReply Reply)> found = [];
        foreach (var reply in await workflow.Get<Replies>().Waiting(Cancellation))
        {
            using var message = new MemoryStream();
            await (await workflow.Get<Replies>().Message(reply.Id, Cancellation))!.CopyToAsync(message, Cancellation);
            found.Add((Convert.ToBase64String(message.ToArray()), reply));
        }

        return found.ToLookup(one => one.Message, one => one.Reply);
    }

    private static IReadOnlyList<Case> Index(string folder) =>
        [
            .. File.ReadAllLines(Path.Combine(Folder, folder, "index.csv"))
                .Skip(1)
                .Where(line => line.Length > 0)
                .Select(line =>
                    Cell()
                        .Matches(line)
                        .Select(cell => cell.Groups[1].Success ? cell.Groups[1].Value : cell.Groups[2].Value)
                        .ToList())
                .Select(cells => new Case(
                    cells[0],
                    File.ReadAllText(Path.Combine(Folder, folder, cells[0]), Encoding.Latin1),
                    cells[2].Split(' '),
                    cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    cells[4],
                    NamesNobody.Contains(cells[0]) || cells.ElementAtOrDefault(5) is "nobody")),
        ];

    private static string IdOf(int place) => string.Create(CultureInfo.InvariantCulture, $"m{place:00}");

    /// <summary>One, or three where the case names more. The second is one that servers write in another way.</summary>
    private static string[] MailboxesOf(int place, Case test) =>
        test.Text.Contains("{{mailbox2", StringComparison.Ordinal)
            ? [$"mission@{IdOf(place)}.example", $"second+desk@{IdOf(place)}.example", $"third@{IdOf(place)}.example"]
            : [$"mission@{IdOf(place)}.example"];

    private static string Register(IReadOnlyList<Case> cases) =>
        string.Join(
            "\r\n",
            cases
                .Index()
                .Select(one =>
                    $"{IdOf(one.Index)},member-state,Mission {IdOf(one.Index)},Permanent Mission {IdOf(one.Index)},Permanent Representative,,,en,,{string.Join(';', MailboxesOf(one.Index, one.Item))},"
                )
                .Prepend(
                    "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc"
                ));

    /// <param name="messageId">Of the letter to the case's mission.</param>
    private static byte[] Filled(
        TestWorkflow workflow,
        DistributionRecord letter,
        int place,
        Case test,
        string messageId,
        string reference)
    {
        var mailboxes = MailboxesOf(place, test);
        var now = workflow.Clock.GetUtcNow();
        var values = new Dictionary<string, string>
        {
            ["message_id"] = $"<{messageId}>",
            ["message_id_bare"] = messageId,
            ["message_id_folded"] = $"<{messageId.Insert(messageId.Length / 2, "\r\n ")}>",
            ["MESSAGE_ID"] = $"<{messageId.ToUpperInvariant()}>",
            ["reply_address"] = workflow.ReplyAddress(letter, IdOf(place)),
            ["return_path"] = workflow.Get<ReturnPaths>().For(letter.KeyId, letter.Id, IdOf(place), 1),
            ["reference"] = reference,
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
        var text = Placeholder().Replace(test.Text, found => values[found.Groups[1].Value]);
        return Encoding.Latin1.GetBytes(
            Encoded()
                .Replace(
                    text,
                    found =>
                        Convert.ToBase64String(
                            (found.Groups[1].Success ? Encoding.Unicode : Encoding.Latin1).GetBytes(
                                found.Groups[2].Value),
                            Base64FormattingOptions.InsertLineBreaks)));
    }

    [GeneratedRegex("(?:^|,)(?:\"([^\"]*)\"|([^,]*))")]
    private static partial Regex Cell();

    [GeneratedRegex(@"\{\{([A-Za-z0-9_-]+)\}\}(?<!\{\{base64(?:-utf16)?\}\})")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\{\{base64(-utf16)?\}\}(.*?)\{\{/base64(?:-utf16)?\}\}", RegexOptions.Singleline)]
    private static partial Regex Encoded();

    /// <param name="Text">The message with its placeholders, a character for each byte.</param>
    /// <param name="NamesNobody">Whether nobody can say which mission it is about.</param>
    private sealed record Case(
        string File,
        string Text,
        string[] EndsAsOneOf,
        string[] Never,
        string Shows,
        bool NamesNobody);

    /// <summary>What is found of a case in the end.</summary>
    private sealed record Found(
        IReadOnlyList<ReceivedReply> Waiting,
        IReadOnlyList<KeptReply> Kept,
        bool IsTold,
        bool IsAcknowledged,
        IReadOnlyList<MailboxDelivery> Mailboxes)
    {
        public IEnumerable<ReceivedReply> Shown => Waiting.Concat(Kept.Select(kept => kept.Reply));
    }
}
