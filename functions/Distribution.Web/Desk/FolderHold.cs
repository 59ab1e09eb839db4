using Distribution.Intake;

namespace Distribution.Web.Desk;

/// <summary>
/// Keeps folders from being examined, or uploaded into, in this process while files are put into them.
/// </summary>
internal sealed class FolderHold : IDisposable
{
    private readonly List<IDisposable> turns = [];

    /// <remarks>In one order, so that no two uploads wait for each other.</remarks>
    public static async Task<FolderHold> Of(
        IEnumerable<UploadFolder> folders,
        ExaminationTurns turns,
        CancellationToken cancellation)
    {
        var hold = new FolderHold();
        try
        {
            foreach (var folder in folders.OrderBy(folder => folder.ToString(), StringComparer.Ordinal))
                hold.turns.Add(await turns.Enter(folder, cancellation));
        }
        catch
        {
            // What was taken so far is let go, or those folders would never be examined again in this process.
            hold.Release();
            throw;
        }

        return hold;
    }

    /// <summary>Lets the folders go. May be called more than once.</summary>
    public void Release()
    {
        turns.ForEach(turn => turn.Dispose());
        turns.Clear();
    }

    public void Dispose() => Release();
}
