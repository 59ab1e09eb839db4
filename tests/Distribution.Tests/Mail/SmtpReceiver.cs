using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Distribution.Local.Servers;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Xunit;

namespace Distribution.Tests.Mail;

/// <summary>
/// A mail server that behaves well, on loopback: it takes every letter, and speaks SMTP as its library does. One that
/// misbehaves is <see cref="ScriptedSmtpServer"/>.
/// </summary>
internal sealed class SmtpReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    /// <param name="endpoint">How it listens: its certificate, or whether a sign-in is required.</param>
    /// <param name="signsIn">Whether a name and password are good.</param>
    /// <param name="mostBytes">The largest message it takes, as EHLO announces it; 0 for no limit.</param>
    public SmtpReceiver(
        Action<EndpointDefinitionBuilder>? endpoint = null,
        Func<string, string, bool>? signsIn = null,
        int mostBytes = 0)
    {
        Port = Ports.Free(1)[0];
        var options = new SmtpServerOptionsBuilder().ServerName("receiver.example").Endpoint(builder =>
        {
            builder.Endpoint(new IPEndPoint(IPAddress.Loopback, Port));
            endpoint?.Invoke(builder);
        });
        if (mostBytes > 0)
            options.MaxMessageSize(mostBytes, MaxMessageSizeHandling.Strict);
        var services = new ServiceProvider();
        services.Add(new Store(Mails));
        if (signsIn is not null)
            services.Add((IUserAuthenticator)new DelegatingUserAuthenticator(signsIn));
        var server = new SmtpServer.SmtpServer(options.Build(), services);
        server.SessionCreated += (_, _) => Connections++;
        serving = server.StartAsync(stop.Token);
    }

    public int Port { get; }

    public string Address => $"smtp://127.0.0.1:{Port}";

    public int Connections { get; private set; }

    /// <summary>Every message it took, in order.</summary>
    public ConcurrentQueue<ReceivedLetter> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        stop.Dispose();
    }

    private sealed class Store(ConcurrentQueue<ReceivedLetter> mails) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context,
            IMessageTransaction transaction,
            ReadOnlySequence<byte> buffer,
            CancellationToken cancellationToken)
        {
            mails.Enqueue(
                new(
                    transaction.From.AsAddress(),
                    [.. transaction.To.Select(to => to.AsAddress())],
                    transaction.Parameters,
                    buffer.ToArray()));
            return Task.FromResult(new SmtpResponse(SmtpReplyCode.Ok, $"2.0.0 queued as {mails.Count}"));
        }
    }
}

/// <param name="From">The return path.</param>
/// <param name="To">Whom it is to be delivered to.</param>
/// <param name="Parameters">What MAIL FROM said besides the address.</param>
/// <param name="Content">As it came, dots undoubled.</param>
internal sealed record ReceivedLetter(
    string From,
    IReadOnlyList<string> To,
    IReadOnlyDictionary<string, string> Parameters,
    byte[] Content)
{
    public MimeMessage Message =>
        MimeMessage.Load(new MemoryStream(Content), TestContext.Current.CancellationToken);
}
