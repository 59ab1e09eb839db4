using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Sending;
using Distribution.Tests.Letters;
using Distribution.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Infra;

/// <summary>
/// What infra would create on Azure, worked out by Bicep's own compiler, against what the service needs.
/// </summary>
public sealed partial class InfraTests
{
    private static readonly string Folder = Path.Combine(SampleLetter.Templates, "..", "infra");

    private static readonly string Bicep = typeof(InfraTests)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Bicep")
        .Value!;

    private static readonly Lazy<JsonElement> Everything = new(() =>
        Snapshot(
            ("PRIVATE_NETWORK", "true"),
            ("MAIL_USER", "letters"),
            ("MAIL_DKIM_SELECTOR", "s1"),
            ("MALWARE_SCANNING", "true"),
            ("INBOUND_USER", "bounces"),
            ("INBOUND_IMAP_SERVER", "imaps://mail.example:993"),
            ("LINK_KEYS", "2"),
            ("ARCHIVE_IMMUTABLE_DAYS", "30"),
            ("AZURE_PRINCIPAL_ID", "33333333-3333-3333-3333-333333333333")));

    private static readonly Lazy<JsonElement> Least = new(() => Snapshot());

    /// <summary>What no other snapshot has: each takes the compiler two seconds.</summary>
    private static readonly Lazy<JsonElement> Other = new(() =>
        Snapshot(
            ("PRIVATE_NETWORK", "true"),
            ("REACHABLE_FROM", "203.0.113.7 198.51.100.0/24"),
            ("RECOVER_VAULT", "true"),
            ("MAXIMUM_INSTANCES", "2"),
            ("PUBLIC_URL", "https://letters.example.org"),
            ("MAIL_TRANSPORT", "smtps://mail.example:465"),
            ("MAIL_USER", "letters"),
            ("MAIL_DKIM_SELECTOR", "s1"),
            ("ALWAYS_READY", "0")));

    private const string BodyLimit = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    private const string NoHomepage = "AzureWebJobsDisableHomepage";

    /// <summary>
    /// Settings that are left as they are unless the deployment's parameter <c>settings</c> names them.
    /// </summary>
    private static readonly string[] Defaults =
    [
        "Mail:EhloName",
        "Mail:ReturnPathPerAttempt",
        "Mail:SuccessReports",
        "Mail:SendGridUrl",
        "Mail:MaxMessageBytes",
        "Mail:Timeout",
        "Mail:DkimDomain",
        "Release:AllowAutomatic",
        "Release:People",
        "Release:UndoFor",
        "Release:ProofDomains",
        "Intake:TypesetAtOnce",
        "Intake:WaitFor",
        "Intake:ScanWithin",
        "Limits:*",
        "Dispatch:*",
        "Reminders:LateBy",
        "Receipts:ByMail",
        "Retention:EraseAfter",
        "Typesetting:Time",
        "Typesetting:RestartAbove",
        "Typesetting:RestartAfter",
        "Typesetting:MostMemory",
        "Inbound:Folder",
        "Inbound:Encryption",
        "Inbound:TlsCaFile",
        "Inbound:TlsFingerprint",
        "Inbound:TlsRevocation",
        "Mail:TlsCaFile",
        "Mail:TlsFingerprint",
        "Mail:TlsRevocation",
        "Monitoring:Collector",
    ];

