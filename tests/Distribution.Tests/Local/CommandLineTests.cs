using System.Net;
using System.Net.Sockets;
using Distribution.Local;
using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo here = Directory.CreateTempSubdirectory("distribution-");
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private LocalOptions? asked;
    private PreviewOptions? previewed;
    private AuditOptions? audited;
    private RebuildOptions? rebuilt;
    private ContinueOptions? continued;
    private BringBackOptions? broughtBack;
    private VerifyLogOptions? verified;
    private CheckDomainOptions? checkedDomain;
    private CheckReturnOptions? checkedReturn;

    [Theory]
    [InlineData(
        "--once --no-sample",
        "With --once and --no-sample there is nothing to carry through: add --drafts DIR, or leave --no-sample out.")]
    [InlineData(
        "--drafts nowhere",
        "There is no folder HERE/nowhere: give --drafts the folder that holds your letter.md.")]
    [InlineData("--drafts .", "There is no letter.md in HERE: give --drafts the folder that holds it.")]
    [InlineData(
        "--register none.csv",
        "There is no file HERE/none.csv: give --register the Excel workbook or CSV file with your missions.")]
    [InlineData(
        "--templates nowhere",
        "There is no folder HERE/nowhere: give --templates the folder that holds one folder for each set of templates."
    )]
    [InlineData(
        "--urls http://0.0.0.0:5080",
        "--urls cannot be http://0.0.0.0:5080, which other machines could reach: give an address on this machine, such as --urls http://127.0.0.1:5080."
    )]
    [InlineData(
        "--urls http://*:5080",
        "--urls cannot be http://*:5080: give an address on this machine, such as --urls http://127.0.0.1:5080.")]
    [InlineData(
        "--mail carrier-pigeon",
        "--mail takes smtp://HOST:PORT, sendgrid or pickup:DIR, as in --mail smtp://127.0.0.1:1025; names and passwords belong in the settings."
    )]
    [InlineData(
        "--mail smtp://user:secret@host:25",
        "--mail takes smtp://HOST:PORT, sendgrid or pickup:DIR, as in --mail smtp://127.0.0.1:1025; names and passwords belong in the settings."
    )]
    [InlineData(
        "--storage st-letters",
        "--storage takes the name of a storage account, such as stletters, or a connection string, such as UseDevelopmentStorage=true."
    )]
    [InlineData("audit", "audit needs the id of a distribution, as its page's address ends.")]
    [InlineData(
        "audit gcm --storage St_Letters",
        "--storage takes the name of a storage account, such as stletters, or a connection string, such as UseDevelopmentStorage=true."
    )]
    [InlineData("rebuild", "rebuild needs the id of a distribution, as its page's address ends.")]
    [InlineData("rebuild gcm --despite", "--despite needs a value: run with --help to see which.")]
    [InlineData("continue --mail sendgrid", "continue needs the archive of a letter, as its page offers it.")]
    [InlineData(
        "continue none.zip --mail sendgrid",
        "There is no file HERE/none.zip: give the zip that the letter's page offers as its archive.")]
    [InlineData("bring-back --storage UseDevelopmentStorage=true", "bring-back needs the archive of a letter, as its page offers it.")]
    [InlineData("verify-log", "verify-log needs the file of a log, as the audit page offers it.")]
    [InlineData(
        "verify-log none.zip",
        "There is no file HERE/none.zip: give verify-log the zip that the audit page offers, or its log.jsonl.")]
    [InlineData("check-domain", "check-domain needs the domain letters come from, such as letters.example.org.")]
    [InlineData(
        "check-domain letters",
        "“letters” is not the name of a domain: give check-domain one such as letters.example.org.")]
    [InlineData(
        "check-domain https://letters.example.org",
        "“https://letters.example.org” is not the name of a domain: give check-domain one such as letters.example.org."
    )]
    [InlineData(
        "check-domain letters.example --selector a@b",
        "--selector cannot be a@b: give the name before ._domainkey, such as s1.")]
    [InlineData(
        "check-domain letters.example --dns nine",
        "--dns cannot be nine: give an address, such as --dns 9.9.9.9:53.")]
    [InlineData("check-domain letters.example --dns", "--dns needs a value: run with --help to see which.")]
    [InlineData("check-return --wait 0", "--wait takes a number of minutes, 1 to 60.")]
    [InlineData(
        "--as Anna:boss",
        "--as cannot be Anna:boss: give a name, and after a colon drafter, releaser or reader, as in --as Anna:drafter.")]
    [InlineData("--as Anna --as anna:reader", "--as names the same person twice: give each a name of their own.")]
    [InlineData("--data", "--data needs a value: run with --help to see which.")]
    [InlineData("--twice", "There is no option --twice: run with --help to see which there are.")]
    public async Task Refuses_what_it_cannot_do_in_one_sentence(string arguments, string sentence)
    {
        Assert.Equal(CommandLine.Misused, await Run(arguments));
        Assert.Equal(
            sentence.Replace("HERE", here.FullName, StringComparison.Ordinal) + Environment.NewLine,
            error.ToString());
        Assert.Null(asked);
    }

    [Fact]
    public async Task Without_arguments_it_carries_the_sample_and_serves_on_loopback()
    {
        Assert.Equal(0, await Run(""));
        Assert.Equal(
            new LocalOptions(
                false,
                false,
                Path.Combine(here.FullName, ".data"),
                null,
                null,
                null,
                null,
                null,
                new Uri("http://127.0.0.1:5080")),
            asked! with { People = [] });
        Assert.Empty(asked.People);
        Assert.True(asked.Sample);
    }

    [Fact]
    public async Task Keeps_its_data_beside_the_solution_when_started_inside_it()
    {
        File.WriteAllText(Path.Combine(here.FullName, "Distribution.sln"), "");
        var inside = here.CreateSubdirectory("functions").FullName;

        await CommandLine.Run([], inside, output, error, Commands(Keep));

        Assert.Equal(Path.Combine(here.FullName, ".data"), asked!.Data);
    }

    [Fact]
    public async Task Preview_takes_a_mission_and_a_folder_to_write_to()
    {
        File.WriteAllText(Path.Combine(here.FullName, "letter.md"), "");

        Assert.Equal(0, await Run("preview --drafts . --mission che --out letters"));
        Assert.Equal(
            new PreviewOptions(here.FullName, "che", Path.Combine(here.FullName, "letters"), null, null),
            previewed);
    }

    [Theory]
    [InlineData("preview --mission che")]
    [InlineData("preview --out letters")]
    public async Task Preview_without_either_is_refused(string arguments)
    {
        Assert.Equal(CommandLine.Misused, await Run(arguments));
        Assert.Contains(" needs a value", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rebuilds_the_distribution_it_is_told_to()
    {
        Assert.Equal(0, await Run("rebuild gcm-draft-rev-1 --despite fire"));
        Assert.Equal(
            new RebuildOptions("gcm-draft-rev-1", Path.Combine(here.FullName, ".data"), null, "fire"),
            rebuilt);
    }

    [Fact]
    public async Task Audit_takes_a_distribution_and_looks_into_the_data_folder_unless_told_otherwise()
    {
        Assert.Equal(0, await Run("audit gcm-draft-rev-1"));
        Assert.Equal(new AuditOptions("gcm-draft-rev-1", Path.Combine(here.FullName, ".data"), null), audited);
        Assert.Equal(0, await Run("audit gcm-draft-rev-1 --data elsewhere --storage UseDevelopmentStorage=true"));
        Assert.Equal(
            new AuditOptions("gcm-draft-rev-1", Path.Combine(here.FullName, "elsewhere"), "UseDevelopmentStorage=true"),
            audited);
    }

    [Fact]
    public async Task Verify_log_takes_a_file_and_a_head_as_it_was_written_down()
    {
        var file = Path.Combine(here.FullName, "log.zip");
        File.WriteAllText(file, "");
        Assert.Equal(
            0,
            await CommandLine.Run(
                ["verify-log", "log.zip", "--head", "3F2A 91c0 77de 04b1"],
                here.FullName,
                output,
                error,
                Commands(Keep)));
        Assert.Equal(new VerifyLogOptions(file, "3f2a91c077de04b1"), verified);
        Assert.Equal(CommandLine.Misused, await Run("verify-log log.zip --head 3f2a"));
        Assert.Equal(
            $"--head takes at least 16 hexadecimal digits, as the audit page shows them.{Environment.NewLine}",
            error.ToString());
    }

    [Fact]
    public async Task Continue_takes_an_archive_and_keeps_what_it_does_in_a_folder_of_its_own()
    {
        var archive = Path.Combine(here.FullName, "archive.zip");
        File.WriteAllText(archive, "");
        Assert.Equal(0, await Run("continue archive.zip --mail smtps://mail.example:465 --send-to 23 --sent archive.zip --once"));
        Assert.Equal(
            (archive, (int?)23, archive, "smtps://mail.example:465", Path.Combine(here.FullName, ".data", "continued"), true),
            (
                continued!.Archive,
                continued.SendTo,
                continued.Sent,
                continued.Run.Mail,
                continued.Run.Data,
                continued.Run is { Once: true, Sample: false, Storage: null }));

        Assert.Equal(0, await Run("bring-back archive.zip --storage UseDevelopmentStorage=true"));
        Assert.Equal(new BringBackOptions(archive, null, "UseDevelopmentStorage=true"), broughtBack);
        Assert.Equal(CommandLine.Misused, await Run("bring-back archive.zip"));
    }

    [Fact]
    public async Task Findings_prints_all_that_a_check_can_find()
    {
        Assert.Equal(0, await Run("findings"));

        Assert.Contains("**D364** tick", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_domain_takes_a_domain_in_any_letters_its_selectors_and_a_DNS_server()
    {
        Assert.Equal(0, await Run("check-domain Bücher.Example --selector s1 --selector s2 --dns 127.0.0.1"));
        Assert.Equal("xn--bcher-kva.example", checkedDomain!.Domain);
        Assert.Equal(["s1", "s2"], checkedDomain.Selectors);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 53), checkedDomain.Dns);
        Assert.Equal(0, await Run("check-domain letters.example.org. --dns [::1]:5353"));
        Assert.Equal(("letters.example.org", 5353), (checkedDomain.Domain, checkedDomain.Dns!.Port));
        Assert.Equal(0, await Run("check-domain --help"));
        Assert.Contains("exit code 0 only when nothing is", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_return_waits_five_minutes_unless_told_otherwise()
    {
        Assert.Equal(0, await Run("check-return"));
        Assert.Equal(new CheckReturnOptions(TimeSpan.FromMinutes(5)), checkedReturn);
        Assert.Equal(0, await Run("check-return --wait 1"));
        Assert.Equal(TimeSpan.FromMinutes(1), checkedReturn!.Wait);
    }

    [Fact]
    public async Task As_plays_people_with_one_role_or_with_all()
    {
        Assert.Equal(0, await Run("--as Anna:drafter --as Bea"));
        Assert.Equal(
            [("Anna", "drafter"), ("Bea", "drafter releaser reader")],
            asked!.People.Select(person => (person.Name, string.Join(' ', person.Roles))));
    }

    [Fact]
    public async Task Once_takes_any_free_port_and_paths_are_made_full()
    {
        File.WriteAllText(Path.Combine(here.FullName, "letter.md"), "");

        Assert.Equal(0, await Run("--once --drafts . --mail pickup:outbox"));

        Assert.Equal(
            (0, here.FullName, $"pickup:{Path.Combine(here.FullName, "outbox")}", false),
            (asked!.Url.Port, asked.Drafts, asked.Mail, asked.Sample));
    }

    // What the setting of a service holds is given to the program that stands in for it.
    [Theory]
    [InlineData("smtp://relay.example")]
    [InlineData("SendGrid")]
    public async Task A_way_to_send_is_read_as_the_setting_is(string mail)
    {
        Assert.Equal(0, await Run($"--once --mail {mail}"));

        Assert.Equal(mail, asked!.Mail);
    }

    [Fact]
    public async Task Help_explains_every_option_in_one_line()
    {
        Assert.Equal(0, await Run("--help"));
        Assert.All(
            [
                "--once",
                "--no-sample",
                "--data <DIR>",
                "--drafts <DIR>",
                "--register <FILE>",
                "--templates <DIR>",
                "--mail <smtp://HOST:PORT | sendgrid | pickup:DIR>",
                "--storage <ACCOUNT | CONNECTION-STRING>",
                "--urls <URL>",
                "--as <NAME[:ROLE]>",
            ],
            option =>
                Assert.Matches(
                    $@"(?m)^  {System.Text.RegularExpressions.Regex.Escape(option)} +[A-Z].+\.\r?$",
                    output.ToString()));
    }

    [Fact]
    public async Task A_taken_port_is_one_sentence_and_exit_code_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var code = await CommandLine.Run(
            ["--urls", $"http://127.0.0.1:{port}"],
            here.FullName,
            output,
            error,
            Commands((options, cancellation) =>
                ExitCodes.Run(
                    options.Url,
                    options.Data,
                    error,
                    () => LocalRun.Run(options, Spectre.Console.AnsiConsole.Console, cancellation),
                    cancellation)));

        Assert.Equal(ExitCodes.Faulted, code);
        Assert.StartsWith(
            $"Port {port} on this machine is taken by another program. Stop it, or give another address, such as --urls http://127.0.0.1:",
            error.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_nobody_foresaw_shows_no_stack_trace_and_keeps_it_in_a_file()
    {
        var code = await CommandLine.Run(
            [],
            here.FullName,
            output,
            error,
            Commands((options, cancellation) =>
                ExitCodes.Run(
                    options.Url,
                    options.Data,
                    error,
                    () => throw new InvalidOperationException("Nobody foresaw this."),
                    cancellation)));

        var file = Path.Combine(here.FullName, ".data", "last-fault.txt");
        Assert.Equal(ExitCodes.Faulted, code);
        Assert.Equal(
            $"Distribution stopped by a fault of its own: Nobody foresaw this. Start again; if it happens again, report it with the file {file}.{Environment.NewLine}",
            error.ToString());
        Assert.Contains("   at ", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_serves_one_run_at_a_time()
    {
        using var first = DataFolder.Open(here.FullName);

        Assert.Equal(
            $"The folder {here.FullName} is in use by another run. Stop that one, or give this one a folder of its own with --data DIR.",
            Assert.Throws<LocalFaultException>(() => DataFolder.Open(here.FullName)).Message);
    }

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
        here.Delete(recursive: true);
    }

    private Task<int> Run(string arguments) =>
        CommandLine.Run(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            here.FullName,
            output,
            error,
            Commands(Keep));

    private LocalCommands Commands(Func<LocalOptions, CancellationToken, Task<int>> run) => new()
    {
        Run = run,
        Preview = Preview,
        Audit = Audit,
        Rebuild = Rebuild,
        Continue = Continue,
        BringBack = BringBack,
        VerifyLog = VerifyLog,
        CheckDomain = CheckDomain,
        CheckReturn = CheckReturn,
    };

    private Task<int> Audit(AuditOptions options, CancellationToken cancellation)
    {
        audited = options;
        return Task.FromResult(0);
    }

    private Task<int> Continue(ContinueOptions options, CancellationToken cancellation)
    {
        continued = options;
        return Task.FromResult(0);
    }

    private Task<int> BringBack(BringBackOptions options, CancellationToken cancellation)
    {
        broughtBack = options;
        return Task.FromResult(0);
    }

    private Task<int> Rebuild(RebuildOptions options, CancellationToken cancellation)
    {
        rebuilt = options;
        return Task.FromResult(0);
    }

    private Task<int> VerifyLog(VerifyLogOptions options, CancellationToken cancellation)
    {
        verified = options;
        return Task.FromResult(0);
    }

    private Task<int> CheckDomain(CheckDomainOptions options, CancellationToken cancellation)
    {
        checkedDomain = options;
        return Task.FromResult(0);
    }

    private Task<int> CheckReturn(CheckReturnOptions options, CancellationToken cancellation)
    {
        checkedReturn = options;
        return Task.FromResult(0);
    }

    private Task<int> Preview(PreviewOptions options, CancellationToken cancellation)
    {
        previewed = options;
        return Task.FromResult(0);
    }

    private Task<int> Keep(LocalOptions options, CancellationToken cancellation)
    {
        asked = options;
        return Task.FromResult(0);
    }
}
