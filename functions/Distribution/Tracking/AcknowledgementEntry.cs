using System.Globalization;
using Distribution.Common;
using Distribution.Letters.Reading;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>
/// A form in which the secretariat enters an acknowledgement that did not come over the mission's page, as typed.
/// </summary>
/// <param name="How">A channel's name.</param>
/// <param name="By">Who said so.</param>
/// <param name="Date">The day in New York, such as <c>2018-03-26</c>.</param>
/// <param name="Time">The time in New York, such as <c>18:05</c>.</param>
/// <param name="Words">What the evidence is, or why it is corrected.</param>
internal sealed record AcknowledgementEntry(
    string How,
    string By,
    string Function,
    string Date,
    string Time,
    string Words)
{
    public const int MostCharacters = 200;

    /// <summary>All channels but the mission's page.</summary>
    public static readonly IReadOnlyList<AcknowledgementChannel> Channels =
    [
        AcknowledgementChannel.Telephone,
        AcknowledgementChannel.NoteVerbale,
        AcknowledgementChannel.InPerson,
        AcknowledgementChannel.Reply,
    ];

    private static readonly string[] Times = ["HH:mm", "HH:mm:ss"];

    /// <summary>A form to fill in, with the current date and time.</summary>
    public static AcknowledgementEntry Blank(DateTimeOffset now) =>
        Of(new("", null, AcknowledgementChannel.Telephone, now));

    /// <summary>A form filled with the valid acknowledgement, to be corrected.</summary>
    public static AcknowledgementEntry Of(Acknowledgement stands)
    {
        var at = NewYorkTime.At(stands.At);
        return new(
            stands.Channel.ToString(),
            stands.By,
            stands.Function ?? "",
            at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            at.ToString("HH:mm", CultureInfo.InvariantCulture),
            "");
    }

    /// <summary>Whether the time is the one that a form to correct this acknowledgement was filled with.</summary>
    public bool IsAtTimeOf(Acknowledgement stands) =>
        Of(stands) is var shown && (Date.Trim(), Time.Trim()) == (shown.Date, shown.Time);

    /// <param name="isCorrection">Whether it replaces a valid acknowledgement.</param>
    /// <returns>The acknowledgement, without its recorder; null where there are problems.</returns>
    public (Acknowledgement? Acknowledgement, IReadOnlyList<EntryProblem> Problems) Read(
        DateTimeOffset releasedAt,
        DateTimeOffset now,
        bool isCorrection)
    {
        var problems = new List<EntryProblem>();
        // The channel Page is allowed only in a correction: an acknowledgement from the mission's page keeps its
        // channel.
        if (!Enum.TryParse<AcknowledgementChannel>(How, out var how)
            // TryParse also takes numbers, defined or not, which no option of the form sends.
            || !Enum.IsDefined(how)
            || (how == AcknowledgementChannel.Page && !isCorrection))
            problems.Add(new(nameof(How), Say($"Choose how the mission let it be known.")));
        if (By.Trim() is "")
            problems.Add(
                new(nameof(By), Say($"Write who said so: a name, or the mission where a note verbale names nobody.")));
        Check(nameof(By), By, problems);
        Check(nameof(Function), Function, problems);
        if (isCorrection && Words.Trim() is "")
            problems.Add(new(nameof(Words), Say($"Write why it is corrected.")));
        Check(nameof(Words), Words, problems);
        var at = When(releasedAt, now, problems);
        return (
            problems is [] ? new(By.Trim(), Function.Trim() is "" ? null : Function.Trim(), how, at) : null,
            problems);
    }

    /// <param name="words">Why the valid acknowledgement is withdrawn.</param>
    public static IReadOnlyList<EntryProblem> Reason(string words)
    {
        var problems = new List<EntryProblem>();
        if (words.Trim() is "")
            problems.Add(new(nameof(Words), Say($"Write why it is withdrawn.")));
        Check(nameof(Words), words, problems);
        return problems;
    }

    private static void Check(string field, string text, List<EntryProblem> problems)
    {
        if (UnsafeCharacters.FirstUnprintable(text) is { } odd)
            problems.Add(new(field, Say($"This entry holds {UnsafeCharacters.Named(odd)}. Type it by hand.")));
        else if (text.Length > MostCharacters)
            problems.Add(new(field, Say($"This entry is too long. Write at most {MostCharacters} characters.")));
    }

    private DateTimeOffset When(DateTimeOffset releasedAt, DateTimeOffset now, List<EntryProblem> problems)
    {
        if (!DateOnly.TryParseExact(
                Date.Trim(),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date)
            || !LetterYears.Has(date.Year)
            || !TimeOnly.TryParseExact(
                Time.Trim(),
                Times,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time))
        {
            problems.Add(new(nameof(Date), Say($"Write the day as 2018-03-26 and the time in New York as 18:05.")));
            return default;
        }

        var times = NewYorkTime.Instants(date.ToDateTime(time));
        if (times is [])
        {
            problems.Add(new(nameof(Date), Say($"That time never was in New York: the clocks went forward over it.")));
            return default;
        }

        // Of a time that came twice, as the clocks went back, the later one that has been by now.
        var at = times.LastOrDefault(instant => instant <= now);
        if (at == default)
            problems.Add(new(nameof(Date), Say($"This lies in the future: it is {OfMoment(now)} in New York.")));
        // Typed times have no seconds, so allow one minute.
        else if (at.AddMinutes(1) <= releasedAt)
            problems.Add(
                new(
                    nameof(Date),
                    Say($"This is before the letter was released, on {OfMoment(releasedAt)} New York time.")));
        return at;
    }
}

/// <summary>A problem with one field of an entry, with one sentence that says what to do.</summary>
/// <param name="Field">The field's property name in <see cref="AcknowledgementEntry"/>.</param>
internal sealed record EntryProblem(string Field, Phrase Sentence);