    [Theory]
    [InlineData(nameof(Least))]
    [InlineData(nameof(Everything))]
    [InlineData(nameof(Other))]
    public void The_service_starts_with_the_settings_it_is_given(string name)
    {
        SkipWithoutBicep();
        var created = name switch { nameof(Least) => Least, nameof(Everything) => Everything, _ => Other };
        var settings = Settings(created.Value)
            .ToDictionary(setting => setting.Key, setting => (string?)Resolved(setting.Key, setting.Value));
        using var services = new ServiceCollection()
            .AddLogging()
            .AddDistribution(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Every_setting_is_given_or_left_at_its_default_on_purpose_and_no_other_is_given()
    {
        SkipWithoutBicep();
        var given = Settings(Everything.Value)
            .Keys.Concat(Settings(Least.Value).Keys)
            .Concat(Settings(Other.Value).Keys)
            .Select(name => name.Split(":0")[0].Split(":1")[0])
            .Where(name => name.Split(':')[0] is not (ResourceNames.Storage or ResourceNames.EarlierStorage) && !IsPlatforms(name))
            .ToHashSet();
        var known = ReadmeTests.Settings.Where(name => name != ResourceNames.Storage).ToHashSet();
        Assert.Equal([], given.Except(known));
        Assert.Equal(
            [],
            known
                .Except(given)
                .Where(name =>
                    !Defaults.Any(left =>
                        left == name || (left.EndsWith('*') && name.StartsWith(left[..^1], StringComparison.Ordinal))))
        );
        Assert.Equal([], Defaults.Where(left => !left.EndsWith('*')).Except(known));
    }

    [Fact]
    public void The_host_takes_no_more_than_the_app_does_and_all_it_reads_at_once_fits_into_its_memory()
    {
        SkipWithoutBicep();
        var settings = Settings(Least.Value);
        Assert.Equal(RequestLimits.Host, long.Parse(settings[BodyLimit], CultureInfo.InvariantCulture));
        Assert.Equal("true", settings[NoHomepage]);
        var scale = Assert
            .Single(Resources(Least.Value, "Microsoft.Web/sites"))
            .GetProperty("properties")
            .GetProperty("functionAppConfig")
            .GetProperty("scaleAndConcurrency");
        var atOnce = scale
            .GetProperty("triggers")
            .GetProperty("http")
            .GetProperty("perInstanceConcurrency")
            .GetInt32();
        // Measured: the host takes eight times a body's size; it, the worker and the typesetter rest at about 520 MB, and
        // a letter may take 1,500 MB.
        Assert.InRange(
            (atOnce * 8 * RequestLimits.Host / 1_000_000) + 520,
            0,
            scale.GetProperty("instanceMemoryMB").GetInt32() - 1_000);
    }

    [Fact]
    public void Secrets_come_from_the_vault_alone_and_no_output_holds_one()
    {
        SkipWithoutBicep();
        var secrets = Settings(Everything.Value)
            .Concat(Settings(Least.Value))
            .Concat(Settings(Other.Value))
            .Where(setting => SecretName().IsMatch(setting.Key))
            .ToList();
        Assert.Equal(
            [
                "Inbound:Password",
                "Links:Keys:0",
                "Links:Keys:1",
                "Mail:DkimKey",
                "Mail:Password",
                "Mail:SendGridApiKey",
            ],
            secrets.Select(secret => secret.Key).Distinct().Order());
        Assert.All(
            secrets,
            secret => Assert.Contains("@Microsoft.KeyVault(SecretUri=", secret.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("listKeys", Everything.Value.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            Everything.Value.GetProperty("outputs").EnumerateObject(),
            output => output.Value.GetRawText().Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_host_is_given_no_place_to_send_the_addresses_of_requests_to()
    {
        SkipWithoutBicep();
        foreach (var created in (JsonElement[])[Everything.Value, Least.Value])
        {
            Assert.Empty(Settings(created).Keys.Intersect(HostTelemetry.Names, StringComparer.OrdinalIgnoreCase));
            Assert.Contains("Monitoring:ConnectionString", Settings(created).Keys);
        }
    }

    [Fact]
    public void Containers_queues_and_tables_are_those_the_service_uses()
    {
        SkipWithoutBicep();
        Assert.Equal(
            StorageSetup.Containers.Concat(["archive", "packages"]).Order(),
            NamesOf("blobServices/containers"));
        Assert.Equal(StorageSetup.Queues.Order(), NamesOf("queueServices/queues"));
        Assert.Equal(StorageSetup.Tables.Order(), NamesOf("tableServices/tables"));

        static IEnumerable<string> NamesOf(string type) =>
            Resources(Everything.Value, $"Microsoft.Storage/storageAccounts/{type}")
                .Select(resource => resource.GetProperty("name").GetString()!.Split('/')[^1])
                .Order();
    }

    [Fact]
    public void The_storage_account_takes_no_keys_no_old_encryption_and_no_strangers_and_brings_back_what_was_lost()
    {
        SkipWithoutBicep();
        var account = Assert
            .Single(Resources(Least.Value, "Microsoft.Storage/storageAccounts"))
            .GetProperty("properties");
        Assert.Equal(
            (false, false, true, "TLS1_2"),
            (
                account.GetProperty("allowSharedKeyAccess").GetBoolean(),
                account.GetProperty("allowBlobPublicAccess").GetBoolean(),
                account.GetProperty("supportsHttpsTrafficOnly").GetBoolean(),
                account.GetProperty("minimumTlsVersion").GetString()));
        var blobs = Assert
            .Single(Resources(Least.Value, "Microsoft.Storage/storageAccounts/blobServices"))
            .GetProperty("properties");
        Assert.True(blobs.GetProperty("isVersioningEnabled").GetBoolean());
        Assert.True(blobs.GetProperty("deleteRetentionPolicy").GetProperty("enabled").GetBoolean());
        Assert.Equal(
            "Disabled",
            Assert
                .Single(Resources(Everything.Value, "Microsoft.Storage/storageAccounts"))
                .GetProperty("properties")
                .GetProperty("publicNetworkAccess")
                .GetString());
    }

    [Fact]
    public void Nothing_is_immutable_unless_asked_for_and_then_only_the_archive_of_what_names_nobody()
    {
        SkipWithoutBicep();
        Assert.Empty(
            Resources(Least.Value, "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"));
        Assert.Contains(
            "/archive/",
            Assert
                .Single(
                    Resources(
                        Everything.Value,
                        "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"))
                .GetProperty("name")
                .GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_app_may_use_data_and_nothing_of_the_account_itself()
    {
        SkipWithoutBicep();
        string[] allowed =
        [
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
            "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
            "4633458b-17de-408a-b874-0445c86b69e6",
            "3913510d-42f4-4e42-8a64-420c390055eb",
        ];
        var assigned = Resources(Least.Value, "Microsoft.Authorization/roleAssignments")
            .Select(assignment => assignment.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!)
            .ToList();
        Assert.Equal(allowed.Length, assigned.Count);
        Assert.All(assigned, role => Assert.Contains(allowed, id => role.Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public void Anyone_reaches_the_app_and_the_app_decides_and_people_sign_in_with_the_directory()
    {
        SkipWithoutBicep();
        var authentication = Resources(Least.Value, "Microsoft.Web/sites/config")
            .Single(config =>
                config.GetProperty("name").GetString()!.EndsWith("/authsettingsV2", StringComparison.Ordinal))
            .GetProperty("properties");
        Assert.Equal(
            (false, "AllowAnonymous"),
            (
                authentication.GetProperty("globalValidation").GetProperty("requireAuthentication").GetBoolean(),
                authentication.GetProperty("globalValidation").GetProperty("unauthenticatedClientAction").GetString()));
        Assert.False(authentication.GetProperty("globalValidation").TryGetProperty("excludedPaths", out _));
        Assert.True(authentication.GetProperty("platform").GetProperty("enabled").GetBoolean());
        using var roles = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "hooks", "app-roles.json")));
        Assert.Equal(
            Roles.All.Order(),
            roles.RootElement.EnumerateArray().Select(role => role.GetProperty("value").GetString()!).Order());
    }

    [Fact]
    public void Alerts_ask_for_the_counts_the_service_makes()
    {
        SkipWithoutBicep();
        Assert.Equal(
            new[]
            {
                Telemetry.GivenUp,
                Telemetry.OnHold,
                Telemetry.UnknownOutcomes,
                Telemetry.Deliveries,
                Telemetry.TurnedAway,
                Telemetry.Heartbeat,
                Telemetry.JobFailures,
            }.Order(),
            Resources(Least.Value, "Microsoft.Insights/scheduledQueryRules")
                .SelectMany(rule => CountName().Matches(rule.GetRawText()).Select(match => match.Value))
                .Distinct()
                .Order());
        // It is told before the service acts on it, and the count is none again.
        var unknown = Resources(Least.Value, "Microsoft.Insights/scheduledQueryRules")
            .Single(rule => rule.GetRawText().Contains(Telemetry.UnknownOutcomes, StringComparison.Ordinal))
            .GetProperty("properties");
        Assert.InRange(
            System.Xml.XmlConvert.ToTimeSpan(unknown.GetProperty("windowSize").GetString()!),
            TimeSpan.FromMinutes(5),
            new DispatchSettings().SettleAfter / 2);
        Assert.All(["Bounced", "Accepted"], kind => Assert.True(Enum.TryParse<DeliveryEventKind>(kind, out _)));
    }

    [Fact]
    public void Every_part_of_the_runbook_that_an_alert_names_is_there()
    {
        var headings = File.ReadLines(Path.Combine(Folder, "RUNBOOK.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..])
            .ToList();
        var named = RunbookPart().Matches(File.ReadAllText(Path.Combine(Folder, "modules", "alerts.bicep")))
            .Select(part => part.Groups[1].Value)
            .ToList();
        Assert.Equal(5, named.Count);
        Assert.All(named, part => Assert.Contains(part, headings, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_runbook_says_of_every_table_whether_it_comes_back()
    {
        var part = RestoringPart().Match(File.ReadAllText(Path.Combine(Folder, "RUNBOOK.md"))).Value;
        Assert.All(StorageSetup.Tables, table => Assert.Contains($"`{table}`", part, StringComparison.Ordinal));
    }

    // Azure reads a secret when its app is made and then once a day: who is not told goes on with the one before.
    [Fact]
    public void Whoever_changes_a_secret_by_the_runbook_is_told_to_have_it_read()
    {
        var steps = RunbookStep().Split(File.ReadAllText(Path.Combine(Folder, "RUNBOOK.md")))
            .Where(step => NameOfSecret().IsMatch(step))
            .ToList();
        Assert.InRange(steps.Count, 6, 20);
        Assert.All(
            steps,
            step => Assert.True(
                step.Contains("restart", StringComparison.Ordinal)
                || step.Contains("azd provision", StringComparison.Ordinal),
                step));
    }

    [Fact]
    public void A_private_network_leaves_a_door_only_for_the_addresses_that_are_named()
    {
        SkipWithoutBicep();
        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
        {
            Assert.Equal("Disabled", Access(Everything.Value, type).GetProperty("publicNetworkAccess").GetString());
            var open = Access(Other.Value, type);
            Assert.Equal("Enabled", open.GetProperty("publicNetworkAccess").GetString());
            Assert.Equal("Deny", open.GetProperty("networkAcls").GetProperty("defaultAction").GetString());
            Assert.Equal(
                ["203.0.113.7", "198.51.100.0/24"],
                open.GetProperty("networkAcls").GetProperty("ipRules").EnumerateArray().Select(rule =>
                    rule.GetProperty("value").GetString()!));
        }

        static JsonElement Access(JsonElement snapshot, string type) =>
            Assert.Single(Resources(snapshot, type)).GetProperty("properties");
    }

    [Fact]
    public void A_vault_cannot_be_emptied_for_good_and_one_that_was_deleted_is_brought_back()
    {
        SkipWithoutBicep();
        var vault = Assert.Single(Resources(Least.Value, "Microsoft.KeyVault/vaults")).GetProperty("properties");
        Assert.True(vault.GetProperty("enablePurgeProtection").GetBoolean());
        Assert.Equal("default", vault.GetProperty("createMode").GetString());
        Assert.Equal(
            "recover",
            Assert.Single(Resources(Other.Value, "Microsoft.KeyVault/vaults"))
                .GetProperty("properties")
                .GetProperty("createMode")
                .GetString());
    }

    [Fact]
    public void New_versions_let_what_runs_come_to_its_end_within_the_quota_a_subscription_has()
    {
        SkipWithoutBicep();
        var app = Assert.Single(Resources(Least.Value, "Microsoft.Web/sites"))
            .GetProperty("properties")
            .GetProperty("functionAppConfig");
        Assert.Equal("RollingUpdate", app.GetProperty("siteUpdateStrategy").GetProperty("type").GetString());
        var scale = app.GetProperty("scaleAndConcurrency");
        Assert.InRange(
            scale.GetProperty("maximumInstanceCount").GetInt32() * scale.GetProperty("instanceMemoryMB").GetInt32(),
            1,
            512_000);
        Assert.Equal(
            2,
            Assert.Single(Resources(Other.Value, "Microsoft.Web/sites"))
                .GetProperty("properties")
                .GetProperty("functionAppConfig")
                .GetProperty("scaleAndConcurrency")
                .GetProperty("maximumInstanceCount")
                .GetInt32());
    }

    [Fact]
    public void Who_reads_a_draft_or_a_secret_leaves_a_trace_and_no_log_of_requests_is_kept()
    {
        SkipWithoutBicep();
        Assert.Equal(
            ["AuditEvent", "StorageDelete", "StorageDelete", "StorageRead", "StorageWrite", "StorageWrite"],
            Resources(Least.Value, "Microsoft.Insights/diagnosticSettings")
                .SelectMany(setting => setting.GetProperty("properties").GetProperty("logs").EnumerateArray())
                .Select(log => log.GetProperty("category").GetString()!)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Health_is_asked_from_outside_and_somebody_is_told_when_it_does_not_answer()
    {
        SkipWithoutBicep();
        var test = Assert.Single(Resources(Least.Value, "Microsoft.Insights/webtests")).GetProperty("properties");
        Assert.Contains("/health", Asked(test), StringComparison.Ordinal);
        // Where there is a domain, its certificate and its name are what missions depend on.
        Assert.Equal(2, Resources(Other.Value, "Microsoft.Insights/metricAlerts").Count());
        Assert.Contains(
            Resources(Other.Value, "Microsoft.Insights/webtests"),
            asked => Asked(asked.GetProperty("properties")) == "https://letters.example.org/health");
        Assert.Equal(200, test.GetProperty("ValidationRules").GetProperty("ExpectedHttpStatusCode").GetInt32());
        Assert.Contains(
            "on-duty",
            Assert.Single(Resources(Least.Value, "Microsoft.Insights/metricAlerts")).GetRawText(),
            StringComparison.Ordinal);
    }

    private static string Asked(JsonElement test) => test.GetProperty("Request").GetProperty("RequestUrl").GetString()!;

    private static void SkipWithoutBicep() =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64 && File.Exists(Bicep),
            "Bicep's compiler comes to these tests for Linux on x64 only: compile infra with az bicep build instead.");

    private static bool IsPlatforms(string name) =>
        name.StartsWith("AzureWebJobsStorage", StringComparison.Ordinal)
        || name is BodyLimit or NoHomepage;

    private static Dictionary<string, string> Settings(JsonElement snapshot) =>
        Resources(snapshot, "Microsoft.Web/sites/config")
            .Single(config =>
                config.GetProperty("name").GetString()!.EndsWith("/appsettings", StringComparison.Ordinal))
            .GetProperty("properties")
            .EnumerateObject()
            .ToDictionary(
                setting => setting.Name.Replace("__", ":", StringComparison.Ordinal),
                setting => setting.Value.GetString()!);

    /// <summary>What Azure puts in the place of what is known only there.</summary>
    private static string Resolved(string name, string value) => !value.StartsWith('[') ? value : name switch
    {
        "Links:Keys:0" => "k1:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=",
        "Links:Keys:1" => "k0:YW5vdGhlciBrZXkgZm9yIHRlc3RzIG9ubHksIGFuZCBvcGVu",
        "Mail:DkimKey" => DkimKey.Value,
        _ when name.EndsWith("Uri", StringComparison.Ordinal) => "https://account.example",
        _ => "known-on-azure",
    };

    private static readonly Lazy<string> DkimKey = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    private static IEnumerable<JsonElement> Resources(JsonElement snapshot, string type) =>
        snapshot
            .GetProperty("predictedResources")
            .EnumerateArray()
            .Where(resource => resource.GetProperty("type").GetString() == type);

    private static JsonElement Snapshot(params (string Name, string Value)[] environment)
    {
        var copy = Directory.CreateTempSubdirectory("distribution-infra-").FullName;
        foreach (var file in Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.Copy(Path.Combine(Folder, "bicepconfig.json"), Path.Combine(copy, "bicepconfig.json"));
        var ran = Command.Run(
            Bicep,
            [
                "snapshot",
                Path.Combine(copy, "main.bicepparam"),
                "--mode",
                "overwrite",
                "--subscription-id",
                "11111111-1111-1111-1111-111111111111",
                "--tenant-id",
                "22222222-2222-2222-2222-222222222222",
            ],
            [
                ("MAIL_FROM", "Secretariat <letters@secretariat.example>"),
                ("MAIL_RETURN_PATH", "bounces@secretariat.example"),
                ("ALERTS_TO", "duty@secretariat.example"),
                ("ENTRA_CLIENT_ID", "00000000-0000-0000-0000-000000000001"),
                .. environment,
            ]);
        // It says every warning of the compiler and the linter, too.
        var said = ran.Errors.Split('\n').Where(line =>
            !line.StartsWith("WARNING: The following experimental", StringComparison.Ordinal));
        Assert.Equal((0, ""), (ran.Code, string.Join('\n', said).Trim()));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(copy, "main.snapshot.json")));
        Directory.Delete(copy, recursive: true);
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"^## Restoring$.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RestoringPart();

    [GeneratedRegex(@"^\s*(?:\||-|\d\.|\n)", RegexOptions.Multiline)]
    private static partial Regex RunbookStep();

    [GeneratedRegex("`(?:link-key-0|sendgrid-api-key|dkim-key|mail-password|inbound-password)`")]
    private static partial Regex NameOfSecret();

    [GeneratedRegex(@"Runbook: ([^.']+)\.'")]
    private static partial Regex RunbookPart();

    [GeneratedRegex("Password$|ApiKey$|Key$(?<!EventKey)(?<!SendGridKey)|^Links:Keys")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"distribution\.[a-z_]+")]
    private static partial Regex CountName();
}
