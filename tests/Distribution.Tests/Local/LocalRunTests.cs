using System.Diagnostics;
using System.Net;
using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Local;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class LocalRunTests : IDisposable
{
    private readonly PostOfficeFixture post;
    private readonly string storage;
    private readonly LocalProgram program = new();

    public LocalRunTests(AzuriteFixture azurite, PostOfficeFixture post) =>
        (storage, this.post) = (azurite.NewAccount(), post);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_that_waits_for_release_is_not_sent_and_says_so()
    {
        var run = await Pickup("--drafts", program.Drafts());

        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Equal(
            "Sound: Draft Rev 1 to 223 missions. It waits for a person to release it: start without --once, and do so on its status page.",
            run.LastLine);
        Assert.Empty(program.Sent);
    }

    [Fact]
    public async Task A_letter_without_its_enclosure_is_not_waited_for()
    {
        var run = await Pickup(
            "--drafts",
            program.Folder("gcm/draft-rev-1", ("letter.md", Samples.Bytes(LocalProgram.Dated(Samples.Letter())))));

        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Equal(
            "Nothing was sent: the letter names draft-rev-1.pdf, which the folder does not hold. Put it there and start again.",
            run.LastLine);
    }

    [Theory]
    [InlineData("gcm/standing", "A letter stands among the drafts that the standing letter goes out with.")]
    [InlineData("gcm/draft #1", "The name “draft #1” contains the character “#”.")]
    [InlineData("g?m/draft-rev-1", "The name “g?m” contains the character “?”.")]
    public async Task A_folder_whose_name_leads_nowhere_is_refused(string name, string problem)
    {
        var folder = program.Folder(name, ("letter.md", Samples.Bytes(LocalProgram.Dated(Samples.Letter()))));

        var run = await Pickup("--drafts", folder);

        Refused(
            run,
            $"The folder {folder} cannot be uploaded under its name: {problem} Give the folder, or the one that holds it, another name."
        );
    }

    [Fact]
    public async Task A_rejected_letter_is_told_fault_by_fault_and_goes_through_in_the_next_run_when_it_is_corrected()
    {
        var register = program.Register(missions: 2);
        var rejected = await Pickup("--drafts", program.Drafts("audiense: all\nrelease: perhaps"), "--register", register);
        Assert.Equal(
            (ExitCodes.Faulted, "Rejected: nothing was sent. The same is in reports/gcm/draft-rev-1.txt."),
            (rejected.Code, rejected.LastLine));
        Assert.Equal(
            2,
            rejected.Output.Split(Environment.NewLine)
                .Count(line => line.StartsWith("Fault: letter.md", StringComparison.Ordinal)));
        Assert.Contains("“audience”", rejected.Output, StringComparison.Ordinal);
        Assert.Empty(program.Sent);

        var run = await Pickup("--drafts", program.Drafts("release: automatic"), "--register", register);

        Assert.Equal(
            (0, "complete: 2 of 2 missions accounted for (accepted 2, failed 0, unknown 0)"),
            (run.Code, run.LastLine));
        Assert.Equal(2, program.Sent.Count);
    }

    [Fact]
    public async Task Templates_without_the_one_the_letter_needs_reject_it()
    {
        var run = await Pickup(
            "--drafts",
            program.Drafts("release: automatic"),
            "--templates",
            program.Folder("empty"));

        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains(
            "Fault: letter.md, “template:”: There is no letter template called “co-facilitators”.",
            run.Output,
            StringComparison.Ordinal);
        Assert.StartsWith("Rejected: nothing was sent.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_register_is_told_with_row_and_column_and_never_replaces_a_good_one()
    {
        var drafts = program.Drafts("release: automatic");
        Assert.Equal(0, (await Pickup("--drafts", drafts, "--register", program.Register(missions: 2))).Code);
        var bad = program.WithFile(
            "bad.csv",
            File.ReadAllText(program.Register(missions: 2))
                .Replace("afg@missions.example", "afg", StringComparison.Ordinal)
                .Replace("alb,member-state", "alb,club", StringComparison.Ordinal));

        var run = await Pickup("--drafts", drafts, "--register", bad);

        Assert.Equal(ExitCodes.Faulted, run.Code);
        var lines = run.Error.TrimEnd().Split(Environment.NewLine);
        Assert.Equal($"The register {bad} was not taken over; the one in use before stays.", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("register.csv, row 2, column to", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("register.csv, row 3, column kind", StringComparison.Ordinal));
        Assert.EndsWith("Correct the file and start again.", lines[^1], StringComparison.Ordinal);
        Assert.Equal(
            (0, "complete: 2 of 2 missions accounted for (accepted 2, failed 0, unknown 0)"),
            await CodeAndLastLine(Pickup("--drafts", drafts)));
    }

    [Fact]
    public async Task A_register_that_lacks_a_mission_waits_and_no_letter_goes_by_the_one_before_meanwhile()
    {
        Assert.Equal(
            0,
            (await Pickup("--drafts", program.Drafts("release: automatic"), "--register", program.Register(missions: 2))).Code);
        var one = program.Register(missions: 1);

        var run = await Pickup("--drafts", program.Drafts("release: automatic\nreference: GCM/2"), "--register", one);

        Assert.Equal(ExitCodes.Faulted, run.Code);
        var lines = run.Error.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(
            [
                $"The register {one} waits for a person to confirm it; the one in use before stays.",
                "1 mission of the register in use is not in it: Albania.",
            ],
            lines[..2]);
        Assert.EndsWith("confirm it on the page /register, and start again.", lines[^1], StringComparison.Ordinal);
        Assert.Equal(2, program.Sent.Count);
    }

    [Fact]
    public async Task A_mail_server_that_is_not_there_stops_the_run_before_anything_is_uploaded()
    {
        var port = Ports.Free(1)[0];

        var run = await program.Once("--storage", storage, "--mail", $"smtp://127.0.0.1:{port}");

        Assert.Equal((ExitCodes.Faulted, ""), (run.Code, run.Output));
        Assert.Matches(
            $@"^The mail server 127\.0\.0\.1, port {port} cannot be reached: [^\n]+\. Check that it runs and that Mail:Transport names it rightly\.\r?\n$",
            run.Error);
        Assert.Empty(new BlobContainerClient(storage, ResourceNames.Drafts).GetBlobs(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_mail_server_that_takes_nothing_just_now_is_told_of_and_does_not_stop_the_run()
    {
        await using var server = new ScriptedSmtpServer();
        server.On("MAIL", "450 4.7.1 Slow down");

        var run = await program.Once(
            "--storage",
            storage,
            "--mail",
            $"smtp://127.0.0.1:{server.Port}",
            "--drafts",
            program.Drafts("release: automatic"),
            "--register",
            program.Register(missions: 2));

        Assert.Contains("takes no letters from", run.Output, StringComparison.Ordinal);
        Assert.Contains("“450 4.7.1 Slow down”. Sending goes on when it does.", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            (0, "complete: 2 of 2 missions accounted for (accepted 2, failed 0, unknown 0)"),
            (run.Code, run.LastLine));
    }

    [Fact]
    public async Task A_missing_log_in_stops_the_run_before_any_letter_fails()
    {
        await using var server = new ScriptedSmtpServer();
        server.On("RCPT", [.. Enumerable.Repeat("554 5.7.1 <x>: Relay access denied", 100)]);

        var run = await program.Once(
            "--storage",
            storage,
            "--mail",
            $"smtp://127.0.0.1:{server.Port}",
            "--drafts",
            program.Drafts("release: automatic"));

        Assert.Equal((ExitCodes.Faulted, ""), (run.Code, run.Output));
        Assert.Contains("Relay access denied”. Set Mail:User and Mail:Password", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_mail_server_that_dies_on_the_way_pauses_the_distribution_and_ends_the_run()
    {
        var server = new ScriptedSmtpServer();
        var port = server.Port;
        server.On(
            "DATA",
            [.. Enumerable.Repeat("354 go on", 3), .. Enumerable.Repeat(ScriptedServer.Silence, 100)]);
        var running = program.Once(
            "--storage",
            storage,
            "--mail",
            $"smtp://127.0.0.1:{server.Port}",
            "--drafts",
            program.Drafts("release: automatic"),
            "--register",
            program.Register(missions: 20));
        while (server.Mails.Count < 3 || server.Commands.Count(command => command == "DATA") < 4)
            await Task.Delay(20, Cancellation);
        await server.DisposeAsync();

        var run = await running;

        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains(
            $"Paused: The mail server 127.0.0.1, port {port} cannot be reached: ",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal(
            "incomplete: 3 of 20 missions accounted for (accepted 3, failed 0, unknown 0, waiting 17)",
            run.LastLine);
    }

    [Fact]
    public async Task What_a_fault_of_the_senders_own_paused_is_sent_in_the_next_run()
    {
        await using var server = new ScriptedSmtpServer();
        server.On("MAIL", ["250 OK", .. Enumerable.Repeat("530 log in first", 100)]);
        string[] arguments =
        [
            "--storage",
            storage,
            "--drafts",
            program.Drafts("release: automatic"),
            "--register",
            program.Register(missions: 2),
        ];
        var first = await program.Once([.. arguments, "--mail", $"smtp://127.0.0.1:{server.Port}"]);
        Assert.Contains("wants a log-in or encryption first", first.Output, StringComparison.Ordinal);

        var run = await program.Once([.. arguments, "--mail", $"pickup:{program.Outbox}"]);

        Assert.Equal(
            (0, "complete: 2 of 2 missions accounted for (accepted 2, failed 0, unknown 0)"),
            (run.Code, run.LastLine));
        Assert.Equal(2, program.Sent.Count);
    }

    [Fact]
    public async Task A_refused_mission_is_named_with_the_servers_words_and_the_run_is_no_success()
    {
        await using var server = new ScriptedSmtpServer();
        server.On("RCPT TO:<afg@", "550 no such mailbox");

        var run = await program.Once(
            "--storage",
            storage,
            "--mail",
            $"smtp://127.0.0.1:{server.Port}",
            "--drafts",
            program.Drafts("release: automatic"),
            "--register",
            program.Register(missions: 2));

        Assert.Equal(
            (ExitCodes.Faulted, "complete: 2 of 2 missions accounted for (accepted 1, failed 1, unknown 0)"),
            (run.Code, run.LastLine));
        Assert.Contains(
            $"{Environment.NewLine}Ended, not complete: 1 of 2 has it; 1 does not: Afghanistan.{Environment.NewLine}",
            run.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"{Environment.NewLine}failed: afg: afg@missions.example: 550 no such mailbox{Environment.NewLine}",
            run.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say with --mail where they shall go, and give the service's own settings.")]
    [InlineData("Letters of the service leave in its name, and PublicUrl, Links:Keys:0, Mail:From and Mail:ReturnPath are not set.", "--mail", "pickup:outbox")]
    public async Task Letters_of_the_services_own_account_never_leave_in_the_name_of_this_machine(
        string words,
        params string[] mail)
    {
        var run = await program.Once(["--storage", "stletters", "--drafts", program.Drafts(), .. mail]);

        Assert.Equal(ExitCodes.Faulted, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_never_leaves_the_machine()
    {
        var run = await program.Once("--storage", storage, "--mail", "smtp://mail.mission.org:25");

        Refused(
            run,
            "The sample was not uploaded: it would leave this machine. Give your own letter with --drafts DIR, or leave --mail out."
        );
    }

    [Fact]
    public async Task The_sample_as_an_earlier_version_put_it_there_is_recognised_and_not_sent_in_the_words_of_this_one()
    {
        var earlier = LocalProgram
            .Dated(File.ReadAllText(Path.Combine(LocalRun.Sample, "letter.md")))
            .Replace("we have the honour to transmit", "we transmit", StringComparison.Ordinal);
        var folder = program.Folder(
            "sample/draft-rev-1",
            ("letter.md", Samples.Bytes(earlier)),
            (
                "global-compact-draft-rev-1.pdf",
                await File.ReadAllBytesAsync(
                    Path.Combine(LocalRun.Sample, "global-compact-draft-rev-1.pdf"),
                    Cancellation)));
        Assert.Equal(
            (0, 2),
            ((await Pickup("--drafts", folder, "--register", program.Register(missions: 2))).Code, program.Sent.Count));

        var run = await Pickup();

        Assert.Contains(
            "The sample is in drafts/sample/draft-rev-1 already, from an earlier run.",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal(
            (0, "complete: 2 of 2 missions accounted for (accepted 2, failed 0, unknown 0)"),
            (run.Code, run.LastLine));
        Assert.Equal(2, program.Sent.Count);
    }

    [Fact]
    public async Task Settings_of_the_environment_win_and_placeholders_cannot_leave_the_machine()
    {
        var host = Dns.GetHostName();
        Assert.SkipUnless(
            Dns.GetHostAddresses(host).Contains(IPAddress.Loopback),
            "This machine's own name leads elsewhere: there is no mail server off the machine to try with.");
        await using var server = new SmtpReceiver();
        using var run = program.Start(
            [
                "--once",
                "--storage",
                storage,
                "--mail",
                $"smtp://{host}:{server.Port}",
                "--drafts",
                program.Drafts("release: automatic"),
            ],
            ("Mail__From", "Co-facilitators <letters@mission.org>"));

        var (output, error) = await Ended(run);

        Assert.Equal(("", ExitCodes.Faulted), (error, run.ExitCode));
        Assert.Equal(
            ["D310", "D512", "D513", "D513", "D514"],
            output
                .Split(Environment.NewLine)
                .Where(line => line.StartsWith("Fault: ", StringComparison.Ordinal))
                .Select(line => line[^5..^1])
                .Order());
        Assert.Contains("Fault: Setting Mail:ReturnPath: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Mail:From", output, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Bad_settings_are_all_told_in_words()
    {
        using var run = program.Start(
            ["--once", "--storage", storage, "--mail", $"pickup:{program.Outbox}"],
            ("Mail__From", "nobody"),
            ("PublicUrl", "here"));

        var (output, error) = await Ended(run);

        Assert.Equal(("", ExitCodes.Faulted), (output, run.ExitCode));
        Assert.Contains("Setting Mail:From: “nobody” is not one email address.", error, StringComparison.Ordinal);
        Assert.Contains("Setting PublicUrl: “here” is not a web address", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_is_not_there_is_told_at_once()
    {
        var port = Ports.Free(1)[0];

        var run = await program.Once(
            "--mail",
            $"pickup:{program.Outbox}",
            "--storage",
            storage.Replace(new Uri(Part("BlobEndpoint")).Authority, $"127.0.0.1:{port}", StringComparison.Ordinal));

        Refused(
            run,
            $"The storage account at 127.0.0.1:{port} cannot be reached. See that it runs. Check the connection string given with --storage."
        );
    }

    [Theory]
    [InlineData(
        "AccountKey=AAAA",
        "The storage account refuses what it is asked. Check the connection string given with --storage.")]
    [InlineData(
        "AccountKey=no key at all",
        "The connection string of the storage account cannot be read. Check the connection string given with --storage."
    )]
    public async Task A_storage_key_that_does_not_fit_is_told_without_showing_it(string key, string sentence)
    {
        var run = await program.Once(
            "--mail",
            $"pickup:{program.Outbox}",
            "--storage",
            storage.Replace($"AccountKey={Part("AccountKey")}", key, StringComparison.Ordinal));

        Refused(run, sentence);
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var run = program.Start([
            "--once",
            "--storage",
            storage,
            "--mail",
            post.Smtp.ToString(),
            "--drafts",
            program.Drafts(),
        ]);
        while (await run.StandardOutput.ReadLineAsync(Cancellation) is { } line
            && !line.StartsWith("Uploaded", StringComparison.Ordinal))
        {
        }

        Terminate(run);
        var (_, error) = await Ended(run);

        Assert.Equal((ExitCodes.Interrupted, $"Stopped before the end.{Environment.NewLine}"), (run.ExitCode, error));
    }

    [Fact]
    public async Task Two_people_are_played_each_at_an_address_of_their_own_and_release_a_letter_together()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var run = program.Start(
            [
                "--storage", storage, "--mail", $"pickup:{program.Outbox}", "--drafts", program.Drafts(),
                "--register", program.Register(missions: 2), "--as", "Anna Weiss:releaser", "--as", "Bea Kern:releaser",
            ],
            ("Release__People", "2"),
            ("Release__UndoFor", "00:00:00"));
        var people = new List<(Uri Address, string Words)>();
        while (await run.StandardOutput.ReadLineAsync(Cancellation) is { } line
            && !line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            if (line.Split(" takes you for ") is [var address, var words])
                people.Add((new Uri(address), words));
        Assert.Equal(["Anna Weiss (releaser).", "Bea Kern (releaser)."], people.Select(person => person.Words));

        await Press(people[0].Address, "Approve Draft Rev 1 for 2 missions");
        Assert.Empty(program.Sent);
        await Press(people[1].Address, "Send Draft Rev 1 to 2 missions");
        for (var waited = Stopwatch.StartNew(); program.Sent.Count < 2; await Task.Delay(50, Cancellation))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "The letters do not leave.");

        Terminate(run);
        var (_, error) = await Ended(run);
        Assert.Equal((0, ""), (run.ExitCode, error));
    }

    /// <summary>On the page of the one letter there is, as this person's browser does.</summary>
    private static async Task Press(Uri person, string button)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = person };
        var letter = (await Page("/")).Links.Select(link => link.GetAttribute("href")!)
            .First(address => address.StartsWith("/distributions/", StringComparison.Ordinal));
        var form = (await Page(letter)).QuerySelectorAll("form button")
            .OfType<AngleSharp.Html.Dom.IHtmlButtonElement>()
            .Single(found => found.TextContent.Trim() == button)
            .Form!;
        using var content = new FormUrlEncodedContent(
            form.QuerySelectorAll("input")
                .OfType<AngleSharp.Html.Dom.IHtmlInputElement>()
                .Select(input => KeyValuePair.Create(input.Name!, input.Value)));
        using var answer = await browser.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), content, Cancellation);
        answer.EnsureSuccessStatusCode();

        async Task<AngleSharp.Html.Dom.IHtmlDocument> Page(string path) =>
            new AngleSharp.Html.Parser.HtmlParser().ParseDocument(
                await browser.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
    }

    [Fact]
    public void A_full_disk_is_told_as_such()
    {
        Assert.Null(DiskSpace.Lacking(program.Data, 50_000_000));
        Assert.StartsWith(
            $"The disk that holds {program.Data} is full: 3 MB are free. Make room",
            DiskSpace.Lacking(program.Data, 3_000_000),
            StringComparison.Ordinal);
        // The less there is, the sooner it is looked at again.
        Assert.Equal(TimeSpan.FromSeconds(5), DiskSpace.Pause(50_000_000_000));
        Assert.InRange(DiskSpace.Pause(1_000_000_000), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(0.2), DiskSpace.Pause(30_000_000));
    }

    [Fact]
    public async Task An_emulator_killed_while_letters_leave_costs_another_start_at_most()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the emulator of a run is not found this way.");
        string[] arguments = ["--once", "--mail", $"pickup:{program.Outbox}", "--register", program.Register(missions: 60)];
        using var run = program.Start(arguments);
        while (program.Sent.Count == 0)
        {
            Assert.False(run.HasExited, "The run ended before a letter left.");
            await Task.Delay(20, Cancellation);
        }

        await KillEmulator();
        var (output, error) = await Ended(run);

        // How much it had stored is chance: it goes on, or says that it cannot and what to do, and that helps; or the
        // letter is on record as begun, is another one by now, and waits for a person, who is told why.
        if (run.ExitCode != 0)
        {
            Assert.True(
                error.StartsWith("Something ended the storage emulator, and what it had not stored yet is lost", StringComparison.Ordinal),
                error);
            using var again = program.Start(arguments);
            (output, error) = await Ended(again);
        }

        Assert.Equal("", error);
        Assert.True(
            output.Contains("complete: 60 of 60 missions accounted for (accepted 60, failed 0, unknown 0)", StringComparison.Ordinal)
                || (output.Contains("(D617)", StringComparison.Ordinal)
                    && output.Contains("Sound: Draft Rev 1 to 60 missions. It waits for a person to release it", StringComparison.Ordinal)),
            output);
    }

    /// <summary>The one that this run has started.</summary>
    private async Task KillEmulator()
    {
        var emulator = Directory.EnumerateDirectories("/proc")
            .Select(folder => (Id: Path.GetFileName(folder), Command: Path.Combine(folder, "cmdline")))
            .Where(process => int.TryParse(process.Id, out _) && File.Exists(process.Command))
            .Single(process =>
                File.ReadAllText(process.Command) is var command
                && command.Contains("azurite.js", StringComparison.Ordinal)
                && command.Contains(program.Data, StringComparison.Ordinal));
        using var killed = Process.GetProcessById(int.Parse(emulator.Id, System.Globalization.CultureInfo.InvariantCulture));
        killed.Kill();
        await killed.WaitForExitAsync(Cancellation);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_the_middle_ends_the_run_which_goes_on_when_there_is_room()
    {
        Directory.CreateDirectory(program.Data);
        // Two megabytes above what is called full, of the fifteen that the run writes: one of six was over before it was noticed.
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Done("mount", "-t", "tmpfs", "-o", "size=22m", "tmpfs", program.Data),
            "A small disk can only be mounted on Linux, by root.");
        try
        {
            string[] arguments = ["--mail", $"pickup:{Path.Combine(program.Data, "outbox")}", "--register", program.Register(missions: 100)];
            var run = await program.Once(arguments);

            Assert.Equal(ExitCodes.Faulted, run.Code);
            Assert.StartsWith(
                $"The run was stopped. The disk that holds {program.Data} is full: ",
                run.Error,
                StringComparison.Ordinal);

            Assert.True(Done("mount", "-o", "remount,size=200m", program.Data));
            Assert.Equal(
                (0, "complete: 100 of 100 missions accounted for (accepted 100, failed 0, unknown 0)"),
                await CodeAndLastLine(program.Once(arguments)));
        }
        finally
        {
            Done("umount", "--lazy", program.Data);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_storage_emulator_that_was_killed_is_started_again_and_nothing_it_started_outlives_a_run_however_it_ends(bool isKilled)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var run = program.Start(["--no-sample"]);
        var addresses = new List<Uri>();
        Uri? page = null;
        while (await run.StandardOutput.ReadLineAsync(Cancellation) is { } line
            && !line.StartsWith("Ctrl-C", StringComparison.Ordinal))
        {
            if (line.Contains("Status page", StringComparison.Ordinal))
                page = new Uri(System.Text.RegularExpressions.Regex.Match(line, @"http://127\.0\.0\.1:\d+/").Value);
            addresses.AddRange(
                System
                    .Text.RegularExpressions.Regex.Matches(line, @"http://127\.0\.0\.1:\d+/\w*")
                    .Select(match => new Uri(match.Value)));
        }

        Assert.Equal(5, addresses.Count);
        if (!OperatingSystem.IsWindows())
        {
            // Mail, drafts and links are nobody else's to read.
            foreach (var folder in (string[])["", "storage", "inbox"])
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                    File.GetUnixFileMode(Path.Combine(program.Data, folder)));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(program.Data, "log.txt")));
        }

        foreach (var address in addresses)
            Assert.NotNull(await Loopback.Get(address, Cancellation));

        // Elsewhere the emulator of a run is not found this way.
        if (OperatingSystem.IsLinux() && !isKilled)
        {
            await KillEmulator();
            Assert.Equal(
                "The storage emulator has ended. Starting it again …",
                await run.StandardOutput.ReadLineAsync(Cancellation));
            for (var waited = Stopwatch.StartNew();
                 await Loopback.Get(page!, Cancellation) is not { } words || !words.Contains("</html>", StringComparison.Ordinal);)
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "The page does not answer again.");
                await Task.Delay(100, Cancellation);
            }
        }

        if (isKilled)
            run.Kill();
        else
            Terminate(run);
        var (_, error) = await Ended(run);

        if (!isKilled)
            Assert.Equal((0, ""), (run.ExitCode, error));
        // What is killed ends nothing itself: what it started sees that it has gone.
        foreach (var address in addresses)
            while (await Loopback.Get(address, Cancellation) is not null)
            {
                Assert.True(isKilled, $"{address} still answers.");
                await Task.Delay(20, Cancellation);
            }
    }

    public void Dispose() => program.Dispose();

    private static void Refused(LocalProgram.Run run, string sentence) =>
        Assert.Equal((ExitCodes.Faulted, sentence + Environment.NewLine), (run.Code, run.Error));

    private static void Terminate(Process run)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{run.Id}"]);
        kill.WaitForExit();
    }

    private static bool Done(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static async Task<(string Output, string Error)> Ended(Process run)
    {
        var output = run.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await run.StandardError.ReadToEndAsync(Cancellation);
        await run.WaitForExitAsync(Cancellation);
        return (await output, error);
    }

    private static async Task<(int Code, string LastLine)> CodeAndLastLine(Task<LocalProgram.Run> running)
    {
        var run = await running;
        return (run.Code, run.LastLine);
    }

    private Task<LocalProgram.Run> Pickup(params string[] arguments) =>
        program.Once(["--storage", storage, "--mail", $"pickup:{program.Outbox}", .. arguments]);

    private string Part(string name) => storage.Split($"{name}=")[1].Split(';')[0];
}
