using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Distribution.Local.Servers;

namespace Distribution.Tests.Local.DomainCheck;

/// <summary>A real DNS server on loopback that knows what the test tells it, and nothing else.</summary>
internal sealed class DnsZone : IDisposable
{
    private readonly DnsServer server;
    private readonly TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<DnsRecordBase> records = [];
    private readonly HashSet<string> silent = [];
    private readonly HashSet<string> failing = [];

    public DnsZone()
    {
        Address = new(IPAddress.Loopback, Ports.Free(1)[0]);
        server = new DnsServer(new UdpServerTransport(Address), new TcpServerTransport(Address));
        server.QueryReceived += Answer;
        server.Start();
    }

    public IPEndPoint Address { get; }

    public DnsZone Txt(string name, string text)
    {
        // As zones hold what is longer than one piece may be.
        records.Add(new TxtRecord(DomainName.Parse(name), 60, text.Chunk(255).Select(piece => new string(piece))));
        return this;
    }

    public DnsZone Cname(string name, string target)
    {
        records.Add(new CNameRecord(DomainName.Parse(name), 60, DomainName.Parse(target)));
        return this;
    }

    public DnsZone Mx(string name, string target)
    {
        records.Add(
            new MxRecord(DomainName.Parse(name), 60, 10, target == "." ? DomainName.Root : DomainName.Parse(target)));
        return this;
    }

    public DnsZone A(string name)
    {
        records.Add(new ARecord(DomainName.Parse(name), 60, IPAddress.Parse("192.0.2.1")));
        return this;
    }

    public DnsZone Without(string name)
    {
        records.RemoveAll(record => record.Name.Equals(DomainName.Parse(name)));
        return this;
    }

    public DnsZone Fails(string name)
    {
        failing.Add(name);
        return this;
    }

    public DnsZone IsSilent(string name)
    {
        silent.Add(name);
        return this;
    }

    public void Dispose()
    {
        stop.TrySetResult();
        try
        {
            server.Stop();
        }
        catch (AggregateException listeners)
            when (listeners.InnerExceptions.All(ended => ended is OperationCanceledException))
        {
            // The library waits for its listeners, which it has just cancelled.
        }

        (server as IDisposable)?.Dispose();
    }

    private Task Answer(object sender, QueryReceivedEventArgs received)
    {
        if (received.Query is not DnsMessage query || query.Questions is not [var question])
            return Task.CompletedTask;
        var asked = question.Name.ToString().TrimEnd('.');
        // Without an answer the server would say itself that it failed.
        if (silent.Contains(asked))
            return stop.Task;
        var response = query.CreateResponseInstance();
        received.Response = response;
        if (failing.Contains(asked))
        {
            response.ReturnCode = ReturnCode.ServerFailure;
            return Task.CompletedTask;
        }

        response.ReturnCode = ReturnCode.NoError;
        var name = question.Name;
        while (records.OfType<CNameRecord>().FirstOrDefault(record => record.Name.Equals(name)) is { } alias)
        {
            response.AnswerRecords.Add(alias);
            name = alias.CanonicalName;
        }

        response.AnswerRecords.AddRange(
            records.Where(record => record.Name.Equals(name) && record.RecordType == question.RecordType));
        if (!records.Exists(record => record.Name.Equals(name) || record.Name.IsSubDomainOf(name)))
            response.ReturnCode = ReturnCode.NxDomain;
        return Task.CompletedTask;
    }
}
