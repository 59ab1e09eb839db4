using System.Text.Json;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// The folder that <c>dotnet publish functions/Distribution.Functions</c> makes, named by the environment variable
/// <c>DISTRIBUTION_PACKAGE</c>: it holds all that runs on Azure.
/// </summary>
public sealed class PackageTests
{
    private const string Variable = "DISTRIBUTION_PACKAGE";

    private static readonly string? Package = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? folder
        : null;

    [Fact]
    public void Every_trigger_listens_where_the_product_writes()
    {
        SkipWithoutPackage();
        using var listed = JsonDocument.Parse(File.ReadAllBytes(In("functions.metadata")));
        Assert.Equal(
            [
                ("DispatchLetters", "queueTrigger", ResourceNames.DispatchQueue),
                ("DispatchLettersPoison", "queueTrigger", ResourceNames.DispatchPoisonQueue),
                ("DraftUploaded", "blobTrigger", $"{ResourceNames.Drafts}/{{name}}"),
                ("InboundMailUploaded", "blobTrigger", $"{ResourceNames.Inbound}/{{name}}"),
                ("PrepareLetters", "queueTrigger", ResourceNames.PrepareQueue),
                ("PrepareLettersPoison", "queueTrigger", ResourceNames.PreparePoisonQueue),
                ("ReconcileDistributions", "timerTrigger", ResourceNames.ReconcileSchedule),
                ("Web", "httpTrigger", "{*path}"),
            ],
            listed
                .RootElement.EnumerateArray()
                .Select(function =>
                    (function.GetProperty("name").GetString()!, Trigger: function.GetProperty("bindings")[0]))
                .Select(function =>
                    (function.Item1, function.Trigger.GetProperty("type").GetString()!, Place(function.Trigger)))
                .OrderBy(function => function.Item1, StringComparer.Ordinal));
        Assert.All(
            listed
                .RootElement.EnumerateArray()
                .Select(function => function.GetProperty("bindings")[0])
                .Where(trigger => trigger.TryGetProperty("connection", out _)),
            trigger => Assert.Equal(ResourceNames.Storage, trigger.GetProperty("connection").GetString()));
    }

    [Fact]
    public void It_holds_host_json_the_templates_and_no_settings_of_anyones()
    {
        SkipWithoutPackage();
        Assert.Equal(
            File.ReadAllText(Path.Combine(SampleLetter.Templates, "..", "host.json")),
            File.ReadAllText(In("host.json")));
        Assert.Equal(SampleLetter.Template.Hash, TemplateFolder.Load(In("templates"), "co-facilitators", "letter.md").Hash);
        Assert.False(File.Exists(In("local.settings.json")));
    }

    [Fact]
    public async Task Its_own_Node_and_typesetter_make_the_same_letter_as_here()
    {
        SkipWithoutPackage();
        Assert.SkipUnless(
            OperatingSystem.IsLinux()
                && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
                    == System.Runtime.InteropServices.Architecture.X64,
            "The package runs on Linux on x64 only.");
        if (!OperatingSystem.IsWindows())
            Assert.True(
                File.GetUnixFileMode(In("node", "node"))
                    .HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        var job = SampleLetter.Job(SampleLetter.Source, null);
        await using var typesetter = TypesetterFixture.Of(
            new() { Folder = In("typesetter"), Node = In("node", "node") });
        Assert.Equal(
            (await TypesetterFixture.Shared.Typeset(job, TestContext.Current.CancellationToken)).Pdf.ToArray(),
            (await typesetter.Typeset(job, TestContext.Current.CancellationToken)).Pdf.ToArray());
    }

    private static string In(params string[] path) => Path.Combine([Package!, .. path]);

    private static string Place(JsonElement trigger) =>
        new[] { "queueName", "path", "schedule", "route" }
            .Select(name => trigger.TryGetProperty(name, out var place) ? place.GetString() : null)
            .First(place => place is not null)!;

    private static void SkipWithoutPackage() =>
        Assert.SkipWhen(
            Package is null,
            $"No package was made: run dotnet publish functions/Distribution.Functions -o FOLDER where the Functions worker's packages can be had, and set {Variable} to FOLDER."
        );
}
