using Distribution.Common;
using Distribution.Storage;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.NoticeMails;
using Distribution.Tracking.Proposals;
using Distribution.Tracking.Receipts;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>How mails that are no letters are claimed; what becomes of them is in the tests of each kind.</summary>
public sealed class MailHandOverTests
{
    private readonly FakeTimeProvider clock = new(new(2018, 3, 26, 16, 0, 0, TimeSpan.Zero));

    private MailHandOver Mails => new(new TransportStub(), clock);

    [Fact]
    public void Two_workers_at_one_moment_write_two_claims_so_that_storage_takes_only_one()
    {
        Differ(new ReceiptDue("letter", "che", "step", clock.GetUtcNow()));
        Differ(new Forward("form", clock.GetUtcNow(), "Amélie", "urs@bern.example"));
        Differ(ProposalMail.For("che@bern.example"));
        Differ(new NoticeMail("notice@secretariat.example", clock.GetUtcNow(), "Subject", "Text", []));

        void Differ<T>(T mail)
            where T : class, IClaimedMail<T>
        {
            var claimed = Mails.Claimed(mail)!;
            Assert.NotEqual(Json.Write(claimed), Json.Write(Mails.Claimed(mail)));
            Assert.Null(Mails.Claimed(claimed));
            clock.Advance(TimeSpan.FromMinutes(5));
            Assert.NotNull(Mails.Claimed(claimed));
        }
    }

    [Fact]
    public async Task One_that_fails_or_that_a_later_version_wrote_keeps_no_other_from_its_turn()
    {
        List<int> done = [];
        var failed = await Assert.ThrowsAsync<AggregateException>(() =>
            MailHandOver.Each(
                [1, 2, 3],
                one =>
                {
                    if (one == 1)
                        throw new IOException("It fails.");
                    if (one == 2)
                        throw new LaterFormatException("The record", RecordFormat.Written + 1);
                    done.Add(one);
                    return Task.CompletedTask;
                },
                TestContext.Current.CancellationToken));
        Assert.Equal(["It fails."], failed.InnerExceptions.Select(fault => fault.Message));
        Assert.Equal([3], done);
    }
}
