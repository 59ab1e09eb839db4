using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>The field groups of a delivery report (RFC 3464), as servers really separate them, or do not.</summary>
public sealed class ReportedRecipientTests
{
    private const string Message = "Reporting-MTA: dns; mx.example\nArrival-Date: Mon, 26 Mar 2018 22:00:00 +0000";

    private static readonly DateTimeOffset Arrived = new(2018, 3, 26, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    // By final address, by original one, by an action that comes again; and written with other capitals.
    [InlineData("Final-Recipient: rfc822; a@x.example\nAction: failed\nFinal-Recipient: rfc822; b@x.example\nAction: delayed")]
    [InlineData("Original-Recipient: rfc822; a@x.example\nAction: failed\nOriginal-Recipient: rfc822; b@x.example\nAction: delayed")]
    [InlineData("Original-Recipient: rfc822; a@x.example\nFinal-Recipient: rfc822; a1@x.example\nAction: failed\nOriginal-Recipient: rfc822; b@x.example\nFinal-Recipient: rfc822; b1@x.example\nAction: delayed")]
    [InlineData("final-recipient: rfc822; a@x.example\naction: failed\nFINAL-RECIPIENT: rfc822; b@x.example\nAction: delayed")]
    public void Groups_without_a_blank_line_between_them_are_two_mailboxes(string groups)
    {
        var read = ReportedRecipient.ReadAll(Groups(Message, groups));
        Assert.Equal(
            [("a@x.example", ReportedAction.Failed), ("b@x.example", ReportedAction.Delayed)],
            read.Select(mailbox => (mailbox.Original ?? mailbox.Final, mailbox.Action)));
    }

    [Fact]
    public void An_action_that_comes_again_begins_a_group_which_names_nobody_and_is_left_out() =>
        Assert.Equal(
            [ReportedAction.Failed],
            ReportedRecipient
                .ReadAll(Groups(Message, "Final-Recipient: rfc822; a@x.example\nAction: failed\nAction: delivered"))
                .Select(mailbox => mailbox.Action));

    [Fact]
    public void A_group_that_a_blank_line_splits_is_one_mailbox()
    {
        var read = Assert.Single(ReportedRecipient.ReadAll(Groups(
            Message,
            "Final-Recipient: rfc822; a@x.example",
            "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such user")));
        Assert.Equal(("a@x.example", "5.1.1", "550 5.1.1 No such user"), (read.Final, read.Status, read.Words));
    }

    [Fact]
    public void Until_when_a_delayed_letter_is_tried_is_the_mailboxs_own_and_is_believed_within_thirty_days()
    {
        var read = ReportedRecipient.ReadAll(Groups(
            Message,
            "Final-Recipient: rfc822; a@x.example\nAction: delayed\nWill-Retry-Until: Sat, 31 Mar 2018 22:00:00 +0000",
            "Final-Recipient: rfc822; b@x.example\nAction: delayed"));
        Assert.Equal([Arrived.AddDays(5), null], read.Select(mailbox => mailbox.TriedUntil));
        Assert.Equal(Arrived.AddDays(5), read[0].TriedUntilAsOf(Arrived.AddDays(-25)));
        Assert.Null(read[0].TriedUntilAsOf(Arrived.AddDays(-25).AddMinutes(-1)));
        Assert.Equal(Arrived.AddDays(5), read[0].TriedUntilAsOf(Arrived.AddDays(35)));
        Assert.Null(read[0].TriedUntilAsOf(Arrived.AddDays(35).AddMinutes(1)));
    }

    [Theory]
    [InlineData("Mon, 26 Mar 2018 22:00:59 +0000", null)]
    [InlineData("Mon, 26 Mar 2018 22:01:00 +0000", 1)]
    [InlineData("Wed, 25 Apr 2018 22:00:00 +0000", 30 * 24 * 60)]
    [InlineData("Wed, 25 Apr 2018 22:00:01 +0000", null)]
    [InlineData("Mon, 26 Mar 2018 21:00:00 +0000", null)]
    public void How_long_it_was_tried_is_believed_from_a_minute_to_thirty_days(string last, int? minutes) =>
        Assert.Equal(
            minutes is { } known ? TimeSpan.FromMinutes(known) : null,
            Assert.Single(ReportedRecipient.ReadAll(Groups(
                Message, $"Final-Recipient: rfc822; a@x.example\nAction: failed\nLast-Attempt-Date: {last}"))).Tried);

    [Fact]
    public void Where_the_last_attempt_is_not_dated_the_report_is()
    {
        var groups = Groups(Message, "Final-Recipient: rfc822; a@x.example\nAction: failed");
        Assert.Equal(TimeSpan.FromDays(2), Assert.Single(ReportedRecipient.ReadAll(groups, made: Arrived.AddDays(2))).Tried);
        Assert.Null(Assert.Single(ReportedRecipient.ReadAll(groups)).Tried);
    }

    private static IEnumerable<HeaderList> Groups(params string[] groups) =>
        groups.Select(group =>
        {
            HeaderList fields = [];
            foreach (var line in group.Split('\n'))
                fields.Add(line.Split(':')[0], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            return fields;
        });
}
