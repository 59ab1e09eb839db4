using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters.Reading;

namespace Distribution.Letters.Slips;

/// <summary>
/// Finds dates in a letter's own words that cannot be meant: a weekday that is another one, a day that does not exist,
/// a day by which something is due before the letter is dated, a midnight that may be either end of its day, an hour
/// that clocks show twice or skip.
/// </summary>
internal sealed partial class DateSlips
{
    private readonly FoldedText text;
    private readonly DateOnly letterDate;
    private readonly IReadOnlyList<TextDate> dates;

    public DateSlips(LetterPart part, LetterSource letter)
    {
        // A field that prints a date stands for that date, so that the weekday of "Friday, {{ deadlines.comments }}" is
        // checked, too.
        Dictionary<string, string> fields = new() { ["letter.date"] = Iso(letter.Date) };
        foreach (var deadline in letter.Deadlines)
        {
            var day = Iso(NewYorkTime.Day(deadline.Instant));
            fields[$"deadlines.{deadline.Name}"] = day;
            fields[$"deadlines.{deadline.Name}.date"] = day;
        }

        text = new(part.Text, fields);
        letterDate = letter.Date;
        dates = DatesInText.In(text);
    }

    /// <summary>Dates with a weekday that is another one, each with the right one.</summary>
    public IEnumerable<(int Line, string Written, DayOfWeek Right)> WrongWeekdays() =>
        from date in dates
        where date.Weekday is not null
        let days = date.In(letterDate)
        // Without a year, a date may mean two days: the weekday is wrong only if neither has it.
        where days is not [] && days.All(day => day.DayOfWeek != date.Weekday)
        select (Line(date), Written(date), days[^1].DayOfWeek);

    /// <summary>Days that no calendar has, such as 31 November.</summary>
    public IEnumerable<(int Line, string Written)> NoSuchDays() => dates
        .Where(date => date.In(letterDate) is [] && (date.Year is not { } year || LetterYears.Has(year)))
        .Select(date => (Line(date), Written(date)));

    /// <summary>Days by which something is due; the later one where there is a choice.</summary>
    public IEnumerable<(int Line, string Written, DateOnly Day)> Due() =>
        from date in dates
        where IsDue(date)
        let days = date.In(letterDate)
        where days is not []
        select (Line(date), Written(date), days[^1]);

    /// <summary>Midnights at a date, or by which something is due.</summary>
    public IEnumerable<(int Line, string Written)> Midnights() => Midnight()
        .Matches(text.Text)
        .Where(found => DueBefore.IsMatch(text.Text[SentenceStart(found.Index)..found.Index])
            || dates.Any(date => SentenceStart(date.Place) == SentenceStart(found.Index)))
        .Select(found => (text.LineOf(found.Index), text.Original(found.Index, found.Length)));

    /// <summary>Hours that the clocks show twice or never, on a day on which they are changed.</summary>
    public IEnumerable<(int Line, string Written, bool Twice)> ChangedHours() =>
        from date in dates
        from day in date.In(letterDate)
        from found in Hour().Matches(text.Text[SentenceStart(date.Place)..SentenceEnd(date.Place + date.Length)])
        where found.Groups["minute"].Success || found.Groups["half"].Success
        let minute = found.Groups["minute"] is { Success: true } written
            ? int.Parse(written.Value, CultureInfo.InvariantCulture)
            : 0
        where minute < 60
        let clock = day.ToDateTime(new(int.Parse(found.Groups["hour"].Value, CultureInfo.InvariantCulture), minute))
        let instants = NewYorkTime.Instants(clock)
        where instants.Count != 1
        select (Line(date), $"{Written(date)}, {found.Value.Trim()}", instants.Count == 2);

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private int Line(TextDate date) => text.LineOf(date.Place);

    private string Written(TextDate date)
    {
        var written = text.Original(date.Place, date.Length).TrimEnd('.', ',');
        // What a field prints is not what stands there.
        return written.Contains("{{", StringComparison.Ordinal)
            ? $"{written} ({date.In(letterDate)[0].ToString("d MMMM yyyy", CultureInfo.InvariantCulture)})"
            : written;
    }

    private bool IsDue(TextDate date)
    {
        var end = date.Place + date.Length;
        return DueBefore.IsMatch(text.Text[SentenceStart(date.Place)..date.Place])
            || DueAfter().IsMatch(text.Text, end);
    }

