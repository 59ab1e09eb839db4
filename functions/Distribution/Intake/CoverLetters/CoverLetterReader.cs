using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Slips;
using static Distribution.Common.Phrase;

namespace Distribution.Intake.CoverLetters;

/// <summary>
/// Takes a cover letter apart: what a letter has as particulars goes there, what every letter has by itself (addressee,
/// close, list of enclosures) is taken off, and the rest is its text.
/// </summary>
internal sealed partial class CoverLetterReader
{
    /// <summary>How many paragraphs may stand before the salutation: letterhead, date, reference, addressee.</summary>
    private const int LongestHead = 60;

    private const int LongestName = 100;

    /// <summary>How many lines may stand below the close of a text that a person typed.</summary>
    private const int LongestEnd = 16;

    private readonly List<string> leftOut;
    private string? place;
    private DateOnly? date;
    private string? reference;
    private string? subject;
    private readonly List<string> letterheads = [];

    private CoverLetterReader(IEnumerable<string> leftOut) => this.leftOut = [.. leftOut];

    public static CoverLetter Read(LetterBlocks document)
    {
        var (salutation, close) = Ends(document.Blocks);
        return new CoverLetterReader(document.LeftOut).Read([.. document.Blocks], salutation, close);
    }

    /// <summary>
    /// A text that a person typed or pasted; what they typed as its text stays as it is. Here a line that only may be a
    /// salutation or a close is taken for the text: nothing says that a whole letter was pasted.
    /// </summary>
    /// <returns>Null if it clearly holds neither salutation nor close: there is nothing to take off.</returns>
    public static CoverLetter? ReadPasted(string text)
    {
        // Word ends a line within a paragraph by a sign of its own.
        var lines = text.ReplaceLineEndings("\n").Replace('\v', '\n').Split('\n');
        var blocks = lines
            .Select(line => (LetterBlock)(string.IsNullOrWhiteSpace(line)
                ? LetterBlock.Paragraph.Blank
                : new LetterBlock.Paragraph(line, line.Trim())))
            .ToList();
        var (salutation, close) = Ends(blocks);
        if (salutation is { } opened
            && !(CoverLetterPhrases.IsClearlySalutation(lines[opened].Trim()) && lines[..opened].All(IsNoSentence)))
            salutation = null;
        if (close is { Block: var closed }
            && !(lines[(closed + 1)..] is var below
                && below.Count(line => !string.IsNullOrWhiteSpace(line)) <= LongestEnd
                && below.TakeWhile(line => !CoverLetterPhrases.IsEnclosureList(line.Trim())).All(IsNoSentence)))
            close = null;
        if (salutation is null && close is null)
            return null;
        var read = new CoverLetterReader([]).Read(blocks, salutation, close);
        // Lines as they were typed, and not what was read from them: nothing else of the text changes.
        var from = salutation is null ? 0 : salutation.Value + 1;
        var kept = lines[from..(close?.Block ?? lines.Length)].ToList();
        if (close is { Place: > 0 } within)
            kept.Add(
                lines[within.Block]
                    [..(lines[within.Block].Length - lines[within.Block].TrimStart().Length + within.Place)]
                    .TrimEnd());
        return read with { Text = Spaced(kept) };
    }

