using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Intake.Unfinished;

/// <summary>An earlier state of a letter in the making, which can be taken up again.</summary>
/// <param name="At">When it was saved; it is known by that.</param>
/// <param name="Changed">
/// What that person had changed: names of fields, of translations, and the words of
/// <see cref="UnfinishedLetter.Changed"/>.
/// </param>
internal sealed record LetterVersion(DateTimeOffset At, Person By, ImmutableSortedSet<string> Changed)
{
    /// <summary>Of one letter; of more, the first ones go.</summary>
    public const int Most = 50;

    /// <summary>Who goes on typing leaves a version behind after so long.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Names it in a form and in storage.</summary>
    public string Name => NameOf(At);

    public static string NameOf(DateTimeOffset at) =>
        at.UtcTicks.ToString("d19", System.Globalization.CultureInfo.InvariantCulture);
}
