using System.Globalization;
using Distribution.Common;

namespace Distribution.Letters.Slips;

/// <summary>
/// Looks through what an author typed for slips that are no faults in form: what the letter prints by itself typed
/// once more, places left to be filled in, dates that cannot be meant. One finding of a kind and file.
/// </summary>
internal sealed class SlipCheck : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight) =>
    [
        .. Of(preflight.Letter, null),
        .. preflight.Translations.SelectMany(translation => Of(translation, preflight.Letter)),
    ];

    /// <summary>What the text says is due before the day on which the letter leaves.</summary>
    /// <param name="leaves">The day in New York.</param>
    public static IEnumerable<Finding> AtRelease(LetterSource letter, DateOnly leaves)
    {
        var body = LetterPart.Body(letter);
        // What is due before the letter's date was told at the upload; fields have a finding of their own.
        return Found(
            body,
            new DateSlips(body, letter).Due()
                .Where(due => due.Day >= letter.Date && due.Day < leaves && !IsField(due.Written))
                .Select(due => (due.Line, Quoted(due.Written))),
            (place, dates) => SlipFaults.DueBeforeSent(place, leaves, dates));
    }

    private static IEnumerable<Finding> Of(LetterSource letter, LetterSource? authentic)
    {
        var parts = LetterPart.All(letter, authentic).ToList();
        var slips = parts.Select(part => (Part: part, Dates: new DateSlips(part, letter))).ToList();
        return
        [
            .. Found(
                parts[0],
                RepeatedParts.In(letter).Select(line => (line.Line, Quoted(line.Words))),
                SlipFaults.PartTyped),
            .. Found(
                parts.SelectMany(part => Placeholders.In(part.Text).Select(found =>
                    (part, part.Text.AsSpan(0, found.Place).Count('\n'), Quoted(found.Words)))),
                SlipFaults.Placeholder),
            .. Found(
                parts.SelectMany(part => DamagedWords.In(part).Select(found =>
                    (part, part.Text.AsSpan(0, found.Place).Count('\n'), Quoted(found.Words)))),
                SlipFaults.Damaged),
            .. Found(
                slips.SelectMany(part => part.Dates.WrongWeekdays().Select(found =>
                    (part.Part, found.Line, $"{Quoted(found.Written)} is a {found.Right}"))),
                SlipFaults.WrongWeekday),
            .. Found(
                slips.SelectMany(part =>
                    part.Dates.NoSuchDays().Select(found => (part.Part, found.Line, Quoted(found.Written)))),
                SlipFaults.NoSuchDay),
            .. Found(
                slips.SelectMany(part => part.Dates.Due()
                    // Years back it is the day of something else: "the resolution adopted before 3 March 2015".
                    // Deadlines in fields are checked by their values.
                    .Where(due => due.Day < letter.Date && due.Day > letter.Date.AddDays(-400) && !IsField(due.Written))
                    .Select(found => (part.Part, found.Line, Quoted(found.Written)))),
                (place, dates) => SlipFaults.DueBeforeLetter(place, letter.Date, dates)),
            .. Found(
                slips.SelectMany(part =>
                    part.Dates.Midnights().Select(found => (part.Part, found.Line, Quoted(found.Written)))),
                SlipFaults.MidnightInText),
            .. Found(
                slips.SelectMany(part =>
                    part.Dates.ChangedHours().Select(found => (part.Part, found.Line, Quoted(found.Written)))),
                SlipFaults.ChangedHour),
        ];
    }

    private static bool IsField(string written) => written.Contains("{{", StringComparison.Ordinal);

    private static string Quoted(string words) => $"“{UnsafeCharacters.Briefly(words)}”";

    private static IEnumerable<Finding> Found(
        LetterPart part,
        IEnumerable<(int Line, string Words)> slips,
        Func<Location, IReadOnlyList<string>, Finding> finding) =>
        Found(slips.Select(slip => (part, slip.Line, slip.Words)), finding);

    /// <summary>One finding, at the first of them; the others say where they stand.</summary>
    private static IEnumerable<Finding> Found(
        IEnumerable<(LetterPart Part, int Line, string Words)> slips,
        Func<Location, IReadOnlyList<string>, Finding> finding)
    {
        // By their places: to compare the parts would compare their whole texts.
        var all = slips.DistinctBy(slip => (slip.Part.At(slip.Line), slip.Words)).ToList();
        if (all is not [var (part, line, _), ..])
            yield break;
        yield return finding(
            part.At(line),
            [
                .. all.Select(slip => (slip.Part, slip.Line) == (part, line)
                    ? slip.Words
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{slip.Words} ({slip.Part.At(slip.Line).WithinFile})")),
            ]);
    }
}
