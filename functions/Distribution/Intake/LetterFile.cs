using System.Globalization;

namespace Distribution;

/// <summary>What a letter's file came to.</summary>
/// <param name="Letter">Null where a fault stops it; a warning does not.</param>
/// <param name="Faults">Everything found, in the order of the file where it has a line, as many as a person is shown.</param>
internal sealed record LetterReading(LetterSource? Letter, IReadOnlyList<Fault> Faults);

/// <summary>
/// Reads <c>letter.md</c> and <c>standing.md</c>: YAML front matter between two lines of <c>---</c>, then the body in Markdown.
/// </summary>
internal sealed class LetterFile
{
    private static readonly string[] Keys =
    [
        "process", "draft", "sequence", "date", "place", "language", "reference", "subject", "salutation", "signatories",
        "contact", "enclosures", "audience", "release", "proof", "deadlines", "template",
    ];

    private static readonly string[] Required = ["process", "draft", "sequence", "date", "subject", "signatories", "contact", "enclosures"];
    private static readonly string[] RequiredStanding = ["process", "subject", "signatories", "contact"];
    private static readonly string[] NotStanding = ["draft", "enclosures"];
    private static readonly string[] ReleaseRules = ["on-approval", "automatic"];
    private static readonly string[] Roles = [.. Enum.GetNames<EnclosureRole>().Select(role => role.ToLowerInvariant())];
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm"];
    private static readonly TimeOnly EndOfDay = new(23, 59);

    private readonly string file;
    private readonly List<Fault> faults;
    private readonly LetterText text;
    private readonly FrontMatterFields fields;

    private LetterFile(string file, LetterText text, string[] required, List<Fault> faults)
    {
        (this.file, this.text, this.faults) = (file, text, faults);
        fields = new FrontMatterFields(file, file, "the letter", FrontMatter.Read(file, text.Lines, text.FrontMatterEnd, faults), Keys, required, faults);
    }

    /// <summary>Reads the letter that opens a folder.</summary>
    public static LetterReading Read(string fileName, ReadOnlyMemory<byte> bytes) =>
        Read(fileName, bytes, Required, letter => letter.Upload());

    /// <summary>Reads a process's standing letter as it goes out with one file, whose name gives the draft's label.</summary>
    /// <param name="today">The date of a letter that gives none, in New York.</param>
    public static LetterReading ReadStanding(string fileName, ReadOnlyMemory<byte> bytes, string enclosedFile, DateOnly today) =>
        Read(fileName, bytes, RequiredStanding, letter => letter.Standing(enclosedFile, today));

    private static LetterReading Read(string file, ReadOnlyMemory<byte> bytes, string[] required, Func<LetterFile, LetterSource?> read)
    {
        var faults = new List<Fault>();
        var letter = LetterText.Read(file, bytes.Span, faults) is { } text ? read(new LetterFile(file, text, required, faults)) : null;
        return new LetterReading(faults.All(fault => fault.IsWarning) ? letter : null, Faults.AtMost(file, faults));
    }

    private LetterSource? Upload()
    {
        var release = fields.Word("release", ReleaseRules) == "automatic" ? ReleaseRule.Automatic : ReleaseRule.OnApproval;
        return Source(fields.Text("draft", 60), fields.Number("sequence"), fields.Date("date"), release, _ => Enclosures());
    }

    private LetterSource? Standing(string enclosedFile, DateOnly today)
    {
        foreach (var entry in NotStanding.Select(fields.Entry).OfType<FrontMatterEntry>())
            faults.Add(Faults.StandingKey(fields.Place(entry.Line), entry.Key));
        if (fields.Word("release", ReleaseRules) == "automatic")
            faults.Add(Faults.StandingAutomatic(fields.Place(fields.Entry("release")!.Line)));

        var label = DraftLabels.FromFileName(enclosedFile);
        return Source(
            label,
            fields.Entry("sequence") is null ? 0 : fields.Number("sequence"),
            fields.Entry("date") is null ? today : fields.Date("date"),
            ReleaseRule.OnApproval,
            process => [new EnclosureEntry(enclosedFile, $"{label}, {process}", EnclosureRole.Draft, null, null, 1)]);
    }

    private LetterSource? Source(string? draft, int? sequence, DateOnly? date, ReleaseRule release, Func<string?, IReadOnlyList<EnclosureEntry>> enclose)
    {
        var process = fields.Text("process");
        var place = fields.Text("place", 60) ?? "New York";
        var language = fields.Word("language", Languages.Official) ?? Languages.English;
        var reference = fields.Text("reference");
        var subject = fields.Text("subject", 250);
        var salutation = fields.Text("salutation");
        var signatories = Signatories();
        var contact = fields.Entry("contact") is { } entry ? fields.Correspondent(entry.Value, "contact") : null;
        var enclosures = enclose(process);
        var audience = fields.Texts("audience");
        var proof = (fields.List("proof") ?? []).Select(node => fields.Correspondent(node, "proof")).OfType<Correspondent>().ToList();
        var deadlines = Deadlines(date);
        var template = fields.Entry("template") is { } named ? fields.Simple(named.Value, "template", '-') : "co-facilitators";

        return process is null || draft is null || sequence is null || date is null || subject is null || contact is null || template is null
            ? null
            : new LetterSource(
                file, process, draft, sequence.Value, date.Value, place, language, reference, subject, salutation, signatories, contact,
                enclosures, audience is ["all"] ? [] : audience, release, proof, deadlines, template, text.Body, text.BodyLine);
    }

