using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.Tracking;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>How the number of missions to which something happened grew: one curve of the picture.</summary>
/// <param name="Name">The CSS class that draws it, and what tells it apart without colour.</param>
/// <param name="What">What happened, with a number: <c>91 acknowledged</c>.</param>
/// <param name="At">When, for each mission, the earliest first.</param>
internal sealed record TimelineCurve(string Name, Func<int, Phrase> What, IReadOnlyList<DateTimeOffset> At)
{
    /// <summary><c>91 acknowledged, from 27 March 2018, 9.00 a.m. to 28 March 2018, 6.00 p.m.</c></summary>
    public Phrase Words => At switch
    {
        [] => What(0),
        [var only] => Say($"{What(1)}, on {OfMoment(only)}"),
        [var first, .., var last] when NewYorkTime.Words(first) == NewYorkTime.Words(last) =>
            Say($"{What(At.Count)}, on {OfMoment(first)}"),
        [var first, .., var last] => Say($"{What(At.Count)}, from {OfMoment(first)} to {OfMoment(last)}"),
    };
}

/// <summary>
/// What happened to a letter in time, as curves: for how many missions a server has accepted it, from how many it came
/// back, and how many have acknowledged it. Every mission counts once a curve, as it stands now; what mail alone says
/// counts in none.
/// </summary>
internal sealed class Timeline
{
    /// <summary>The picture's width and height, in its own units.</summary>
    public const int Width = 1000;

    public const int Height = 120;

    /// <summary>How many steps a curve has at the most: more than a screen shows apart.</summary>
    private const int MostSteps = 200;

    private readonly int missions;

    public Timeline(DateTimeOffset released, IReadOnlyList<MissionLine> lines)
    {
        missions = lines.Count;
        From = released;
        Curves =
        [
            Curve(
                "accepted",
                count => Say(count, $"{count} accepted by a mail server", $"{count} accepted by a mail server"),
                lines.Select(line => line.AcceptedAt)),
            Curve(
                "came-back",
                count => Say(count, $"{count} returned or refused", $"{count} returned or refused"),
                lines.Select(line => line.ReturnedAt)),
            Curve(
                "said",
                count => DeskText.Part(MissionStanding.Acknowledged, count),
                lines.Select(line => line.Acknowledgement?.At)),
        ];
        To = Curves.SelectMany(curve => curve.At).Append(From).Max();
    }

    public DateTimeOffset From { get; }

    /// <summary>When the last thing happened.</summary>
    public DateTimeOffset To { get; }

    public IReadOnlyList<TimelineCurve> Curves { get; }

    public bool IsEmpty => Curves.All(curve => curve.At.Count == 0);

    /// <summary>The curve as the data of an SVG path: steps, from the left below.</summary>
    public string Path(TimelineCurve curve)
    {
        // A minute at the least, so that nothing is divided by zero where all happened at once.
        var span = Math.Max((To - From).Ticks, TimeSpan.TicksPerMinute);
        var path = new StringBuilder();
        var (step, height) = (Width / MostSteps, Height);
        path.Append(CultureInfo.InvariantCulture, $"M0 {Height}");
        foreach (
            var group in curve.At.Index().GroupBy(entry =>
                (int)((entry.Item - From).Ticks / (double)span * MostSteps)))
        {
            // The picture's origin is above, as SVG has it.
            height = (int)Math.Round(Height - Height * (group.Last().Index + 1) / (double)missions);
            path.Append(CultureInfo.InvariantCulture, $"H{group.Key * step}V{height}");
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Width}").ToString();
    }

    /// <summary>What a person said happened before the release counts from the release.</summary>
    private TimelineCurve Curve(string name, Func<int, Phrase> what, IEnumerable<DateTimeOffset?> times) =>
        new(name, what, [.. times.OfType<DateTimeOffset>().Select(at => at < From ? From : at).Order()]);
}
