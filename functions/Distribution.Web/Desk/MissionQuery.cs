using System.Globalization;
using Distribution.Common;
using Distribution.Register;
using Distribution.Tracking;

namespace Distribution.Web.Desk;

/// <summary>Which missions of a letter are listed, by how far it has come.</summary>
internal enum MissionFilter
{
    All,

    /// <summary>Still to be sent, delayed on its way, or not known to have left.</summary>
    Open,

    NotReached,

    NeverSent,

    /// <summary>As <see cref="MissionReach.IsSilent"/> has it.</summary>
    Silent,

    /// <summary>It came back from a part of the mission's mailboxes.</summary>
    InPart,
}

/// <summary>Which missions of a letter are listed, by whether they have acknowledged it.</summary>
internal enum AcknowledgementFilter
{
    Any,
    Yes,
    No,

    /// <summary>An answer of the mission waits to be read.</summary>
    ToBeRead,
}

/// <summary>In which order the missions of a letter are listed.</summary>
internal enum MissionOrder
{
    Protocol,

    /// <summary>Those that do not have the letter first.</summary>
    Standing,

    /// <summary>Those that acknowledged last first.</summary>
    Acknowledged,

    /// <summary>By English name, whatever kind of mission it is.</summary>
    Name,
}

/// <summary>
/// What the list of a letter's missions is asked for, as the page's address says it. What an address says that cannot
/// be, such as a kind that there is none of or a page past the end, is taken for the nearest that can.
/// </summary>
/// <param name="Words">
/// Words that must all occur in a mission's name, code or mailboxes; empty for every mission.
/// </param>
/// <param name="Kind">Null for every kind.</param>
/// <param name="Group">A group of the register; empty for every mission.</param>
/// <param name="Language">The code of a language of correspondence; empty for every language.</param>
/// <param name="Page">The page of the list, from 1.</param>
/// <param name="Tiles">The page of the tiles, from 1.</param>
internal sealed record MissionQuery(
    MissionFilter Filter,
    string Words = "",
    MissionKind? Kind = null,
    string Group = "",
    string Language = "",
    AcknowledgementFilter Acknowledged = AcknowledgementFilter.Any,
    MissionOrder Order = MissionOrder.Protocol,
    int Page = 1,
    int Tiles = 1)
{
    public const int PageSize = 50;

    /// <summary>More tiles than a screen shows are a page of their own: all missions of today are on one.</summary>
    public const int TilesSize = 300;

    private const int LongestWords = 200;

    private const int LongestName = 60;

    /// <summary>The words of the address for kinds of mission, as letters name them in their audience.</summary>
    private static readonly IReadOnlyList<string> Kinds = Audience.Kinds;

    /// <summary>Reads the query of an address.</summary>
    /// <param name="value">The value of a parameter; null where the address has none.</param>
    public static MissionQuery Read(Func<string, string?> value) =>
        new(
            // Links that earlier versions made ask for it by this word.
            value("show") is "failed" ? MissionFilter.NotReached : Named<MissionFilter>(value("show")),
            Cut(value("q"), LongestWords),
            Kinds.Index().FirstOrDefault(kind => kind.Item == value("kind")) is { Item: not null } kind
                ? (MissionKind)kind.Index
                : null,
            Cut(value("group"), LongestName),
            Cut(value("language"), LongestName),
            Named<AcknowledgementFilter>(value("acknowledged")),
            Named<MissionOrder>(value("sort")),
            PageNumber(value("page")),
            PageNumber(value("tiles")));

    /// <summary>The parameters of an address with this query, in one order; what is as usual is left out.</summary>
    public IEnumerable<(string Name, string Value)> Parameters
    {
        get
        {
            if (Filter != MissionFilter.All)
                yield return ("show", Filter.ToString().ToLowerInvariant());
            if (Words.Length > 0)
                yield return ("q", Words);
            if (Kind is { } kind)
                yield return ("kind", Kinds[(int)kind]);
            if (Group.Length > 0)
                yield return ("group", Group);
            if (Language.Length > 0)
                yield return ("language", Language);
            if (Acknowledged != AcknowledgementFilter.Any)
                yield return ("acknowledged", Acknowledged.ToString().ToLowerInvariant());
            if (Order != MissionOrder.Protocol)
                yield return ("sort", Order.ToString().ToLowerInvariant());
            if (Page > 1)
                yield return ("page", Page.ToString(CultureInfo.InvariantCulture));
            if (Tiles > 1)
                yield return ("tiles", Tiles.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether it asks for less than what <see cref="Filter"/> lists.</summary>
    public bool IsNarrowed =>
        Words.Length > 0
        || Kind is not null
        || Group.Length > 0
        || Language.Length > 0
        || Acknowledged != AcknowledgementFilter.Any;

    /// <summary>The missions it asks for, in its order, of all pages.</summary>
    public IReadOnlyList<MissionLine> Of(IReadOnlyList<MissionLine> lines)
    {
        var words = Words
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => (Typed: word, Key: ProtocolOrder.Key(word)))
            .ToList();
        var found = lines.Where(line =>
            Passes(line, Filter)
            && (Kind is null || line.Mission.Kind == Kind)
            && (Group.Length == 0 || line.Mission.Groups?.Contains(Group, StringComparer.OrdinalIgnoreCase) is true)
            && (Language.Length == 0 || line.Mission.Language == Language)
            && (Acknowledged switch
            {
                AcknowledgementFilter.Yes => line.Acknowledgement is not null,
                AcknowledgementFilter.No => line is { Acknowledgement: null, IsAcknowledgementUnknown: false },
                AcknowledgementFilter.ToBeRead => line is { Acknowledgement: null, IsAnswered: true },
                _ => true,
            })
            && words.TrueForAll(word => IsIn(line, word.Typed, word.Key)));
        return
        [
            .. Order switch
            {
                // Sorting keeps protocol order among equals.
                MissionOrder.Standing => found.OrderByDescending(line => Urgency(line.Reach.Standing)),
                MissionOrder.Acknowledged => found.OrderByDescending(line => line.Acknowledgement?.At),
                MissionOrder.Name =>
                    found.OrderBy(line => ProtocolOrder.Key(line.Mission.Name), StringComparer.Ordinal),
                _ => found,
            },
        ];
    }

    /// <summary>Whether a mission is among those that the filter lists.</summary>
    public static bool Passes(MissionLine line, MissionFilter filter) =>
        filter switch
        {
            MissionFilter.Open => line.Reach.Standing
                is MissionStanding.OnItsWay
                    or MissionStanding.Delayed
                    or MissionStanding.Unknown,
            MissionFilter.NotReached => line.Reach.Standing == MissionStanding.NotReached,
            MissionFilter.NeverSent => line.Reach.Standing == MissionStanding.NeverSent,
            MissionFilter.Silent => line.IsSilent,
            MissionFilter.InPart => line.Reach is { Standing: MissionStanding.Reached, IsReturnedInPart: true },
            _ => true,
        };

    /// <summary>How many pages there are, of this size: one where there is nothing to show.</summary>
    public static int Pages(int count, int size) => Math.Max(1, (count + size - 1) / size);

    /// <summary>The number of a page as an address has it; 1 for what is none.</summary>
    public static int PageNumber(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1;

    private static int Urgency(MissionStanding standing) => standing switch
    {
        MissionStanding.NotReached => 5,
        MissionStanding.NeverSent => 4,
        MissionStanding.Unknown => 3,
        MissionStanding.Delayed => 2,
        MissionStanding.OnItsWay => 1,
        MissionStanding.Reached => 0,
        _ => -1,
    };

    /// <param name="key">What was typed, as names are compared; empty where it has no letter or digit.</param>
    private static bool IsIn(MissionLine line, string typed, string key) =>
        (key.Length > 0
            && line.Mission.Names.Values.Any(name => ProtocolOrder.Key(name).Contains(key, StringComparison.Ordinal)))
        || line.Mission.TightName.Equals(typed, StringComparison.OrdinalIgnoreCase)
        || line.Mission.Id.Equals(typed, StringComparison.OrdinalIgnoreCase)
        || line.Mailboxes.Any(mailbox => mailbox.Mailbox.Address.Contains(typed, StringComparison.OrdinalIgnoreCase));

    private static T Named<T>(string? value)
        where T : struct, Enum =>
        // A number is parsed too, whatever it stands for: so it has to be a value that there is.
        Enum.TryParse<T>(value, ignoreCase: true, out var named) && Enum.IsDefined(named) ? named : default;

    private static string Cut(string? value, int longest) =>
        TextStart.Of((value ?? "").Trim(), longest);
}
