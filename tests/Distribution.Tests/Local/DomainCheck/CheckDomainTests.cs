using System.Security.Cryptography;
using Distribution.Local;
using Distribution.Local.DomainCheck;
using Distribution.Mail;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Xunit;

namespace Distribution.Tests.Local.DomainCheck;

public sealed class CheckDomainTests : IDisposable
{
    private const string Domain = "letters.example";

    private static readonly string Key2048 = Record(2048);
    private static readonly string Key1024 = Record(1024);

    private readonly DnsZone zone = new DnsZone()
        .Txt(Domain, "v=spf1 include:_spf.relay.example ip4:192.0.2.0/24 ip6:2001:db8::/32 mx -all")
        .Txt(Domain, "another-service-verification=1234")
        .Txt("_spf.relay.example", "v=spf1 a:one.relay.example exists:%{i}.relay.example ?all")
        .Txt($"s1._domainkey.{Domain}", Key2048)
        .Txt($"_dmarc.{Domain}", $"v=DMARC1; p=reject; rua=mailto:dmarc@{Domain}")
        .Mx(Domain, "mx.relay.example")
        .A("mx.relay.example");

    [Fact]
    public async Task A_domain_with_everything_is_ready_and_each_record_is_shown()
    {
        var (code, lines) = await Check();

        Assert.Equal(0, code);
        Assert.Equal(
            [
                "Good    SPF   One record, which takes 4 of 10 lookups and ends in -all: \"v=spf1 include:_spf.relay.example ip4:192.0.2.0/24 ip6:2001:db8::/32 mx -all\".",
                $"Good    DKIM  s1._domainkey.{Domain} holds an RSA key of 2048 bits.",
                $"Good    DMARC One record, with p=reject: \"v=DMARC1; p=reject; rua=mailto:dmarc@{Domain}\".",
                $"Good    MX    Bounces reach {Domain} at mx.relay.example.",
                $"{Domain} is ready: letters from it are vouched for.",
            ],
            lines);
    }

    [Fact]
    public async Task A_domain_with_nothing_is_told_the_record_to_publish_for_each()
    {
        using var empty = new DnsZone();
        var (code, lines) = await Check(empty, ["s1"]);

        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Equal(
            [
                $"Missing SPF   There is no {Domain}. Publish: {Domain} TXT \"v=spf1 ip4:ADDRESS -all\", with the addresses of your mail servers.",
                $"Missing DKIM  No key: there is no s1._domainkey.{Domain}. Publish: s1._domainkey.{Domain} TXT \"v=DKIM1; k=rsa; p=PUBLIC-KEY\", with the public key of whoever signs your letters.",
                $"Missing DMARC No record: neither {Domain} nor a domain it belongs to has one. Publish: _dmarc.{Domain} TXT \"v=DMARC1; p=none; rua=mailto:dmarc@{Domain}\".",
                $"Missing MX    Bounces cannot reach {Domain}: there is no {Domain}. Publish: {Domain} MX 10 MAIL-SERVER.",
                $"{Domain} is not ready: 4 things are missing.",
            ],
            lines);
    }

    [Theory]
    [InlineData(
        "v=spf1 mx ?all",
        "Missing",
        "ends in ?all, so every server in the world may send for letters.example. Publish: letters.example TXT \"v=spf1 mx -all\"."
    )]
    [InlineData("v=spf1 mx all", "Missing", "ends in +all")]
    [InlineData("v=spf1 mx", "Missing", "has no end")]
    [InlineData("v=spf1 mx ~all", "Good", "ends in ~all")]
    [InlineData("v=spf1 ipv4:192.0.2.1 -all", "Missing", "“ipv4:192.0.2.1” is not understood")]
    [InlineData("v=spf1 ip4:192.0.2.256 -all", "Missing", "“ip4:192.0.2.256” is not understood")]
    [InlineData("v=spf1 ip4:192.0.2.0/33 -all", "Missing", "“ip4:192.0.2.0/33” is not understood")]
    [InlineData("v=spf1 ip6:::1 unknown=modifier -all", "Good", "takes 0 of 10 lookups")]
    [InlineData("v=spf1 include:absent.example -all", "Missing", "it includes absent.example, which has none")]
    [InlineData("v=spf1 include:letters.example -all", "Missing", "it includes letters.example in a circle")]
    [InlineData("v=spf1 redirect=_spf.letters.example", "Good", "takes 1 of 10 lookups and ends in -all")]
    [InlineData("v=spf1 redirect=_spf.relay.example", "Missing", "ends in ?all")]
    [InlineData(
        "v=spf1 include:_spf.relay.example include:nine.example -all",
        "Missing",
        "takes 13 lookups and may take 10")]
    public async Task An_SPF_record_is_read_as_receivers_read_it(string record, string grade, string words)
    {
        zone.Without(Domain)
            .Mx(Domain, "mx.relay.example")
            .Txt(Domain, record)
            .Txt("_spf.letters.example", "v=spf1 ip4:192.0.2.1 -all")
            .Txt(
                "nine.example",
                $"v=spf1 {string.Join(' ', Enumerable.Range(1, 9).Select(number => $"a:{number}.example"))} -all");

        await Finds(grade, "SPF", words);
    }

