using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Reports;
using Xunit;
using static Distribution.Tests.Tracking.Reports.ReportSamples;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>When a mission counts as served, and what the report says of those that do not.</summary>
public sealed class ServedReportTests
{
    [Fact]
    public void A_mission_is_served_when_the_first_of_its_mailboxes_is_whatever_comes_later()
    {
        var line = Line(Dispatch("mex",
            ("a@mex.example", [Accepted(5), Event(30, DeliveryEventKind.Delivered, source: "sendgrid")]),
            ("b@mex.example", [Accepted(2), Event(40, DeliveryEventKind.Deferred, source: "sendgrid")])));
        Assert.Equal(
            (Sent.AddMinutes(2), "b@mex.example", "Accepted by the mail server", "The server's own answer"),
            (line.At, line.Mailbox, line.How.ToString(), line.Evidence.ToString()));
        Assert.Equal(
            "b@mex.example: accepted 3 April 2018, 2.02 p.m., delayed by the mission's server 3 April 2018, 2.40 p.m.",
            line.Remark);
    }

    [Fact]
    public void Being_put_off_by_the_mission_s_server_counts_for_the_sending_server_has_it()
    {
        var line = Line(Dispatch("mex", Event(3, DeliveryEventKind.Deferred, "450 Busy", source: "sendgrid")));
        Assert.Equal(
            (Sent.AddMinutes(3), "Delayed by the mission's server", "A signed event of SendGrid's"),
            (line.At, line.How.ToString(), line.Evidence.ToString()));
    }

    // "All missions were served" once stood above a mission whose server had put the letter off for days.
    [Fact]
    public void A_delayed_mission_is_never_served_without_a_remark()
    {
        var reported = Of(
            Dispatch("che", Accepted(0)),
            Dispatch(
                "mex",
                Accepted(2),
                Event(10, DeliveryEventKind.Deferred, "450 Busy", source: "bounce") with
                {
                    TriedUntil = Sent.AddMinutes(60),
                }));
        Assert.EndsWith("served. To 1 mission of those served it is delayed on its way: Mexico.", ServedReport.Of(reported).Verdict, StringComparison.Ordinal);
        Assert.EndsWith("delayed on its way: Mexico.", Verdict(reported, 31), StringComparison.Ordinal);
        Assert.Equal(
            "mex@missions.example: accepted 3 April 2018, 2.02 p.m., delayed, to be tried until 3 April 2018, 3.00 p.m. 3 April 2018, 2.10 p.m. (450 Busy), as a report by mail says.",
            Remark(30));
        Assert.EndsWith("as a report by mail says; no failure was reported since.", Remark(61), StringComparison.Ordinal);
        Assert.Contains(
            "no failure was reported since",
            Assert.Single(UnreachableList.Of(reported with { Now = Sent.AddMinutes(61) }, []).Lines).Reason,
            StringComparison.Ordinal);

        string Remark(int minute) =>
            ServedReport.Of(reported with { Now = Sent.AddMinutes(minute) }).Lines[1].Remark;
    }

    [Fact]
    public void A_mission_from_whose_every_mailbox_it_came_back_was_not_served_though_it_was_accepted()
    {
        var line = Line(Dispatch("mex", Accepted(2), CameBack(10)));
        Assert.Null(line.At);
        Assert.Equal(
            "mex@missions.example: accepted 3 April 2018, 2.02 p.m., came back: no such mailbox 3 April 2018, 2.10 p.m. (550 No such user), as a report by mail says.",
            line.Remark);
    }

