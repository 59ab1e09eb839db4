using System.Diagnostics;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// What <c>.ci/audit</c> says where the package sources know advisories, know none, find something, or cannot be asked.
/// </summary>
public sealed class AuditScriptTests : IDisposable
{
    private static readonly string Script = Path.Combine(SampleLetter.Templates, "..", ".ci", "audit");

    private readonly DirectoryInfo tools = Directory.CreateTempSubdirectory("distribution-audit-");

    public static TheoryData<string, string, string, string, int> Sources =>
        new()
        {
            {
                "no advisories at all",
                Nuget(""),
                "",
                "not checked: the NuGet packages, for this package source has no advisory data",
                0
            },
            {
                "advisories, and nothing found",
                Nuget(Bad("Newtonsoft.Json", "12.0.1")),
                Npm("minimist"),
                "ok: no advisory for the NuGet packages",
                0
            },
            {
                "a bad NuGet package",
                Nuget(Bad("Newtonsoft.Json", "12.0.1"), Bad("Old", "1.0.0")),
                "exit 1",
                "Old 1.0.0: High, https://advisories.example/Old",
                1
            },
            { "a bad npm package", "exit 1", Npm("minimist", "old"), "old: high, https://advisories.example/old", 1 },
            {
                "no network half-way",
                Nuget(Bad("Newtonsoft.Json", "12.0.1"), "", "exit 1"),
                Npm("minimist"),
                "not checked: the NuGet packages, for its package source could not be asked for advisories",
                0
            },
        };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Says_ok_only_of_a_source_that_knows_a_bad_package_for_bad(
        string source,
        string nuget,
        string npm,
        string words,
        int code)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash to run the script.");
        Put("dotnet", nuget);
        Put("npm", npm);
        var start = new ProcessStartInfo("/bin/bash", [Script]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{tools.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        using var audit = Process.Start(start)!;
        var said = await audit.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await audit.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Equal(code, audit.ExitCode);
        Assert.Equal(
            source is "advisories, and nothing found" or "no network half-way",
            said.Contains("ok:", StringComparison.Ordinal));
    }

    public void Dispose() => tools.Delete(recursive: true);

    private void Put(string name, string script)
    {
        var file = Path.Combine(tools.FullName, name);
        File.WriteAllText(file, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static string Nuget(string ofTheBad, string ofOurs = "", string ours = "") => $$"""
        [ "$1" = restore ] && exit 0
        case "$2" in
          *known-bad*) echo '{"projects":[{"path":"x","frameworks":[{"topLevelPackages":[{{ofTheBad}}]}]}]}' ;;
          *) {{(ours.Length > 0 ? ours : $$$"""echo '{"projects":[{"path":"x"},{"path":"y","frameworks":[{"transitivePackages":[{{{ofOurs}}}]}]}]}'""")}} ;;
        esac
        """;

    private static string Bad(string id, string version) =>
        $$"""{"id":"{{id}}","resolvedVersion":"{{version}}","vulnerabilities":[{"severity":"High","advisoryurl":"https://advisories.example/{{id}}"}]}""";

    private static string Npm(string known, string found = "") => string.Join('\n',
        "[ \"$1\" = install ] && exit 0",
        $"grep -q known-bad package.json && echo '{{\"vulnerabilities\":{Advisory(known)}}}' && exit 1",
        $"echo '{{\"vulnerabilities\":{(found.Length > 0 ? Advisory(found) : "{}")}}}'");

    private static string Advisory(string name) => $$$"""{"{{{name}}}":{"name":"{{{name}}}","severity":"high","via":[{"url":"https://advisories.example/{{{name}}}"}]}}""";
}
