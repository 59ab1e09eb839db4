using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Hosting.Jobs;
using Distribution.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Distribution.Tests;

/// <summary>
/// Makes each container, queue and table of one account when it is first written to: most tests use a third of what
/// <see cref="StorageSetup"/> makes at once. Until then whoever reads it is told that nothing is there, without a request:
/// a third of all that tests asked. Whoever reaches the account by other clients asks for all of them first.
/// It notes what is written to, so that no more is put back where a test begins with what another left.
/// </summary>
internal sealed partial class StorageOnFirstUse : HttpPipelinePolicy
{
    private static readonly ConcurrentDictionary<string, StorageOnFirstUse> Accounts = new();

    private readonly StorageAccount account;
    private readonly Uri[] services;
    private readonly DateTimeOffset begun;
    private readonly ConcurrentDictionary<(int Port, string Name), Lazy<Task>> made = new();
    private ConcurrentDictionary<string, bool> changed = new();

    private StorageOnFirstUse(string connection, DateTimeOffset begun)
    {
        (account, this.begun) = (StorageAccount.FromConnectionString(connection), begun);
        services = [account.Blobs.Uri, account.Queues.Uri, account.Tables.Uri];
    }

    /// <param name="begun">When the house first started.</param>
    public static void Begin(string connection, DateTimeOffset begun) => Accounts[connection] = new(connection, begun);

    public static void End(string connection) => Accounts.TryRemove(connection, out _);

    /// <returns>
    /// What requests to this account pass through after these, which see all of them; none for an account that is set up at
    /// once.
    /// </returns>
    public static HttpPipelinePolicy[] After(string connection, params HttpPipelinePolicy?[] others) =>
        [
            .. others.Append(Accounts.GetValueOrDefault(connection)).OfType<HttpPipelinePolicy>(),
        ];

    /// <summary>The names of all that is made by now.</summary>
    public static IReadOnlyList<string> Made(string connection) =>
        [.. Accounts[connection].made.Keys.Select(known => known.Name)];

    /// <summary>The names of what was written to since this was last asked.</summary>
    public static ICollection<string> Changed(string connection) =>
        Interlocked.Exchange(ref Accounts[connection].changed, new()).Keys;

    /// <summary>Makes everything that is not made yet.</summary>
    public static Task MakeAll(string connection) =>
        Accounts.TryGetValue(connection, out var account)
            ? Task.WhenAll(account.services.Select(account.All))
            : Task.CompletedTask;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (IsNotThereYet(message.Request))
        {
            message.Response = NothingThere.To(message.Request);
            return;
        }

        await Needed(message).WaitAsync(message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (IsNotThereYet(message.Request))
        {
            message.Response = NothingThere.To(message.Request);
            return;
        }

        Needed(message).WaitAsync(message.CancellationToken).GetAwaiter().GetResult();
        ProcessNext(message, pipeline);
    }

    /// <summary>
    /// Whether it reads what was never written to. Notices begin with what a setup notes there, so they are not empty.
    /// </summary>
    private bool IsNotThereYet(Request request)
    {
        if (request.Method != RequestMethod.Get && request.Method != RequestMethod.Head)
            return false;
        var service = services.Single(service => service.Port == request.Uri.Port);
        return (request.Uri.Path ?? "").Trim('/').Split('/') is [_, var place, ..]
            && place.Split('(')[0] is var name
            && name != ResourceNames.NoticesTable
            && Names(service).Contains(name)
            && !made.ContainsKey((service.Port, name));
    }

    private Task Needed(HttpMessage message)
    {
        var address = message.Request.Uri;
        var service = services.Single(service => service.Port == address.Port);
        // The account, what it is about, and what in that.
        if ((address.Path ?? "").Trim('/').Split('/') is not [_, var name, ..])
            return address.Query.Contains("comp=list", StringComparison.Ordinal) ? All(service) : Task.CompletedTask;
        return name switch
        {
            "$batch" => Used(service, TableOfBatch(message.Request.Content!), message.Request.Method),
            _ when !name.StartsWith("Tables", StringComparison.Ordinal) =>
                Used(service, name.Split('(')[0], message.Request.Method),
            _ when message.Request.Method == RequestMethod.Get => All(service),
            _ when message.Request.Method == RequestMethod.Delete => Made(service, Quoted().Match(Uri.UnescapeDataString(name)).Value),
            _ => Task.CompletedTask,
        };
    }

    private Task All(Uri service) => Task.WhenAll(Names(service).Select(name => Made(service, name)));

    private string[] Names(Uri service) =>
        service == account.Blobs.Uri ? StorageSetup.Containers
        : service == account.Queues.Uri ? StorageSetup.Queues
        : StorageSetup.Tables;

    private Task Used(Uri service, string name, RequestMethod method)
    {
        // To receive a message is a request that reads, and hides it from others.
        if (service == account.Queues.Uri || (method != RequestMethod.Get && method != RequestMethod.Head))
            changed[name] = true;
        return Made(service, name);
    }

    /// <summary>Nothing for what the service itself does not make.</summary>
    private Task Made(Uri service, string name) =>
        Names(service).Contains(name)
            ? made.GetOrAdd((service.Port, name), _ => new(() => Make(service, name))).Value
            : Task.CompletedTask;

    private Task Make(Uri service, string name) =>
        service == account.Blobs.Uri ? account.Blobs.GetBlobContainerClient(name).CreateIfNotExistsAsync()
        : service == account.Queues.Uri ? account.Queues.GetQueueClient(name).CreateIfNotExistsAsync()
        : MakeTable(name);

    private async Task MakeTable(string name)
    {
        try
        {
            await account.Tables.GetTableClient(name).CreateAsync();
        }
        catch (RequestFailedException there) when (there.ErrorCode == TableErrorCode.TableAlreadyExists)
        {
        }

        // What a setup at once notes there.
        if (name == ResourceNames.NoticesTable)
            await new JobStates(account, new FakeTimeProvider(begun), NullLogger<JobStates>.Instance)
                .Begin(CancellationToken.None);
    }

    /// <summary>All requests in a batch are about one table, which only they name.</summary>
    private string TableOfBatch(RequestContent batch)
    {
        using var text = new MemoryStream();
        batch.WriteTo(text, CancellationToken.None);
        var body = Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        var from = body.IndexOf(account.Tables.Uri.AbsoluteUri, StringComparison.Ordinal)
            + account.Tables.Uri.AbsoluteUri.Length;
        return FirstName().Match(body, from).Value;
    }

    [GeneratedRegex("(?<=')\\w+(?=')")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\w+")]
    private static partial Regex FirstName();
}
