using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tests.Letters;
using Distribution.Tests.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Hosting;

/// <summary>
/// Whoever does what the remedy of a finding says gets rid of it, and gets no new one: for settings a configuration that
/// has it and the one its remedy leads to, as the program starts with them; for mail a letter that is checked with them.
/// </summary>
public sealed partial class SettingRemedyTests(AzuriteFixture azurite) : IDisposable
{
    private const string Smtp = "smtp://mail.mission.org:587";

    private static readonly Dictionary<string, string?> Sound = new()
    {
        [ResourceNames.Storage] = "UseDevelopmentStorage=true",
        ["PublicUrl"] = "https://letters.mission.org",
        ["Mail:Transport"] = Smtp,
        ["Mail:From"] = "Co-facilitators <letters@mission.org>",
        ["Mail:ReturnPath"] = "bounces@mission.org",
        ["Links:Keys:0"] = "test:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=",
    };

    private static readonly (string, string)[] SendGrid = [("Mail:Transport", "sendgrid"), ("Mail:SendGridApiKey", "SG.key")];

    private static readonly (string, string)[] ReturnMailbox =
    [
        ("Inbound:ImapServer", "imaps://mail.mission.org"),
        ("Inbound:User", "letters"),
        ("Inbound:Password", "secret"),
    ];

    private readonly TestCertificates certificates = new();

    /// <param name="Says">Words of the remedy that lead there.</param>
    /// <param name="Before">Settings that have the finding, above the sound ones; an empty one is cleared.</param>
    /// <param name="After">What the remedy makes of them.</param>
    private sealed record Start(
        int Number,
        string Says,
        (string Name, string Value)[] Before,
        (string Name, string Value)[] After);

    /// <param name="To">The mailbox of the one mission in the register.</param>
    private sealed record Letter(
        string Text,
        string To = "office@mission.org",
        int Bytes = 0,
        string File = "draft-rev-1.pdf",
        params (string Name, string Value)[] Settings);

