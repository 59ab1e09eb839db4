using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>An enclosure: a group, or its file's name alone.</summary>
internal sealed class EnclosureType() : GroupType<EnclosureEntry>("this enclosure", EnclosureKeys.All, ReadGroup)
{
    public override EnclosureEntry? Read(FrontMatterValue value) =>
        value.Node is not FrontMatterText ? base.Read(value)
        : EnclosureKeys.File.ValueType.Read(value) is { } name
            ? new(name, DraftLabels.Humanised(name), EnclosureRole.Other, null, null, value.Node.Line)
        : null;

    public override IReadOnlyList<string> Items(string line) => EnclosureKeys.File.ValueType.Items(line);

    private static EnclosureEntry? ReadGroup(FrontMatterFields fields, FrontMatterValue value)
    {
        var (name, title, role) = (
            fields.Read(EnclosureKeys.File),
            fields.Read(EnclosureKeys.Title),
            fields.Read(EnclosureKeys.Role));
        var (label, hash) = (fields.Read(EnclosureKeys.Label), fields.Read(EnclosureKeys.Sha256));
        return name is null
            ? null
            : new(
                name,
                title ?? DraftLabels.Humanised(name),
                role ?? EnclosureRole.Other,
                label,
                hash,
                fields.Value(EnclosureKeys.File)!.KeyLine);
    }
}

/// <summary>The enclosures of a letter. If none has a role, the first one is the draft.</summary>
internal sealed class EnclosuresType(EnclosureType item) : ListType<EnclosureEntry>(item)
{
    public override IReadOnlyList<EnclosureEntry>? Read(FrontMatterValue value)
    {
        if (base.Read(value) is not { } enclosures)
            return null;
        // Windows and macOS take names that differ in their capitals for one file.
        var firsts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var enclosure in enclosures)
        {
            var (name, place) = (enclosure.File, Location.In(value.File.Name, enclosure.Line, value.Field));
            if (!firsts.TryAdd(name.Normalize(), enclosure.Line))
                value.File.Faults.Add(LetterFileFaults.EnclosureTwice(place, name, firsts[name.Normalize()]));
            if (name.Equals(value.File.Name, StringComparison.OrdinalIgnoreCase))
                value.File.Faults.Add(LetterFileFaults.LetterEnclosesItself(place, name));
        }

        return enclosures is [var draft, ..] && !HasRoles(value.Node)
            ? [draft with { Role = EnclosureRole.Draft }, .. enclosures.Skip(1)]
            : enclosures;
    }

    private static bool HasRoles(FrontMatterNode node) => node switch
    {
        FrontMatterList list => list.Items.Any(HasRoles),
        FrontMatterMap map => map.Entries.Any(entry => entry.Key == EnclosureKeys.Role.Name),
        _ => false,
    };
}
