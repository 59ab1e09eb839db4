using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>
/// What SendGrid really posts, in <c>sendgrid</c>: a body a file, about a letter to a mission of its own.
/// <c>index.csv</c> says how each may end, and how it must never end.
/// </summary>
public sealed partial class SendGridCaseTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Tracking", "sendgrid");

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task Every_body_ends_as_it_may_and_never_as_it_must_not()
    {
        var cases = File.ReadAllLines(Path.Combine(Folder, "index.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(Directory.GetFiles(Folder, "*.json").Length, cases.Count);
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:SendGridEventKey", Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())));
        await workflow.UploadRegister(Register(cases.Count));
        await workflow.Reconcile();
        var letter = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);

        List<string> wrong = [];
        foreach (var (place, test) in cases.Index())
        {
            var notices = (await workflow.Get<Notices>().All(Cancellation)).Count;
            var body = Filled(
                await File.ReadAllTextAsync(Path.Combine(Folder, test[0]), Cancellation),
                await Entry(place),
                workflow.Clock.GetUtcNow());
            using var answer = await site.Deliver("/events/sendgrid", body, SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key));
            var ends = Ends((await Entry(place)).Attempts[0].Mailboxes[0]);
            if ((await workflow.Get<Notices>().All(Cancellation)).Count > notices)
                ends.Add("told");
            if (!answer.IsSuccessStatusCode
                || !ends.Overlaps(test[1].Split(' '))
                || ends.Overlaps(test[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                wrong.Add($"{test[0]} ended as {string.Join(' ', ends)}, answered {answer.StatusCode}; it may end as {test[1]}, never as {test[2]}");
        }

        Assert.True(wrong.Count == 0, $"{cases.Count - wrong.Count} of {cases.Count} ended right.\n{string.Join('\n', wrong)}");

        async Task<MissionEntry> Entry(int place) =>
            (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == IdOf(place));
    }

    private static HashSet<string> Ends(MailboxDelivery box) => box.Telling switch
    {
        { Kind: DeliveryEventKind.Bounced, Bounce: null } => ["bounced", "bounced-uncertain"],
        { Kind: DeliveryEventKind.Bounced, Bounce: BounceKind.Permanent } => ["bounced", "bounced-no-such-mailbox"],
        { Kind: DeliveryEventKind.Bounced } => ["bounced"],
        { Kind: DeliveryEventKind.Dropped } => ["dropped"],
        { Kind: DeliveryEventKind.Deferred } => ["deferred"],
        { Kind: DeliveryEventKind.Delivered } => ["delivered"],
        { Kind: DeliveryEventKind.Accepted } => ["accepted"],
        _ => ["lost"],
    };

    private static string IdOf(int place) => string.Create(CultureInfo.InvariantCulture, $"m{place:00}");

    private static string Register(int count) =>
            string.Join(
                "\r\n",
                Enumerable
                    .Range(0, count)
                    .Select(place =>
                        $"{IdOf(place)},member-state,Mission {IdOf(place)},Permanent Mission {IdOf(place)},Permanent Representative,,,en,,mission@{IdOf(place)}.example,"
                    )
                    .Prepend(
                        "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc"
                    ));

    /// <summary>The body about this letter, its times moved to now as they were written.</summary>
    private static byte[] Filled(string body, MissionEntry entry, DateTimeOffset now)
    {
        var mailbox = entry.Attempts[0].Mailboxes[0].Mailbox.Address;
        var moved = Seconds()
            .Replace(
                body,
                found => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(found.Value.Contains('e') ? $"{now.ToUnixTimeSeconds() / 1e9:R}e9" : found.Length > 10 ? now.ToUnixTimeMilliseconds() : now.ToUnixTimeSeconds())}"));
        return Encoding.UTF8.GetBytes(
            moved
                .Replace("{{mailbox}}", mailbox, StringComparison.Ordinal)
                .Replace("{{MAILBOX}}", mailbox.ToUpperInvariant(), StringComparison.Ordinal)
                .Replace("{{message_id_bare}}", entry.Attempts[0].MessageId, StringComparison.Ordinal)
                .Replace("{{message_id}}", $"<{entry.Attempts[0].MessageId}>", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"1795[0-9]{9}|1795[0-9]{6}|1\.795[0-9]*e9")]
    private static partial Regex Seconds();
}
