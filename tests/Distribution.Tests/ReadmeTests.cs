using System.Reflection;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Functions;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Local;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Letters;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Receipts;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Root = Path.Combine(SampleLetter.Templates, "..");

    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>Every setting the service reads.</summary>
    public static IReadOnlySet<string> Settings { get; } =
        new HashSet<string>([
            .. Of<SiteSettings>(""),
            .. Of<MailSettings>("Mail:"),
            .. Of<ReleaseSettings>("Release:"),
            .. Of<IntakeSettings>("Intake:"),
            .. Of<DispatchSettings>("Dispatch:"),
            .. Of<TypesettingSettings>("Typesetting:"),
            .. Of<InboundSettings>("Inbound:"),
            .. Of<ReminderSettings>("Reminders:"),
            .. Of<ReceiptSettings>("Receipts:"),
            .. Of<RetentionSettings>("Retention:"),
            .. Of<LimitSettings>("Limits:"),
            .. Of<LinkSettings>("Links:"),
            .. Of<MonitoringSettings>("Monitoring:"),
            ResourceNames.Storage,
        ]);

    [Fact]
    public void The_table_of_settings_names_every_setting_and_no_other() =>
        Assert.Equal(
            Settings,
            Readme.Split('\n')
                .SkipWhile(line => !line.StartsWith("| Setting |", StringComparison.Ordinal)).Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .SelectMany(row => Setting().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))
                .ToHashSet());

    /// <summary>A page that names a class by a name it no longer has leads a newcomer nowhere.</summary>
    [Theory]
    [InlineData("functions/README.md")]
    [InlineData("functions/Distribution/Sending/README.md")]
    [InlineData(".github/CONTRIBUTING.md")]
    public void Every_type_a_page_names_is_there(string page)
    {
        var known = new[]
        {
            typeof(IWorkflow),
            typeof(WebSetup),
            typeof(LocalOptions),
            typeof(ReadmeTests),
            typeof(FaultSuiteTests),
        }
            .SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type =>
                type.GetMembers(
                        BindingFlags.Public
                            | BindingFlags.NonPublic
                            | BindingFlags.Instance
                            | BindingFlags.Static
                            | BindingFlags.DeclaredOnly)
                    .Select(member => member.Name)
                    .Append(type.Name.Split('`')[0]))
            .Concat(FunctionNames)
            .Concat(
                new[] { "functions", "tests" }
                    .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Root, folder), "Distribution.*"))
                    .Select(project => Path.GetFileName(project).Split('.')[^1]))
            .Concat(
                Assembly
                    .GetExecutingAssembly()
                    .GetReferencedAssemblies()
                    .Select(assembly => assembly.Name!.Split('.')[^1]))
            .ToHashSet();
        var named = Setting().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(match => match.Groups[1].Value)
            .SelectMany(words => TypeName().Match(words) is { Success: true } name ? name.Value.Split('.') : [])
            .ToList();

        Assert.NotEmpty(named);
        Assert.Equal("", string.Join(" ", named.Where(name => !known.Contains(name))));
    }

    [Fact]
    public void Every_link_between_pages_leads_somewhere()
    {
        var pages = new[] { "README.md", "CHANGELOG.md" }
            .Select(page => Path.Combine(Root, page))
            .Concat(
                new[] { ".github", "functions", "infra", "templates" }
                    .SelectMany(folder =>
                        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories))
                    .Where(page => !BuildOutput().IsMatch(page)))
            .ToList();

        Assert.True(pages.Count > 8);
        Assert.Equal("", string.Join("\n", pages.SelectMany(page => Link().Matches(File.ReadAllText(page))
            .Select(link => link.Groups[1].Value)
            .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)))
            .Select(link => $"{page}: {link}"))));
    }

    /// <summary>The triggers are not part of a build of the solution.</summary>
    private static IEnumerable<string> FunctionNames => Directory
        .EnumerateFiles(Path.Combine(Root, "functions", "Distribution.Functions"), "*.cs")
        .Select(file => Path.GetFileNameWithoutExtension(file));

    private static IEnumerable<string> Of<TSettings>(string section) =>
        typeof(TSettings)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => section + property.Name);

    [GeneratedRegex(@"^[A-Z][a-z]\w*(\.[A-Z]\w*)*$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[/\\](bin|obj|node_modules)[/\\]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex("(?<!`)`([^`\\n]+)`(?!`)")]
    private static partial Regex Setting();
}
