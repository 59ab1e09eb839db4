using System.Reflection;
using System.Text.RegularExpressions;
using Distribution.Hosting;
using Distribution.Local;
using Distribution.Storage;
using Distribution.Tests.Letters;
using Distribution.Web;
using Xunit;
using Types = NetArchTest.Rules.Types;

namespace Distribution.Tests;

/// <summary>
/// The order of the rooms, held against the code: a room may use what the rooms before it made, never what comes after.
/// There are no exemptions.
/// </summary>
public sealed partial class StructureTests
{
    /// <summary>The rooms of the workflow in their order, as <c>functions/README.md</c> tells it.</summary>
    private static readonly string[] Rooms =
    [
        "Common",
        "Storage",
        "Register",
        "Letters",
        "Mail",
        "Intake",
        "Sending",
        "Tracking",
        "Hosting",
    ];

    private static readonly Assembly Workflow = typeof(IWorkflow).Assembly;

    private static readonly string Functions = Path.Combine(SampleLetter.Templates, "..", "functions");

    public static TheoryData<string> AllRooms => [.. Rooms];

    public static TheoryData<string> RoomsBeforeOthers => [.. Rooms[..^1]];

    [Theory]
    [MemberData(nameof(RoomsBeforeOthers))]
    public void A_room_does_not_know_the_rooms_after_it(string room)
    {
        var later = Rooms.SkipWhile(other => other != room).Skip(1).Select(other => $"Distribution.{other}").ToArray();
        var result = Types
            .InAssembly(Workflow)
            .That()
            .ResideInNamespace($"Distribution.{room}")
            .ShouldNot()
            .HaveDependencyOnAny(later)
            .GetResult();

        Assert.True(
            result.IsSuccessful,
            $"{room} knows a room after it: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Nor_do_its_comments(string room)
    {
        var known = Rooms.TakeWhile(other => other != room).Append(room).ToHashSet();
        Assert.All(
            Sources(Path.Combine("Distribution", room)),
            file =>
                Assert.All(
                    UsingOfRoom().Matches(File.ReadAllText(file)),
                    match => Assert.Contains(match.Groups[1].Value, known)));
    }

    [Fact]
    public void Every_type_lies_in_a_room()
    {
        var outside = Workflow.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Distribution", StringComparison.Ordinal) == true)
            .Where(type => !Rooms.Contains(type.Namespace!.Split('.').ElementAtOrDefault(1)));
        Assert.Empty(outside);
    }

    [Fact]
    public void A_folder_is_a_namespace()
    {
        var files = Sources("").Where(file => FileNamespace().IsMatch(File.ReadAllText(file))).ToList();
        Assert.True(files.Count > 300);
        Assert.All(
            files,
            file =>
            {
                var folder = Path.GetRelativePath(Functions, Path.GetDirectoryName(file)!)
                    .Replace(Path.DirectorySeparatorChar, '.');
                Assert.Equal(folder, FileNamespace().Match(File.ReadAllText(file)).Groups[1].Value);
            });
    }

    [Fact]
    public void No_type_bears_the_name_of_a_namespace()
    {
        var types = new[] { Workflow, typeof(WebSetup).Assembly, typeof(LocalOptions).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .ToList();
        var namespaces = types
            .Select(type => type.Namespace)
            .OfType<string>()
            .Where(name => name.StartsWith("Distribution", StringComparison.Ordinal))
            .SelectMany(name => name.Split('.'))
            .ToHashSet();
        Assert.Empty(
            types.Where(type => !type.IsNested && namespaces.Contains(type.Name)).Select(type => type.FullName));
    }

    [Fact]
    public void Nobody_needs_to_say_global() =>
        Assert.All(
            Sources(""),
            file => Assert.DoesNotContain("global::", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void Only_stores_know_tables_queues_and_blobs()
    {
        var knowing = Types.InAssembly(Workflow).That()
            .HaveDependencyOnAny("Azure.Data.Tables", "Azure.Storage.Blobs", "Azure.Storage.Queues")
            .And().DoNotResideInNamespace("Distribution.Storage")
            .GetTypes().Select(Outermost).Distinct();
        Assert.All(
            knowing,
            type =>
                Assert.True(
                    type.GetConstructors()
                        .SelectMany(made => made.GetParameters())
                        .Any(parameter => parameter.ParameterType == typeof(StorageAccount)),
                    $"{type.FullName} knows the storage service, and is no store: a store is made with the StorageAccount."
                ));
    }

    [Fact]
    public void The_workflow_knows_no_HTTP_requests() =>
        Assert.Empty(Types.InAssembly(Workflow).That().HaveDependencyOn("Microsoft.AspNetCore").GetTypes());

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Functions, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !BuildOutput().IsMatch(Path.GetRelativePath(Functions, file)));

    [GeneratedRegex(@"^using (?:static )?Distribution\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingOfRoom();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex FileNamespace();

    [GeneratedRegex(@"[/\\](bin|obj|node_modules)[/\\]")]
    private static partial Regex BuildOutput();
}
