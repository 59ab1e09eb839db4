using System.Text;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Register;

public sealed class SeedTests
{
    private static readonly MissionRegister Seed = RegisterCsv.Seed();

    [Fact]
    public void Has_every_mission_of_New_York_without_a_warning()
    {
        Assert.Empty(RegisterCsv.Read("missions.csv", RegisterCsv.SeedContent).Faults);
        Assert.Equal(193, Seed.Missions.Count(mission => mission.Kind is MissionKind.MemberState));
        Assert.Equal(2, Seed.Missions.Count(mission => mission.Kind is MissionKind.ObserverState));
        Assert.Equal(28, Seed.Missions.Count(mission => mission.Kind is MissionKind.ObserverOrganization));
    }

    [Fact]
    public void Gives_each_mission_its_own_id_and_a_placeholder_to_write_to()
    {
        Assert.Equal(223, Seed.Missions.DistinctBy(mission => mission.Id).Count());
        Assert.Equal(
            223,
            Seed.Missions.SelectMany(mission => mission.Mailboxes).DistinctBy(mailbox => mailbox.Address).Count());
        Assert.All(Seed.Missions, mission =>
        {
            var mailbox = Assert.Single(mission.Mailboxes);
            Assert.Equal(MailboxField.To, mailbox.Field);
            Assert.EndsWith(".example", mailbox.Address, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Names_no_head_of_mission() => Assert.All(Seed.Missions, mission => Assert.Null(mission.Head));

    [Fact]
    public void Has_each_name_in_six_languages_and_every_State_s_title_in_three() =>
        Assert.All(Seed.Missions, mission =>
        {
            Assert.Equal(["ar", "en", "es", "fr", "ru", "zh"], mission.Names.Keys.Order());
            string[] titles = mission.Kind is MissionKind.ObserverOrganization ? ["en"] : ["en", "es", "fr"];
            Assert.Equal(titles, mission.Titles.Keys.Order());
        });

    [Theory]
    [InlineData("afg", 1)]
    [InlineData("bol", 21)]
    [InlineData("cri", 40)]
    [InlineData("civ", 41)]
    [InlineData("hrv", 42)]
    [InlineData("cze", 45)]
    [InlineData("prk", 46)]
    [InlineData("gin", 71)]
    [InlineData("gnb", 72)]
    [InlineData("mex", 111)]
    [InlineData("ner", 125)]
    [InlineData("nga", 126)]
    [InlineData("kor", 140)]
    [InlineData("che", 168)]
    [InlineData("tun", 176)]
    [InlineData("tur", 177)]
    [InlineData("tkm", 178)]
    [InlineData("usa", 185)]
    [InlineData("zwe", 193)]
    [InlineData("vat", 194)]
    [InlineData("pse", 195)]
    [InlineData("african-union", 196)]
    [InlineData("university-for-peace", 217)]
    [InlineData("inter-parliamentary-union", 218)]
    [InlineData("order-of-malta", 223)]
    public void Puts_each_mission_in_its_place(string id, int place) => Assert.Equal(id, Seed.Missions[place - 1].Id);

    [Fact]
    public void Is_filed_in_protocol_order_and_comes_back_to_it_when_its_rows_are_turned_round()
    {
        var lines = Encoding
            .UTF8.GetString(RegisterCsv.SeedContent.Span)
            .TrimStart('\uFEFF')
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var filed = lines[1..].Select(line => line.Split(',')[0]);
        Assert.Equal(filed, Seed.Missions.Select(mission => mission.Id));

        var turned = RegisterCsv.Read(
            "turned.csv",
            RegisterText.Bytes(string.Join("\n", [lines[0], .. lines[1..].Reverse()])));
        Assert.Equal(filed, turned.Register!.Missions.Select(mission => mission.Id));
    }

    [Theory]
    [InlineData(
        "hti",
        "Mission permanente d'Haïti auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Haití ante las Naciones Unidas")]
    [InlineData(
        "nld",
        "Mission permanente du Royaume des Pays-Bas auprès de l'Organisation des Nations Unies",
        "Misión Permanente del Reino de los Países Bajos ante las Naciones Unidas")]
    [InlineData(
        "usa",
        "Mission permanente des États-Unis d'Amérique auprès de l'Organisation des Nations Unies",
        "Misión Permanente de los Estados Unidos de América ante las Naciones Unidas")]
    [InlineData(
        "slv",
        "Mission permanente d'El Salvador auprès de l'Organisation des Nations Unies",
        "Misión Permanente de El Salvador ante las Naciones Unidas")]
    [InlineData(
        "irn",
        "Mission permanente de la République islamique d'Iran auprès de l'Organisation des Nations Unies",
        "Misión Permanente de la República Islámica del Irán ante las Naciones Unidas")]
    [InlineData(
        "civ",
        "Mission permanente de la Côte d'Ivoire auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Côte d'Ivoire ante las Naciones Unidas")]
    [InlineData(
        "are",
        "Mission permanente des Émirats arabes unis auprès de l'Organisation des Nations Unies",
        "Misión Permanente de los Emiratos Árabes Unidos ante las Naciones Unidas")]
    [InlineData(
        "gbr",
        "Mission permanente du Royaume-Uni de Grande-Bretagne et d'Irlande du Nord auprès de l'Organisation des Nations Unies",
        "Misión Permanente del Reino Unido de Gran Bretaña e Irlanda del Norte ante las Naciones Unidas")]
    [InlineData(
        "mco",
        "Mission permanente de la Principauté de Monaco auprès de l'Organisation des Nations Unies",
        "Misión Permanente del Principado de Mónaco ante las Naciones Unidas")]
    [InlineData(
        "cub",
        "Mission permanente de Cuba auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Cuba ante las Naciones Unidas")]
    [InlineData(
        "che",
        "Mission permanente de la Suisse auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Suiza ante las Naciones Unidas")]
    [InlineData(
        "qat",
        "Mission permanente de l'État du Qatar auprès de l'Organisation des Nations Unies",
        "Misión Permanente del Estado de Qatar ante las Naciones Unidas")]
    [InlineData(
        "vat",
        "Mission permanente d'observation du Saint-Siège auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Observación de la Santa Sede ante las Naciones Unidas")]
    [InlineData(
        "pse",
        "Mission permanente d'observation de l'État de Palestine auprès de l'Organisation des Nations Unies",
        "Misión Permanente de Observación del Estado de Palestina ante las Naciones Unidas")]
    public void Writes_titles_with_the_right_articles(string id, string french, string spanish)
    {
        var mission = Seed.Missions.Single(mission => mission.Id == id);
        Assert.Equal(french, mission.TitleIn("fr"));
        Assert.Equal(spanish, mission.TitleIn("es"));
        Assert.Equal(mission.Title, mission.TitleIn("ru"));
    }

    [Theory]
    [InlineData("che", "瑞士常驻联合国代表团")]
    [InlineData("vat", "教廷常驻联合国观察员代表团")]
    [InlineData("pse", "巴勒斯坦国常驻联合国观察员代表团")]
    [InlineData("african-union", "Permanent Observer Mission of the African Union to the United Nations")]
    public void Makes_the_Chinese_title_of_a_State_s_mission_of_its_name(string id, string title) =>
        Assert.Equal(title, Seed.Missions.Single(mission => mission.Id == id).TitleIn("zh"));

    [Fact]
    public void Opens_right_in_Excel()
    {
        Assert.True(RegisterCsv.SeedContent.Span.StartsWith(Encoding.UTF8.Preamble));
        var text = Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span);
        Assert.Equal(text.Count(letter => letter is '\n'), text.Split("\r\n").Length - 1);
    }
}
