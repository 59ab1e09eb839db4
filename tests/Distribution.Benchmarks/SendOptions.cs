using System.Globalization;
using Distribution.Mail;

namespace Distribution.Benchmarks;

/// <summary>What <c>send</c> and <c>peers</c> send.</summary>
/// <param name="Count">Missions.</param>
/// <param name="EnclosureKb">Size of the enclosure, in thousands of bytes.</param>
/// <param name="WithPeer">Whether <c>smtp-source</c> sends as many of the same size in the same run.</param>
/// <param name="BySendGrid">Whether they go to a stand-in for SendGrid, not by SMTP.</param>
/// <param name="Addressed">Whether each mission has a letter of its own, typeset before it is offered for release.</param>
/// <param name="Warm">Whether the service has sent such letters before, so that compiling is not measured.</param>
/// <param name="BatchSize">Missions in one batch; null for the usual number.</param>
internal sealed record SendOptions(
    int Count,
    int EnclosureKb,
    bool Dkim,
    bool WithPeer,
    bool BySendGrid,
    bool Addressed,
    bool Warm,
    int? BatchSize)
{
    /// <summary>
    /// What a letter has beside its enclosure, as mail and in bytes: headers, text, HTML, and the letter as PDF.
    /// </summary>
    public const int TextBytes = 59_000;

    public int EnclosureBytes => EnclosureKb * 1_000;

    /// <summary>How large it is as mail.</summary>
    public int MessageBytes => (int)EncodedEnclosure.EncodedLength(EnclosureBytes) + TextBytes;

    /// <param name="arguments">Of the command line, after the command.</param>
    /// <param name="switches">Which of the options without a value the command knows.</param>
    /// <returns>Null where they cannot be read; that is said.</returns>
    public static SendOptions? Read(IReadOnlyList<string> arguments, params IReadOnlyCollection<string> switches)
    {
        Dictionary<string, int> numbers = new() { ["--count"] = 5_000, ["--enclosure-kb"] = 200, ["--batch"] = 0 };
        HashSet<string> on = [];
        for (var place = 0; place < arguments.Count; place++)
            if (switches.Contains(arguments[place]))
                on.Add(arguments[place]);
            else if (numbers.ContainsKey(arguments[place])
                && int.TryParse(arguments.ElementAtOrDefault(place + 1), CultureInfo.InvariantCulture, out var number)
                && number > 0)
                numbers[arguments[place++]] = number;
            else
                return Refuse($"{arguments[place]} is not understood: give {string.Join(" N, ", numbers.Keys)} N, {string.Join(", ", switches)}.");

        return on.IsSupersetOf(["--sendgrid", "--dkim"])
            ? Refuse("SendGrid signs letters by itself: leave --dkim out.")
            : new(
                numbers["--count"],
                numbers["--enclosure-kb"],
                on.Contains("--dkim"),
                !on.Contains("--alone"),
                on.Contains("--sendgrid"),
                on.Contains("--addressed"),
                on.Contains("--warm"),
                numbers["--batch"] is > 0 and var size ? size : null);
    }

    private static SendOptions? Refuse(string words)
    {
        Console.Error.WriteLine(words);
        return null;
    }
}
