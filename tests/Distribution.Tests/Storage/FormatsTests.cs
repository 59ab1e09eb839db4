using System.IO.Compression;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// Every version goes on with what the versions before it wrote, in the middle of a distribution too. Each <c>written-by-N.zip</c> is the storage
/// account of a version that wrote format N, stopped while one letter was leaving, one waited for release and one for its hour.
/// </summary>
public sealed class FormatsTests(AzuriteFixture azurite)
{
    private const string Schedule = "deadlines:\n  comments: 2018-04-04 18:00\nremind: 3 working days before comments";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Run by name when the format changes, before the change: it writes into the source folder, and the file is committed.</summary>
    [Fact(Explicit = true)]
    public async Task Write_what_this_version_writes()
    {
        // Egypt's outcome is not known, France's mailbox sends back, Mexico's says later, Switzerland acknowledges, Ukraine and the Holy See are still in the queue.
        var transport = new TransportStub((message, address) => new(address, address[..3] switch
        {
            "egy" => MailboxResult.Unknown,
            "mex" => MailboxResult.TryLater,
            _ => MailboxResult.Accepted,
        }, "the server's words"));
        await using var house = await House.OpenAt("2018-03-26 12:00", azurite, transport, ("Dispatch:BatchSize", "4"));
        await house.UseRegister("egy", "fra", "mex", "che", "ukr", "vat");
        await house.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 est joint.\n");
        var leaving = (await house.AcceptedWith($"{Schedule}\ntranslations: [fr]")).Id;
        Assert.True(await house.Get<Releases>().Release(leaving, "the secretary", Cancellation));
        var batch = (await house.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        await house.Get<Dispatcher>().Dispatch(batch.MessageText, Cancellation);
        await house.Queue.DeleteMessageAsync(batch.MessageId, batch.PopReceipt, Cancellation);
        var back = transport.Offered.Single(message => message.Envelope.Contains("fra@missions.example"));
        Assert.Equal([Hearing.Recorded], await house.Get<EvidenceDesk>().Hear(
            [new($"<{back.MessageId}>", "fra@missions.example", new(house.Clock.GetUtcNow(), DeliveryEventKind.Bounced, "550 no such user", Source: "sendgrid", Id: "e1"))], Cancellation));
        Assert.True(await house.Get<Acknowledgements>().Give(
            leaving, "che", new("one", house.Clock.GetUtcNow(), "Amélie Favre", new("Amélie Favre", "Second Secretary", AcknowledgementChannel.Page, house.Clock.GetUtcNow())), Cancellation));
        await house.AcceptedWith("acknowledge: reference", "draft-rev-2");
        var scheduled = await house.AcceptedWith("send: 2018-03-29 09:00", "draft-rev-3");
        Assert.True(await house.Get<Releases>().Release(scheduled.Id, "the secretary", Cancellation, confirmed: true));

        await Snapshot.Save(house.Get<StorageAccount>(), Path.Combine(SampleLetter.Templates, "..", "tests", "Distribution.Tests", "Storage", "Formats", "written-by-1.zip"));
    }
}
