using System.Collections.Immutable;

namespace Distribution.Mail;

/// <summary>
/// The open connections to the mail server, kept for the next letters. Where the server allows no further one, letters
/// go on over those that are open.
/// </summary>
/// <param name="open">Opens one, or says why it cannot by a <see cref="SenderFaultException"/>.</param>
internal sealed class SmtpConnections(
    Func<CancellationToken, Task<SmtpConnection>> open,
    TimeProvider time)
{
    /// <summary>Within this time after its last letter, a connection is used without asking whether it lives.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>Within this time it is asked first (NOOP). One that is older is replaced.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>How long a server that refused one more connection is not asked for one.</summary>
    private static readonly TimeSpan Contented = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private ImmutableStack<SmtpConnection> idle = [];
    private TaskCompletionSource changed = NewChange();
    private int opening;
    private int alive;
    private int most = int.MaxValue;
    private long refusedAt;

    /// <summary>
    /// How many connections the server allows, where it has refused one more; null while it has refused none.
    /// </summary>
    public int? Allowed { get; private set; }

    /// <returns>A connection for one letter, to be given back by <see cref="Release"/>.</returns>
    /// <param name="fresh">Whether one that was used before will not do.</param>
    /// <exception cref="SenderFaultException">There is none, and none can be opened.</exception>
    public async Task<SmtpConnection> Rent(CancellationToken cancellation, bool fresh = false)
    {
        while (true)
        {
            SmtpConnection? kept = null;
            Task? wait = null;
            lock (gate)
            {
                var isFull = alive + opening >= most && time.GetElapsedTime(refusedAt) < Contented;
                // Where no further one may be opened, a used one is taken even if a fresh one is asked for: it is
                // closed below, which makes room for a fresh one.
                if (!idle.IsEmpty && (isFull || !fresh))
                    idle = idle.Pop(out kept);
                else if (isFull)
                    // Taken within the lock, so that no change is missed between here and the wait.
                    wait = changed.Task;
                else
                    opening++;
            }

            if (wait is not null)
                // Not for longer: then the server is asked for one more.
                await Task.WhenAny(wait, Task.Delay(Contented, time, cancellation));
            else if (kept is null && await Open(cancellation) is { } opened)
                return opened;
            else if (kept is not null && await IsUsable(kept, fresh, cancellation))
                return kept;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <param name="kept">False where it must not be used again.</param>
    public void Release(SmtpConnection connection, bool kept)
    {
        connection.IsUsed = true;
        connection.IdleSince = time.GetTimestamp();
        if (kept && connection.IsConnected)
            Change(() => idle = idle.Push(connection));
        else
            Close(connection);
    }

    public async Task CloseIdle()
    {
        ImmutableStack<SmtpConnection> left = [];
        lock (gate)
            (left, idle) = (idle, left);
        foreach (var connection in left)
        {
            await connection.Quit();
            Close(connection);
        }
    }

    /// <returns>Null where the server allows no more than are open: one of those is to be waited for.</returns>
    private async Task<SmtpConnection?> Open(CancellationToken cancellation)
    {
        try
        {
            var connection = await open(cancellation);
            Change(() =>
            {
                (opening, alive) = (opening - 1, alive + 1);
                // One that was being opened while another was refused.
                if (alive > Allowed)
                    Allowed = alive;
            });
            return connection;
        }
        // Only a fault that passes can come from a limit of connections. A wrong password is wrong for each of them.
        catch (SenderFaultException fault) when (fault.Passes)
        {
            Change(() => opening--);
            // While others are being opened it is not known whether the server refuses all of them or only this one.
            while (true)
            {
                Task wait;
                lock (gate)
                {
                    if (alive > 0)
                    {
                        (most, refusedAt) = (alive, time.GetTimestamp());
                        // A server that was not heard at all has not said how many it allows.
                        if (fault.IsAnswer)
                            Allowed = alive;
                        return null;
                    }

                    if (opening == 0)
                        throw;
                    wait = changed.Task;
                }

                await wait.WaitAsync(cancellation);
            }
        }
        catch
        {
            Change(() => opening--);
            throw;
        }
    }

    private async Task<bool> IsUsable(SmtpConnection connection, bool fresh, CancellationToken cancellation)
    {
        var age = time.GetElapsedTime(connection.IdleSince);
        try
        {
            if (!fresh && age < KeptFor && (age < FreshFor || await connection.Answers(cancellation)))
                return true;
            await connection.Quit();
        }
        catch
        {
            Close(connection);
            throw;
        }

        Close(connection);
        return false;
    }

    private void Close(SmtpConnection connection)
    {
        // Closed before it counts as gone: no other is opened while the server still counts this one.
        connection.Dispose();
        Change(() => alive--);
    }

    private void Change(Action change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            change();
            (told, changed) = (changed, NewChange());
        }

        told.SetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
