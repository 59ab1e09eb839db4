using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Letters.Reading;

namespace Distribution.Letters.Slips;

/// <summary>A date in a text.</summary>
/// <param name="Place">Where it begins in the folded text, with its weekday.</param>
/// <param name="Year">Null if it was not written.</param>
internal sealed record TextDate(int Place, int Length, DayOfWeek? Weekday, int Day, int Month, int? Year)
{
    /// <summary>How far back a date without a year may be, and how far ahead: together more than a year.</summary>
    private const int DaysBack = 183;
    private const int DaysAhead = 300;

    /// <summary>
    /// The days it may mean in a letter of this date: one, or two if no year was written and both are near. None if
    /// there is no such day.
    /// </summary>
    public IReadOnlyList<DateOnly> In(DateOnly letter)
    {
        var days = (Year is { } written ? [written] : Enumerable.Range(letter.Year - 1, 3))
            .Where(year =>
                LetterYears.Has(year)
                && Month is >= 1 and <= 12
                && Day >= 1
                && Day <= DateTime.DaysInMonth(year, Month))
            .Select(year => new DateOnly(year, Month, Day));
        return Year is null
            ? [.. days.Where(day => day.DayNumber - letter.DayNumber is >= -DaysBack and <= DaysAhead)]
            : [.. days];
    }
}

/// <summary>Finds dates as people write them in the six official languages, with weekdays beside them.</summary>
internal static class DatesInText
{
    private static readonly string Month = Names(DateWords.Months);
    private static readonly string Weekday = Names(DateWords.Weekdays);

    // Arabic letters often name a month in both ways, one after the other: نيسان/أبريل. In Chinese the weekday follows.
    // Interpreted: see LabelGrammar.
    private static readonly Regex Dates = new(
        $"""
        (?:(?<![\p{"{L}"}\d])[وبفل]?(?<weekday>{Weekday})\.?[ ]?[,،、(]?[ ]?(?:the[ ]|le[ ]|el[ ]|dia[ ]|الموافق[ ]|[)][ ]?)?)?
        (?:
          (?<![\d.,:/-])(?<day>\d{"{1,2}"})(?:st|nd|rd|th|ere?|re|o|ro|-?[ое]?г?о)?[ ](?:day[ ]of[ ]|of[ ]|de[ ]|du[ ])?
            (?<month>{Month})\.?(?![\p{"{L}"}])(?:[ ]?/[ ]?(?:{Month})(?![\p{"{L}"}]))?(?:,?[ ](?:de[ ]|del[ ]|of[ ])?(?<year>\d{"{4}"})(?!\d))?
          |(?<![\p{"{L}"}\d])(?<first>{Month})\.?[ ](?<day>\d{"{1,2}"})(?:st|nd|rd|th)?(?![\d.:]|[ ]?(?:a\.?m|p\.?m))(?:,?[ ](?<year>\d{"{4}"})(?!\d))?
          |(?:(?<year>\d{"{4}"})[ ]?年[ ]?)?(?<![\d])(?<number>\d{"{1,2}"})[ ]?月[ ]?(?<day>\d{"{1,2}"})[ ]?[日号]
          |(?<![\d-])(?<year>\d{"{4}"})-(?<number>\d\d)-(?<day>\d\d)(?![\d-])
          |(?<![\d.])(?<day>\d{"{1,2}"})\.(?<number>\d{"{1,2}"})\.(?<year>\d{"{4}"})(?!\d|\.\d)
        )
        (?:[ ]?[(](?<weekday>{Weekday})\.?[)]|,?[ ]?(?<weekday>{Names(DateWords.Weekdays, isChinese: true)}))?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);

    public static IReadOnlyList<TextDate> In(FoldedText text) =>
    [
        .. Dates.Matches(text.Text).Where(found => !IsVerb(text, found)).Select(found => new TextDate(
            found.Index,
            found.Length,
            Number(DateWords.Weekdays, found.Groups["weekday"]) is { } weekday ? (DayOfWeek)weekday : null,
            Number(found.Groups["day"])!.Value,
            Number(found.Groups["number"])
                ?? Number(DateWords.Months, found.Groups["month"])
                + 1
                ?? Number(DateWords.Months, found.Groups["first"])!.Value + 1,
            Number(found.Groups["year"]))),
    ];

    /// <summary>"States may 30 days after": a month before its day has a capital letter.</summary>
    private static bool IsVerb(FoldedText text, Match found) =>
        found.Groups["first"] is { Success: true } month && !text.IsCapital(month.Index);

    private static int? Number(Group digits) =>
        digits.Success ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : null;

    private static int? Number(IReadOnlyList<IReadOnlyList<string>> names, Group found) => found.Success
        ? names.Index().First(one => one.Item.Any(name => FoldedText.Of(name) == found.Value)).Index
        : null;

    // The longest first: an expression takes the first alternative that fits, and "mar" also begins "mars".
    private static string Names(IReadOnlyList<IReadOnlyList<string>> names, bool isChinese = false) => string.Join(
        '|',
        names
            .SelectMany(words => words)
            .Where(name => !isChinese || name[0] is '星' or '周')
            .Select(FoldedText.Of)
            .OrderByDescending(name => name.Length)
            .Select(name => name.Replace(" ", "[ ]", StringComparison.Ordinal)));
}
