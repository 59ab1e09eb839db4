using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters.Reading;
using Distribution.Register;

namespace Distribution.Letters.Settings;

/// <summary>What is wrong at a field of a setting, in a sentence or two.</summary>
internal sealed record SettingFault(string Field, Phrase Words);

/// <summary>
/// Checks an entry of the settings as letters are checked: it is put into a letter that is made for it, and read by the
/// reader of letters.
/// </summary>
internal sealed partial class SettingCheck(SettingImages images, Templates templates)
{
    /// <summary>In characters: a page of text.</summary>
    private const int LongestPhrase = 4_000;

    /// <summary>In characters.</summary>
    private const int LongestLine = 100;

    /// <param name="fields">Without those that are empty.</param>
    /// <returns>What is wrong, each with its field; empty if the entry can be stored.</returns>
    public async Task<IReadOnlyList<SettingFault>> Check(
        SettingMatter matter,
        IReadOnlyDictionary<string, string> fields,
        CancellationToken cancellation)
    {
        List<SettingFault> faults =
        [
            .. matter.Fields
                .Where(field => field.IsNeeded && !fields.ContainsKey(field.Name))
                .Select(field => new SettingFault(field.Name, Phrase.Say($"This is needed."))),
        ];
        if (matter.Image is { } image && fields.TryGetValue(image.Name, out var name))
            // Forms name images by their hash, and what they name is checked again.
            faults.AddRange(
                await images.Read(fields.GetValueOrDefault(image.Sha256, ""), cancellation) is not { } content
                    ? [new SettingFault(image.Name, Phrase.Say($"The image has not arrived: choose it again."))]
                : Fault(image, name, content) is { } fault ? [new SettingFault(image.Name, fault)]
                : []);
        if (matter == SettingMatters.Signatories)
            faults.AddRange(CheckSignatory(fields));
        else if (matter == SettingMatters.Letterheads)
            faults.AddRange(CheckLetterhead(fields));
        else if (matter == SettingMatters.Holidays)
            faults.AddRange(CheckHoliday(fields));
        else if (matter == SettingMatters.Phrases && faults.Count == 0)
            faults.AddRange(CheckPhrase(fields[SettingMatters.Language], fields[SettingMatters.Text]));
        return faults;
    }

    /// <summary>What is wrong with an image that is to be stored; null for nothing.</summary>
    public static Phrase? Fault(SettingField field, string name, ReadOnlyMemory<byte> content)
    {
        var file = new UploadedFile(name, content, "");
        return FileNames.FaultsOfFile(name, Location.In(UnsafeCharacters.Briefly(name)))
            .Concat(field.Name == SettingMatters.Signature ? SignatureImage.Check(file) : EmblemImage.Check(file))
            .Select(Words)
            .FirstOrDefault();
    }

    private static IEnumerable<SettingFault> CheckSignatory(IReadOnlyDictionary<string, string> fields)
    {
        var languages = SettingMatters
            .Order.Where(language => fields.ContainsKey(SettingField.In(SettingMatters.Title, language)))
            .ToList();
        if (languages.Count == 0)
            yield return new(
                SettingField.In(SettingMatters.Title, Languages.English),
                Phrase.Say($"The title is needed in one language at least."));
        var named = SettingMatters.Order.Where(language =>
            fields.ContainsKey(SettingField.In(SettingMatters.Name, language)));
        foreach (var language in languages.Union(named).DefaultIfEmpty(Languages.English))
        {
            var signatory = LetterSchema.Signatories.Name;
            var ownName = SettingField.In(SettingMatters.Name, language);
            var read = Read(new()
            {
                [LetterFormFields.Item(signatory, 1, SignatoryKeys.Name.Name)] =
                    fields.GetValueOrDefault(ownName) ?? fields.GetValueOrDefault(SettingMatters.Name, "Name"),
                [LetterFormFields.Item(signatory, 1, SignatoryKeys.Title.Name)] =
                    fields.GetValueOrDefault(SettingField.In(SettingMatters.Title, language), "Title"),
                [LetterFormFields.Item(signatory, 1, SignatoryKeys.Letterhead.Name)] = "Letterhead",
            });
            foreach (var finding in read)
                if (finding.Location.Field == LetterFormFields.Item(signatory, 1, SignatoryKeys.Name.Name))
                    yield return new(fields.ContainsKey(ownName) ? ownName : SettingMatters.Name, Words(finding));
                else if (finding.Location.Field == LetterFormFields.Item(signatory, 1, SignatoryKeys.Title.Name))
                    yield return new(SettingField.In(SettingMatters.Title, language), Words(finding));
        }
    }

