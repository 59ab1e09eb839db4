using Distribution.Common;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Register;

public sealed class AudienceTests
{
    private static readonly MissionRegister Seed = RegisterCsv.Seed();

    private static (IReadOnlyList<Mission> Roster, IReadOnlyList<Finding> Faults) Select(params string[] audience) =>
        Audience.Select(Seed, audience, Location.In("letter.md", 9, "audience"));

    [Fact]
    public void Is_everyone_where_the_letter_names_nobody()
    {
        var (roster, faults) = Select();
        Assert.Equal(Seed.Missions, roster);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("member-states", 193)]
    [InlineData("observer-states", 2)]
    [InlineData("observer-organizations", 28)]
    [InlineData("Observer-Organizations ", 28)]
    public void Takes_missions_by_kind(string kind, int count)
    {
        var (roster, faults) = Select(kind);
        Assert.Equal(count, roster.Count);
        Assert.Empty(faults);
    }

    [Fact]
    public void Takes_missions_by_the_groups_of_the_register()
    {
        var register = Seed with
        {
            Missions =
            [
                .. Seed.Missions.Select(mission => mission.Id is "che" or "mex" ? mission with { Groups = ["alps", "g7"] } : mission),
            ],
        };
        Assert.Equal(
            ["che"],
            Audience.Select(register, ["Alps", "not mex"], Location.In("letter.md")).Roster.Select(mission => mission.Id));
        var fault = Assert.Single(Audience.Select(register, ["alpps"], Location.In("letter.md")).Faults);
        Assert.Equal(
            ("“alpps” is neither a mission or a group of the register nor a kind of mission.", "Write alps, if that is meant."),
            (fault.Words, fault.Remedy));
    }

    [Fact]
    public void Keeps_protocol_order_and_names_nobody_twice() =>
        Assert.Equal(
            ["mex", "che", "vat", "pse", "icrc"],
            Select("icrc", "observer-states", "che", "MEX", "che").Roster.Select(mission => mission.Id));

    [Fact]
    public void Leaves_out_whom_it_is_told_to()
    {
        Assert.Equal(["vat"], Select("observer-states", "not pse").Roster.Select(mission => mission.Id));
        Assert.Equal(222, Select("not che").Roster.Count);
        Assert.Equal(30, Select("not  member-states").Roster.Count);
    }

    [Theory]
    [InlineData("member-sates", "member-sates", "Write member-states, if that is meant.")]
    [InlineData("switzerland", "switzerland", "Write che, if that is meant.")]
    [InlineData("not african-unoin", "african-unoin", "Write not african-union, if that is meant.")]
    [InlineData(
        "everyone on earth",
        "everyone on earth",
        "Write a mission such as che, or one of these: member-states, observer-states or observer-organizations.")]
    public void Names_an_entry_that_is_nobody_and_the_one_that_was_meant(string entry, string named, string remedy)
    {
        var (roster, faults) = Select("mex", entry);
        Assert.Equal(["mex"], roster.Select(mission => mission.Id));
        Assert.Equal(
            new Finding(
                130,
                Location.In("letter.md", 9, "audience"),
                $"“{named}” is neither a mission of the register nor a kind of mission.",
                remedy),
            Assert.Single(faults));
    }

    [Fact]
    public void Refuses_an_audience_of_nobody()
    {
        var (roster, faults) = Select("che", "not member-states");
        Assert.Empty(roster);
        Assert.Equal("Nobody is left to write to.", Assert.Single(faults).Words);
    }

    [Fact]
    public void Names_only_the_mistakes_where_they_are_why_nobody_is_left() =>
        Assert.Equal([130, 130], Select("chx", "").Faults.Select(fault => fault.Number));
}
