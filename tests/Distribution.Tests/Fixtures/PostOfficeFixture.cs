using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Xunit;

[assembly: AssemblyFixture(typeof(PostOfficeFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>One post office for the whole run. Tests pick their own mail by address or Message-ID.</summary>
public sealed class PostOfficeFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("distribution-mail-");
    private readonly HttpClient web = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Lazy<Task<PostOffice>> post;

    public PostOfficeFixture() => post = new(() => Task.Run(Start));

    /// <summary>As the mail settings take it: <c>smtp://127.0.0.1:PORT</c>.</summary>
    public Uri Smtp => post.Value.GetAwaiter().GetResult().SmtpUri;

    // Nobody waits for it who does not need it.
    public ValueTask InitializeAsync()
    {
        _ = post.Value;
        return ValueTask.CompletedTask;
    }

    /// <summary>Every mail that has arrived.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> List(CancellationToken cancellation) =>
        (await web.GetFromJsonAsync<List<ReceivedMail>>(await Page("email"), cancellation))!;

    /// <summary>
    /// The mails that match, once there are as many as expected: the server says "taken" shortly before it lists a
    /// mail.
    /// </summary>
    /// <exception cref="TimeoutException">There are fewer after a minute.</exception>
    public async Task<IReadOnlyList<ReceivedMail>> WaitFor(
        int expected,
        Func<ReceivedMail, bool> match,
        CancellationToken cancellation)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            var found = (await List(cancellation)).Where(match).ToList();
            if (found.Count >= expected)
                return found;
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"{found.Count} of {expected} mails arrived.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    /// <summary>The message as it came over the wire, byte for byte.</summary>
    public async Task<byte[]> Source(ReceivedMail mail, CancellationToken cancellation) =>
        await web.GetByteArrayAsync(await Page($"email/{mail.Id}/source"), cancellation);

    /// <summary>An attachment's content, decoded.</summary>
    public async Task<byte[]> Content(ReceivedMail mail, ReceivedAttachment attachment, CancellationToken cancellation) =>
        await web.GetByteArrayAsync(
            await Page($"email/{mail.Id}/attachment/{Uri.EscapeDataString(attachment.Handle)}"),
            cancellation);

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        await (await post.Value).DisposeAsync();
    }

    private async Task<Uri> Page(string of) => new((await post.Value).WebUri, $"api/{of}");

    private async Task<PostOffice> Start() =>
        await PostOffice.StartAnywhere(
            await Tools.Install(Console.Error.WriteLine, CancellationToken.None),
            folder.FullName,
            CancellationToken.None);
}

/// <param name="Id">The post office's own name for the mail.</param>
/// <param name="Envelope">Whom the server was told to deliver to, and from whom.</param>
public sealed record ReceivedMail(
    string Id,
    string? Subject,
    string? Html,
    string? Text,
    IReadOnlyList<ReceivedAddress>? From,
    IReadOnlyList<ReceivedAddress>? To,
    IReadOnlyList<ReceivedAddress>? Cc,
    ReceivedEnvelope Envelope,
    IReadOnlyList<ReceivedAttachment>? Attachments,
    IReadOnlyDictionary<string, JsonElement> Headers)
{
    /// <summary>Without angle brackets.</summary>
    public string? MessageId => Headers.TryGetValue("message-id", out var id) ? id.GetString()?.Trim('<', '>') : null;
}

public sealed record ReceivedAddress(string Address, string? Name);

public sealed record ReceivedEnvelope(ReceivedAddress From, IReadOnlyList<ReceivedAddress> To);

/// <param name="Name">The file name its sender gave it.</param>
/// <param name="Handle">The name the post office keeps it under.</param>
public sealed record ReceivedAttachment(
    [property: JsonPropertyName("filename")] string? Name,
    [property: JsonPropertyName("generatedFileName")] string Handle,
    string ContentType,
    [property: JsonPropertyName("size")] long Length);
