using System.Collections.Concurrent;
using System.Text.Json;
using Distribution.Common;
using Distribution.Letters.Typesetting;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

[assembly: AssemblyFixture(typeof(TypesetterFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>
/// One typesetter for the whole run, which keeps what it has made: the same letter is the same file whenever it is made.
/// </summary>
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
        shared = new RememberingTypesetter(Settings);
    }

    /// <summary>One of a test's own, which disposes of it.</summary>
    internal static Typesetter Of(TypesettingSettings settings) =>
        new(Options.Create(settings), NullLogger<Typesetter>.Instance);

    public ValueTask DisposeAsync() => shared?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class RememberingTypesetter(TypesettingSettings settings)
        : Typesetter(Options.Create(settings), NullLogger<Typesetter>.Instance)
    {
        private readonly ConcurrentDictionary<string, TypesetResult> made = new();

        public override async Task<TypesetResult> Typeset(TypesetJob job, CancellationToken cancellation)
        {
            var key = Sha256Hex.Of(JsonSerializer.SerializeToUtf8Bytes(
                new { job.Template, Document = (object)job.Document, job.Images, job.Tightness }));
            return made.TryGetValue(key, out var known) ? known : made[key] = await base.Typeset(job, cancellation);
        }
    }
}