    /// <summary>Whether a line may be one of a letterhead, an address or a signature.</summary>
    private static bool IsNoSentence(string line) =>
        line.Trim() is { Length: <= LongestName } words
        // "A. Lee Jr." ends as a sentence does, and has a capital at each word.
        && (!Sentence().IsMatch(words)
            || words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => char.IsUpper(word[0])));

    /// <summary>Word puts a paragraph on each line, and no blank line between them.</summary>
    private static string Spaced(IReadOnlyList<string> lines)
    {
        var text = string.Join('\n', lines).Trim('\n', '\r', ' ');
        var typed = text.Split('\n');
        return typed.Length > 1
            && !typed.Any(string.IsNullOrWhiteSpace)
            && typed.Count(line => line.Length > 120 || Sentence().IsMatch(line)) * 2 > typed.Length
            // Rows of a table stay together.
            && !typed.Any(line => line.StartsWith('|') || line.Contains('\t'))
            ? string.Join('\n', typed.Index().Select(line =>
                line.Index > 0
                && !(ItemMark.At(line.Item.TrimStart()) is not null
                    && ItemMark.At(typed[line.Index - 1].TrimStart()) is not null)
                    ? $"\n{line.Item}"
                    : line.Item))
            : text;
    }

    /// <summary>Where the salutation stands, and where the close begins.</summary>
    private static (int? Salutation, (int Block, int Place, string Language)? Close) Ends(
        IReadOnlyList<LetterBlock> blocks)
    {
        var opening = blocks
            .Take(LongestHead)
            .Index()
            .Where(one =>
                one.Item is LetterBlock.Paragraph { IsBlank: false, Mark: null } line
                && CoverLetterPhrases.Salutation(line.Plain.Trim()) is not null)
            .ToList();
        // Above it, an addressee may begin with the same words: "Ms. Jane Doe".
        int? salutation = opening is [] ? null
            : opening
                .Where(one =>
                    CoverLetterPhrases.IsClearlySalutation(((LetterBlock.Paragraph)one.Item).Plain.Trim()))
                .Append(opening[0])
                .First()
                .Index;

        // From the end: what closes a letter is the last that reads so.
        for (var index = blocks.Count - 1; index > (salutation ?? -1); index--)
            if (blocks[index] is LetterBlock.Paragraph { IsBlank: false, Mark: null } paragraph
                && CoverLetterPhrases.Close(paragraph.Plain) is var (language, where))
                return (salutation, (index, Math.Max(0, where), language));
        return (salutation, null);
    }

    private CoverLetter Read(
        List<LetterBlock> blocks,
        int? salutationAt,
        (int Block, int Place, string Language)? close)
    {
        var salutation = salutationAt is { } at ? ((LetterBlock.Paragraph)blocks[at]).Plain.Trim() : null;
        var bodyFrom = salutationAt is { } opened ? opened + 1 : EndOfHead(blocks);
        ReadHead(blocks.Take(salutationAt ?? bodyFrom));
        var body = blocks.Take(bodyFrom..(close?.Block ?? blocks.Count)).ToList();
        IReadOnlyList<DocumentSignatory> signatories = [];
        if (close is var (block, where, _))
        {
            var closing = (LetterBlock.Paragraph)blocks[block];
            if (where > 0)
                body.Add(
                    new LetterBlock.Paragraph(
                        TypedRuns.Write(closing.Plain[..where].TrimEnd()),
                        closing.Plain[..where].TrimEnd()));
            signatories = Signatories(blocks.Skip(block + 1));
            leftOut.Add(
                Say($"The close was left out (“{UnsafeCharacters.Briefly(closing.Plain[where..])}”): the letter has its own.")
                    .ForRecord);
        }

        var text = LetterBlockText.Write(WithoutSubject(body));
        var language = (salutation is null ? null : CoverLetterPhrases.Salutation(salutation)) switch
        {
            // “Excellences” and the like begin letters in more than one language.
            { } found when close is null || close.Value.Language == found => found,
            null => close?.Language ?? TextLanguage.Of(text),
            { } found => TextLanguage.Of(text) ?? close?.Language ?? found,
        };
        language = TextLanguage.Of(text) ?? language;
        if (salutation is not null && language is not null && IsUsual(salutation, language))
        {
            leftOut.Add(
                Say($"The salutation was left out (“{UnsafeCharacters.Briefly(salutation)}”): the letter begins with it by itself.")
                    .ForRecord);
            salutation = null;
        }

        return new(
            language,
            place,
            date,
            reference,
            subject,
            salutation,
            text,
            signatories,
            letterheads,
            [.. leftOut.Distinct()],
            salutationAt is not null || close is not null);
    }

    /// <summary>Whether the letter has it by itself, however many it is addressed to.</summary>
    private static bool IsUsual(string salutation, string language) =>
        Enum.GetValues<AddressForm>().All(address =>
            FoldedText.Of(BuiltInWords.Of(language).SalutationTo(address)) == FoldedText.Of(salutation));

    /// <summary>A letter without a salutation: where its date, reference and addressee end.</summary>
    private static int EndOfHead(IReadOnlyList<LetterBlock> blocks)
    {
        var end = 0;
        foreach (var (index, block) in blocks.Take(LongestHead).Index())
            if (block is LetterBlock.Paragraph { IsBlank: false, Mark: null } paragraph)
            {
                if (DateLine(paragraph.Plain) is null
                    && CoverLetterPhrases.Reference(paragraph.Plain) is null
                    && CoverLetterPhrases.Subject(paragraph.Plain) is null)
                    continue;
                end = index + 1;
            }

        return end;
    }

    private void ReadHead(IEnumerable<LetterBlock> head)
    {
        List<string> addressee = [];
        var isAddressee = false;
        foreach (var line in head.SelectMany(Lines))
        {
            if (line.Length == 0)
            {
                isAddressee = false;
                continue;
            }

            if (DateLine(line) is var (day, where) && date is null)
                (date, place, isAddressee) = (day, where is null ? place : InEnglish(where), false);
            else if (CoverLetterPhrases.Reference(line) is { } number)
                reference ??= number;
            else if (CoverLetterPhrases.Subject(line) is { } about)
                subject ??= about;
            // An addressee goes on to the next blank line; what stands first of all is a letterhead, whatever it says.
            else if (isAddressee || CoverLetterPhrases.IsAddressee(line) && (date is not null || letterheads.Count > 0))
            {
                isAddressee = true;
                addressee.Add(line);
            }
            // Behind the date stand the addressees, whoever they are.
            else if (date is not null)
                addressee.Add(line);
            else
                letterheads.Add(line);
        }

        if (addressee.Count > 0)
            leftOut.Add(
                Say($"The addressee was left out (“{UnsafeCharacters.Briefly(string.Join(", ", addressee))}”): the letter prints its own.")
                    .ForRecord);
        if (letterheads.Count > 0)
            leftOut.Add(
                Say($"The letterhead was left out (“{UnsafeCharacters.Briefly(string.Join(", ", letterheads))}”): the letter prints that of each signatory.")
                    .ForRecord);
    }

    /// <summary>A subject may stand under the salutation, too.</summary>
    private IEnumerable<LetterBlock> WithoutSubject(List<LetterBlock> body)
    {
        var first = body.FindIndex(block => block is not LetterBlock.Paragraph { IsBlank: true });
        if (first >= 0
            && body[first] is LetterBlock.Paragraph { Mark: null } line
            && CoverLetterPhrases.Subject(line.Plain) is { } about)
        {
            subject ??= about;
            return body.Skip(first + 1);
        }

        return body;
    }

    private List<DocumentSignatory> Signatories(IEnumerable<LetterBlock> end)
    {
        List<List<string>> groups = [[]];
        foreach (var block in end)
        {
            if (block is LetterBlock.Table table)
            {
                groups.AddRange(Columns(table));
                groups.Add([]);
                continue;
            }

            var lines = Lines(block).ToList();
            if (lines.Exists(CoverLetterPhrases.IsEnclosureList))
            {
                leftOut.Add(
                    Say($"The list of enclosures was left out (“{UnsafeCharacters.Briefly(string.Join(' ', lines))}”): the letter lists its documents by itself.")
                        .ForRecord);
                break;
            }

            if (((LetterBlock.Paragraph)block).Plain is var plain && plain.Contains('\t'))
                AddTabbed(groups, plain);
            else if (lines is [] or [""])
                groups.Add([]);
            else
                groups[^1].AddRange(lines);
        }

        List<DocumentSignatory> found = [];
        foreach (var group in Persons(groups))
        {
            var lines = group.Select(CoverLetterPhrases.WithoutSigned).Where(line => line.Any(char.IsLetter)).ToList();
            if (lines is not [var name, .. var titles])
                continue;
            // Place and date may stand below the names.
            if (DateLine(name) is var (day, where))
            {
                (date, place) = (date ?? day, place ?? (where is null ? null : InEnglish(where)));
                continue;
            }

            // A letter has three signatories at most.
            if (CoverLetterPhrases.IsAddressee(name) || name.Length > LongestName || found.Count == 3)
            {
                leftOut.Add(
                    Say($"What stands below the close was left out (“{UnsafeCharacters.Briefly(string.Join(", ", lines))}”): it names no signatory.")
                        .ForRecord);
                continue;
            }

            found.Add(new(name.TrimEnd(','), string.Join(", ", titles.Select(title => title.TrimEnd(',')))));
        }

        return found;
    }

    /// <summary>Each column of a table is one person, however many rows they take.</summary>
    private static IEnumerable<List<string>> Columns(LetterBlock.Table table)
    {
        for (var column = 0; column < table.Rows.Max(row => (int?)row.Count); column++)
            yield return
            [
                .. table.Rows
                    .Where(row => column < row.Count)
                    .SelectMany(row => row[column])
                    .SelectMany(Lines),
            ];
    }

    private static void AddTabbed(List<List<string>> groups, string plain)
    {
        var columns = plain.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The lines above were columns as well: a name, and the title under it.
        var isNew = groups is not [.., { Count: > 0 }]
            || groups.Count < columns.Length
            || groups.TakeLast(columns.Length).Any(group => group.Count == 0);
        if (isNew)
            groups.AddRange(columns.Select(column => new List<string> { column }));
        else
            foreach (var (column, words) in columns.Index())
                groups[groups.Count - columns.Length + column].Add(words);
    }

    /// <summary>
    /// The lines of each person. Blank lines stand between persons, or between a name and its title: a group that
    /// begins with a title belongs to the name above it, and a name after titles begins a person.
    /// </summary>
    private static IEnumerable<List<string>> Persons(IEnumerable<List<string>> groups)
    {
        List<List<string>> persons = [];
        foreach (
            var group in groups
                .Select(lines => lines.Where(line => line.Length > 0).ToList())
                .Where(lines => lines.Count > 0))
        {
            if (persons is [.., { Count: 1 } name]
                && !CoverLetterPhrases.IsTitle(name[0])
                && CoverLetterPhrases.IsTitle(group[0]))
                name.AddRange(group);
            else
                foreach (var (index, line) in group.Index())
                    if (index == 0
                        || (!CoverLetterPhrases.IsTitle(line)
                            && index + 1 < group.Count
                            && CoverLetterPhrases.IsTitle(group[index + 1])
                            && CoverLetterPhrases.IsTitle(group[index - 1])))
                        persons.Add([line]);
                    else
                        persons[^1].Add(line);
        }

        return persons;
    }

    private static IEnumerable<string> Lines(LetterBlock block) => block switch
    {
        LetterBlock.Paragraph paragraph => paragraph.Plain.Split('\n').Select(line => line.Replace('\t', ' ').Trim()),
        LetterBlock.Table table => table.Rows.SelectMany(row => row).SelectMany(cell => cell).SelectMany(Lines),
        _ => [],
    };

    /// <summary>A line that holds nothing but a date, and the place before or behind it.</summary>
    private static (DateOnly Day, string? Place)? DateLine(string line)
    {
        if (line.Length > 80)
            return null;
        var folded = new FoldedText(line);
        if (DatesInText.In(folded) is not [{ Year: { } year } found]
            || found.In(new(year, 1, 1)) is not [var day])
            return null;
        var before = Where(found.Place == 0 ? "" : folded.Original(0, found.Place));
        var end = found.Place + found.Length;
        var after = Where(end >= folded.Text.Length ? "" : folded.Original(end, folded.Text.Length - end));
        return (before, after) switch
        {
            ("", "") => (day, null),
            ({ Length: <= 40 } where, "") when !where.Any(char.IsDigit) && where.Split(' ').Length <= 4 => (day, where),
            ("", { Length: <= 40 } where) when !where.Any(char.IsDigit) && where.Split(' ').Length <= 4 => (day, where),
            _ => null,
        };
    }

    private static string InEnglish(string where) =>
        Languages.Official
            .Select(language => BuiltInWords.Of(language).InEnglish(where))
            .FirstOrDefault(known => known is not null) ?? where;

    private static string Where(string beside) =>
        Joints().Replace(beside, "").Trim(' ', ',', '،', '，', '.', ':', '：', '\u00A0');

    /// <summary>What stands between a place and a date, or belongs to the date.</summary>
    [GeneratedRegex(@"^\s*(?:date|года|г\.)\b[\s:.]*|[\s,]+(?:the|le|el|on|в)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Joints();

    [GeneratedRegex(@"[.!?。！？؟]['”»"")\]]*\s*$")]
    private static partial Regex Sentence();
}
