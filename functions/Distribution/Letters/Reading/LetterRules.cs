using Distribution.Common;
using Distribution.Letters.Slips;

namespace Distribution.Letters.Reading;

/// <summary>What the keys of a letter, each right by itself, must not say together.</summary>
internal sealed class LetterRules(FrontMatterFile file, FrontMatterFields fields, LetterText text, WorkingDays days)
{
    private static readonly string[] Greetings =
    [
        "Excellency",
        "Your Excellency",
        "Sir,",
        "Madam,",
        "Dear ",
        "Excellence",
        "Monsieur l'Ambassadeur",
        "Monsieur l’Ambassadeur",
        "Madame l'Ambassadrice",
        "Madame l’Ambassadrice",
        "Excelencia",
        "Ваше Превосходительство",
        "Ваши Превосходительства",
        "صاحب السعادة",
        "صاحبة السعادة",
        "صاحب/صاحبة السعادة",
        "أصحاب السعادة",
        "阁下",
        "各位阁下",
    ];

    private List<Finding> Faults => file.Faults;

    /// <param name="date">The letter's date; null if it cannot be read.</param>
    public void Check(LetterSource letter, DateOnly? date)
    {
        CheckForm(letter.Form);
        CheckEnclosures(letter);
        CheckAcknowledging(letter);
        if (date is { } day)
            CheckDates(letter, day);
        CheckMeetings(letter, date);
        if (letter.OffersDocuments && letter.IsConfidential)
            Faults.Add(LetterFileFaults.DocumentsOfConfidential(fields.Place(LetterSchema.Page)));
        if (file.Kind == LetterFileKind.Standing && letter.Release == ReleaseRule.Automatic)
            Faults.Add(LetterFileFaults.StandingAutomatic(fields.Place(LetterSchema.Release)));
        if (letter.AwaitedTranslations?.Contains(letter.Language) == true)
            Faults.Add(
                LetterFileFaults.TranslationIntoItself(fields.Place(LetterSchema.Translations), letter.Language));
    }

    /// <summary>A letter has signatories, a note verbale a sender; each form refuses the keys of the other.</summary>
    public void CheckForm(LetterForm form)
    {
        if (form != LetterForm.NoteVerbale)
        {
            if (fields.Has(LetterSchema.Sender))
                Faults.Add(LetterFileFaults.SenderOfLetter(fields.Place(LetterSchema.Sender)));
            return;
        }

        foreach (var key in (LetterKey[])[LetterSchema.Signatories, LetterSchema.Salutation])
            if (fields.Has(key))
                Faults.Add(LetterFileFaults.NoteWith(fields.Place(key), key.Name));
        CheckGreeting();
    }

    /// <summary>The reminders, earliest first; null if the letter has none.</summary>
    public IReadOnlyList<DateTimeOffset>? Reminders(
        IReadOnlyList<Deadline> deadlines,
        DateTimeOffset? send,
        DateOnly? date)
    {
        if (fields.Value(LetterSchema.Remind) is not { } value)
            return null;
        var moments = ReminderSchedule.Read(
            string.Join(", ", fields.Read(LetterSchema.Remind) ?? []),
            deadlines,
            days,
            out var problem);
        // Where nothing could be read, the key has its fault already.
        if (problem is { Length: > 0 })
            Faults.Add(LetterFileFaults.ReminderNotUnderstood(value.Location, problem));
        if (moments.Count > ReminderSchedule.Most)
            Faults.Add(LetterFileFaults.TooManyReminders(value.Location, moments.Count));
        if (moments is [var first, ..]
            && (first <= send || (date is { } day && DateOnly.FromDateTime(first.DateTime) < day)))
            Faults.Add(LetterFileFaults.ReminderTooEarly(value.Location, first));
        Faults.AddRange(
            moments
                .Select(moment => moment.Year)
                .Distinct()
                .Where(year => !days.Knows(year))
                .Select(year => LetterFileFaults.HolidaysUnknown(value.Location, year)));
        return moments;
    }