    private int SentenceStart(int place) =>
        place == 0 ? 0
        : SentenceEndings().Match(text.Text[..place]) is { Success: true } end ? end.Index + end.Length
        : 0;

    private int SentenceEnd(int place) =>
        SentenceBeginnings().Match(text.Text, place) is { Success: true } end ? end.Index : text.Text.Length;

    // The last before a place: a full stop of "p.m." or "no." ends no sentence, since no capital letters are left to
    // tell by, so only a stop after a longer word does.
    [GeneratedRegex(@"\n|[!?;。！？；؟؛]|(?<=\p{L}{4}|\d{4}|[)\]""'])\.(?= |$)", RegexOptions.RightToLeft)]
    private static partial Regex SentenceEndings();

    [GeneratedRegex(@"\n|[!?;。！？；؟؛]|(?<=\p{L}{4}|\d{4}|[)\]""'])\.(?= |$)")]
    private static partial Regex SentenceBeginnings();

    // "by", "no later than" and so on, and between them and the date only hours and small words.
    // Interpreted: see LabelGrammar.
    private static readonly Regex DueBefore = new("""
        (?<![\p{L}])(?:
          by|until|till|(?:no|not)[ ]later[ ]than|on[ ]or[ ]before|before|deadline[ ](?:is|of|for[ ][^.]{1,40}[ ](?:is|will[ ]be))|deadline[ ]?:|due(?:[ ](?:on|by))?
          |d'ici(?:[ ](?:le|au))?|au[ ]plus[ ]tard(?:[ ]le)?|avant(?:[ ]le)?|jusqu'(?:au|a|en)(?:[ ]le)?|date[ ]limite(?:[ ]est)?[^.]{0,30}
          |antes[ ]de(?:l)?|a[ ]mas[ ]tardar(?:[ ]el)?|hasta(?:[ ]el)?|no[ ]mas[ ]tarde[ ]de(?:l)?|fecha[ ]limite(?:[ ]es)?[^.]{0,30}|para[ ]el
          |до|не[ ]позднее|не[ ]позже|к|срок[^.]{0,30}
          |[وف]?(?:قبل|حتى|في[ ]موعد[ ]اقصاه|في[ ]موعد[ ]لا[ ]يتجاوز|بحلول|في[ ]موعد[ ]غايته)
          |截至|截止(?:日期|时间)?(?:为|是|于)?|不迟于|最迟(?:于|在)?
        )(?:
          [ ,،():]|\d{1,2}(?:[:.h][ ]?\d{2})?(?=[ ,h]|[ap]\.?m|$)|h(?![\p{L}])|[ap]\.?m\.?|[ap]\.[ ]m\.?
          |(?<![\p{L}])(?:hours?|hrs|heures?|horas?|часов|часа|час|noon|midday|midnight|midi|minuit|mediodia|medianoche|полудня|полуночи|close|cob|business|end|of|the|day|on|at|le|la|el|las|los|les|de|du|del|a|au|al|en|new|york|nueva|time|heure|hora|local|eastern|est|edt|по|времени|нью-иорка|нью-иоркскому|в|день|дня|утра|вечера|يوم|الساعة|نهاية|بتوقيت|نيويورك|من|ظهرا|مساء|صباحا)(?![\p{L}])
          |于|在|纽约时间|年|下午|上午
        ){0,24}$
        """, RegexOptions.IgnorePatternWhitespace);

    [GeneratedRegex(@"\G[^。；，,.;\n]{0,12}(?:之前|以前|前(?!夕|往)|截止)")]
    private static partial Regex DueAfter();

    [GeneratedRegex("""
        (?<![\p{L}\d])(?:midnight|minuit|medianoche|полу?ноч[ьи]|[بلو]?منتصف[ ]الليل|(?:24|0?0)[:h][ ]?00|24\.00(?=[ ]?h)|24[ ]?h(?:eures|oras|rs)?(?:[ ]00)?|12(?:[:.]00)?[ ]?(?:midnight|a\.?[ ]?m(?![\p{L}])))
        |午夜|子夜|零时|零点|24[ ]?时|(?<!\d)0[ ]?时
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Midnight();

    [GeneratedRegex(@"(?<![\d:.])(?<hour>[12])(?:(?:[:.h]| h )(?<minute>\d{2})(?!\d))? ?(?<half>a\.? ?m(?![\p{L}]))?(?! ?(?:p\.? ?m|月|[-/.]\d))")]
    private static partial Regex Hour();
}