    [Fact]
    public async Task Two_SPF_records_are_as_bad_as_none()
    {
        zone.Txt(Domain, "v=spf1 -all");
        await Finds("Missing", "SPF", "has 2 SPF records, and receivers then heed none.");
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p=", "Missing", "its key is revoked")]
    [InlineData("k=rsa; p=AAAA", "Missing", "holds no key that receivers can read")]
    [InlineData("hello", "Missing", "holds no key that receivers can read: \"hello\"")]
    [InlineData("v=DKIM1; h=sha1; p=AAAA", "Missing", "allows sha1 alone")]
    [InlineData("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "Good", "holds an Ed25519 key")]
    [InlineData("1024", "Look", "holds an RSA key of 1024 bits; 2048 are recommended.")]
    [InlineData("trial", "Look", "on trial (t=y)")]
    public async Task A_DKIM_key_is_looked_into(string record, string grade, string words)
    {
        zone.Without($"s1._domainkey.{Domain}")
            .Txt(
                $"s1._domainkey.{Domain}",
                record switch
                {
                    "1024" => Key1024,
                    "trial" => $"{Key2048}; t=y",
                    _ => record,
                });

        await Finds(grade, "DKIM", words);
    }

    [Fact]
    public async Task The_key_that_letters_are_signed_with_must_be_the_one_published()
    {
        using var rsa = RSA.Create(2048);
        var (key, own) = (rsa.ExportPkcs8PrivateKeyPem(), $"s1._domainkey.{Domain}");
        var settings = (string[])["Mail:Transport=smtp://relay.example", "Mail:DkimSelector=s1", $"Mail:DkimKey={key}"];
        Assert.Contains(
            $"{own} holds another key than Mail:DkimKey, so every signature would be found false. Publish: {own} TXT \"{DkimKey.Read(key)!.Record}\".",
            Line("DKIM", await Check(zone, [], settings)),
            StringComparison.Ordinal);

        zone.Without(own).Txt(own, DkimKey.Read(key)!.Record);

        Assert.Equal(
            $"Good    DKIM  {own} holds an RSA key of 2048 bits, the one that belongs to Mail:DkimKey.",
            Line("DKIM", await Check(zone, [], settings)));
        Assert.Contains(
            "No key is named: give its selector with --selector.",
            Line("DKIM", await Check(zone, [], "Mail:Transport=smtp://relay.example")),
            StringComparison.Ordinal);
        // On the machine of whoever deploys nothing is set, and a key is no matter of settings with SendGrid.
        Assert.EndsWith(
            "No key is named: set Mail__Transport on this machine as the service has it, or give the key's selector with --selector.",
            Line("DKIM", await Check(zone, [])),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_SendGrid_its_own_keys_are_looked_for_behind_their_aliases()
    {
        zone.Without($"s1._domainkey.{Domain}")
            .Cname($"s1._domainkey.{Domain}", "s1.domainkey.u1.wl1.sendgrid.net")
            .Txt("s1.domainkey.u1.wl1.sendgrid.net", Key2048);

        var (code, lines) = await Check(zone, [], "Mail:Transport=sendgrid");

        Assert.Equal(ExitCodes.Faulted, code);
        Assert.StartsWith(
            $"Look    SPF   \"v=spf1 include:_spf.relay.example ip4:192.0.2.0/24 ip6:2001:db8::/32 mx -all\" does not include sendgrid.net.",
            lines[0],
            StringComparison.Ordinal);
        Assert.EndsWith(
            $"publish: {Domain} TXT \"v=spf1 include:sendgrid.net include:_spf.relay.example ip4:192.0.2.0/24 ip6:2001:db8::/32 mx -all\".",
            lines[0],
            StringComparison.Ordinal);
        Assert.Equal($"Good    DKIM  s1._domainkey.{Domain} holds an RSA key of 2048 bits.", lines[1]);
        Assert.StartsWith(
            $"Missing DKIM  No key: there is no s2._domainkey.{Domain}. Publish: s2._domainkey.{Domain} CNAME s2.domainkey.uNNNNNNN.wlNNN.sendgrid.net",
            lines[2],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "v=DMARC1; rua=mailto:dmarc@letters.example",
        "Missing",
        "says nothing that receivers understand. Publish: _dmarc.letters.example TXT")]
    [InlineData("v=DMARC1; p=nothing", "Missing", "says nothing that receivers understand")]
    [InlineData(
        "v=DMARC1; p=none; rua=mailto:dmarc@letters.example",
        "Look",
        "publish: _dmarc.letters.example TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@letters.example\".")]
    [InlineData("v=DMARC1; p=reject", "Look", "names nobody who gets the reports")]
    [InlineData(
        "v=DMARC1; p=reject; rua=dmarc@letters.example",
        "Missing",
        "Reports cannot go to “dmarc@letters.example”")]
    [InlineData(
        "v=DMARC1; p=reject; rua=mailto:dmarc@reports.example",
        "Look",
        "Publish there: letters.example._report._dmarc.reports.example TXT \"v=DMARC1\".")]
    [InlineData("v=DMARC1; p=quarantine; rua=mailto:dmarc@consenting.example!10m", "Good", "p=quarantine")]
    [InlineData("v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@letters.example", "Good", "p=reject")]
    public async Task A_DMARC_record_is_read_as_receivers_read_it(string record, string grade, string words)
    {
        zone.Without($"_dmarc.{Domain}")
            .Txt($"_dmarc.{Domain}", record)
            .Txt($"{Domain}._report._dmarc.consenting.example", "v=DMARC1");

        await Finds(grade, "DMARC", words);
    }

    [Fact]
    public async Task A_domain_is_covered_by_the_record_of_the_one_it_belongs_to()
    {
        zone.Txt("_dmarc.org.example", "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@org.example");
        Assert.Contains(
            "_dmarc.org.example asks receivers to do nothing (p=none).",
            Line("DMARC", await CheckDomain("letters.org.example", zone, ["s1"])),
            StringComparison.Ordinal);
        // Between the two, a record counts only where it says that the organization begins there, or ends above it.
        zone.Txt("_dmarc.part.org.example", "v=DMARC1; p=reject; rua=mailto:dmarc@part.org.example");
        Assert.Contains("_dmarc.org.example asks", await Covering(), StringComparison.Ordinal);
        zone.Without("_dmarc.part.org.example")
            .Txt("_dmarc.part.org.example", "v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@part.org.example");
        Assert.Contains("Covered by the record of part.org.example", await Covering(), StringComparison.Ordinal);
        zone.Without("_dmarc.part.org.example")
            .Txt("_dmarc.part.org.example", "v=DMARC1; p=reject; rua=mailto:dmarc@part.org.example")
            .Without("_dmarc.org.example")
            .Txt("_dmarc.org.example", "v=DMARC1; p=none; psd=y; rua=mailto:dmarc@org.example");
        Assert.Contains("Covered by the record of part.org.example", await Covering(), StringComparison.Ordinal);
        zone.Without("_dmarc.part.org.example");
        Assert.Contains("_dmarc.org.example asks", await Covering(), StringComparison.Ordinal);
        zone.Txt($"_dmarc.{Domain}", "v=DMARC1; p=none");
        await Finds("Missing", "DMARC", "has 2 records, and receivers then heed none.");

        async Task<string> Covering() => Line("DMARC", await CheckDomain("letters.part.org.example", zone, ["s1"]));
    }

    [Fact]
    public async Task Alignment_is_held_against_the_settings()
    {
        zone.Without($"_dmarc.{Domain}")
            .Txt($"_dmarc.{Domain}", $"v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:dmarc@{Domain}")
            .Mx("bounces.example", "mx.relay.example");

        var (code, lines) = await Check(
            zone,
            ["s1"],
            "Mail:DkimDomain=mail.letters.example",
            "Mail:ReturnPath=b@bounces.example",
            "Inbound:ReplyAddress=replies@replies.example");

        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("Missing DMARC", StringComparison.Ordinal)
                && line.Contains("asks for adkim=s, and letters are signed in the name of mail.letters.example."));
        Assert.Contains(
            $"Look    DMARC Bounces go to bounces.example, which is not aligned with {Domain}, so SPF does not count: DKIM alone must pass.",
            lines);
        Assert.Contains("Good    MX    Bounces reach bounces.example at mx.relay.example.", lines);
        Assert.Contains(
            "Missing MX    Tracked replies cannot reach replies.example: there is no replies.example. Publish: replies.example MX 10 MAIL-SERVER.",
            lines);
    }

    [Fact]
    public async Task Records_are_looked_for_where_receivers_look_which_may_be_below_the_domain()
    {
        string[] settings = ["Mail:ReturnPath=b@bounces.letters.example", "Mail:DkimSelector=s2", "Mail:DkimDomain=mail.letters.example"];
        var (code, lines) = await Check(zone, [], settings);
        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Contains(lines, line => line.StartsWith("Missing SPF   ", StringComparison.Ordinal) && line.Contains("bounces.letters.example TXT", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Missing DKIM  ", StringComparison.Ordinal) && line.Contains("s2._domainkey.mail.letters.example", StringComparison.Ordinal));

        zone.Txt("bounces.letters.example", "v=spf1 ip4:192.0.2.0/24 -all").Txt("s2._domainkey.mail.letters.example", Key2048);
        (_, lines) = await Check(zone, [], settings);
        Assert.Contains(lines, line => line.StartsWith("Good    SPF   ", StringComparison.Ordinal));
        Assert.Contains($"Good    DKIM  s2._domainkey.mail.letters.example holds an RSA key of 2048 bits.", lines);
    }

    [Fact]
    public async Task Mail_servers_must_be_there_and_have_addresses()
    {
        zone.Without("mx.relay.example");
        await Finds("Missing", "MX", "its mail server mx.relay.example has no address");
        zone.Without(Domain).Mx(Domain, ".").Txt(Domain, "v=spf1 a -all");
        await Finds("Missing", "MX", "which says that it takes no mail (MX 0 .)");
        zone.Without(Domain).A(Domain).Txt(Domain, "v=spf1 a -all");
        await Finds("Look", "MX", "by its address alone");
    }

    [Fact]
    public async Task What_the_DNS_does_not_say_is_not_taken_for_missing_and_is_told_apart()
    {
        zone.Fails(Domain).IsSilent($"s1._domainkey.{Domain}").Fails($"_dmarc.{Domain}");

        var (code, lines) = await Check();

        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Equal(
            $"Unknown SPF   Not known: the DNS server failed when asked for {Domain} (SERVFAIL): the domain's own servers may be down, or their signatures broken. Try again.",
            lines[0]);
        Assert.Equal(
            $"Unknown DKIM  Not known: the DNS server did not answer in time when asked for s1._domainkey.{Domain}. Try again.",
            lines[1]);
        Assert.Equal($"Whether {Domain} is ready could not be found out: 4 things are not known.", lines[^1]);

        using var after = new DnsZone().Txt(Domain, "v=spf1 include:down.example -all").Fails("down.example");
        Assert.StartsWith(
            "Unknown SPF   \"v=spf1 include:down.example -all\" could not be followed: the DNS server failed when asked for down.example",
            (await Check(after, ["s1"])).Lines[0],
            StringComparison.Ordinal);
    }

    public void Dispose() => zone.Dispose();

    private static string Record(int bits)
    {
        using var rsa = RSA.Create(bits);
        return $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
    }

    private async Task Finds(string grade, string about, string words)
    {
        var result = await Check();
        var line = Line(about, result);
        Assert.StartsWith($"{grade,-8}{about}", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Equal(grade == "Missing" ? ExitCodes.Faulted : 0, result.Code);
    }

    private static string Line(string about, (int Code, IReadOnlyList<string> Lines) result) =>
        Assert.Single(result.Lines, line => line.Length > 14 && line[8..14].Trim() == about);

    private Task<(int Code, IReadOnlyList<string> Lines)> Check() => Check(zone, ["s1"]);

    private static Task<(int Code, IReadOnlyList<string> Lines)> Check(
        DnsZone zone,
        string[] selectors,
        params string[] settings) => CheckDomain(Domain, zone, selectors, settings);

    private static async Task<(int Code, IReadOnlyList<string> Lines)> CheckDomain(
        string domain,
        DnsZone zone,
        string[] selectors,
        params string[] settings)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            });
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('=', 2))
                    .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])))
            .Build();
        var code = await CheckDomainRun.Run(
            new(domain, selectors, zone.Address),
            configuration,
            console,
            TestContext.Current.CancellationToken,
            TimeSpan.FromMilliseconds(300));
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