    /// <summary>The earlier letter and how it is corrected: two keys that need each other. Null for none.</summary>
    public Supersession? Supersedes()
    {
        var (earlier, kind) = (fields.Value(LetterSchema.Supersedes), fields.Value(LetterSchema.Correction));
        if (earlier is null && kind is null)
            return null;
        // Half a correction is one too: whoever adds the other half must not be told of the audience only then.
        if (fields.Has(LetterSchema.Audience))
            Faults.Add(LetterFileFaults.CorrectionAudience(fields.Place(LetterSchema.Audience)));
        if (earlier is null)
            return kind!.Refuse<Supersession>(
                LetterFileFaults.CorrectionHalf(kind.KeyLocation, LetterSchema.Supersedes.Name));
        if (kind is null)
            return earlier.Refuse<Supersession>(
                LetterFileFaults.CorrectionHalf(earlier.KeyLocation, LetterSchema.Correction.Name));
        return (fields.Read(LetterSchema.Supersedes), fields.Read(LetterSchema.Correction)) is ({ } label, { } word)
            ? new(word, label, earlier.KeyLine)
            : null;
    }

    private void CheckEnclosures(LetterSource letter)
    {
        var passedOn = letter.Enclosures.FirstOrDefault(entry => entry.Role == EnclosureRole.EnclosedLetter);
        if (letter.Form == LetterForm.CoverLetter && passedOn is null)
            Faults.Add(LetterFileFaults.CoverWithoutLetter(fields.Place(LetterSchema.Form)));
        else if (letter.Form != LetterForm.CoverLetter && passedOn is not null)
            Faults.Add(LetterFileFaults.EnclosedWithoutCover(letter.LocationOf(passedOn), passedOn.File));

        var scans = letter.Enclosures.Where(entry => entry.Role == EnclosureRole.Letter).ToList();
        foreach (var second in scans.Skip(1))
            Faults.Add(LetterFileFaults.SecondScan(letter.LocationOf(second), second.File));
        if (scans is [var scan, ..] && !scan.File.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
            Faults.Add(LetterFileFaults.ScanNotPdf(letter.LocationOf(scan), scan.File));
        foreach (
            var entry in letter.Enclosures.Where(entry =>
                LetterPdf.IsName(entry.File, isScan: entry.Role == EnclosureRole.Letter)))
            Faults.Add(LetterFileFaults.NameOfTypesetLetter(letter.LocationOf(entry), entry.File));
    }

    /// <summary>
    /// A signed scan is sent as it is and does not have the printed reference, so nobody can be asked for it.
    /// </summary>
    private void CheckAcknowledging(LetterSource letter)
    {
        if (letter.Acknowledge == AcknowledgeRule.Reference
            && letter.Enclosures.FirstOrDefault(entry => entry.Role == EnclosureRole.Letter) is { } scan)
            Faults.Add(LetterFileFaults.ReferenceOfScan(fields.Place(LetterSchema.Acknowledge), scan.File));
    }

    private void CheckMeetings(LetterSource letter, DateOnly? date)
    {
        // Of meetings that could not be read, each has a fault already, and which is which cannot be told.
        if (letter.Meetings is []
            || fields.Value(LetterSchema.Meetings)?.Items() is not { } items
            || items.Count != letter.Meetings.Count)
            return;
        foreach (var (place, meeting) in letter.Meetings.Index())
        {
            var item = items[place];
            var first = letter.Meetings.Index().First(other => other.Item.IsLike(meeting)).Index;
            if (first < place)
                Faults.Add(LetterFileFaults.MeetingTwice(item.Location, meeting.Title, first + 1));
            if (meeting.IsCancelled && letter.Supersedes is null)
                Faults.Add(LetterFileFaults.CancelledWithoutCorrection(Key(MeetingKeys.Cancelled)));
            if (date is { } day && DateOnly.FromDateTime(meeting.Start.DateTime) < day)
                Faults.Add(
                    LetterFileFaults.MeetingTooEarly(
                        Key(MeetingKeys.Date),
                        meeting.Title,
                        meeting.Start,
                        "the day the letter is dated"));
            else if (!meeting.IsCancelled && letter.EmbargoedUntil is { } embargo && meeting.Start < embargo)
                Faults.Add(
                    LetterFileFaults.MeetingTooEarly(
                        Key(MeetingKeys.Date),
                        meeting.Title,
                        meeting.Start,
                        $"the embargo ends on {NewYorkTime.Words(embargo)}"));
            CheckHour(Key(MeetingKeys.From), MeetingKeys.From.Name, meeting.Start, endsSomething: false);
            CheckHour(Key(MeetingKeys.To), MeetingKeys.To.Name, meeting.End, endsSomething: false);

            Location Key(LetterKey key) => MeetingType.PlaceOf(key, item);
        }

        // Compared as people see them: two attachments of one mail that look alike cannot be told apart.
        foreach (var name in MeetingCalendar.NamesOf(letter))
            if (letter.Enclosures.FirstOrDefault(entry => FileNames.AsSeen(entry.File) == FileNames.AsSeen(name))
                is { } taken)
                Faults.Add(LetterFileFaults.NameOfCalendar(letter.LocationOf(taken), taken.File));
    }

    private void CheckDates(LetterSource letter, DateOnly date)
    {
        if (letter.SendAt is { } send && DateOnly.FromDateTime(send.DateTime) < date)
            Faults.Add(LetterFileFaults.SendBeforeLetter(fields.Place(LetterSchema.Send), date));
        var lines = fields.Value(LetterSchema.Deadlines)?.Node is FrontMatterMap { Entries: var entries }
            ? entries.ToLookup(entry => entry.Key, entry => entry.Line)
            : null;
        foreach (var deadline in letter.Deadlines)
        {
            var place = Location.In(file.Name, lines?[deadline.Name].First(), $"deadlines.{deadline.Name}");
            if (DateOnly.FromDateTime(deadline.Instant.DateTime) < date)
                Faults.Add(LetterFileFaults.DeadlineBeforeLetter(place, deadline.Name, date));
            CheckHour(place, deadline.Name, deadline.Instant, endsSomething: true);
        }

        if (letter.EmbargoedUntil is { } embargo)
            CheckHour(fields.Place(LetterSchema.EmbargoedUntil), LetterSchema.EmbargoedUntil.Name, embargo, true);
        if (letter.SendAt is { } hour)
            CheckHour(fields.Place(LetterSchema.Send), LetterSchema.Send.Name, hour, endsSomething: false);
    }

    /// <summary>Adds a warning if an hour can be understood in two ways.</summary>
    /// <param name="endsSomething">True if people outside must keep to it; midnight then has two meanings.</param>
    private void CheckHour(Location place, string key, DateTimeOffset moment, bool endsSomething)
    {
        var clock = NewYorkTime.At(moment);
        if (endsSomething && clock.TimeOfDay == TimeSpan.Zero)
            Faults.Add(SlipFaults.Midnight(place, key, clock));
        if (NewYorkTime.Instants(clock.DateTime).Count > 1)
            Faults.Add(SlipFaults.HourTwice(place, key, clock));
    }

    /// <summary>
    /// Adds a fault if the text of a note verbale starts with a salutation, which a note verbale does not have.
    /// </summary>
    private void CheckGreeting()
    {
        var start = text.Body.AsSpan().TrimStart();
        foreach (var greeting in Greetings)
        {
            if (!start.StartsWith(greeting, StringComparison.OrdinalIgnoreCase))
                continue;
            var line = text.BodyLine + text.Body[..^start.Length].Count(sign => sign == '\n');
            Faults.Add(LetterFileFaults.NoteGreets(Location.In(file.Name, line), greeting));
            return;
        }
    }
}