    [Fact]
    public void The_program_starts_once_a_remedy_was_followed()
    {
        List<string> wrong = [];
        Assert.Empty(Faults([]));
        foreach (var (number, says, before, after) in Starts())
        {
            var found = Faults(before);
            if (!found.Any(fault =>
                    fault.Contains($"(D{number})", StringComparison.Ordinal)
                    && fault.Contains(says, StringComparison.Ordinal)))
                wrong.Add($"{number} is not found, or its remedy does not say “{says}”: {string.Join(" ", found)}");
            if (found.Any(fault => fault.Contains("secret", StringComparison.Ordinal)))
                wrong.Add($"{number} tells a secret: {string.Join(" ", found)}");
            if (Faults([.. before, .. after]) is { Count: > 0 } left)
                wrong.Add($"{number}, after its remedy: {string.Join(" ", left)}");
        }

        Assert.True(wrong is [], string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_letter_can_leave_once_a_remedy_was_followed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var usual = (await Found(workflow, new(Real()))).Select(finding => finding.Number).ToHashSet();
        List<string> wrong = [];
        foreach (var (number, says, before, after) in Letters())
        {
            var found = await Found(workflow, before);
            if (!found.Any(finding =>
                    finding.Number == number && finding.Remedy.Contains(says, StringComparison.Ordinal)))
                wrong.Add($"{number} is not found, or its remedy does not say “{says}”: {string.Join(" ", found)}");
            var left = (await Found(workflow, after)).Where(finding => !usual.Contains(finding.Number)).ToList();
            if (left is not [])
                wrong.Add($"{number}, after its remedy: {string.Join(" ", left)}");
        }

        Assert.True(wrong is [], string.Join("\n", wrong));
    }

    /// <summary>
    /// The others, 515 and 516, stand guard before mail: letter and register are read with findings of their own about
    /// the same, so that nobody gets these.
    /// </summary>
    [Fact]
    public void Every_finding_about_settings_and_mail_but_these_has_a_case() => Assert.Equal(
        [515, 516],
        ((string[])["Mail/MailFaults.cs", "Common/SettingFaults.cs", "Tracking/Inbound/InboundFaults.cs"])
            .SelectMany(file => Catalogued().Matches(
                File.ReadAllText(Path.Combine(SampleLetter.Templates, "..", "functions", "Distribution", file))))
            .Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
            .Except(Starts().Select(proven => proven.Number))
            .Except(Letters().Select(proven => proven.Number))
            .Order());

    public void Dispose() => certificates.Dispose();

    private IReadOnlyList<Start> Starts()
    {
        var short512 = DkimKey(512);
        var enough = DkimKey(2048);
        (string, string)[] signed = [("Mail:DkimKey", enough), ("Mail:DkimSelector", "letters2026")];
        (string, string)[] perAttempt = [("Mail:ReturnPathPerAttempt", "true")];
        (string, string)[] unsigned = [("Mail:DkimKey", ""), ("Mail:DkimSelector", ""), ("Mail:DkimDomain", "")];
        var longest = $"letters@{new string('a', 60)}.mission.org";
        return
        [
            new(500, "smtp://HOST:PORT", [("Mail:Transport", "mail.mission.org")], [("Mail:Transport", Smtp)]),
            new(500, "pickup:FOLDER", [("Mail:Transport", "")], [("Mail:Transport", "pickup:outbox")]),
            new(
                501,
                "put them into Mail:User and Mail:Password",
                [("Mail:Transport", "smtp://letters:secret@mail.mission.org:587")],
                [("Mail:Transport", Smtp), ("Mail:User", "letters"), ("Mail:Password", "secret")]),
            Missing("PublicUrl", "https://letters.mission.org"),
            Missing("Mail:From", "letters@mission.org"),
            Missing("Mail:ReturnPath", "bounces@mission.org"),
            Missing("Mail:SendGridApiKey", "SG.key", ("Mail:Transport", "sendgrid")),
            Missing("Mail:DkimKey", enough, ("Mail:DkimSelector", "letters2026")),
            Missing("Mail:DkimSelector", "letters2026", ("Mail:DkimKey", enough)),
            Missing("Inbound:User", "letters", ReturnMailbox),
            Missing("Inbound:Password", "secret", ReturnMailbox),
            Missing("Inbound:Folder", "INBOX", ReturnMailbox),
            new(503, "letters@mission.org", [("Mail:From", "Co-facilitators")], [("Mail:From", "letters@mission.org")]),
            new(503, "one address", [("Mail:ReturnPath", "a@b.org, c@d.org")], [("Mail:ReturnPath", "a@b.org")]),
            new(504, "in full", [("PublicUrl", "letters.mission.org")], [("PublicUrl", "https://letters.mission.org")]),
            new(505, "starttls", [("Mail:Encryption", "tls")], [("Mail:Encryption", "starttls")]),
            new(
                506,
                "https://api.eu.sendgrid.com",
                [.. SendGrid, ("Mail:SendGridUrl", "http://api.sendgrid.com")],
                [("Mail:SendGridUrl", "https://api.eu.sendgrid.com")]),
            new(507, "00:01:00", [("Mail:Timeout", "60")], [("Mail:Timeout", "00:01:00")]),
            new(507, "0 for no limit", [("Mail:Connections", "-1")], [("Mail:Connections", "0")]),
            new(507, "Write a number of bytes", [("Mail:MaxMessageBytes", "-1")], [("Mail:MaxMessageBytes", "25000000")]),
            new(
                508,
                "put a space between them",
                [("Mail:SendGridEventKey", "MFkw")],
                [("Mail:SendGridEventKey", $"{EventKey()} {EventKey()}")]),
            new(
                520,
                "RSA or Ed25519 private key",
                [("Mail:DkimKey", "secret"), ("Mail:DkimSelector", "letters2026")],
                [("Mail:DkimKey", enough)]),
            new(
                521,
                "2048 bits",
                [("Mail:DkimKey", short512), ("Mail:DkimSelector", "letters2025")],
                [("Mail:DkimKey", enough), ("Mail:DkimSelector", "letters2026")]),
            new(522, "leave Mail:DkimDomain empty", [.. signed, ("Mail:DkimDomain", "example.net")], [("Mail:DkimDomain", "")]),
            new(
                522,
                "Sign with the domain of Mail:From",
                [.. signed, ("Mail:DkimDomain", "example.net")],
                [("Mail:DkimDomain", "mission.org")]),
            new(523, "letters2026", [.. signed, ("Mail:DkimSelector", "letters 2026")], [("Mail:DkimSelector", "letters2026")]),
            new(523, "hyphens and dots", [.. signed, ("Mail:DkimDomain", "mission org")], [("Mail:DkimDomain", "mission.org")]),
            new(523, "hyphens and dots", [("Mail:EhloName", "a name")], [("Mail:EhloName", "a-name.mission.org")]),
            new(524, "Clear Mail:DkimKey", [.. SendGrid, .. signed], unsigned),
            new(524, "Mail:DkimDomain", [("Mail:Transport", "pickup:outbox"), ("Mail:DkimDomain", "mission.org")], unsigned),
            new(525, "write false", [.. SendGrid, .. perAttempt], [("Mail:ReturnPathPerAttempt", "false")]),
            new(
                526,
                "without “+”",
                [.. perAttempt, ("Mail:ReturnPath", "bounces+letters@mission.org")],
                [("Mail:ReturnPath", "bounces@mission.org")]),
            new(
                526,
                "leave Mail:ReturnPathPerAttempt out",
                [.. perAttempt, ("Mail:ReturnPath", $"{new string('b', 32)}@mission.org")],
                [("Mail:ReturnPathPerAttempt", "false")]),
            new(527, "a shorter domain", [("Mail:From", longest)], [("Mail:From", "letters@mission.org")]),
            Trust(528, "when-reachable", "TlsRevocation", "maybe", "when-reachable"),
            Trust(528, "none", "TlsRevocation", "maybe", "none", ReturnMailbox),
            Trust(529, "64 hexadecimal digits", "TlsFingerprint", "AB:CD", new string('a', 64)),
            Trust(
                529,
                "openssl x509 -fingerprint -sha256",
                "TlsFingerprint",
                "SHA1 Fingerprint=AB",
                string.Join(':', Enumerable.Repeat("AB", 32)),
                ReturnMailbox),
            Trust(530, "-----BEGIN CERTIFICATE-----", "TlsCaFile", "nowhere.pem", certificates.CaFile),
            Trust(530, "a file in PEM", "TlsCaFile", "nowhere.pem", certificates.CaFile, ReturnMailbox),
            new(600, "imaps://HOST", [.. ReturnMailbox, ("Inbound:ImapServer", "mail.mission.org")], ReturnMailbox),
            new(600, "leave it empty", [("Inbound:ImapServer", "pop3://mail.mission.org")], [("Inbound:ImapServer", "")]),
            new(
                601,
                "put them into Inbound:User and Inbound:Password",
                [("Inbound:ImapServer", "imaps://letters:secret@mail.mission.org")],
                ReturnMailbox),
            new(602, "Write auto", [.. ReturnMailbox, ("Inbound:Encryption", "tls")], [("Inbound:Encryption", "auto")]),
            new(
                603,
                "without “+”",
                [("Inbound:ReplyAddress", "replies+all@mission.org")],
                [("Inbound:ReplyAddress", "replies@mission.org")]),
            new(604, "put a space between them", [("Inbound:SendGridKey", "MFkw")], [("Inbound:SendGridKey", EventKey())]),
        ];
    }

    private static IReadOnlyList<(int Number, string Says, Letter Before, Letter After)> Letters() =>
    [
        (
            510,
            "Make the files smaller",
            new(Real(), Bytes: 500_000, Settings: [("Mail:MaxMessageBytes", "1000000")]),
            new(Real(), Bytes: 50_000, Settings: [("Mail:MaxMessageBytes", "1000000")])),
        (
            518,
            "Make smaller what is to come by mail",
            new(Real("page: documents"), Bytes: 500_000, Settings: [("Mail:MaxMessageBytes", "1000000")]),
            new(Real("page: documents"), Bytes: 50_000, Settings: [("Mail:MaxMessageBytes", "1000000")])),
        (511, "Send smaller files", new(Real(), Bytes: 7_000_000), new(Real(), Bytes: 50_000)),
        (
            608,
            "a name in Latin letters",
            new(Named("草案.pdf"), File: "草案.pdf", Settings: SendGrid),
            new(Named("draft.pdf"), File: "draft.pdf", Settings: SendGrid)),
        (512, "the missions' own addresses", new(Real(), To: "office@mexico.example"), new(Real())),
        (
            512,
            "set Mail:Transport to a mail server on this machine",
            new(Real(), To: "office@mexico.example"),
            new(Real(), To: "office@mexico.example", Settings: [("Mail:Transport", "smtp://127.0.0.1:1025")])),
        (513, "Put a real address there", new(Samples.Letter()), new(Real())),
        (
            513,
            "set Mail:Transport to a mail server on this machine",
            new(Samples.Letter()),
            new(Samples.Letter(), Settings: [("Mail:Transport", "smtp://127.0.0.1:1025")])),
        (513, "Put a real address there", new(Real(), Settings: [("Mail:From", "letters@mission.example")]), new(Real())),
        (
            513,
            "Put a real address there",
            new(Real("replies: tracked"), Settings: [("Inbound:ReplyAddress", "replies@mission.example")]),
            new(Real("replies: tracked"), Settings: [("Inbound:ReplyAddress", "replies@mission.org")])),
        (514, "Set PublicUrl", new(Real(), Settings: [("PublicUrl", "http://localhost:5080")]), new(Real())),
        (
            517,
            "Set Inbound:ReplyAddress",
            new(Real("replies: tracked")),
            new(Real("replies: tracked"), Settings: [("Inbound:ReplyAddress", "replies@mission.org")])),
        (517, "write “replies: contact”", new(Real("replies: tracked")), new(Real("replies: contact"))),
    ];

    /// <summary>A letter whose contact can be reached by mail.</summary>
    private static string Real(string lines = "") => Samples.LetterWith(lines)
        .Replace("compact@secretariat.example", "compact@mission.org", StringComparison.Ordinal);

    private static string Named(string file) => Real()
        .Replace("file: draft-rev-1.pdf", $"file: {file}\n    label: Draft Rev 1", StringComparison.Ordinal);

    private static Start Missing(string name, string value, params (string, string)[] with) =>
        new(502, $"Set {name} and start again.", [.. with, (name, "")], [(name, value)]);

    private static Start Trust(
        int number,
        string says,
        string setting,
        string before,
        string after,
        params (string, string)[] inbound)
    {
        var name = $"{(inbound is [] ? "Mail" : "Inbound")}:{setting}";
        return new(number, says, [.. inbound, (name, before)], [(name, after)]);
    }

    private static string DkimKey(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string EventKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <returns>Why the program does not start with these settings.</returns>
    internal static IReadOnlyList<string> Faults(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Sound);
        foreach (var (name, value) in settings)
            all[name] = value;
        using var services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddDistribution(new ConfigurationBuilder().AddInMemoryCollection(all).Build())
            .BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
        catch (AggregateException several)
        {
            return [.. several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(one => one.Failures)];
        }
    }

    private static async Task<IReadOnlyList<Finding>> Found(TestWorkflow workflow, Letter letter)
    {
        await workflow.UseMailboxes(letter.To);
        await using var house = workflow.Another(
            [
                .. Sound
                    .Where(setting => setting.Key != ResourceNames.Storage && letter.Settings.All(own => own.Name != setting.Key))
                    .Select(setting => (setting.Key, setting.Value!)),
                .. letter.Settings,
            ]);
        return await FolderFindings.Of(
            house,
            letter.Text,
            (letter.File, [.. Samples.Pdf(), .. new byte[letter.Bytes]]));
    }

    // What a finding is made with: its number stands first in its constructor.
    [GeneratedRegex(@"public static Finding \w+\([^;{]*?new\(\s*(\d{3}),")]
    private static partial Regex Catalogued();
}
