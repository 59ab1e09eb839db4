using Distribution.Common;
using Distribution.Letters;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Infra;

/// <summary>
/// What azd runs before and after a deployment, in both shells it is written for, against a stand-in for the Azure CLI.
/// What each hook does is tried in both, and what only its words differ by in one.
/// </summary>
public sealed class HookTests(PowerShellSession powerShell) : IClassFixture<PowerShellSession>, IDisposable
{
    private const string Posix = "sh";

    private const string PowerShell = "ps1";

    private static readonly string Hooks = Path.Combine(SampleLetter.Templates, "..", "infra", "hooks");

    private readonly DirectoryInfo tools = Directory.CreateTempSubdirectory("distribution-az-");

    public static TheoryData<string> Shells => [Posix, PowerShell];

    private string Asked => Path.Combine(tools.FullName, "asked");

    public void Dispose() => tools.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Shells))]
    public void Before_the_deployment_people_get_an_application_to_sign_in_with_and_only_those_with_a_role(string shell)
    {
        FakeAz("case \"$*\" in *\"app create\"*) echo the-client;; esac");
        Put("azd", "echo \"azd $*\" >>\"$(dirname \"$0\")/asked\"");
        var ran = Hook("preprovision", shell, Preparing);

        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        Assert.EndsWith("People sign in with the application Distribution (test) (the-client).", ran.Output);
        Assert.Equal(
            [
                "ad app list --display-name Distribution (test) --query [0].appId --output tsv",
                "ad app create --display-name Distribution (test) --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv",
                "ad app update --id the-client --app-roles @app-roles.json",
                "ad sp list --filter appId eq 'the-client' --query [0].id --output tsv",
                "ad sp create --id the-client",
                "ad sp update --id the-client --set appRoleAssignmentRequired=true",
                "azd env set ENTRA_CLIENT_ID the-client",
            ],
            File.ReadLines(Asked));
    }

    [Fact]
    public void An_application_that_is_there_is_kept()
    {
        FakeAz("case \"$*\" in *\"sp list\"*) echo there;; *\"app create\"*) exit 9;; esac");
        Put("azd", "exit 0");
        var ran = Hook("preprovision", Posix, [.. Preparing, ("ENTRA_CLIENT_ID", "known")]);

        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        Assert.DoesNotContain("create", File.ReadAllText(Asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Posix, "MAIL_FROM")]
    [InlineData(PowerShell, "MAIL_FROM")]
    [InlineData(Posix, "ALERTS_TO")]
    public void What_has_not_been_set_is_named_before_anything_is_made(string shell, string name)
    {
        FakeAz("exit 9");
        var ran = Hook("preprovision", shell, [.. Preparing, (name, "")]);
        Assert.Equal(
            (1, $"{name} is not set: run azd env set {name} VALUE; README.md says what it is for."),
            (ran.Code, ran.Errors));
        Assert.False(File.Exists(Asked));
    }

    // /health and the sign-in would be asked for at an address with two slashes, which is none of the app's.
    [Theory]
    [MemberData(nameof(Shells))]
    public void An_address_for_missions_that_ends_with_a_slash_is_refused(string shell)
    {
        FakeAz("exit 9");
        var ran = Hook("preprovision", shell, [.. Preparing, ("PUBLIC_URL", "https://letters.example.org/")]);
        Assert.Equal(
            (1, "PUBLIC_URL ends with a slash: run azd env set PUBLIC_URL https://letters.example.org without it."),
            (ran.Code, ran.Errors));
        Assert.False(File.Exists(Asked));
    }

    [Theory]
    [InlineData(Posix, "app list", "The directory could not be asked: run az login")]
    [InlineData(Posix, "app create", "could not be registered: ask for the role Application Developer")]
    [InlineData(Posix, "app update", "The roles of Distribution (test) could not be set: only its owner may.")]
    [InlineData(PowerShell, "app update", "The roles of Distribution (test) could not be set: only its owner may.")]
    [InlineData(Posix, "sp create", "could not be entered in the directory")]
    [InlineData(Posix, "sp update", "It could not be set that only people with a role sign in")]
    [InlineData(PowerShell, "sp update", "It could not be set that only people with a role sign in")]
    public void What_the_directory_refuses_ends_it_with_a_sentence_that_says_whom_to_ask(
        string shell,
        string refused,
        string words)
    {
        FakeAz($"case \"$*\" in *\"{refused}\"*) exit 1;; *\"app create\"*) echo the-client;; esac");
        Put("azd", "exit 0");
        var ran = Hook("preprovision", shell, Preparing);
        Assert.Equal(1, ran.Code);
        Assert.Contains(words, ran.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void After_the_deployment_events_are_subscribed_for_each_function_that_waits_for_files(string shell)
    {
        FakeAz("case \"$*\" in *\"keys list\"*) echo the-key;; esac");
        var ran = Hook("postdeploy", shell, Deployed);
        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        var calls = File.ReadAllText(Asked);
        foreach (
            var (container, function) in new[]
            {
                (ResourceNames.Drafts, "DraftUploaded"),
                (ResourceNames.Inbound, "InboundMailUploaded"),
            })
        {
            Assert.Contains(
                $"--endpoint https://func-x.example/runtime/webhooks/blobs?functionName=Host.Functions.{function}&code=the-key --included-event-types Microsoft.Storage.BlobCreated --subject-begins-with /blobServices/default/containers/{container}/",
                calls,
                StringComparison.Ordinal);
            Assert.Contains($"Files put into {container} are reported to the app.", ran.Output, StringComparison.Ordinal);
            Assert.True(
                File.Exists(
                    Path.Combine(Hooks, "..", "..", "functions", "Distribution.Functions", $"{function}.cs")));
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_key_that_never_comes_is_told_in_one_sentence_with_what_to_do(string shell)
    {
        FakeAz("exit 0");
        var ran = Hook("postdeploy", shell, [.. Deployed, .. Impatient]);
        Assert.Equal(1, ran.Code);
        Assert.StartsWith(
            "The app has made no key for events, so it has not started: look at https://func-x.example/health",
            ran.Errors,
            StringComparison.Ordinal);
        Assert.Equal(2, File.ReadLines(Asked).Count());
    }

    [Fact]
    public void A_subscription_that_Azure_refuses_is_told_with_what_to_do()
    {
        FakeAz("case \"$*\" in *\"keys list\"*) echo the-key;; *) exit 1;; esac");
        var ran = Hook("postdeploy", Posix, Deployed);
        Assert.Equal(
            (1,
                "Azure could not be told to report files put into drafts: run azd deploy again. Until then the timer finds them within half a minute."),
            (ran.Code, ran.Errors));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_key_of_links_is_made_once_never_shown_and_missing_secrets_are_named(string shell)
    {
        // It remembers what it was given, as a vault does.
        FakeAz(
            """
            here=$(dirname "$0")
            case "$*" in
              *"secret list"*) [ ! -e "$here/key" ] || echo link-key-0;;
              *"secret show"*) case "$*" in *link-key-0*) [ -e "$here/key" ] || exit 3;; *) exit 3;; esac;;
              *"secret set"*) while [ "$1" != --file ]; do shift; done; cp "$2" "$here/key";;
            esac
            """);
        (string, string)[] created = [.. Created, ("SECRET_NAMES", "link-key-0 sendgrid-api-key")];
        var first = Hook("postprovision", shell, created);
        Assert.Equal((0, ""), (first.Code, first.Errors));
        // The app is told to read it after it is there: Azure looks for it by itself only once a day.
        Assert.Equal(
            ["ad app", "keyvault secret", "rest --method"],
            File.ReadLines(Asked)
                .Where(call => !call.Contains("secret show", StringComparison.Ordinal)
                    && !call.Contains("secret list", StringComparison.Ordinal))
                .Select(call => string.Join(' ', call.Split(' ')[..2])));
        Assert.Contains(
            "/sites/func-x/config/configreferences/appsettings/refresh",
            File.ReadAllText(Asked),
            StringComparison.Ordinal);
        var key = File.ReadAllText(Path.Combine(tools.FullName, "key"));
        Assert.True(new LinkKeys().Validate(null, new LinkSettings { Keys = [key] }).Succeeded);

        var again = Hook("postprovision", shell, created);
        Assert.Equal(key, File.ReadAllText(Path.Combine(tools.FullName, "key")));
        foreach (var said in (string[])[first.Output, again.Output])
        {
            // Without the last words the CLI prints the secret.
            Assert.Matches("Still missing: the secret sendgrid-api-key\\..* --file FILE --output none", said);
            Assert.DoesNotContain("the secret link-key-0", said, StringComparison.Ordinal);
            Assert.DoesNotContain(key, said, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(key, File.ReadAllText(Asked), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Sign_ins_lead_back_to_the_address_of_the_app_and_to_the_one_missions_see(string shell)
    {
        FakeAz("case \"$*\" in *\"secret list\"*) echo link-key-0;; esac");
        Assert.Equal(
            0,
            Hook("postprovision", shell, [.. Created, ("PUBLIC_URL", "https://letters.example")]).Code);
        Assert.Contains(
            "ad app update --id client --web-redirect-uris https://func-x.example/.auth/login/aad/callback https://letters.example/.auth/login/aad/callback",
            File.ReadLines(Asked));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_vault_that_this_machine_does_not_reach_is_said_so_and_the_deployment_goes_on(string shell)
    {
        (string, string)[] closed = [.. Created, .. Impatient, ("PRIVATE_NETWORK", "true")];
        FakeAz("case \"$*\" in *keyvault*) exit 1;; esac");
        var ran = Hook("postprovision", shell, closed);
        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        Assert.Contains("azd env set REACHABLE_FROM \"\", and azd provision again.", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("keyvault", File.ReadAllText(Asked), StringComparison.Ordinal);

        ran = Hook("postprovision", shell, [.. closed, ("REACHABLE_FROM", "203.0.113.7")]);
        Assert.Equal(1, ran.Code);
        Assert.Contains("see that REACHABLE_FROM is the address of this machine", ran.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preprovision")]
    [InlineData("postprovision")]
    [InlineData("postdeploy")]
    public void Run_by_hand_too_early_it_says_what_comes_first(string hook)
    {
        FakeAz("exit 9");
        var ran = Hook(hook, Posix, []);
        Assert.Equal(1, ran.Code);
        Assert.Contains("run ", ran.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Asked));
    }

    private static (string Name, string Value)[] Preparing =>
    [
        ("AZURE_ENV_NAME", "test"),
        ("MAIL_FROM", "Secretariat <letters@secretariat.example>"),
        ("MAIL_RETURN_PATH", "bounces@secretariat.example"),
        ("ALERTS_TO", "duty@secretariat.example"),
    ];

    private static (string Name, string Value)[] Created =>
    [
        ("KEY_VAULT_NAME", "kv-x"),
        ("FUNCTION_APP_URL", "https://func-x.example"),
        ("ENTRA_CLIENT_ID", "client"),
        ("AZURE_RESOURCE_GROUP", "rg-x"),
        ("FUNCTION_APP_NAME", "func-x"),
    ];

    private static (string Name, string Value)[] Deployed =>
    [
        ("FUNCTION_APP_NAME", "func-x"),
        ("FUNCTION_APP_URL", "https://func-x.example"),
        ("EVENT_TOPIC_NAME", "topic"),
        ("AZURE_RESOURCE_GROUP", "rg-x"),
    ];

    private static (string Name, string Value)[] Impatient => [("TRIES", "2"), ("PAUSE", "0")];

    private static void SkipWithout(string shell)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the Azure CLI is a script for sh.");
        if (shell == PowerShell)
        {
            Assert.SkipUnless(
                PowerShellSession.IsThere,
                "There is no PowerShell to run the hook with: dotnet tool restore installs it.");
        }
    }

    /// <summary>A stand-in for az, which notes what it is asked.</summary>
    private void FakeAz(string script) => Put("az", $"echo \"$*\" >>\"{Asked}\"\n{script}");

    private void Put(string name, string script)
    {
        var file = Path.Combine(tools.FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Command Hook(string name, string shell, (string Name, string Value)[] environment)
    {
        SkipWithout(shell);
        var file = Path.Combine(Hooks, $"{name}.{shell}");
        (string, string)[] given =
        [
            ("PATH", $"{tools.FullName}:{Environment.GetEnvironmentVariable("PATH")}"), .. environment,
        ];
        return shell == Posix
            ? Command.Run("sh", [file], given)
            : powerShell.Run(file, given);
    }
}
