using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class LetterPreflightTests
{
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

    [Fact]
    public void Gives_up_when_all_letters_together_take_too_long()
    {
        var fault = Assert.Single(Check(SampleLetter.Source, RenderLimits.Default with { Together = TimeSpan.Zero }));

        Assert.Equal(
            (
                425,
                "letter.md",
                "Trying the letters to all 4 missions took longer than 0 seconds; 0 were made in that time."),
            (fault.Number, fault.Place, fault.Words));
    }

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

    private static IEnumerable<Fault> Check(LetterSource source, RenderLimits? limits = null) =>
        new LetterPreflight(limits).Check(new Preflight(
            IsStanding: false,
            source,
            SampleLetter.Confirmed,
            [new UploadedFile(SampleLetter.Draft.File, new byte[] { 1 }, "")],
            Roster));
}
