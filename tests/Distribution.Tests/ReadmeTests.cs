using System.Reflection;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Xunit;

namespace Distribution.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SampleLetter.Templates, "..", "README.md"));

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
            .. Of<RetentionSettings>("Retention:"),
            .. Of<LimitSettings>("Limits:"),
            .. Of<LinkSettings>("Links:"),
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

    private static IEnumerable<string> Of<TSettings>(string section) =>
        typeof(TSettings)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => section + property.Name);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Setting();
}