    private List<Signatory> Signatories()
    {
        var nodes = fields.List("signatories") ?? [];
        if (nodes.Count > 3)
            faults.Add(Faults.TooManySignatories(fields.Place(fields.Entry("signatories")!.Line), nodes.Count));

        var signatories = new List<Signatory>();
        foreach (var node in nodes)
        {
            if (Group(node, "signatories", "this signatory", ["name", "title", "letterhead"], ["name", "title", "letterhead"]) is { } group
                && (group.Text("name"), group.Text("title"), group.Text("letterhead")) is ({ } name, { } title, { } letterhead))
                signatories.Add(new Signatory(name, title, letterhead));
        }

        return signatories;
    }

    private List<EnclosureEntry> Enclosures()
    {
        var enclosures = new List<EnclosureEntry>();
        var firsts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var withoutRole = new List<EnclosureEntry>();
        foreach (var node in fields.List("enclosures") ?? [])
        {
            var group = node is FrontMatterText ? null : Group(node, "enclosures", "this enclosure", ["file", "title", "role", "label", "sha256"], ["file"]);
            var name = node is FrontMatterText ? fields.Text(node, "enclosures") : group?.Text("file");
            var line = group?.Entry("file")?.Line ?? node.Line;
            var role = group?.Word("role", Roles);
            var (title, label, hash) = (group?.Text("title", 250), group?.Text("label", 60), Hash(group));
            if (name is null)
                continue;

            faults.AddRange(BlobNames.FaultsOfFile(name, fields.Place(line)));
            if (!firsts.TryAdd(name.Normalize(), line))
                faults.Add(Faults.EnclosureTwice(fields.Place(line), name, firsts[name.Normalize()]));
            if (name.Equals(file, StringComparison.OrdinalIgnoreCase))
                faults.Add(Faults.LetterEnclosesItself(fields.Place(line), name));

            var enclosure = new EnclosureEntry(name, title ?? DraftLabels.Humanised(name), role is null ? EnclosureRole.Other : Enum.Parse<EnclosureRole>(role, true), label, hash, line);
            enclosures.Add(enclosure);
            if (group?.Entry("role") is null)
                withoutRole.Add(enclosure);
        }

        // Where no enclosure says what it is, the first is the draft.
        return enclosures is [var first, ..] && withoutRole.Count == enclosures.Count
            ? [first with { Role = EnclosureRole.Draft }, .. enclosures.Skip(1)]
            : enclosures;
    }

    private string? Hash(FrontMatterFields? enclosure)
    {
        if (enclosure?.Text("sha256") is not { } text)
            return null;
        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
            return text.ToLowerInvariant();
        faults.Add(Faults.HashNotAHash(fields.Place(enclosure.Entry("sha256")!.Value.Line), text));
        return null;
    }

    private List<Deadline> Deadlines(DateOnly? letterDate)
    {
        var deadlines = new List<Deadline>();
        if (fields.Entry("deadlines") is not { Value: not FrontMatterBroken } entry)
            return deadlines;
        if (entry.Value is not FrontMatterMap { Entries: { Count: > 0 } entries })
        {
            faults.Add(entry.Value is FrontMatterText { Text: "" } or FrontMatterMap
                ? Faults.FrontMatterEmpty(fields.Place(entry.Line), "deadlines")
                : Faults.FrontMatterShape(fields.Place(entry.Line), "deadlines", "a group of names, each with its time", entry.Value));
            return deadlines;
        }

        var firsts = new Dictionary<string, int>();
        foreach (var (key, line, value) in entries)
        {
            if (!firsts.TryAdd(key, line))
                faults.Add(Faults.FrontMatterKeyTwice(fields.Place(line), key, firsts[key]));
            else if (fields.Simple(new FrontMatterText(line, key), "deadline", '_') is { } name && fields.Text(value, name) is { } typed && Instant(name, typed, value.Line) is { } instant)
                deadlines.Add(new Deadline(name, instant));
        }

        faults.AddRange(deadlines
            .Where(deadline => letterDate is { } date && DateOnly.FromDateTime(deadline.Instant.DateTime) < date)
            .Select(deadline => Faults.DeadlineBeforeLetter(fields.Place(firsts[deadline.Name]), deadline.Name, letterDate!.Value)));
        return deadlines;
    }

    /// <summary>A date alone means the end of that day.</summary>
    private DateTimeOffset? Instant(string name, string typed, int line)
    {
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            typed = date.ToDateTime(EndOfDay).ToString(TimeFormats[0], CultureInfo.InvariantCulture);
        if (!DateTime.TryParseExact(typed, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            faults.Add(Faults.FrontMatterTime(fields.Place(line), name, typed));
            return null;
        }

        if (!LetterYears.Has(time.Year))
        {
            faults.Add(Faults.FrontMatterYear(fields.Place(line), name, time.Year));
            return null;
        }

        try
        {
            return NewYork.Instant(time);
        }
        catch (ArgumentException)
        {
            faults.Add(Faults.FrontMatterTimeNeverWas(fields.Place(line), typed));
            return null;
        }
    }

    private FrontMatterFields? Group(FrontMatterNode node, string key, string called, string[] known, string[] required)
    {
        if (node is FrontMatterMap map)
            return new FrontMatterFields(file, fields.Place(map.Line), called, map, known, required, faults);
        if (node is not FrontMatterBroken)
            faults.Add(Faults.FrontMatterShape(fields.Place(node.Line), key, $"a list of groups with “{string.Join("”, “", known)}”", node));
        return null;
    }
}
