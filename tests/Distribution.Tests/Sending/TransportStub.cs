using System.Collections.Concurrent;
using Distribution.Mail;

namespace Distribution.Tests.Sending;

/// <summary>A way out that answers as the test says, for faults that no real server shows on demand.</summary>
internal sealed class TransportStub(Func<OutgoingMessage, string, MailboxOutcome>? answer = null) : IMailTransport
{
    public string Description => "a way out for tests";

    public bool LeavesTheMachine => false;

    public long MaxMessageBytes => 25_000_000;

    public ConcurrentQueue<OutgoingMessage> Offered { get; } = new();

    public SenderFaultException? Fault { get; set; }

    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    public int Probes { get; private set; }

    public Task Probe(CancellationToken cancellation)
    {
        Probes++;
        return Fault is null ? Task.CompletedTask : throw Fault;
    }

    public async Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation)
    {
        Offered.Enqueue(message);
        await BeforeAnswer();
        if (Fault is not null)
            throw Fault;
        return
        [
            .. message.Envelope.Select(address =>
                answer?.Invoke(message, address) ?? new(address, MailboxResult.Accepted, "250 OK")),
        ];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
