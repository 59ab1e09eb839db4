using Distribution.Common;

namespace Distribution.Register;

/// <summary>Selects the missions that a letter goes to from the audience list of the letter.</summary>
internal static class Audience
{
    private const string Except = "not ";

    /// <summary>The words for all missions of a kind, in the order of <see cref="MissionKind"/>.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["member-states", "observer-states", "observer-organizations"];

    /// <summary>
    /// The missions that the list selects, in protocol order, and a fault for each entry that matches no mission,
    /// group or kind.
    /// </summary>
    /// <param name="audience">
    /// Kinds of mission, groups of the register and mission ids, in any case; <c>not che</c> excludes one. An empty
    /// list, or one that only excludes, starts from all missions.
    /// </param>
    /// <param name="place">Where the list is, for the faults.</param>
    public static (IReadOnlyList<Mission> Roster, IReadOnlyList<Finding> Faults) Select(
        MissionRegister register,
        IReadOnlyList<string> audience,
        Location place)
    {
        var entries = audience.Select(Entry.Read).ToList();
        var hasGroups = register.Missions.Any(mission => mission.Groups is not null);
        var faults = entries
            .Where(entry => !entry.IsIn(register))
            .Select(entry => RegisterFaults.UnknownAudience(place, entry.Typed, Meant(register, entry), hasGroups))
            .ToList();

        var everyone = entries.All(entry => entry.LeavesOut);
        var roster = register.Missions
            .Where(mission => everyone || entries.Any(entry => !entry.LeavesOut && entry.Names(mission)))
            .Where(mission => !entries.Any(entry => entry.LeavesOut && entry.Names(mission)))
            .ToList();

        // If an entry is unknown, that may be why nobody is left. Its fault says what to mend; a second fault would
        // hide it.
        if (roster is [] && faults is [])
            faults.Add(RegisterFaults.EmptyAudience(place));
        return (roster, faults);
    }

    /// <summary>Whether an entry names a mission or a group of the register, or a kind of mission.</summary>
    public static bool IsKnown(MissionRegister register, string entry) =>
        Entry.Read(entry).IsIn(register);

    /// <summary>
    /// Turns what a person types into entries of an audience: a name or code of a mission, a group, a kind, or several
    /// of them with commas between. What nobody in the register is called stays as it was typed.
    /// </summary>
    /// <param name="register">Null where it cannot be read: then all stays as it was typed.</param>
    public static IEnumerable<string> Meant(MissionRegister? register, string typed)
    {
        // The whole first: a name in the register may have a comma in it.
        return Known(typed) is { } whole
            ? [whole]
            : typed.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(part => Known(part) ?? part);

        string? Known(string text)
        {
            var entry = Entry.Read(text);
            var word = register is null ? null
                : entry.IsIn(register) ? entry.Word
                : register.Missions.FirstOrDefault(mission => mission.IsCalled(entry.Word))?.Id;
            return word is null ? null : entry.LeavesOut ? LeftOut(word) : word;
        }
    }

    /// <summary>
    /// The missions that have the typed text in one of their names, in protocol order; none for a single letter.
    /// </summary>
    public static IEnumerable<Mission> Named(MissionRegister register, string typed) =>
        // A single letter stands in nearly every name.
        ProtocolOrder.Key(Entry.Read(typed).Word) is { Length: > 1 } key
            ? register.Missions.Where(mission =>
                mission.Names.Values.Any(name =>
                    ProtocolOrder.Key(name).Contains(key, StringComparison.Ordinal)))
            : [];

    /// <summary>The entry with <c>not</c> before it, which leaves somebody out.</summary>
    public static string LeftOut(string entry) => LeavesOut(entry) ? entry : Except + entry;

    /// <summary>The word of an entry, without <c>not</c> before it, in lower case.</summary>
    public static string Word(string entry) => Entry.Read(entry).Word;

    public static bool LeavesOut(string entry) => Entry.Read(entry).LeavesOut;

    private static string? Meant(MissionRegister register, Entry entry)
    {
        var idsByName = register.Missions.ToLookup(mission => mission.Name, mission => mission.Id);
        var nearest = DidYouMean.Of(
            entry.Word,
            [
                .. Kinds,
                .. register.Missions.Select(mission => mission.Id),
                .. register.Missions.Select(mission => mission.Name),
                .. register.Missions.SelectMany(mission => mission.Groups ?? []),
            ]);
        // What is nearest may be a name; an audience holds the id that stands for it.
        return nearest is null
            ? null
            : $"{(entry.LeavesOut ? Except : "")}{idsByName[nearest].FirstOrDefault(nearest)}";
    }

    /// <param name="Typed">The word as it was typed.</param>
    private sealed record Entry(string Word, string Typed, bool LeavesOut)
    {
        public static Entry Read(string typed)
        {
            var words = typed.Trim();
            return words.StartsWith(Except, StringComparison.OrdinalIgnoreCase)
                ? Of(words[Except.Length..].TrimStart(), true)
                : Of(words, false);

            static Entry Of(string word, bool leavesOut) => new(word.ToLowerInvariant(), word, leavesOut);
        }

        public bool IsIn(MissionRegister register) => Kinds.Contains(Word) || register.Missions.Any(Names);

        public bool Names(Mission mission) =>
            Word == mission.Id || Word == Kinds[(int)mission.Kind] || mission.Groups?.Contains(Word) is true;
    }
}
