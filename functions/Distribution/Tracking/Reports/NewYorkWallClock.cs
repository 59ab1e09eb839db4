using System.Globalization;
using Distribution.Common;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>A New York time as a person typed it: the instant it means, or what is wrong with it.</summary>
/// <param name="Typed">The text as it was typed.</param>
/// <param name="Problem">A sentence or two; null where there is an instant.</param>
/// <param name="Note">
/// What a reader must know about the instant, in the hour that the clocks repeat in autumn; usually null.
/// </param>
internal sealed record NewYorkWallClock(string Typed, DateTimeOffset? Instant, Phrase? Problem, Phrase? Note)
{
    /// <summary>The format in forms and URLs.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm";

    private static readonly string[] Formats =
    [
        Format,
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
    ];

    /// <param name="typed">Date and time, to the minute or the second, with a space or a T in between.</param>
    public static NewYorkWallClock Read(string typed)
    {
        if (!DateTime.TryParseExact(
                typed.Trim(),
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time))
            return Wrong(
                Say($"“{UnsafeCharacters.Briefly(typed)}” is not a time that can be read. Write year, month, day and hour of New York, as in 2018-04-03 18:00."));
        if (!LetterYears.Has(time.Year))
            return Wrong(
                Say($"The year {Plain($"{time.Year}")} cannot be meant. Write a year from {Plain($"{LetterYears.First}")} to {Plain($"{LetterYears.Last}")}."));
        return NewYorkTime.Instants(time) switch
        {
            [] => Wrong(Say($"There was no {Clock(time)} in New York on {OfDay(DateOnly.FromDateTime(time))}: the clocks were put forward over it. Write a time an hour later or earlier.")),
            [var first, _] => new(
                typed,
                first,
                null,
                Say($"On {OfDay(DateOnly.FromDateTime(time))} the clocks of New York were put back, and {Clock(time)} came twice. The first of the two is meant here.")),
            [var only, ..] => new(typed, only, null, null),
        };

        NewYorkWallClock Wrong(Phrase problem) => new(typed, null, problem, null);
    }

    /// <summary>The text for this instant in forms and URLs.</summary>
    public static string Of(DateTimeOffset instant)
    {
        var time = NewYorkTime.At(instant);
        return time.ToString(time.Second == 0 ? Format : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static Phrase Clock(DateTime time) => Phrase.Of(language => language.Hour(time));
}
