using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters.Reading;
using Distribution.Register;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// Whom a letter in the making goes to, as its form shows it and as it is told each time the letter is kept.
/// </summary>
internal sealed class LetterRecipients
{
    /// <summary>The most groups that are ticked; further ones are typed as single missions are.</summary>
    private const int MostGroups = 20;

    /// <summary>The most missions that are offered for what somebody has typed.</summary>
    private const int MostOffered = 12;

    private readonly UnfinishedLetter letter;
    private readonly MissionRegister? register;

    /// <param name="register">Null where it cannot be read.</param>
    public LetterRecipients(UnfinishedLetter letter, MissionRegister? register)
    {
        (this.letter, this.register, Ticks) = (letter, register, TicksOf(register));
        string[] entries =
            letter.Field(LetterSchema.Audience.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                is not ["all"] and var some
                ? some
                : [];
        (Ticked, Single, Unknown) = (
            [.. entries.Where(entry => Ticks.Any(tick => tick.Entry == entry))],
            [.. entries.Where(entry =>
                Ticks.All(tick => tick.Entry != entry) && register is not null && Audience.IsKnown(register, entry))],
            [.. entries.Where(entry => register is null || !Audience.IsKnown(register, entry))]);
        // A correction goes to those whom the letter went to, whatever the register says of them now.
        if (register is not null && !IsCorrection)
            (roster, Faults) = Audience.Select(
                register,
                entries,
                Location.In(BlobNames.Letter, field: LetterSchema.Audience.Name));
    }

    private readonly IReadOnlyList<Mission> roster = [];

    /// <summary>Kinds of mission and groups of the register, with how many they are.</summary>
    public IReadOnlyList<(string Entry, Phrase Words)> Ticks { get; }

    /// <summary>Entries of which each has a box of its own to tick.</summary>
    public IReadOnlyList<string> Ticked { get; }

    /// <summary>Single missions, and whoever is left out.</summary>
    public IReadOnlyList<string> Single { get; }

    /// <summary>What was typed, and is nobody in the register.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>What is wrong with them.</summary>
    public IReadOnlyList<Finding> Faults { get; } = [];

    /// <summary>Missions that somebody may mean who typed a part of a name, each with its entry.</summary>
    public IReadOnlyList<(string Entry, Phrase Words)> Offered => register is null ? [] :
    [
        .. Unknown
            .SelectMany(typed =>
                Audience
                    .Named(register, typed)
                    .Select(mission => Audience.LeavesOut(typed) ? Audience.LeftOut(mission.Id) : mission.Id))
            .Distinct()
            .Take(MostOffered)
            .Select(entry => (entry, Called(entry))),
    ];

    /// <summary>How many missions get the letter.</summary>
    public Phrase Count =>
        register is null ? Say($"The register cannot be read just now.")
        : IsCorrection ? Say($"It goes to those that the letter went to which it corrects.")
        : roster.Count == register.Missions.Count ? Say($"All {roster.Count} missions get it.")
        : Say(
            roster.Count,
            $"{roster.Count} of {register.Missions.Count} missions gets it.",
            $"{roster.Count} of {register.Missions.Count} missions get it.");

    private bool IsCorrection => letter.Field(LetterSchema.Supersedes.Name).Length > 0;

    /// <summary>How a mission or group is called, or that it is left out.</summary>
    public Phrase Called(string entry)
    {
        var word = Audience.Word(entry);
        var called = register?.Missions.FirstOrDefault(mission => mission.Id == word)?.Said ?? Plain(word);
        return Audience.LeavesOut(entry) ? Say($"not to {called}") : called;
    }

    private static IReadOnlyList<(string Entry, Phrase Words)> TicksOf(MissionRegister? register) =>
        register is null ? [] :
        [
            .. Audience.Kinds.Index()
                .Select(kind => (
                    kind.Item,
                    kind.Index,
                    Missions: register.Missions.Count(mission => (int)mission.Kind == kind.Index)))
                .Where(kind => kind.Missions > 0)
                .Select(kind => (kind.Item, Say($"{DeskText.Kind((MissionKind)kind.Index)} ({kind.Missions})"))),
            .. register.Missions
                .SelectMany(mission => mission.Groups ?? [])
                .GroupBy(group => group)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Take(MostGroups)
                .Select(group => (group.Key, Say($"the group {group.Key} ({group.Count()})"))),
        ];
}
