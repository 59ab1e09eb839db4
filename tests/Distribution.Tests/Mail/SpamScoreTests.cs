using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Mail;

/// <summary>
/// What a mission's spam filter makes of a letter, by the rules SpamAssassin comes with and without asking any network.
/// </summary>
public sealed partial class SpamScoreTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const double Most = 1;

    /// <summary>
    /// One point for every text in which Cyrillic е stands beside more than twenty Latin e: every Russian letter with
    /// links, addresses and file names meets it, whatever it says. It is shown, and not held against the Russian
    /// letter.
    /// </summary>
    private const string ForeignEs = "MIXED_ES";

    private const string Folder = "gcm/draft-rev-1";

    private static readonly string? Program = (
        (string[])["/usr/bin/spamassassin", "/usr/local/bin/spamassassin", "/opt/homebrew/bin/spamassassin"]
    ).FirstOrDefault(File.Exists);

    [Fact]
    public async Task The_sample_letter_is_no_spam_in_any_of_the_six_languages()
    {
        Assert.SkipUnless(Program is not null, "SpamAssassin is not installed (Debian: spamassassin).");
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("PublicUrl", "https://letters.secretariat.example"));
        await workflow.PutInUse(Register());
        foreach (
            var file in Directory.EnumerateFiles(Path.Combine(SampleLetter.Templates, "co-facilitators", "sample")))
            await workflow.Upload(
                $"{Folder}/{Path.GetFileName(file)}",
                Path.GetExtension(file) == ".md" ? ReleasedByHand(file) : File.ReadAllBytes(file));
        foreach (var file in Directory.EnumerateFiles(SixLanguages.Folder))
            await workflow.Upload($"{Folder}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        await workflow.Reconcile();
        await workflow.Release();
        var letters = Directory.GetFiles(workflow.PickupFolder, "*.eml");
        Assert.Equal(Languages.Official.Order(), letters.Select(file => Language(file)).Order());

        var verdicts = await Judge(letters);

        Assert.Equal(letters.Length, verdicts.Count);
        foreach (var verdict in verdicts)
            output.WriteLine($"{verdict}");
        Assert.All(
            verdicts,
            verdict =>
                Assert.True(verdict.Score - (verdict.Language == "ru" ? verdict.Of(ForeignEs) : 0) < Most, $"{verdict}")
        );
    }

    private static byte[] ReleasedByHand(string letter) =>
        Encoding.UTF8.GetBytes(File.ReadAllText(letter).Replace("release: automatic\n", "", StringComparison.Ordinal));

    private static string Register() =>
        string.Join(
            '\n',
            Languages
                .Official.Select(language =>
                    $"m{language},member-state,{language},Permanent Mission in {Languages.EnglishName(language)} to the United Nations,Permanent Representative,,,{language},,mission@{language}.example,"
                )
                .Prepend(
                    "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc"
                ));

    private static string Language(string file) => MimeMessage.Load(file).Body!.Headers[HeaderId.ContentLanguage]!;

    /// <summary>
    /// All letters in one run, as a mailbox file: starting the program takes longer than reading a letter.
    /// </summary>
    private static async Task<IReadOnlyList<SpamVerdict>> Judge(IReadOnlyList<string> letters)
    {
        var home = Directory.CreateTempSubdirectory("distribution-spam-");
        try
        {
            var mailbox = Path.Combine(home.FullName, "mailbox");
            using (var written = File.Create(mailbox))
                foreach (var letter in letters)
                {
                    written.Write("From letters@secretariat.example Mon Mar 26 18:05:00 2018\n"u8);
                    // A server that collects letters from the folder takes the envelope's lines away.
                    written.Write(
                        Encoding.UTF8.GetBytes(
                            Envelope()
                                .Replace(File.ReadAllText(letter).Replace("\r\n", "\n", StringComparison.Ordinal), "")
                                .TrimEnd('\n') + "\n\n"));
                }

            var start = new ProcessStartInfo(
                Program!,
                [
                    "--local",
                    "--mbox",
                    "--nocreate-prefs",
                    "--cf",
                    "add_header all Report _SCORE_ _TESTSSCORES_",
                    mailbox,
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                Environment = { ["HOME"] = home.FullName, ["LC_ALL"] = "C.UTF-8" },
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var judged = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await errors);
            return [.. Beginning().Split(judged).Skip(1).Select(SpamVerdict.Read)];
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\A(X-(Sender|Receiver): [^\n]*\n)+")]
    private static partial Regex Envelope();

    [GeneratedRegex(@"^From letters@secretariat\.example .*\n", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    /// <param name="Rules">Those that the letter met, with the points of each.</param>
    private sealed partial record SpamVerdict(string Language, double Score, IReadOnlyDictionary<string, double> Rules)
    {
        public double Of(string rule) => Rules.GetValueOrDefault(rule);

        public static SpamVerdict Read(string message)
        {
            var report = Report().Match(message);
            Assert.True(report.Success, "SpamAssassin gave no score.");
            return new(
                ContentLanguage().Match(message).Groups[1].Value,
                Number(report.Groups[1].Value),
                Spaces()
                    .Replace(report.Groups[2].Value, "")
                    .Split(',')
                    .Select(rule => rule.Split('='))
                    .ToDictionary(rule => rule[0], rule => Number(rule[1])));
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Language}: {Score:0.0} ({string.Join(", ", Rules.Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Key} {rule.Value:0.0##}")))})"
            );

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

        [GeneratedRegex(@"\s+")]
        private static partial Regex Spaces();

        [GeneratedRegex("^Content-Language: *([a-z]+)", RegexOptions.Multiline)]
        private static partial Regex ContentLanguage();

        [GeneratedRegex(@"^X-Spam-Report: *(-?[\d.]+) ((?:.*)(?:\n[ \t].*)*)", RegexOptions.Multiline)]
        private static partial Regex Report();
    }
}
