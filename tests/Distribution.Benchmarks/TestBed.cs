using Distribution.Local.Servers;

namespace Distribution.Benchmarks;

/// <summary>What a distribution needs beside the service: the storage emulator, its data on disk, and the typesetter.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly Azurite azurite;

    private TestBed(DirectoryInfo folder, Azurite azurite, ToolsFolder typesetter) =>
        (this.folder, this.azurite, Typesetter) = (folder, azurite, typesetter);

    public ToolsFolder Typesetter { get; }

    /// <summary>The connection string.</summary>
    public string Storage => azurite.ConnectionString;

    public int StorageProcess => azurite.ProcessId;

    /// <summary>Empty storage.</summary>
    public static async Task<TestBed> Open(CancellationToken cancellation)
    {
        var typesetter = await Tools.InstallTypesetter(Console.WriteLine, cancellation);
        var tools = await Tools.Install(Console.WriteLine, cancellation);
        var folder = Directory.CreateTempSubdirectory("distribution-benchmark-");
        return new(folder, await Azurite.Start(tools, folder.FullName, cancellation), typesetter);
    }

    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
