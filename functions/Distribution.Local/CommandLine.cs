using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters.Reading;
using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;
using Distribution.Mail;
using Distribution.Tracking.Log;

namespace Distribution.Local;

/// <summary>The command line of Local.</summary>
internal static class CommandLine
{
    /// <summary>The exit code for a wrong command line.</summary>
    public const int Misused = 2;

    public static readonly Uri Usual = new("http://127.0.0.1:5080");
    private const string DistributionId = "ID";
    private const string ArchiveFile = "ARCHIVE";
    private const string Domain = "DOMAIN";
    private const int DnsPort = 53;

    private static readonly Uri Anywhere = new("http://127.0.0.1:0");

    /// <summary>
    /// Parses the command line and runs the command, until that ends or Ctrl-C or SIGTERM cancels it.
    /// </summary>
    /// <param name="current">The folder that relative paths start from.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(
        IReadOnlyList<string> arguments,
        string current,
        TextWriter output,
        TextWriter error,
        Func<LocalOptions, CancellationToken, Task<int>> run,
        Func<PreviewOptions, CancellationToken, Task<int>> preview,
        Func<AuditOptions, CancellationToken, Task<int>> audit,
        Func<RebuildOptions, CancellationToken, Task<int>> rebuild,
        Func<ContinueOptions, CancellationToken, Task<int>> goOn,
        Func<BringBackOptions, CancellationToken, Task<int>> bringBack,
        Func<VerifyLogOptions, CancellationToken, Task<int>> verifyLog,
        Func<CheckDomainOptions, CancellationToken, Task<int>> checkDomain,
        Func<CheckReturnOptions, CancellationToken, Task<int>> checkReturn)
    {
        var once = new Option<bool>("--once")
        {
            Description =
                "Carry one distribution through, print the summary and leave: exit code 0 only when every mission is accepted.",
        };
        var noSample = new Option<bool>("--no-sample") { Description = "Start without uploading the sample letter." };
        var data = PathOption(
            "--data",
            "DIR",
            "Folder kept between runs (default: .data beside Distribution.sln, or here).",
            current);
        var drafts = PathOption(
            "--drafts",
            "DIR",
            "Upload this folder, with its letter.md, instead of the sample.",
            current);
        var register = PathOption("--register", "FILE", "Write to the missions of this register (.xlsx or .csv).", current);
        var templates = PathOption("--templates", "DIR", "Make letters from the templates in this folder.", current);
        var mail = new Option<string>("--mail")
        {
            HelpName = "smtp://HOST:PORT | sendgrid | pickup:DIR",
            Description = "Way out for mail (default: a test post office on this machine).",
        };
        var storage = new Option<string>("--storage")
        {
            HelpName = "ACCOUNT | CONNECTION-STRING",
            Description = "Storage account to use: its name, as whoever az login has signed in, or a connection string (default: an emulator on this machine).",
        };
        var urls = new Option<Uri>("--urls")
        {
            HelpName = "URL",
            Description =
                "Where the pages are served, on this machine only (default: http://127.0.0.1:5080; with --once any free port).",
        };
        urls.CustomParser = Address;

        var people = new Option<string[]>("--as")
        {
            HelpName = "NAME[:ROLE]",
            Description =
                "Play this person at the desk, as a drafter, releaser or reader, or with every role; may stand several times: each gets an address of their own on this machine.",
        };
        people.Validators.Add(result =>
        {
            var names = result.Tokens.Select(token => token.Value).ToList();
            if (names.FirstOrDefault(name => LocalPerson.Read(name) is null) is { } odd)
                result.AddError(
                    $"--as cannot be {SingleLine.Of(odd)}: give a name, and after a colon drafter, releaser or reader, as in --as Anna:drafter.");
            else if (names.Select(name => LocalPerson.Read(name)!.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Count)
                result.AddError("--as names the same person twice: give each a name of their own.");
        });

        drafts.Validators.Add(result =>
            Check(
                result,
                path =>
                    !Directory.Exists(path)
                        ? $"There is no folder {path}: give --drafts the folder that holds your letter.md."
                    // Where a file may be meant as the letter, the check says what it is.
                    : !File.Exists(Path.Combine(path, BlobNames.Letter))
                        && MisnamedFiles.Letter(path, [.. new DirectoryInfo(path).EnumerateFiles().Select(file => file.Name)])
                            is null
                        ? $"There is no letter.md in {path}: give --drafts the folder that holds it."
                    : null));
        register.Validators.Add(result => Check(result, path =>
            !File.Exists(path) ? $"There is no file {path}: give --register the Excel workbook or CSV file with your missions." : null));
        templates.Validators.Add(result =>
            Check(
                result,
                path =>
                    !Directory.Exists(path)
                        ? $"There is no folder {path}: give --templates the folder that holds one folder for each set of templates."
                        : null));
        data.Validators.Add(result => Check(result, path =>
            File.Exists(path) ? $"{path} is a file: give --data a folder." : null));
        mail.Validators.Add(result => Check(result, value => MailFault(value, current)));
        storage.Validators.Add(result => Check(result, StorageOption.Fault));

        var to = new Option<string>("--mission")
        {
            HelpName = "ID",
            Description = "The mission, by its id in the register, such as che.",
            Required = true,
        };
        var target = PathOption("--out", "DIR", "Folder to write to.", current);
        target.Required = true;
        var previewing = new Command(
            "preview",
            "Writes one mission's letter to a folder as it would leave: subject, email and PDF. Sends nothing.")
        {
            drafts,
            to,
            target,
            templates,
            register,
        };
        previewing.SetAction(
            (parsed, cancellation) =>
                preview(
                    new PreviewOptions(
                        parsed.GetValue(drafts) ?? LocalRun.Sample,
                        parsed.GetValue(to)!,
                        parsed.GetValue(target)!,
                        parsed.GetValue(templates),
                        parsed.GetValue(register)),
                    cancellation));

        var id = new Argument<string>(DistributionId) { Description = "The distribution, as its page's address ends." };
        var auditing = new Command(
            "audit",
            "Proves that every mission of a distribution is accounted for, or says what breaks the proof: exit code 0 only when every mission has the letter and all is proven."
        )
        {
            id,
            data,
            storage,
        };
        auditing.SetAction(
            (parsed, cancellation) =>
                audit(
                    new AuditOptions(
                        parsed.GetValue(id)!,
                        parsed.GetValue(data) ?? DefaultData(current),
                        parsed.GetValue(storage)),
                    cancellation));

        var lost = new Argument<string>(DistributionId) { Description = id.Description };
        var despite = new Option<string>("--despite")
        {
            HelpName = "REASON",
            Description =
                "Rebuild although the log or the content is not what was sealed; the reason goes on record. Only where they cannot be brought back.",
        };
        despite.Validators.Add(result =>
            Check(result, reason => string.IsNullOrWhiteSpace(reason) ? "--despite needs the reason, in words." : null));
        var rebuilding = new Command(
            "rebuild",
            "Rebuilds a distribution's rows from its sealed log and its frozen content, where tables were lost. Stop the service first. Sends nothing, changes no row that is there, and holds every letter of which the log does not say whether it was sent."
        )
        {
            lost,
            despite,
            data,
            storage,
        };
        rebuilding.SetAction(
            (parsed, cancellation) =>
                rebuild(
                    new RebuildOptions(
                        parsed.GetValue(lost)!,
                        parsed.GetValue(data) ?? DefaultData(current),
                        parsed.GetValue(storage),
                        parsed.GetValue(despite)),
                    cancellation));

        var archive = new Argument<string>(ArchiveFile)
        {
            Description = "The letter's archive, as its page offers it.",
        };
        archive.Validators.Add(result =>
        {
            if (result.Tokens is [var path] && !File.Exists(Path.GetFullPath(path.Value, current)))
                result.AddError(
                    $"There is no file {Path.GetFullPath(path.Value, current)}: give the zip that the letter's page offers as its archive."
                );
        });
        var head = new Option<string>("--head")
        {
            HelpName = "HASH",
            Description = "A head you hold from before, whole or in its short form: the log must contain it.",
        };
        head.Validators.Add(result =>
            Check(
                result,
                written =>
                    LogHead.Read(written) is null
                        ? "--head takes at least 16 hexadecimal digits, as the audit page shows them."
                        : null));
        var sendTo = new Option<int?>("--send-to")
        {
            HelpName = "NUMBER",
            Description =
                "To how many missions the letter shall be sent, as this command said when it was run without: nothing is sent before.",
        };
        var evidence = PathOption(
            "--sent",
            "FILE",
            "The mail server's log, in which the letters' Message-IDs are looked for, or a text with a mission's id on each line: these have the letter.",
            current);
        evidence.Validators.Add(result => Check(result, path =>
            !File.Exists(path) ? $"There is no file {path}: give --sent the mail server's log, or a list of missions' ids." : null));
        var continuing = new Command(
            "continue",
            "Goes on with a letter from its archive where the service that began it is out of reach: sends it to the missions it had not been sent to. Needs --mail, and the service's settings as environment variables. Sends nothing without --send-to.")
        {
            archive,
            sendTo,
            evidence,
            head,
            mail,
            once,
            data,
            register,
            urls,
        };
        continuing.Validators.Add(result =>
        {
            if (result.GetResult(mail) is null)
                result.AddError("continue needs --mail, the way out by which the letters shall leave, such as --mail smtps://mail.example.org:465.");
        });
        continuing.SetAction((parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(archive)!, current);
            return goOn(
                new ContinueOptions(
                    path,
                    parsed.GetValue(sendTo),
                    parsed.GetValue(evidence),
                    parsed.GetValue(head) is { } noted ? LogHead.Read(noted) : null,
                    new LocalOptions(
                        parsed.GetValue(once),
                        NoSample: true,
                        parsed.GetValue(data) ?? Path.Combine(DefaultData(current), "continued"),
                        Drafts: null,
                        parsed.GetValue(register),
                        Templates: null,
                        Absolute(parsed.GetValue(mail), current),
                        Storage: null,
                        parsed.GetValue(urls) ?? (parsed.GetValue(once) ? Anywhere : Usual))),
                cancellation);
        });

        var account = new Option<string>("--storage") { HelpName = storage.HelpName, Description = "The service's storage account.", Required = true };
        account.Validators.AddRange(storage.Validators);
        var bringing = new Command(
            "bring-back",
            "Notes in the service's record which missions got the letter while it was out of reach, from the archive that continue made. Stop the letter at its page first, where it is still being sent. Sends nothing.")
        {
            archive,
            head,
            account,
        };
        bringing.SetAction((parsed, cancellation) =>
            bringBack(
                new BringBackOptions(
                    Path.GetFullPath(parsed.GetValue(archive)!, current),
                    parsed.GetValue(head) is { } noted ? LogHead.Read(noted) : null,
                    parsed.GetValue(account)!),
                cancellation));

        var file = new Argument<string>("FILE")
        {
            Description = "A log as the audit page offers it: the zip, or its log.jsonl.",
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [var path] && !File.Exists(Path.GetFullPath(path.Value, current)))
                result.AddError(
                    $"There is no file {Path.GetFullPath(path.Value, current)}: give verify-log the zip that the audit page offers, or its log.jsonl."
                );
        });
        var verifying = new Command(
            "verify-log",
            "Checks a downloaded log by itself: exit code 0 only when nothing in it was changed, removed, added or moved."
        )
        {
            file,
            head,
        };
        verifying.SetAction(
            (parsed, cancellation) =>
                verifyLog(
                    new VerifyLogOptions(
                        Path.GetFullPath(parsed.GetValue(file)!, current),
                        parsed.GetValue(head) is { } written ? LogHead.Read(written) : null),
                    cancellation));

        var domain = new Argument<string>(Domain)
        {
            Description = "The domain letters come from, such as letters.example.org.",
        };
        domain.Validators.Add(result =>
        {
            if (result.Tokens is [var written] && DomainName(written.Value) is null)
                result.AddError(
                    $"“{written.Value}” is not the name of a domain: give check-domain one such as letters.example.org."
                );
        });
        var selector = new Option<string[]>("--selector")
        {
            HelpName = "NAME",
            Description = "A DKIM key to look for; may stand several times (default: those the settings name).",
        };
        selector.Validators.Add(result =>
        {
            if (result
                    .Tokens.Select(token => token.Value)
                    .FirstOrDefault(name => DomainName($"{name}.example") is null) is
                { } odd)
                result.AddError($"--selector cannot be {odd}: give the name before ._domainkey, such as s1.");
        });
        var dns = new Option<IPEndPoint>("--dns")
        {
            HelpName = "ADDRESS:PORT",
            Description = "The DNS server to ask (default: this machine's own).",
        };
        dns.CustomParser = DnsServer;
        var checking = new Command(
            "check-domain",
            "Reads a domain's SPF, DKIM, DMARC and MX records and says what is missing: exit code 0 only when nothing is."
        )
        {
            domain,
            selector,
            dns,
        };
        checking.SetAction(
            (parsed, cancellation) =>
                checkDomain(
                    new CheckDomainOptions(
                        DomainName(parsed.GetValue(domain)!)!,
                        parsed.GetValue(selector) ?? [],
                        parsed.GetValue(dns)),
                    cancellation));

        var wait = new Option<int>("--wait")
        {
            HelpName = "MINUTES",
            Description = "How long to wait for the message.",
            DefaultValueFactory = _ => 5,
        };
        wait.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 60)
                result.AddError("--wait takes a number of minutes, 1 to 60.");
        });
        var returning = new Command(
            "check-return",
            "Proves that mail to a return path of one letter's own comes back, before Mail:ReturnPathPerAttempt is switched on: sends one message from and to such an address, and looks for it in the return mailbox. Exit code 0 only when it came back."
        )
        {
            wait,
        };
        returning.SetAction(
            (parsed, cancellation) =>
                checkReturn(new CheckReturnOptions(TimeSpan.FromMinutes(parsed.GetValue(wait))), cancellation));

        var keys = new Command(
            "letter-keys",
            "Prints all that can stand above the text of a letter.md, as the table in templates/README.md.");
        keys.SetAction((_, cancellation) => output.WriteAsync(LetterSchemaTable.Markdown().AsMemory(), cancellation));

        var findings = new Command(
            "findings",
            "Prints everything that a check can find, with its number, its words and what to do about it.");
        findings.SetAction((_, cancellation) => output.WriteAsync(FindingCatalogue.Markdown().AsMemory(), cancellation));

        var root = new RootCommand(
            "Carries a letter to every mission, on this machine: uploads it, checks it, sends it, and shows what became of it."
        )
        {
            once,
            noSample,
            data,
            drafts,
            register,
            templates,
            mail,
            storage,
            urls,
            people,
            previewing,
            auditing,
            rebuilding,
            continuing,
            bringing,
            verifying,
            checking,
            returning,
            keys,
            findings,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(once) && result.GetValue(noSample) && result.GetResult(drafts) is null)
                result.AddError(
                    "With --once and --no-sample there is nothing to carry through: add --drafts DIR, or leave --no-sample out."
                );
        });
        root.SetAction((parsed, cancellation) => run(
            new LocalOptions(
                parsed.GetValue(once),
                parsed.GetValue(noSample),
                parsed.GetValue(data) ?? DefaultData(current),
                parsed.GetValue(drafts),
                parsed.GetValue(register),
                parsed.GetValue(templates),
                Absolute(parsed.GetValue(mail), current),
                parsed.GetValue(storage),
                parsed.GetValue(urls) ?? (parsed.GetValue(once) ? Anywhere : Usual))
            {
                People = [.. (parsed.GetValue(people) ?? []).Select(name => LocalPerson.Read(name)!)],
            },
            cancellation));

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync(Sentence(parsed));
            return Misused;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        });
    }

    private static Option<string> PathOption(string name, string help, string description, string current) => new(name)
    {
        HelpName = help,
        Description = description,
        CustomParser = argument => argument.Tokens is [{ Value.Length: > 0 } path]
            ? Path.GetFullPath(path.Value, current)
            : Refuse<string>(argument, $"{name} takes one value: {name} {help}."),
    };

    private static Uri? Address(ArgumentResult argument)
    {
        const string Remedy = "give an address on this machine, such as --urls http://127.0.0.1:5080.";
        if (argument.Tokens is not [var token])
            return Refuse<Uri>(argument, $"--urls needs one address: {Remedy}");
        if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var address)
            || address.Scheme != Uri.UriSchemeHttp
            || address.PathAndQuery != "/")
            return Refuse<Uri>(argument, $"--urls cannot be {token.Value}: {Remedy}");
        return address.IsLoopback
            ? address
            : Refuse<Uri>(argument, $"--urls cannot be {token.Value}, which other machines could reach: {Remedy}");
    }

    private static IPEndPoint? DnsServer(ArgumentResult argument)
    {
        const string Remedy = "give an address, such as --dns 9.9.9.9:53.";
        return argument.Tokens is not [var token] ? Refuse<IPEndPoint>(argument, $"--dns needs one address: {Remedy}")
            : IPEndPoint.TryParse(token.Value, out var server)
                ? server.Port == 0 ? new(server.Address, DnsPort)
                    : server
            : Refuse<IPEndPoint>(argument, $"--dns cannot be {token.Value}: {Remedy}");
    }

    /// <returns>In ASCII and lower case; null where it is not a domain name.</returns>
    private static string? DomainName(string written) =>
        EmailAddresses.ReadAlone($"x@{written.TrimEnd('.')}") is { } address
        && EmailAddresses.Domain(address) is var name
        && name.Contains('.')
            ? name
            : null;

    private static string? MailFault(string value, string current) =>
        MailRoute.Parse(value).Route switch
        {
            null => "--mail takes smtp://HOST:PORT, sendgrid or pickup:DIR, as in --mail smtp://127.0.0.1:1025; names and passwords belong in the settings.",
            MailRoute.Pickup pickup when File.Exists(Path.GetFullPath(pickup.Folder, current)) =>
                $"{pickup.Folder} is a file: give --mail pickup: a folder.",
            _ => null,
        };

    private static string? Absolute(string? mail, string current) =>
        mail is not null && MailRoute.Parse(mail).Route is MailRoute.Pickup pickup
            ? "pickup:" + Path.GetFullPath(pickup.Folder, current)
            : mail;

    private static void Check(OptionResult result, Func<string, string?> fault)
    {
        // A value that could not be parsed has an error of its own.
        if (result.Errors.Any() || result.GetValueOrDefault<string>() is not { } value)
            return;
        if (fault(value) is { } sentence)
            result.AddError(sentence);
    }

    private static T? Refuse<T>(ArgumentResult argument, string sentence) where T : class
    {
        argument.AddError(sentence);
        return null;
    }

    private static string Sentence(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return $"There is no option {unknown}: run with --help to see which there are.";
        if (parsed.Errors[0].SymbolResult is ArgumentResult { Tokens.Count: 0, Argument.Name: var missing })
            return missing switch
            {
                DistributionId =>
                    $"{parsed.CommandResult.Command.Name} needs the id of a distribution, as its page's address ends.",
                ArchiveFile => $"{parsed.CommandResult.Command.Name} needs the archive of a letter, as its page offers it.",
                Domain => "check-domain needs the domain letters come from, such as letters.example.org.",
                _ => "verify-log needs the file of a log, as the audit page offers it.",
            };
        return parsed.Errors[0] is { SymbolResult: OptionResult { Option: var option, Tokens.Count: 0 } }
            ? $"{option.Name} needs a value: run with --help to see which."
            : parsed.Errors[0].Message;
    }

    private static string DefaultData(string current)
    {
        for (var folder = new DirectoryInfo(current); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Distribution.sln")))
                return Path.Combine(folder.FullName, ".data");
        return Path.Combine(current, ".data");
    }
}
