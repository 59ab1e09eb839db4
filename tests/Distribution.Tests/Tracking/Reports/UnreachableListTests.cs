using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Reports;
using Xunit;
using static Distribution.Tests.Tracking.Reports.ReportSamples;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>Who is to be reached by telephone or pouch, why, and by what other way.</summary>
public sealed class UnreachableListTests
{
    private static readonly IReadOnlyList<Mission> Register = RegisterCsv.Seed().Missions;

    [Fact]
    public void Lists_whom_the_letter_did_not_reach_and_nobody_else()
    {
        var list = UnreachableList.Of(
            Of(
                Dispatch("afg", Accepted(0)),
                Dispatch("alb", Event(0, DeliveryEventKind.Deferred)),
                Dispatch("dza", Event(0, DeliveryEventKind.Delivered)),
                Dispatch("and", Accepted(0), CameBack(5)),
                Dispatch("ago", Event(0, DeliveryEventKind.Refused, "550 No")),
                Dispatch("atg", Event(0, DeliveryEventKind.Unknown)),
                Dispatch("arg", Event(0, DeliveryEventKind.Withdrawn, "Stopped before it was sent.")),
                Untried("arm")),
            Register);
        Assert.Equal(["alb", "and", "ago", "atg", "arg", "arm"], list.Lines.Select(line => line.Mission.Id));
        Assert.Equal(
            [
                "alb@missions.example: delayed by the mission's server 3 April 2018, 2.00 p.m.",
                "and@missions.example: accepted 3 April 2018, 2.00 p.m., came back: no such mailbox 3 April 2018, 2.05 p.m. (550 No such user), as a report by mail says.",
                "ago@missions.example: refused 3 April 2018, 2.00 p.m. (550 No).",
                "atg@missions.example: not known whether it was sent 3 April 2018, 2.00 p.m.",
                "arg@missions.example: stopped before it was sent 3 April 2018, 2.00 p.m.",
                "Not sent yet.",
            ],
            list.Lines.Select(line => line.Reason.ToString()));
        Assert.Equal("6 of 8 missions; 1 was never sent to.", list.Summary);
        Assert.Equal([Sent, Sent.AddMinutes(5), Sent, Sent, null, null], list.Lines.Select(line => line.LastAttempt));
    }

    // What reached nobody is told by the best that became of it, whichever of the two was sent last.
    [Fact]
    public void A_mission_whose_letter_came_back_was_not_passed_over_because_an_addendum_was_stopped()
    {
        var list = UnreachableList.Of(
            Of(
                [Dispatch("ago", Accepted(0), CameBack(1)), Dispatch("mex", Event(0, DeliveryEventKind.Unknown))],
                [],
                Roster(
                [
                    Dispatch("ago", Event(2, DeliveryEventKind.Withdrawn, "Stopped before it was sent.")),
                    Dispatch("mex", Accepted(1), CameBack(2)),
                ])),
            Register);
        Assert.Equal("2 of 2 missions.", list.Summary);
        Assert.Equal(
            [DeliveryState.Bounced, DeliveryState.OutcomeUnknown],
            list.Lines.Select(line => line.Of.State));
    }

    [Fact]
    public void A_mission_that_has_acknowledged_this_very_letter_is_not_called()
    {
        var list = UnreachableList.Of(
            Of(
                [Dispatch("atg", Event(0, DeliveryEventKind.Unknown)), Dispatch("ago", Event(0, DeliveryEventKind.Refused, "550 No"))],
                [.. ((string[])["atg", "ago"]).Select(mission => Acknowledged(mission, new AcknowledgementStep("1", Sent, "Zoë", new("Jean", null, AcknowledgementChannel.Telephone, Sent))))]),
            Register);
        Assert.Equal(["ago"], list.Lines.Select(line => line.Mission.Id));
        Assert.Equal("1 of 2 missions; 1 has acknowledged by another way.", list.Summary);
    }

    [Fact]
    public void Names_the_mailboxes_of_the_register_that_the_letter_has_not_gone_to()
    {
        var mexico = Mission("mex");
        var list = UnreachableList.Of(
            Of(Dispatch("mex", Accepted(0), CameBack(5))),
            [
                mexico with
                {
                    Mailboxes =
                    [
                        new("MEX@missions.example", MailboxField.To),
                        new("new@mex.example", MailboxField.To),
                        new("copy@mex.example", MailboxField.Cc),
                    ],
                },
            ]);
        Assert.Equal(["new@mex.example", "copy@mex.example"], Assert.Single(list.Lines).Alternates);
    }

    [Fact]
    public void Has_the_telephone_of_the_register_and_says_where_to_find_what_the_register_lacks()
    {
        var bounced = Of(Dispatch("mex", CameBack(5)), Dispatch("ago", CameBack(5)));
        var mexico = Mission("mex") with { Telephone = "+1 212 555 0123" };
        Assert.StartsWith(
            "The register holds no telephone numbers and street addresses:",
            UnreachableList.Of(bounced, Register).WhereElse,
            StringComparison.Ordinal);

        var list = UnreachableList.Of(bounced, [mexico, Mission("ago")]);
        Assert.Equal([null, "+1 212 555 0123"], list.Lines.OrderBy(line => line.Mission.Id).Select(line => line.Telephone));
        Assert.Contains("not every telephone number", list.WhereElse, StringComparison.Ordinal);
        Assert.Contains("+1 212 555 0123", ReportLists.Of(list).Rows.SelectMany(row => row).Single(cell => cell.Contains("0123")));
        Assert.DoesNotContain(
            "telephone",
            UnreachableList.Of(Of(Dispatch("mex", CameBack(5))), [mexico]).WhereElse,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_an_addendum_reached_is_reached() =>
        Assert.Empty(
            UnreachableList
                .Of(
                    Of(
                        [Dispatch("mex", CameBack(1))],
                        [],
                        Roster([Dispatch("mex", ("new@mex.example", [Accepted(100)]))])),
                    Register)
                .Lines);

    [Fact]
    public void Of_a_letter_that_was_not_released_there_is_nobody_to_reach()
    {
        var reported = Of(Untried("mex"));
        Assert.Empty(
            UnreachableList
                .Of(reported with { Distribution = reported.Distribution with { ReleasedAt = null } }, Register)
                .Lines);
    }
}
