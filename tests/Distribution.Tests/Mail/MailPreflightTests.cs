using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class MailPreflightTests
{
    private const string Away = "smtp://mail.mission.org:587";
    private const string Here = "smtp://127.0.0.1:1025";

    private static readonly LetterSource Letter = new(
        "letter.md",
        "Global compact",
        "Draft Rev 1",
        2,
        new DateOnly(2018, 3, 26),
        "New York",
        "en",
        null,
        "Draft Rev 1",
        null,
        [new("A. Person", "Permanent Representative", "mexico")],
        new("The desk", "desk@mission.org"),
        [],
        [],
        ReleaseRule.OnApproval,
        [],
        [],
        "co-facilitators",
        "Body",
        20);

    private static readonly Mission France = Mission("fra", "a@france.org", "b@france.org");

    [Fact]
    public void All_is_well_with_real_addresses_and_small_files() =>
        Assert.Empty(Check(Away, Letter, [France], 1_000_000));

    [Theory]
    [InlineData("sendgrid", "草案.pdf", true)]
    [InlineData("sendgrid", "projet révisé – l’annexe.pdf", false)]
    [InlineData(Away, "草案.pdf", false)]
    public void A_name_that_the_way_out_garbles_is_told(string transport, string file, bool isTold) =>
        Assert.Equal(
            isTold
                ? ["SendGrid carries names in plain letters alone, and some missions' mail programs will show other signs for the name of 草案.pdf."]
                : [],
            Check(transport, Letter, [France], file: file).Select(finding => finding.Words));

    [Fact]
    public void A_name_that_is_linked_and_not_carried_is_not_garbled()
    {
        var linked = Check(
            "sendgrid",
            Letter with
            {
                OffersDocuments = true,
            },
            [France],
            length: 40_000_000,
            file: "草案.pdf",
            template: new Dictionary<string, string> { [TemplateFiles.Html] = "linked", [TemplateFiles.Text] = "linked" });

        Assert.Equal(518, Assert.Single(linked).Number);
    }

    [Fact]
    public void Placeholders_are_fine_where_mail_stays_on_the_machine() =>
        Assert.Empty(
            Check(
                Here,
                Letter with
                {
                    Contact = new(null, "desk@mission.example"),
                },
                [Mission("fra", "a@fra.example")],
                1_000,
                "http://localhost:5000"));

    [Fact]
    public void Placeholders_in_the_register_are_one_fault_that_counts_them_and_names_three()
    {
        var roster = new[]
        {
            Mission("a", "a@a.example", "real@mission.org"),
            Mission("b", "b@b.TEST"),
            Mission("c", "c@c.invalid"),
            Mission("d", "d@localhost"),
        };

        var fault = Assert.Single(Check(Away, Letter, roster));

        Assert.Equal(
            (
                512,
                "4 mailboxes are placeholders that no mail can reach: a@a.example, b@b.TEST, c@c.invalid and others."),
            (fault.Number, fault.Words));
    }

    [Fact]
    public void A_single_placeholder_is_named_in_the_singular() =>
        Assert.Equal(
            "1 mailbox is a placeholder that no mail can reach: a@a.example.",
            Assert.Single(Check(Away, Letter, [Mission("a", "a@a.example")])).Words);

    [Fact]
    public void Placeholders_of_the_senders_own_are_named_one_by_one()
    {
        var letter = Letter with
        {
            Contact = new("Desk", "desk@mission.example"),
            Proof = [new(null, "proof@mission.test")],
        };

        var faults = Check(
            Away,
            letter,
            [France],
            from: "Letters <letters@mission.example>",
            returnPath: "bounces@mission.invalid");

        Assert.Equal(
            ["Setting Mail:From", "Setting Mail:ReturnPath", "letter.md, “contact:”", "letter.md, “proof:”"],
            faults.Where(fault => fault.Number == 513).Select(fault => fault.Place));
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://[::1]:5000")]
    public void Links_only_this_machine_can_open_are_a_fault_when_mail_leaves_it(string url) =>
        Assert.Equal(514, Assert.Single(Check(Away, Letter, [France], 1_000, url)).Number);

    [Fact]
    public void A_letter_too_large_for_the_way_out_is_a_fault_in_megabytes()
    {
        var fault = Assert.Single(Check(Away, Letter, [France], 19_000_000));

        Assert.Equal((510, false), (fault.Number, fault.IsWarning));
        Assert.Contains("26.4 MB", fault.Words);
        Assert.Contains("25 MB", fault.Words);
    }

    [Theory]
    [InlineData(6_999_999, false)]
    [InlineData(7_000_000, true)]
    public void From_7_MB_there_is_a_warning_that_stops_nothing(int length, bool warned)
    {
        var faults = Check(Away, Letter, [France], length);

        Assert.Equal(warned, faults.Count > 0);
        Assert.All(faults, fault => Assert.Equal((511, true), (fault.Number, fault.IsWarning)));
    }

    [Fact]
    public void Line_breaks_in_subject_names_and_addresses_are_faults_that_say_where()
    {
        var letter = Letter with
        {
            Subject = "Draft\r\nBcc: x@y.org",
            Contact = new("The\ndesk", "desk@mission.org"),
            Proof = [new(null, "proof\u0007@mission.org")],
        };
        var roster = new[]
        {
            France with
            {
                Titles = new Dictionary<string, string> { ["en"] = "Mission\rof France" },
            },
            Mission("bel", "a\u0000@belgium.org"),
        };

        var faults = Check(Here, letter, roster);

        Assert.All(faults, fault => Assert.Equal(515, fault.Number));
        Assert.Equal(
            [
                "letter.md, “subject:”",
                "letter.md, “contact:”",
                "letter.md, “proof:”",
                "The register of missions, Name of fra",
                "The register of missions, Name of bel",
            ],
            faults.Select(fault => fault.Place));
        Assert.DoesNotContain(faults, fault => fault.ToString().Any(char.IsControl));
    }

    [Fact]
    public void What_is_no_address_is_a_fault_that_says_where() =>
        Assert.Equal(
            [(516, "letter.md, “contact:”"), (516, "The register of missions, Name of bel")],
            Check(
                    Here,
                    Letter with
                    {
                        Contact = new("Desk", "desk at mission.org"),
                    },
                    [Mission("bel", "a@b.org, c@d.org")])
                .Select(fault => (fault.Number, fault.Place)));

    private static List<Finding> Check(
        string transport,
        LetterSource letter,
        IReadOnlyList<Mission> roster,
        int length = 1_000,
        string publicUrl = "https://letters.mission.org",
        string from = "Letters <letters@mission.org>",
        string returnPath = "bounces@mission.org",
        string file = "draft.pdf",
        IReadOnlyDictionary<string, string>? template = null)
    {
        var settings = new MailSettings
        {
            Transport = transport,
            From = from,
            ReturnPath = returnPath,
            SendGridApiKey = "SG.key",
        };
        return
        [
            .. new MailPreflight(
                settings,
                new SiteSettings { PublicUrl = publicUrl },
                MailTransports.Create(settings, TimeProvider.System)).Check(
                new Preflight(
                    IsStanding: false,
                    letter,
                    new("", template ?? new Dictionary<string, string>()),
                    [new(file, new byte[length], "00")],
                    roster)),
        ];
    }

    private static Mission Mission(string id, params string[] addresses) =>
        new(
            id,
            MissionKind.MemberState,
            new Dictionary<string, string> { ["en"] = $"Name of {id}" },
            new Dictionary<string, string> { ["en"] = $"Mission {id}" },
            "Permanent Representative",
            null,
            "en",
            null,
            [],
            [.. addresses.Select(address => new Mailbox(address, MailboxField.To))]);
}