    [Fact]
    public void Where_it_came_back_from_one_mailbox_the_time_is_that_of_the_other()
    {
        var line = Line(
            Dispatch("mex", ("a@mex.example", [Accepted(2), CameBack(10)]), ("b@mex.example", [Accepted(5)])));
        Assert.Equal((Sent.AddMinutes(5), "b@mex.example"), (line.At, line.Mailbox));
        Assert.StartsWith(
            "a@mex.example: accepted 3 April 2018, 2.02 p.m., came back",
            line.Remark,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_attempt_counts_and_what_became_of_a_later_one_is_remarked()
    {
        var line = Line(Dispatch("mex", Accepted(2)).Again(Accepted(60), CameBack(70)));
        Assert.Equal(Sent.AddMinutes(2), line.At);
        Assert.Contains("came back: no such mailbox 3 April 2018, 3.10 p.m.", line.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mission_that_a_person_vouches_for_is_served_from_then_on_and_it_says_by_whom()
    {
        var line = Line(
            Dispatch(
                "mex",
                Event(0, DeliveryEventKind.Unknown),
                Event(
                    90,
                    DeliveryEventKind.Delivered,
                    "Zoë vouches for it that the mission has the letter.",
                    source: "Zoë")));
        Assert.Equal((Sent.AddMinutes(90), "Vouched for", "The word of Zoë"), (line.At, line.How.ToString(), line.Evidence.ToString()));
    }

    [Theory]
    [InlineData("sendgrid", "A signed event of SendGrid's")]
    [InlineData("pickup", "The file in the pickup folder")]
    public void Evidence_is_named_by_its_rank(string source, string words) =>
        Assert.Equal(words, Line(Dispatch("mex", Event(0, DeliveryEventKind.Accepted, source: source))).Evidence);

    // Mail once counted here like a server's own answer: whoever had the letter could write that a mission was served,
    // and when.
    [Theory]
    [InlineData("bounce")]
    [InlineData("reply")]
    [InlineData("auto-reply")]
    public void Mail_alone_serves_nobody_and_is_named_for_what_it_is(string source)
    {
        var line = Line(
            Dispatch("mex", Event(0, DeliveryEventKind.Unknown), Event(5, DeliveryEventKind.Accepted, source: source)));
        Assert.Equal(
            "mex@missions.example: mail alone says that it was sent, on 3 April 2018, 2.05 p.m., which proves nothing.",
            NotServed(line));

        var after = Line(
            Dispatch(
                "mex",
                Event(5, DeliveryEventKind.Deferred, source: source),
                Event(9, DeliveryEventKind.Accepted, "250 OK")));
        Assert.Equal((Sent.AddMinutes(9), "The server's own answer"), (after.At, after.Evidence.ToString()));
    }

    // It was told as not served, "Not sent yet" and "Never tried", though nobody could know.
    [Fact]
    public void Of_a_mission_whose_entry_cannot_be_read_it_is_not_known_on_every_list()
    {
        var entries = (MissionEntry[])[Dispatch("che", Accepted(0)), Dispatch("mex", Accepted(2))];
        var reported = ReportedDistribution.Of(
            ReportSamples.Distribution,
            SampleLetter.Source,
            Roster(entries) with { Dispatches = [entries[0]] },
            [],
            Sent.AddDays(1));
        var report = ServedReport.Of(reported);
        Assert.Equal(
            "Of 1 mission it is not known whether it was served, for its record is missing or cannot be read: Mexico. The one other mission was served.",
            report.Verdict);
        Assert.Empty(report.Missing);
        var line = Assert.Single(report.Unread);
        Assert.Equal("Not known: its record is missing or cannot be read.", line.Remark);
        Assert.EndsWith(
            "Mexico. The one other mission was served before 3 April 2018, 2.30 p.m. New York time.",
            Verdict(reported, 30),
            StringComparison.Ordinal);
        Assert.Contains("1 of 2 missions was not served before", Verdict(reported, -30), StringComparison.Ordinal);
        Assert.Contains(
            "not known",
            System.Text.Encoding.UTF8.GetString(ReportTables.Served(ServedReport.Of(reported, Sent.AddMinutes(30)))),
            StringComparison.Ordinal);

        var unreachable = Assert.Single(UnreachableList.Of(reported, []).Lines);
        Assert.Equal(line.Remark.ToString(), unreachable.Reason.ToString());
        Assert.Equal("Not known", ReportLists.Of(UnreachableList.Of(reported, [])).Rows[0][3]);
        var sheet = ReportLists.Of(TickSheet.Of(reported));
        Assert.Contains(sheet.Facts, fact => fact.EndsWith("1 served, 0 acknowledged, 1 not known.", StringComparison.Ordinal));
        Assert.Contains(sheet.Rows, row => row is [_, "Mexico", "Not known", "Not known", ..]);

        // An addendum that reached it is known all the same.
        var reached = ReportedDistribution.Of(
            ReportSamples.Distribution,
            SampleLetter.Source,
            Roster(entries) with { Dispatches = [entries[0]] },
            [Roster([Dispatch("mex", Accepted(9))])],
            Sent.AddDays(1));
        Assert.Equal("All 2 missions were served.", ServedReport.Of(reached).Verdict);
        Assert.Empty(UnreachableList.Of(reached, []).Lines);
    }

    [Fact]
    public void What_was_not_tried_or_is_not_known_is_not_served()
    {
        Assert.Equal("Not sent yet.", NotServed(Line(Untried("mex"))));
        Assert.Equal(
            "mex@missions.example: not known whether it was sent 3 April 2018, 2.00 p.m.",
            NotServed(Line(Dispatch("mex", Event(0, DeliveryEventKind.Unknown)))));
        Assert.Equal(
            "mex@missions.example: refused 3 April 2018, 2.01 p.m. (550 No).",
            NotServed(Line(Dispatch("mex", Event(1, DeliveryEventKind.Refused, "550 No")))));
        Assert.Equal(
            "mex@missions.example: being handed over since 3 April 2018, 2.00 p.m.",
            NotServed(Line(Dispatch("mex", Event(0, DeliveryEventKind.HandingOver)))));
    }

    [Fact]
    public void One_that_was_not_served_and_acknowledged_is_still_not_served_and_both_is_said()
    {
        var acknowledged = new Acknowledgement(
            "Amélie Favre",
            "Second Secretary",
            AcknowledgementChannel.Telephone,
            Sent.AddHours(2),
            "Zoë");
        var line = Assert.Single(
            ServedReport
                .Of(
                    Of(
                        [Dispatch("mex", CameBack(10))],
                        [Acknowledged("mex", new AcknowledgementStep("1", Sent, "Zoë", acknowledged))]))
                .Lines);
        Assert.Null(line.At);
        Assert.EndsWith(
            "But acknowledged on 3 April 2018, 4.00 p.m. by Amélie Favre, Second Secretary, by telephone, recorded by Zoë.",
            line.Remark,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_is_named_the_mission_acknowledged_and_no_country_without_its_article()
    {
        var acknowledged = new Acknowledgement("Switzerland", null, AcknowledgementChannel.NoteVerbale, Sent);
        var words = AcknowledgementWords.Of(acknowledged, Mission("che"));
        Assert.Equal("acknowledged on 3 April 2018, 2.00 p.m. by the mission, by note verbale", words.In(DeskLanguage.English));
        Assert.Equal(
            "réception confirmée le 3 avril 2018 à 14 heures par la mission, par note verbale",
            words.In(DeskLanguage.French).Replace('\u00A0', ' '));
    }

    [Fact]
    public void Says_in_a_sentence_that_all_were_served_before_an_instant_and_the_instant_itself_is_too_late()
    {
        var reported = Of(Dispatch("che", Accepted(0)), Dispatch("mex", Accepted(30)));
        Assert.Equal("All 2 missions were served before 3 April 2018, 2.31 p.m. New York time.", Verdict(reported, 31));
        Assert.Equal(
            "1 of 2 missions was not served before 3 April 2018, 2.30 p.m. New York time: Mexico.",
            Verdict(reported, 30));
        Assert.Equal(
            "2 of 2 missions were not served before 3 April 2018, 2.00 p.m. New York time: Switzerland and Mexico.",
            Verdict(reported, 0));
        Assert.Equal("All 2 missions were served.", ServedReport.Of(reported).Verdict);
    }

    [Fact]
    public void An_instant_between_two_minutes_is_said_to_the_second()
    {
        var report = ServedReport.Of(Of(Dispatch("mex", Accepted(0))), Sent.AddSeconds(59));
        Assert.Equal("The one mission was served before 3 April 2018, 2.00.59 p.m. New York time.", report.Verdict);
        Assert.Contains(
            "14\u00A0h\u00A000\u00A0min\u00A059\u00A0s",
            report.Verdict.In(DeskLanguage.French),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_instant_to_come_leaves_time_for_those_not_served_yet()
    {
        var report = ServedReport.Of(Of(Dispatch("che", Accepted(0)), Untried("mex")), Sent.AddDays(2));
        Assert.Equal(
            "1 of 2 missions has not been served yet, and 5 April 2018, 2.00 p.m. New York time is still to come: Mexico.",
            report.Verdict);
    }

    [Fact]
    public void A_letter_that_was_not_released_served_nobody()
    {
        var reported = Of(Untried("mex"));
        Assert.Equal(
            "Nothing has been sent: this letter was not released.",
            ServedReport
                .Of(
                    reported with
                    {
                        Distribution = reported.Distribution with
                        {
                            ReleasedAt = null,
                            State = DistributionState.AwaitingRelease,
                        },
                    })
                .Verdict);
    }

    [Fact]
    public void A_list_too_long_to_read_aloud_is_cut()
    {
        var missions = RegisterCsv.Seed().Missions;
        var verdict = ServedReport.Of(Of([.. missions.Select(mission => Untried(mission.Id))])).Verdict;
        Assert.StartsWith(
            "223 of 223 missions were not served: Afghanistan, Albania, ",
            verdict,
            StringComparison.Ordinal);
        Assert.EndsWith(" and 211 more.", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void An_addendum_serves_those_it_went_to_and_those_added_later_stand_at_the_end()
    {
        var reported = Of(
            [Dispatch("che", Accepted(0)), Dispatch("mex", CameBack(1))],
            [],
            Roster([Dispatch("mex", ("new@mex.example", [Accepted(100)])), Dispatch("fra", Accepted(101))]));
        var report = ServedReport.Of(reported);
        Assert.Equal(["che", "mex", "fra"], report.Lines.Select(line => line.Mission.Id));
        Assert.Equal(("new@mex.example", Sent.AddMinutes(100)), (report.Lines[1].Mailbox, report.Lines[1].At));
        Assert.Equal([false, false, true], report.Lines.Select(line => line.Of.AddedLater));
        Assert.Equal(DeliveryState.Accepted, reported.Missions[1].State);
        Assert.Equal("All 3 missions were served.", report.Verdict);
    }

    private static string Verdict(ReportedDistribution reported, int minute) =>
        ServedReport.Of(reported, Sent.AddMinutes(minute)).Verdict;

    private static ServedLine Line(MissionEntry entry) => Assert.Single(ServedReport.Of(Of(entry)).Lines);

    private static string NotServed(ServedLine line)
    {
        Assert.Null(line.At);
        return line.Remark;
    }
}
