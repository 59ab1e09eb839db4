using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Letters.Reading;
using Distribution.Local.DomainCheck;
using Distribution.Local.ReturnCheck;

namespace Distribution.Local;

/// <summary>The command line of Local.</summary>
internal static class CommandLine
{
    /// <summary>The exit code for a wrong command line.</summary>
    public const int Misused = 2;

    public static readonly Uri Usual = new("http://127.0.0.1:5080");

    private const string DistributionId = "ID";
    private const string Domain = "DOMAIN";
    private const string ADistribution = "The distribution, as its page's address ends.";
    private const int DnsPort = 53;

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
        LocalCommands commands)
    {
        var parsed = Root(new(current), commands, output).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync(Sentence(parsed));
            return Misused;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            // The library's handler would print a stack trace; ExitCodes makes a sentence of what is thrown.
            EnableDefaultExceptionHandler = false,
            // As long as the host has for its end: after Ctrl-C, letters that are being handed over are finished.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        });
    }

    private static RootCommand Root(SharedOptions shared, LocalCommands commands, TextWriter output)
    {
        var noSample = new Option<bool>("--no-sample") { Description = "Start without uploading the sample letter." };
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
            else if (
                names.Select(name => LocalPerson.Read(name)!.Name)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .Count() < names.Count)
                result.AddError("--as names the same person twice: give each a name of their own.");
        });
        var root = new RootCommand(
            "Carries a letter to every mission, on this machine: uploads it, checks it, sends it, and shows what became of it."
        )
        {
            shared.Once,
            noSample,
            shared.Data,
            shared.Drafts,
            shared.Register,
            shared.Templates,
            shared.Mail,
            shared.Storage,
            shared.Urls,
            people,
            Previewing(shared, commands),
            Auditing(shared, commands),
            Rebuilding(shared, commands),
            Continuing(shared, commands),
            BringingBack(shared, commands),
            Verifying(shared, commands),
            CheckingDomain(commands),
            CheckingReturn(commands),
            LetterKeys(output),
            Findings(output),
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(shared.Once) && result.GetValue(noSample) && result.GetResult(shared.Drafts) is null)
                result.AddError(
                    "With --once and --no-sample there is nothing to carry through: add --drafts DIR, or leave --no-sample out."
                );
        });
        root.SetAction((parsed, cancellation) => commands.Run(
            new LocalOptions(
                parsed.GetValue(shared.Once),
                parsed.GetValue(noSample),
                shared.DataOf(parsed),
                parsed.GetValue(shared.Drafts),
                parsed.GetValue(shared.Register),
                parsed.GetValue(shared.Templates),
                shared.MailOf(parsed),
                parsed.GetValue(shared.Storage),
                shared.UrlOf(parsed))
            {
                People = [.. (parsed.GetValue(people) ?? []).Select(name => LocalPerson.Read(name)!)],
            },
            cancellation));
        return root;
    }

    private static Command Previewing(SharedOptions shared, LocalCommands commands)
    {
        var to = new Option<string>("--mission")
        {
            HelpName = "ID",
            Description = "The mission, by its id in the register, such as che.",
            Required = true,
        };
        var target = OptionReading.PathOption("--out", "DIR", "Folder to write to.", shared.Current);
        target.Required = true;
        var previewing = new Command(
            "preview",
            "Writes one mission's letter to a folder as it would leave: subject, email and PDF. Sends nothing.")
        {
            shared.Drafts,
            to,
            target,
            shared.Templates,
            shared.Register,
        };
        previewing.SetAction(
            (parsed, cancellation) =>
                commands.Preview(
                    new PreviewOptions(
                        parsed.GetValue(shared.Drafts) ?? LocalRun.Sample,
                        parsed.GetValue(to)!,
                        parsed.GetValue(target)!,
                        parsed.GetValue(shared.Templates),
                        parsed.GetValue(shared.Register)),
                    cancellation));
        return previewing;
    }

    private static Command Auditing(SharedOptions shared, LocalCommands commands)
    {
        var id = new Argument<string>(DistributionId) { Description = ADistribution };
        var auditing = new Command(
            "audit",
            "Proves that every mission of a distribution is accounted for, or says what breaks the proof: exit code 0 only when every mission has the letter and all is proven."
        )
        {
            id,
            shared.Data,
            shared.Storage,
        };
        auditing.SetAction(
            (parsed, cancellation) =>
                commands.Audit(
                    new AuditOptions(
                        parsed.GetValue(id)!,
                        shared.DataOf(parsed),
                        parsed.GetValue(shared.Storage)),
                    cancellation));
        return auditing;
    }

    private static Command Rebuilding(SharedOptions shared, LocalCommands commands)
    {
        var lost = new Argument<string>(DistributionId) { Description = ADistribution };
        var despite = new Option<string>("--despite")
        {
            HelpName = "REASON",
            Description =
                "Rebuild although the log or the content is not what was sealed; the reason goes on record. Only where they cannot be brought back.",
        };
        despite.Validators.Add(result =>
            OptionReading.Check(
                result,
                reason => string.IsNullOrWhiteSpace(reason) ? "--despite needs the reason, in words." : null));
        var rebuilding = new Command(
            "rebuild",
            "Rebuilds a distribution's rows from its sealed log and its frozen content, where tables were lost. Stop the service first. Sends nothing, changes no row that is there, and holds every letter of which the log does not say whether it was sent."
        )
        {
            lost,
            despite,
            shared.Data,
            shared.Storage,
        };
        rebuilding.SetAction(
            (parsed, cancellation) =>
                commands.Rebuild(
                    new RebuildOptions(
                        parsed.GetValue(lost)!,
                        shared.DataOf(parsed),
                        parsed.GetValue(shared.Storage),
                        parsed.GetValue(despite)),
                    cancellation));
        return rebuilding;
    }

    private static Command Continuing(SharedOptions shared, LocalCommands commands)
    {
        var sendTo = new Option<int?>("--send-to")
        {
            HelpName = "NUMBER",
            Description =
                "To how many missions the letter shall be sent, as this command said when it was run without: nothing is sent before.",
        };
        var evidence = OptionReading.PathOption(
            "--sent",
            "FILE",
            "The mail server's log, in which the letters' Message-IDs are looked for, or a text with a mission's id on each line: these have the letter.",
            shared.Current);
        evidence.Validators.Add(result => OptionReading.Check(result, path =>
            !File.Exists(path)
                ? $"There is no file {path}: give --sent the mail server's log, or a list of missions' ids."
                : null));
        var continuing = new Command(
            "continue",
            "Goes on with a letter from its archive where the service that began it is out of reach: sends it to the missions it had not been sent to. Needs --mail, and the service's settings as environment variables. Sends nothing without --send-to.")
        {
            shared.Archive,
            sendTo,
            evidence,
            shared.Head,
            shared.Mail,
            shared.Once,
            shared.Data,
            shared.Register,
            shared.Urls,
        };
        continuing.Validators.Add(result =>
        {
            if (result.GetResult(shared.Mail) is null)
                result.AddError("continue needs --mail, the way out by which the letters shall leave, such as --mail smtps://mail.example.org:465.");
        });
        continuing.SetAction((parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(shared.Archive)!, shared.Current);
            return commands.Continue(
                new ContinueOptions(
                    path,
                    parsed.GetValue(sendTo),
                    parsed.GetValue(evidence),
                    shared.HeadOf(parsed),
                    new LocalOptions(
                        parsed.GetValue(shared.Once),
                        NoSample: true,
                        parsed.GetValue(shared.Data)
                            ?? Path.Combine(SharedOptions.DefaultData(shared.Current), "continued"),
                        Drafts: null,
                        parsed.GetValue(shared.Register),
                        Templates: null,
                        shared.MailOf(parsed),
                        Storage: null,
                        shared.UrlOf(parsed))),
                cancellation);
        });
        return continuing;
    }

    private static Command BringingBack(SharedOptions shared, LocalCommands commands)
    {
        var account = new Option<string>("--storage")
        {
            HelpName = shared.Storage.HelpName,
            Description = "The service's storage account.",
            Required = true
        };
        account.Validators.AddRange(shared.Storage.Validators);
        var bringing = new Command(
            "bring-back",
            "Notes in the service's record which missions got the letter while it was out of reach, from the archive that continue made. Stop the letter at its page first, where it is still being sent. Sends nothing.")
        {
            shared.Archive,
            shared.Head,
            account,
        };
        bringing.SetAction((parsed, cancellation) =>
            commands.BringBack(
                new BringBackOptions(
                    Path.GetFullPath(parsed.GetValue(shared.Archive)!, shared.Current),
                    shared.HeadOf(parsed),
                    parsed.GetValue(account)!),
                cancellation));
        return bringing;
    }

    private static Command Verifying(SharedOptions shared, LocalCommands commands)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A log as the audit page offers it: the zip, or its log.jsonl.",
        };
        file.Validators.Add(result => OptionReading.CheckFile(
            result,
            shared.Current,
            "give verify-log the zip that the audit page offers, or its log.jsonl."));
        var verifying = new Command(
            "verify-log",
            "Checks a downloaded log by itself: exit code 0 only when nothing in it was changed, removed, added or moved."
        )
        {
            file,
            shared.Head,
        };
        verifying.SetAction(
            (parsed, cancellation) =>
                commands.VerifyLog(
                    new VerifyLogOptions(
                        Path.GetFullPath(parsed.GetValue(file)!, shared.Current),
                        shared.HeadOf(parsed)),
                    cancellation));
        return verifying;
    }

    private static Command CheckingDomain(LocalCommands commands)
    {
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
                commands.CheckDomain(
                    new CheckDomainOptions(
                        DomainName(parsed.GetValue(domain)!)!,
                        parsed.GetValue(selector) ?? [],
                        parsed.GetValue(dns)),
                    cancellation));
        return checking;
    }

    private static Command CheckingReturn(LocalCommands commands)
    {
        var wait = new Option<int>("--wait")
        {
            HelpName = "MINUTES",
            Description = "How long to wait for the message.",
            DefaultValueFactory = _ => 5,
        };
        wait.Validators.Add(result =>
        {
            // A value that is no number has an error of its own.
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
                commands.CheckReturn(
                    new CheckReturnOptions(TimeSpan.FromMinutes(parsed.GetValue(wait))),
                    cancellation));
        return returning;
    }

    private static Command LetterKeys(TextWriter output)
    {
        var keys = new Command(
            "letter-keys",
            "Prints all that can stand above the text of a letter.md, as the table in templates/README.md.");
        keys.SetAction((_, cancellation) => output.WriteAsync(LetterSchemaTable.Markdown().AsMemory(), cancellation));
        return keys;
    }

    private static Command Findings(TextWriter output)
    {
        var findings = new Command(
            "findings",
            "Prints everything that a check can find, with its number, its words and what to do about it.");
        findings.SetAction((_, cancellation) =>
            output.WriteAsync(FindingCatalogue.Markdown().AsMemory(), cancellation));
        return findings;
    }

    private static IPEndPoint? DnsServer(ArgumentResult argument)
    {
        const string Remedy = "give an address, such as --dns 9.9.9.9:53.";
        return argument.Tokens is not [var token]
                ? OptionReading.Refuse<IPEndPoint>(argument, $"--dns needs one address: {Remedy}")
            : IPEndPoint.TryParse(token.Value, out var server)
                // What IPEndPoint reads where no port is given.
                ? server.Port == 0 ? new(server.Address, DnsPort)
                    : server
            : OptionReading.Refuse<IPEndPoint>(argument, $"--dns cannot be {token.Value}: {Remedy}");
    }

    /// <returns>In ASCII and lower case; null where it is not a domain name.</returns>
    private static string? DomainName(string written) =>
        // As the domain of an address: what could not follow an @ sends no mail.
        EmailAddresses.ReadAlone($"x@{written.TrimEnd('.')}") is { } address
        && EmailAddresses.Domain(address) is var name
        && name.Contains('.')
            ? name
            : null;

    private static string Sentence(ParseResult parsed)
    {
        // The library's own sentence names what it could not read, and not what to write instead.
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return $"There is no option {unknown}: run with --help to see which there are.";
        if (parsed.Errors[0].SymbolResult is ArgumentResult { Tokens.Count: 0, Argument.Name: var missing })
            return missing switch
            {
                DistributionId =>
                    $"{parsed.CommandResult.Command.Name} needs the id of a distribution, as its page's address ends.",
                SharedOptions.ArchiveFile =>
                    $"{parsed.CommandResult.Command.Name} needs the archive of a letter, as its page offers it.",
                Domain => "check-domain needs the domain letters come from, such as letters.example.org.",
                _ => "verify-log needs the file of a log, as the audit page offers it.",
            };
        return parsed.Errors[0] is { SymbolResult: OptionResult { Option: var option, Tokens.Count: 0 } }
            ? $"{option.Name} needs a value: run with --help to see which."
            : parsed.Errors[0].Message;
    }
}
