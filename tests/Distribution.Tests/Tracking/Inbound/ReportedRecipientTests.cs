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
    // By final address, by original one, by both, by an action that comes first; and written with other capitals.
    [InlineData("Final-Recipient: rfc822; a@x.example\nAction: failed\nFinal-Recipient: rfc822; b@x.example\nAction: delayed")]
    [InlineData("Original-Recipient: rfc822; a@x.example\nAction: failed\nOriginal-Recipient: rfc822; b@x.example\nAction: delayed")]
    [InlineData("Original-Recipient: rfc822; a@x.example\nFinal-Recipient: rfc822; a1@x.example\nAction: failed\nOriginal-Recipient: rfc822; b@x.example\nFinal-Recipient: rfc822; b1@x.example\nAction: delayed")]
    [InlineData("Action: failed\nFinal-Recipient: rfc822; a@x.example\nAction: delayed\nFinal-Recipient: rfc822; b@x.example")]
    [InlineData("final-recipient: rfc822; a@x.example\naction: failed\nFINAL-RECIPIENT: rfc822; b@x.example\nAction: delayed")]
    public void Groups_without_a_blank_line_between_them_are_two_mailboxes(string groups)
    {
        foreach (var written in (IEnumerable<HeaderList>[])[Groups(Message, groups), Groups($"{Message}\n{groups}")])
        {
            var read = ReportedRecipient.ReadAll(written, made: Arrived.AddDays(2));
            Assert.Equal(
                [("a@x.example", ReportedAction.Failed, TimeSpan.FromDays(2)), ("b@x.example", ReportedAction.Delayed, TimeSpan.FromDays(2))],
                read.Select(mailbox => (mailbox.Original ?? mailbox.Final, mailbox.Action, mailbox.Tried!.Value)));
        }
    }

    [Fact]
    public void Of_very_many_mailboxes_a_hundred_are_read() =>
        Assert.Equal(
            100,
            ReportedRecipient.ReadAll(
                Groups([Message, .. Enumerable.Repeat("Final-Recipient: rfc822; a@x.example\nAction: failed", 300)]),
                "a@x.example: no such user").Count);

    [Fact]
    public void An_action_that_comes_again_begins_a_group_which_names_nobody_and_is_left_out() =>
        Assert.Equal(
            [ReportedAction.Failed],
            ReportedRecipient
                .ReadAll(Groups(Message, "Final-Recipient: rfc822; a@x.example\nAction: failed\nAction: delivered"))
                .Select(mailbox => mailbox.Action));

    [Fact]
    public void Another_field_that_comes_again_is_the_same_mailboxs_and_its_first_one_counts()
    {
        var read = Assert.Single(ReportedRecipient.ReadAll(Groups(
            Message,
            "Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; 550 No such user\nDiagnostic-Code: smtp; 421 Busy\nAction: failed")));
        Assert.Equal((ReportedAction.Failed, "550 No such user"), (read.Action, read.Words));
    }

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

    [Theory]
    [InlineData("The mailbox is full.", "Status: 5.0.0", "The mailbox is full. (status 5.0.0)")]
    [InlineData("The mailbox is full.", "X-Comment: none", "The mailbox is full.")]
    [InlineData("", "Status: 5.0.0", "Status 5.0.0")]
    [InlineData("", "X-Comment: none", "")]
    public void Its_words_are_what_the_report_has_of_a_sentence_and_a_status(string text, string status, string words) =>
        Assert.Equal(
            words,
            Assert.Single(ReportedRecipient.ReadAll(
                Groups(Message, $"Final-Recipient: rfc822; a@x.example\nAction: failed\n{status}"), text)).Words);

    [Theory]
    [InlineData("d\\x{D800}l@x.example")]
    [InlineData("d\\x{FFFFFF}l@x.example")]
    public void A_sign_that_there_is_not_is_left_as_it_stands_in_an_address(string address) =>
        Assert.Equal([address], ReportedRecipient.Readings(address));

    [Fact]
    public void Where_a_report_names_no_address_there_is_none_to_read() => Assert.Empty(ReportedRecipient.Readings(null));

    private static IEnumerable<HeaderList> Groups(params string[] groups) =>
        groups.Select(group =>
        {
            HeaderList fields = [];
            foreach (var line in group.Split('\n'))
                fields.Add(line.Split(':')[0], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            return fields;
        });
}
