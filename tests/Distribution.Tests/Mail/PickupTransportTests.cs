using Distribution.Mail;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class PickupTransportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pickup").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Writes_one_file_a_letter_with_its_envelope_and_nothing_half_done_beside_it()
    {
        var letter = OutgoingSamples.Letter("a@one.example", "b@one.example") with { Envelope = ["b@one.example"] };

        var outcome = Assert.Single(await Transport().Send(letter, Cancellation));

        Assert.Equal(new("b@one.example", MailboxResult.Accepted, $"written to {letter.MessageId}.eml"), outcome);
        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal($"{letter.MessageId}.eml", Path.GetFileName(file));
        Assert.Equal(["X-Sender: bounces@mission.example", "X-Receiver: b@one.example"], File.ReadLines(file).Take(2));
        var message = await MimeMessage.LoadAsync(file, Cancellation);
        Assert.Equal(letter.MessageId, message.MessageId);
        Assert.Equal(["a@one.example", "b@one.example"], message.To.Mailboxes.Select(mailbox => mailbox.Address));
    }

    [Fact]
    public async Task A_letter_that_is_already_there_is_accepted_and_not_doubled()
    {
        await Transport().Send(OutgoingSamples.Letter(), Cancellation);
        var file = Assert.Single(Directory.GetFiles(folder));
        var before = await File.ReadAllBytesAsync(file, Cancellation);

        var outcome = Assert.Single(
            await Transport().Send(OutgoingSamples.Letter() with { Text = "Other words." }, Cancellation));

        Assert.Equal(MailboxResult.Accepted, outcome.Result);
        Assert.StartsWith("already there", outcome.Answer);
        Assert.Equal(before, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder)), Cancellation));
    }

    [Fact]
    public async Task Another_letter_under_the_same_name_is_left_alone_and_reported()
    {
        var file = Path.Combine(folder, $"{OutgoingSamples.Letter().MessageId}.eml");
        await File.WriteAllTextAsync(file, "Message-ID: <other@one.example>\r\n\r\n", Cancellation);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() =>
            Transport().Send(OutgoingSamples.Letter(), Cancellation));

        Assert.False(fault.Passes);
        Assert.Contains("other@one.example", await File.ReadAllTextAsync(file, Cancellation));
    }

    // A link that leads nowhere is there when it is looked for, and not when it is opened, like a file that the server
    // collects in between.
    [Fact]
    public async Task A_letter_that_is_collected_while_it_is_looked_at_is_not_written_again_and_its_outcome_is_unknown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there that a test does not have.");
        var letter = OutgoingSamples.Letter();
        var file = Path.Combine(folder, $"{letter.MessageId}.eml");
        File.CreateSymbolicLink(file, Path.Combine(folder, "collected"));

        var outcome = Assert.Single(await Transport().Send(letter, Cancellation));

        Assert.Equal(MailboxResult.Unknown, outcome.Result);
        Assert.Contains("collected before it could be read", outcome.Answer);
        Assert.Null(await Transport().FindSent(letter.MessageId, Cancellation));
        Assert.Equal(file, Assert.Single(Directory.GetFiles(folder)));
    }

    [Theory]
    [InlineData("../../etc/letter@one.example")]
    [InlineData("a b:c*d?@one.example", false)]
    [InlineData(".hidden/..@one.example")]
    public async Task A_Message_ID_never_leads_out_of_the_folder(string id, bool fit = true)
    {
        var outcome = Assert.Single(
            await Transport().Send(OutgoingSamples.Letter() with { MessageId = id }, Cancellation));

        Assert.Equal(fit ? MailboxResult.Accepted : MailboxResult.Refused, outcome.Result);
        Assert.Equal(fit ? 1 : 0, Directory.GetFiles(folder).Length);
        Assert.Empty(Directory.GetDirectories(folder));
    }

    [Fact]
    public async Task Message_IDs_that_look_alike_as_file_names_do_not_share_a_file()
    {
        await Transport().Send(OutgoingSamples.Letter() with { MessageId = "a/b@one.example" }, Cancellation);
        await Transport().Send(OutgoingSamples.Letter() with { MessageId = "a_b@one.example" }, Cancellation);

        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_fault_of_the_senders_own()
    {
        var blocked = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(blocked, "", Cancellation);
        var transport = MailTransports.Create(OutgoingSamples.Settings($"pickup:{blocked}"), TimeProvider.System);

        var sending = await Assert.ThrowsAsync<SenderFaultException>(() =>
            transport.Send(OutgoingSamples.Letter(), Cancellation));
        var probing = await Assert.ThrowsAsync<SenderFaultException>(() => transport.Probe(Cancellation));

        Assert.Contains(blocked, sending.Message);
        Assert.Contains(blocked, probing.Message);
    }

    [Fact]
    public async Task Probing_makes_the_folder_and_leaves_it_empty()
    {
        var fresh = Path.Combine(folder, "fresh");

        await MailTransports
            .Create(OutgoingSamples.Settings($"pickup:{fresh}"), TimeProvider.System)
            .Probe(Cancellation);

        Assert.Empty(Directory.GetFileSystemEntries(fresh));
    }

    [Fact]
    public async Task Two_writers_of_one_letter_leave_one_file_and_both_report_it_accepted()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Transport().Send(OutgoingSamples.Letter(), Cancellation)))
        );

        Assert.All(outcomes, outcome => Assert.Equal(MailboxResult.Accepted, Assert.Single(outcome).Result));
        Assert.Single(Directory.GetFiles(folder));
    }

    private IMailTransport Transport() =>
        MailTransports.Create(OutgoingSamples.Settings($"pickup:{folder}"), TimeProvider.System);
}
