using System.CommandLine;
using System.CommandLine.Parsing;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Tracking.Log;

namespace Distribution.Local;

/// <summary>Options that several commands take, each with what is wrong with a value.</summary>
internal sealed class SharedOptions
{
    public const string ArchiveFile = "ARCHIVE";

    private static readonly Uri Anywhere = new("http://127.0.0.1:0");

    /// <param name="current">The folder that relative paths start from.</param>
    public SharedOptions(string current)
    {
        Current = current;
        Once = new Option<bool>("--once")
        {
            Description =
                "Carry one distribution through, print the summary and leave: exit code 0 only when every mission is accepted.",
        };
        Data = OptionReading.PathOption(
            "--data",
            "DIR",
            "Folder kept between runs (default: .data beside Distribution.sln, or here).",
            current);
        Drafts = OptionReading.PathOption(
            "--drafts",
            "DIR",
            "Upload this folder, with its letter.md, instead of the sample.",
            current);
        Register = OptionReading.PathOption(
            "--register",
            "FILE",
            "Write to the missions of this register (.xlsx or .csv).",
            current);
        Templates = OptionReading.PathOption(
            "--templates",
            "DIR",
            "Make letters from the templates in this folder.",
            current);
        Mail = new Option<string>("--mail")
        {
            HelpName = "smtp://HOST:PORT | sendgrid | pickup:DIR",
            Description = "Way out for mail (default: a test post office on this machine).",
        };
        Storage = new Option<string>("--storage")
        {
            HelpName = "ACCOUNT | CONNECTION-STRING",
            Description = "Storage account to use: its name, as whoever az login has signed in, or a connection string (default: an emulator on this machine).",
        };
        Urls = new Option<Uri>("--urls")
        {
            HelpName = "URL",
            Description =
                "Where the pages are served, on this machine only (default: http://127.0.0.1:5080; with --once any free port).",
        };
        Urls.CustomParser = Address;

        Drafts.Validators.Add(result =>
            OptionReading.Check(
                result,
                path =>
                    !Directory.Exists(path)
                        ? $"There is no folder {path}: give --drafts the folder that holds your letter.md."
                    // Where a file may be meant as the letter, the check says what it is.
                    : !File.Exists(Path.Combine(path, BlobNames.Letter))
                        && MisnamedFiles.Letter(
                            path,
                            [.. new DirectoryInfo(path).EnumerateFiles().Select(file => file.Name)])
                            is null
                        ? $"There is no letter.md in {path}: give --drafts the folder that holds it."
                    : null));
        Register.Validators.Add(result => OptionReading.Check(result, path =>
            !File.Exists(path)
                ? $"There is no file {path}: give --register the Excel workbook or CSV file with your missions."
                : null));
        Templates.Validators.Add(result =>
            OptionReading.Check(
                result,
                path =>
                    !Directory.Exists(path)
                        ? $"There is no folder {path}: give --templates the folder that holds one folder for each set of templates."
                        : null));
        Data.Validators.Add(result => OptionReading.Check(result, path =>
            File.Exists(path) ? $"{path} is a file: give --data a folder." : null));
        Mail.Validators.Add(result => OptionReading.Check(result, value => MailFault(value, current)));
        Storage.Validators.Add(result => OptionReading.Check(result, StorageOption.Fault));

        Archive = new Argument<string>(ArchiveFile)
        {
            Description = "The letter's archive, as its page offers it.",
        };
        Archive.Validators.Add(result =>
            OptionReading.CheckFile(result, current, "give the zip that the letter's page offers as its archive."));
        Head = new Option<string>("--head")
        {
            HelpName = "HASH",
            Description = "A head you hold from before, whole or in its short form: the log must contain it.",
        };
        Head.Validators.Add(result =>
            OptionReading.Check(
                result,
                written =>
                    LogHead.Read(written) is null
                        ? "--head takes at least 16 hexadecimal digits, as the audit page shows them."
                        : null));
    }

    /// <summary>The folder that relative paths start from.</summary>
    public string Current { get; }

    public Option<bool> Once { get; }
    public Option<string> Data { get; }
    public Option<string> Drafts { get; }
    public Option<string> Register { get; }
    public Option<string> Templates { get; }
    public Option<string> Mail { get; }
    public Option<string> Storage { get; }
    public Option<Uri> Urls { get; }
    public Argument<string> Archive { get; }
    public Option<string> Head { get; }

    /// <returns>Full path of the folder kept between runs.</returns>
    public string DataOf(ParseResult parsed) => parsed.GetValue(Data) ?? DefaultData(Current);

    /// <returns>
    /// The way out for mail as the settings take it, a pickup folder by its full path; null where none is given.
    /// </returns>
    public string? MailOf(ParseResult parsed) => Absolute(parsed.GetValue(Mail), Current);

    /// <returns>Where the pages are served; with port 0 for any free port.</returns>
    public Uri UrlOf(ParseResult parsed) =>
        parsed.GetValue(Urls) ?? (parsed.GetValue(Once) ? Anywhere : CommandLine.Usual);

    /// <returns>The noted head in lower-case hexadecimal; null where none is given.</returns>
    public string? HeadOf(ParseResult parsed) =>
        parsed.GetValue(Head) is { } noted ? LogHead.Read(noted) : null;

    private static Uri? Address(ArgumentResult argument)
    {
        const string Remedy = "give an address on this machine, such as --urls http://127.0.0.1:5080.";
        if (argument.Tokens is not [var token])
            return OptionReading.Refuse<Uri>(argument, $"--urls needs one address: {Remedy}");
        if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var address)
            || address.Scheme != Uri.UriSchemeHttp
            || address.PathAndQuery != "/")
            return OptionReading.Refuse<Uri>(argument, $"--urls cannot be {token.Value}: {Remedy}");
        // The pages are for the user of this machine, who needs no password.
        return address.IsLoopback
            ? address
            : OptionReading.Refuse<Uri>(
                argument,
                $"--urls cannot be {token.Value}, which other machines could reach: {Remedy}");
    }

    private static string? MailFault(string value, string current) =>
        MailRoute.Parse(value).Route switch
        {
            null =>
                "--mail takes smtp://HOST:PORT, sendgrid or pickup:DIR, as in --mail smtp://127.0.0.1:1025; names and passwords belong in the settings.",
            MailRoute.Pickup pickup when File.Exists(Path.GetFullPath(pickup.Folder, current)) =>
                $"{pickup.Folder} is a file: give --mail pickup: a folder.",
            _ => null,
        };

    private static string? Absolute(string? mail, string current) =>
        mail is not null && MailRoute.Parse(mail).Route is MailRoute.Pickup pickup
            ? "pickup:" + Path.GetFullPath(pickup.Folder, current)
            : mail;

    /// <summary>
    /// The folder <c>.data</c> beside <c>Distribution.sln</c>, in this folder or one above it; otherwise in this
    /// folder.
    /// </summary>
    public static string DefaultData(string current)
    {
        for (var folder = new DirectoryInfo(current); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Distribution.sln")))
                return Path.Combine(folder.FullName, ".data");
        return Path.Combine(current, ".data");
    }
}
