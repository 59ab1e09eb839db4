using Distribution.Tests.Letters;
using Xunit;
using YamlDotNet.Serialization;

namespace Distribution.Tests;

/// <summary>Whatever this project builds on is looked at for new versions: nothing is forgotten in <c>dependabot.yml</c>.</summary>
public sealed class UpdatesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SampleLetter.Templates, ".."));

    private static readonly string[] Left = ["bin", "obj", "node_modules"];

    [Fact]
    public void Every_folder_with_packages_is_asked_for_new_versions()
    {
        var updates = ((List<object>)new Deserializer()
                .Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Root, ".github", "dependabot.yml")))["updates"])
            .Cast<Dictionary<object, object>>()
            .Select(update => (
                Kind: (string)update["package-ecosystem"],
                Folders: update.TryGetValue("directories", out var several)
                    ? ((List<object>)several).Cast<string>().ToList()
                    : [(string)update["directory"]]))
            .ToList();

        Assert.Equal(
            Files("package-lock.json").Order(),
            updates.Where(update => update.Kind == "npm").SelectMany(update => update.Folders).Order());
        Assert.Equal(
            Files("Directory.Packages.props"),
            updates.Where(update => update.Kind == "nuget").SelectMany(update => update.Folders));
        Assert.Contains(updates, update => update.Kind == "github-actions");
    }

    /// <returns>The folders that hold such a file, as the configuration names them.</returns>
    private static IEnumerable<string> Files(string name) =>
        Directory
            .EnumerateFiles(Root, name, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Where(folder => !folder.Split('/').Any(part => Left.Contains(part) || (part.StartsWith('.') && part != ".")))
            .Select(folder => folder == "." ? "/" : $"/{folder}");
}
