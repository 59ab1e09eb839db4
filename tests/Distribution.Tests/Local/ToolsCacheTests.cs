using Distribution.Local;
using Distribution.Local.Servers;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class ToolsCacheTests : IDisposable
{
    private const string Node20 = "echo v20.1.0";
    private const string FillsTheFolder = "mkdir node_modules";

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("distribution-tools-");
    private readonly List<string> said = [];

    public ToolsCacheTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins for node and npm are shell scripts.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(home.FullName, "cache");

    [Fact]
    public async Task Installs_once_and_says_so()
    {
        var cache = Cache(Node20, FillsTheFolder);

        var first = await cache.Install(said.Add, Cancellation);
        var second = await cache.Install(said.Add, Cancellation);

        Assert.True(Directory.Exists(Path.Combine(first.Root, "node_modules")));
        Assert.Equal(first, second);
        Assert.Equal(
            [
                "First run: installing the storage emulator and the test post office (about 200 MB, once) …",
                "Installed.",
            ],
            said);
    }

    // What lies in the cache is run, and everybody writes to the folder for temporary files.
    [Fact]
    public void Among_others_folders_only_one_that_is_ours_and_closed_to_them_is_used()
    {
        var own = Path.Combine(home.FullName, "own");
        Directory.CreateDirectory(own);
        PrivateFolder.CreateAmongOthers(own, isAdministrators: false);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new DirectoryInfo(own).UnixFileMode);

        var link = Path.Combine(home.FullName, "link");
        Directory.CreateSymbolicLink(link, own);
        foreach (var (path, isAdministrators) in ((string, bool)[])[(link, false), (own, true)])
            Assert.Equal(
                $"This user has no home folder, and {path} may be another user's. Set HOME to a folder that only this user writes to, and start again.",
                Assert.Throws<LocalFaultException>(() => PrivateFolder.CreateAmongOthers(path, isAdministrators)).Message);
    }

    [Fact]
    public async Task Two_at_once_install_once_and_the_second_says_it_waits()
    {
        var cache = Cache(
            Node20,
            $"echo once >> {home.FullName}/installs; while [ ! -e {home.FullName}/go ]; do sleep 0.02; done; {FillsTheFolder}"
        );
        var first = cache.Install(_ => { }, Cancellation);
        while (!File.Exists(Path.Combine(home.FullName, "installs")))
            await Task.Delay(20, Cancellation);
        var second = cache.Install(words =>
        {
            said.Add(words);
            File.WriteAllText(Path.Combine(home.FullName, "go"), "");
        }, Cancellation);

        Assert.Equal(await first, await second);
        Assert.Equal(["Waiting: another program is installing the storage emulator and the test post office …"], said);
        Assert.Single(File.ReadAllLines(Path.Combine(home.FullName, "installs")));
    }

    [Fact]
    public async Task An_interrupted_installation_is_not_taken_for_whole()
    {
        await Assert.ThrowsAsync<LocalFaultException>(() =>
            Cache(Node20, "mkdir half; exit 1").Install(said.Add, Cancellation));

        var whole = await Cache(Node20, FillsTheFolder).Install(said.Add, Cancellation);

        Assert.False(Directory.Exists(Path.Combine(whole.Root, "half")));
        Assert.Equal([whole.Root], Directory.GetDirectories(Root));
    }

    [Fact]
    public async Task A_registry_out_of_reach_is_one_sentence_with_its_remedy()
    {
        var cache = Cache(
            Node20,
            "echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request to the registry failed' >&2; exit 1");

        var fault = await Assert.ThrowsAsync<LocalFaultException>(() => cache.Install(said.Add, Cancellation));

        Assert.Equal(
            "The storage emulator and the test post office could not be installed: npm said \"network request to the registry failed\". "
                + "Check that this machine reaches the internet, or the package registry that npm is set to use, and start again.",
            fault.Message);
    }

    [Theory]
    [InlineData(
        null,
        null,
        "Node.js was not found on this machine; the storage emulator, the test post office and the typesetter need it."
    )]
    [InlineData(
        "echo v18.19.1",
        FillsTheFolder,
        "The Node.js on this machine is version 18.19.1; 20 or later is needed.")]
    [InlineData(Node20, null, "npm, which comes with Node.js, was not found on this machine.")]
    public async Task Without_a_fit_Node_it_says_what_to_install(string? node, string? npm, string problem)
    {
        var fault = await Assert.ThrowsAsync<LocalFaultException>(() =>
            Cache(node, npm).Install(said.Add, Cancellation));

        Assert.Equal(
            problem + " Install Node.js 20 or later from https://nodejs.org, open a new terminal and start again.",
            fault.Message);
        Assert.Empty(said);
    }

    [Fact]
    public void The_lock_file_pins_every_package_and_names_no_registry()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tools", "package-lock.json"));

        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
        Assert.Contains("\"azurite\": \"3.35.0\"", text, StringComparison.Ordinal);
        Assert.Contains("\"maildev\": \"3.0.0\"", text, StringComparison.Ordinal);
    }

    public void Dispose() => home.Delete(recursive: true);

    private ToolsCache Cache(string? node, string? npm)
    {
        var programs = home.CreateSubdirectory("bin");
        Program("node", node);
        Program("npm", npm);
        return new ToolsCache(
            Root,
            Path.Combine(AppContext.BaseDirectory, "tools"),
            node is null || npm is null ? programs.FullName : $"{programs.FullName}:/usr/bin:/bin",
            "the storage emulator and the test post office",
            200);

        void Program(string name, string? script)
        {
            if (script is null)
                return;
            var file = Path.Combine(programs.FullName, name);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
