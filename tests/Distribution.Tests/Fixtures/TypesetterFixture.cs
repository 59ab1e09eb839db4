using Distribution.Letters.Typesetting;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

[assembly: AssemblyFixture(typeof(TypesetterFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>One typesetter for the whole run: it keeps nothing from one letter to the next.</summary>
public sealed class TypesetterFixture : IAsyncLifetime
{
    private static TypesettingSettings? settings;
    private static Typesetter? shared;

    internal static Typesetter Shared => shared!;

    internal static TypesettingSettings Settings => new() { Folder = settings!.Folder, Node = settings.Node };

    public async ValueTask InitializeAsync()
    {
        var installed = await Tools.InstallTypesetter(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        settings = new() { Folder = installed.Root, Node = installed.Node.Program };
        shared = Of(Settings);
    }

    /// <summary>One of a test's own, which disposes of it.</summary>
    internal static Typesetter Of(TypesettingSettings settings) =>
        new(Options.Create(settings), NullLogger<Typesetter>.Instance);

    public ValueTask DisposeAsync() => shared?.DisposeAsync() ?? ValueTask.CompletedTask;
}
