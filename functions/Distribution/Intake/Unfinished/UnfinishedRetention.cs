using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake.Unfinished;

/// <summary>Removes letters in the making that nobody goes on with, after a notice on the desk.</summary>
internal sealed class UnfinishedRetention(UnfinishedLetters letters, Notices notices, TimeProvider clock)
{
    /// <summary>After so long without saving, a notice at the desk says that nobody goes on with the letter.</summary>
    public static readonly TimeSpan Untouched = TimeSpan.FromDays(60);

    /// <summary>How long it is kept after the notice. Saving it keeps it.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromDays(30);

    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var stored in await letters.Stored(cancellation))
        {
            var letter = stored.Value;
            if (letter.ToldAt is { } told && told > letter.SavedAt)
            {
                if (told + Told <= now)
                    await letters.Remove(stored, cancellation);
            }
            // Told before it is noted: a worker that stops in between tells it again under the same id.
            else if (letter.SavedAt + Untouched <= now)
            {
                await notices.Add(
                    new(
                        string.Create(
                            System.Globalization.CultureInfo.InvariantCulture,
                            $"unfinished-{letter.Id}-{letter.SavedAt.UtcTicks}"),
                        now,
                        null,
                        $"{UnsafeCharacters.Briefly(letter.Called)} is being written, and nobody has saved it since {NewYorkTime.Words(letter.SavedAt)} New York time. On {NewYorkTime.Words(now + Told)} it is deleted with its documents. Open it under New letter and save it to keep it, or discard it."),
                    cancellation);
                await letters.Replace(letter with { ToldAt = now }, stored.ETag, cancellation);
            }
        }

        await letters.RemoveStrays(now.AddDays(-1), cancellation);
    }
}