    private static IEnumerable<SettingFault> CheckLetterhead(IReadOnlyDictionary<string, string> fields)
    {
        (string Own, LetterKey Key)[] keys =
        [
            (SettingMatters.Letterhead, SenderKeys.Letterhead), (SettingMatters.Address, SenderKeys.Address),
            (SettingMatters.Sender, SenderKeys.Name), (SettingMatters.EmblemText, SenderKeys.EmblemText),
        ];
        if (!SettingMatters.Order.Any(language =>
                fields.ContainsKey(SettingField.In(SettingMatters.Letterhead, language))))
            yield return new(
                SettingField.In(SettingMatters.Letterhead, Languages.English),
                Phrase.Say($"The letterhead is needed in one language at least."));
        foreach (var language in SettingMatters.Order)
        {
            if (!keys.Any(key => fields.ContainsKey(SettingField.In(key.Own, language))))
                continue;
            if (!fields.ContainsKey(SettingField.In(SettingMatters.Letterhead, language)))
                yield return new(
                    SettingField.In(SettingMatters.Letterhead, language),
                    Phrase.Say($"The letterhead is needed in every language that says something of it."));
            // As the sender of a note verbale, which has all of these keys. What is left out gets words that are right,
            // so that only what was typed is found.
            var read = Read(keys.ToDictionary(
                    key => $"{LetterSchema.Sender.Name}.{key.Key.Name}",
                    key => fields.GetValueOrDefault(
                        SettingField.In(key.Own, language),
                        key.Own is SettingMatters.Letterhead or SettingMatters.Sender ? "Office" : ""))
                .Append(KeyValuePair.Create(LetterSchema.Form.Name, "note-verbale"))
                .Append(KeyValuePair.Create($"{LetterSchema.Sender.Name}.{SenderKeys.Emblem.Name}", "emblem.png"))
                .ToDictionary());
            foreach (var finding in read)
                foreach (var (own, key) in keys)
                    if (finding.Location.Field == $"{LetterSchema.Sender.Name}.{key.Name}")
                        yield return new(SettingField.In(own, language), Words(finding));
        }
    }

    private static IEnumerable<SettingFault> CheckHoliday(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.TryGetValue(SettingMatters.Day, out var day) && DeskHolidays.Day(day) is null)
            yield return new(
                SettingMatters.Day,
                Phrase.Say($"“{UnsafeCharacters.Briefly(day)}” is no day: choose one, or write it as 2026-12-25."));
        foreach (var field in (string[])[SettingMatters.Name, SettingMatters.Note])
            if (fields.TryGetValue(field, out var line))
            {
                if (line.Length > LongestLine)
                    yield return new(field, Phrase.Say($"Make it shorter: {LongestLine} characters at most."));
                if (UnsafeCharacters.FirstUnprintable(line) is { } sign)
                    yield return new(field, Phrase.Say($"It holds {UnsafeCharacters.Named(sign)}: type it anew."));
            }
    }

    /// <summary>
    /// Reads and renders a phrase as the text of a letter that has every field, to find fields that no letter has.
    /// </summary>
    private IEnumerable<SettingFault> CheckPhrase(string language, string text)
    {
        if (!Languages.IsOfficial(language))
            return [new(SettingMatters.Language, Phrase.Say($"Choose one of the six languages."))];
        if (text.Length > LongestPhrase)
            return [new(SettingMatters.Text, Phrase.Say($"Make it shorter: {LongestPhrase} characters at most."))];
        var signatory = LetterSchema.Signatories.Name;
        var fields = new Dictionary<string, string>
        {
            [LetterSchema.Language.Name] = language,
            [LetterSchema.Address.Name] = "addressed",
            [LetterFormFields.Item(signatory, 1, SignatoryKeys.Name.Name)] = "Name",
            [LetterFormFields.Item(signatory, 1, SignatoryKeys.Title.Name)] = "Title",
            [LetterFormFields.Item(signatory, 1, SignatoryKeys.Letterhead.Name)] = "Letterhead",
        };
        // A letter calls its deadlines as it likes.
        foreach (var (place, name) in Deadline()
            .Matches(text)
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Take(20)
            .Index())
        {
            fields[LetterFormFields.Item(LetterSchema.Deadlines.Name, place + 1, "name")] = name;
            fields[LetterFormFields.Item(LetterSchema.Deadlines.Name, place + 1, "at") + LetterFormFields.Date] =
                "2018-04-10";
        }

        var reading = ExampleLetter.Read(fields, text);
        // Only what is found in the text itself: the rest of the letter is made up.
        return [.. (reading.Letter is { } letter ? Rendered(letter) : reading.Faults)
            .Where(finding => !finding.IsWarning && finding.Location is { File: ExampleLetter.File, Field: null })
            .Select(finding => new SettingFault(SettingMatters.Text, Words(finding)))];
    }

    private IReadOnlyList<Finding> Rendered(LetterSource letter)
    {
        try
        {
            var content = new byte[1];
            new LetterRenderer(
                letter,
                [
                    .. letter.Enclosures.Select(entry =>
                        Enclosure.Of(new(entry.File, content, Sha256Hex.Of(content)), letter))
                ],
                templates.Load(letter.Template, ExampleLetter.File)).Content(RegisterCsv.Seed().Missions[0]);
            return [];
        }
        catch (LetterFaultException found)
        {
            return found.Faults;
        }
    }

    /// <summary>What is found in a letter that says so.</summary>
    private static IEnumerable<Finding> Read(Dictionary<string, string> fields) =>
        ExampleLetter.Read(fields, "Text.").Faults.Where(finding => finding.Severity != Severity.Note);

    [GeneratedRegex(@"deadlines\.([a-z][a-z0-9_]*)")]
    private static partial Regex Deadline();

    private static Phrase Words(Finding finding) => Phrase.Plain($"{finding.Words} {finding.Remedy}");
}
