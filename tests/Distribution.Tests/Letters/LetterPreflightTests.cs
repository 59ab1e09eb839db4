using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class LetterPreflightTests
{
    /// <summary>Allowed in every single step, and minutes of work together.</summary>
    private static readonly string Costly =
        $"Draft {{{{ x = 'x' | string.pad_right 400000; for i in 1..999; x{string.Concat(Enumerable.Repeat(" | string.upcase | string.downcase", 50))} | string.size; end }}}}";

    private static readonly HeadOfMission Head = new("A. Example", "H.E. Ms.");

    private static readonly Mission[] Roster =
    [
        SampleLetter.Mission("afg", "Afghanistan", "Permanent Mission of Afghanistan", Head),
        SampleLetter.Mission("alb", "Albania", "Permanent Mission of Albania"),
        SampleLetter.Mission("dza", "Algeria", "Permanent Mission of Algeria"),
        SampleLetter.Mission("and", "Andorra", "Permanent Mission of Andorra"),
    ];

    [Fact]
    public void Finds_nothing_wrong_with_the_sample() => Assert.Empty(Check(SampleLetter.Source));

    [Fact]
    public void Reports_a_fault_of_every_letter_once() =>
        Assert.Equal(
            ["There is no field called mission.nam, in every letter (4)."],
            Check(SampleLetter.WithBody("{{ mission.nam }}")).Select(fault => fault.Words));

    [Fact]
    public void Names_the_first_mission_of_a_fault_and_how_many_share_it() =>
        Assert.Equal(
            ["The field mission.head_of_mission is empty, in the letters to Albania and 2 other missions."],
            Check(SampleLetter.WithBody("{{ mission.head_of_mission }}")).Select(fault => fault.Words));

    [Fact]
    public void Names_the_only_mission_of_a_fault() =>
        Assert.Equal(
            ["There is no field called x, in the letter to Andorra."],
            Check(SampleLetter.WithBody("a{{ if mission.id == 'and' }}{{ x }}{{ end }}")).Select(fault => fault.Words)
        );

    [Fact]
    public void Reports_what_stops_any_letter_from_being_made() =>
        Assert.Equal([410], Check(SampleLetter.WithBody("{{ if")).Select(fault => fault.Number));

    /// <summary>They would print in the middle of another language: “présente ses compliments à la Office of …”.</summary>
    [Fact]
    public void Asks_whether_English_titles_are_meant_in_letters_of_another_language()
    {
        var french = SampleLetter.Source with { Language = "fr", Address = AddressForm.Addressed };
        var found = Assert.Single(Check(french), finding => finding.Number == 605);
        Assert.Equal(
            (
                Severity.Tick,
                "The register has no title in French for 4 missions, whose letters print the English one: Permanent Mission of Afghanistan, Permanent Mission of Albania and Permanent Mission of Algeria and 1 more."),
            (found.Severity, found.Words));
        Assert.DoesNotContain(Check(french with { Address = AddressForm.Collective }), finding => finding.Number == 605);
        Assert.DoesNotContain(
            Check(french, roster: [.. Roster.Select(mission => mission with { Titles = new Dictionary<string, string> { ["en"] = mission.Title, ["fr"] = "Mission permanente" } })]),
            finding => finding.Number == 605);
        // In Chinese a State's title is made of its name.
        var chinese = SampleLetter.Source with { Language = "zh", Address = AddressForm.Addressed };
        Assert.StartsWith(
            "The register has no title in Chinese for 1 mission, whose letters print the English one: Permanent Mission of Albania",
            Assert.Single(
                Check(chinese, roster: [.. Roster.Select(mission => mission.Id == "alb" ? mission : mission with { Names = new Dictionary<string, string> { ["en"] = mission.Name, ["zh"] = "某国" } })]),
                finding => finding.Number == 605).Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_up_when_all_letters_together_take_too_long()
    {
        var fault = Assert.Single(Check(SampleLetter.WithBody("Draft."), new RenderBudget(TimeSpan.Zero)));

        Assert.Equal(
            (
                425,
                "letter.md",
                "Trying the letters to all 4 missions takes more than 0 seconds of processor time; 0 were made in it."),
            (fault.Number, fault.Place, fault.Words));
    }

    [Fact]
    public void A_costly_letter_is_given_up_when_its_processor_time_is_spent()
    {
        var begun = ProcessorTime.OfThread;
        var fault = Assert.Single(
            Check(
                SampleLetter.WithBody(Costly) with
                {
                    Address = AddressForm.Collective,
                },
                new RenderBudget(TimeSpan.FromMilliseconds(200))));

        Assert.Equal(
            (
                417,
                "letter.md, line 10",
                "Making the letter takes more than 0.2 seconds of processor time, in every letter (4)."),
            (fault.Number, fault.Place, fault.Words));
        Assert.InRange(ProcessorTime.OfThread - begun, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        // As the project promises: reading and one rendering a language, and each mission beyond that.
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50)),
            (RenderLimits.Default.Time, RenderLimits.Default.Each));
    }

    [Fact]
    public void Each_further_mission_has_a_little_more_and_where_that_does_not_suffice_the_letter_is_given_up()
    {
        var budget = new RenderBudget(TimeSpan.FromSeconds(30));
        Assert.Empty(Check(SampleLetter.WithBody("Draft."), budget));
        Assert.Equal(TimeSpan.FromSeconds(30.15), budget.Allowed);

        var costly = new RenderBudget(TimeSpan.FromMilliseconds(300));
        Assert.Equal(
            [425],
            Check(SampleLetter.WithBody($"{{{{ if mission.id != 'afg' }}}}{Costly}{{{{ end }}}}"), costly)
                .Select(fault => fault.Number)
                .Take(1));
    }

    [Fact]
    public void Time_in_which_the_machine_does_other_work_does_not_count()
    {
        var budget = new RenderBudget(TimeSpan.FromMilliseconds(100));
        using (var time = budget.Begin())
        {
            Thread.Sleep(300);
            Assert.False(time.IsOver);
        }

        Assert.False(budget.IsSpent);
        using (var time = budget.Begin())
            while (!time.IsOver)
                Thread.SpinWait(1_000);
        Assert.True(budget.IsSpent);
    }

    [Fact]
    public void A_fault_of_a_letter_to_all_together_is_one_of_every_letter() =>
        Assert.Equal(
            ["There is no field called x, in every letter (4)."],
            Check(SampleLetter.Source with { Body = "{{ x }}" }).Select(fault => fault.Words));

    [Fact]
    public void Reports_at_most_fifty_faults_and_says_how_many_more_there_are()
    {
        var faults = Check(
                SampleLetter.WithBody(
                    string.Join('\n', Enumerable.Range(0, 150).Select(number => $"{{{{ x{number} }}}}"))))
            .ToList();

        Assert.Equal(50, faults.Count);
        Assert.Equal((239, "There are 101 further faults, not listed here."), (faults[^1].Number, faults[^1].Words));
    }

    private static IEnumerable<Finding> Check(LetterSource source, RenderBudget? budget = null, IReadOnlyList<Mission>? roster = null) =>
        new LetterPreflight().Check(new Preflight(
            IsStanding: false,
            source,
            SampleLetter.Confirmed,
            [new UploadedFile(SampleLetter.Draft.File, new byte[] { 1 }, "")],
            roster ?? Roster)
        {
            Budget = budget ?? new(RenderLimits.Default.Time),
        });
}
