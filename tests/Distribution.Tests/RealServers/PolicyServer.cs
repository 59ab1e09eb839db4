using System.Text;
using Distribution.Tests.Fixtures;

namespace Distribution.Tests.RealServers;

/// <summary>
/// Tells a Postfix what to do with each mailbox, as greylisting programs do (its policy delegation protocol).
/// </summary>
/// <param name="decide">
/// What to do with a mailbox: <c>DUNNO</c> for nothing in particular, or a reply code with words.
/// </param>
internal sealed class PolicyServer(Func<string, Task<string>> decide) : IAsyncDisposable
{
    private readonly ScriptedServer server = new(async (client, stop) =>
    {
        using var reader = new StreamReader(client, Encoding.UTF8);
        for (var mailbox = ""; await reader.ReadLineAsync(stop) is { } line;)
            if (line.StartsWith("recipient=", StringComparison.Ordinal))
                mailbox = line["recipient=".Length..];
            else if (line.Length == 0)
                await client.WriteAsync(Encoding.UTF8.GetBytes($"action={await decide(mailbox)}\n\n"), stop);
    });

    public const string Nothing = "DUNNO";

    /// <summary>The check as a restriction of Postfix's.</summary>
    public string Check => $"check_policy_service inet:127.0.0.1:{server.Port}";

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
