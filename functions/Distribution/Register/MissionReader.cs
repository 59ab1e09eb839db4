using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Parses the missions of one register file row by row and collects every fault it finds.</summary>
internal sealed partial class MissionReader(string fileName, RegisterColumns columns)
{
    private readonly List<Finding> faults = [];
    private readonly CellFindings cells = new();
    private readonly RepeatedMissions repeated = new();
    private readonly Dictionary<string, int> rowsById = [];
    private readonly Dictionary<string, (int Row, Location Place)> codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(Location Place, string Word)> groups = [];
    private readonly Dictionary<string, (int Row, string Mission)> owners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// All that was found so far, in the order of the rows. If a cell holds something other than text, only that is
    /// reported of it.
    /// </summary>
    public IReadOnlyList<Finding> Found =>
    [
        .. faults.Where(fault => !cells.HasFault(fault.Location))
            .Concat(cells.All)
            .Concat(repeated.Missions is [] ? [] : [RegisterFaults.SameMissionTwice(fileName, repeated.Missions)])
            .Concat(repeated.Texts is [] ? [] : [RegisterFaults.SameTextTwice(fileName, repeated.Texts)])
            .Concat(
                groups.Where(group => rowsById.ContainsKey(group.Word))
                    .Select(group => RegisterFaults.GroupIsAMission(group.Place, group.Word)))
            .Concat(CodesOfOthers())
            // Stable: what is about the whole file comes first, and within a row the order of these lists stays.
            .OrderBy(fault => fault.Location.Line ?? 0),
    ];

    /// <returns>
    /// The mission with the index of its group in <see cref="ProtocolOrder.Groups"/>; the mission is null if the row
    /// lacks what every mission needs. A row that is only doubtful, or whose texts should not be printed, has one.
    /// </returns>
    public (int Group, Mission? Mission) Read(RegisterRow row)
    {
        if (row.Cells.Where(cell => !string.IsNullOrWhiteSpace(cell)).ToList() is [var only])
        {
            faults.Add(RegisterFaults.LoneCell(Location.In(fileName, row.Number), only.Trim()));
            return (ProtocolOrder.Groups.Count, null);
        }

        var before = faults.Count;
        CheckText(row);

        var id = Id(row);
        var group = Group(row);
        var name = Needed(row, RegisterColumns.Name, "a name");
        var title = Needed(row, RegisterColumns.Title, "a title");
        var headTitle = Needed(row, RegisterColumns.HeadTitle, "the title its head has");
        var head = Head(row);
        var language = Needed(row, RegisterColumns.Language, "a language") is { Length: > 0 } code
            ? Language(row, RegisterColumns.Language, code)
            : null;
        var alternate = Alternate(row, language);
        var official = OfficialLanguages(row);
        var mailboxes = Mailboxes(row, name);
        var names = InLanguages(row, name, RegisterColumns.NameIn);
        var (telephone, shortCode, memberships) = (Telephone(row), Code(row), Groups(row));
        // The same row once more is told as that.
        if (rowsById.GetValueOrDefault(id) == row.Number)
            CompareWithOthers(row, names, title, head);

        // What is collected in the cells is not asked here: an earlier version, which had no such rules, may have put
        // the row into use, and its missions stay in use.
        return faults.Skip(before).All(fault => fault.IsWarning)
            ? (group, new Mission(
                id,
                ProtocolOrder.KindOf(group),
                names,
                InLanguages(row, title, RegisterColumns.TitleIn),
                headTitle,
                head,
                // Not null here: without a language the row has a fault.
                language!,
                alternate,
                official,
                mailboxes)
            {
                Telephone = telephone,
                Code = shortCode,
                Groups = memberships,
            })
            : (group, null);
    }

    [GeneratedRegex(@"^[0-9+()/. ,;x\-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex TelephoneSigns { get; }

    private const int LongestCode = 4;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex WellFormedId { get; }

    private Location Place(RegisterRow row, string column) => Location.In(fileName, row.Number, column);

    private void CheckText(RegisterRow row)
    {
        faults.AddRange(
            columns.Strays(row).Select(stray => RegisterFaults.CellWithoutColumn(Place(row, stray.Letters), stray.Text))
        );
        foreach (
            var column in columns.Present.Where(column => column is not (RegisterColumns.To or RegisterColumns.Cc)))
        {
            // The text as it was typed: cleaning takes out the very signs that are looked for.
            var typed = columns.Typed(row, column);
            if (typed.Length > 0)
                CheckText(Place(row, column), column, typed);
        }
    }

    private void CheckText(Location place, string column, string typed)
    {
        var before = faults.Count;
        var isPrinted = RegisterColumns.IsPrinted(column);
        var text = SpreadsheetCell.Clean(typed, out _);
        if (typed.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
            faults.Add(RegisterFaults.UnprintableCharacter(place));
        if (typed.Contains('\uFFFD'))
            faults.Add(RegisterFaults.LostLetter(place));
        if (text.Length > RegisterCsv.LongestText)
            faults.Add(RegisterFaults.RegisterTextTooLong(place, text.Length, RegisterCsv.LongestText));
        if (SpreadsheetCell.IsError(text))
            cells.AddFault(RegisterFaults.SpreadsheetError, place, text);
        // Also in columns that are not printed. There no other sign is asked for: a telephone number begins with + as
        // well.
        else if (text.StartsWith('='))
            cells.AddFault(RegisterFaults.Formula, place, text);
        else if (isPrinted && Unsuitable(text) is { } fault)
            cells.AddFault(fault, place, text);
        else if (isPrinted && faults.Count == before)
            CheckDoubts(place, column, typed, text);
    }

    /// <summary>
    /// The fault of a cell that should hold a name or a title and holds something else; null if it may be one.
    /// </summary>
    private static Func<FoundCells, Finding>? Unsuitable(string text) =>
        text.EnumerateRunes().Any(UnsafeCharacters.IsTurning) ? RegisterFaults.TurnsDirection
        : SpreadsheetCell.IsPlaceholder(text) ? RegisterFaults.Placeholder
        : SpreadsheetCell.IsFormula(text) ? RegisterFaults.Formula
        : SpreadsheetCell.IsDate(text) ? RegisterFaults.DateForText
        : SpreadsheetCell.IsNumber(text) ? RegisterFaults.NumberForText
        : SpreadsheetCell.IsTruthValue(text) ? RegisterFaults.TruthValueForText
        : null;

    /// <summary>Finds what a person should look at before letters print it.</summary>
    private void CheckDoubts(Location place, string column, string typed, string text)
    {
        SpreadsheetCell.Clean(typed, out var hadInvisible);
        if (hadInvisible)
            cells.AddDoubt(RegisterFaults.InvisibleSigns, place, text);
        if (DoubtfulText.IsMisread(typed) || DoubtfulText.HasMarkup(typed))
            cells.AddDoubt(RegisterFaults.Misread, place, text);
        else if (DoubtfulText.HasQuestionMark(text))
            cells.AddDoubt(RegisterFaults.QuestionMark, place, text);
        else if (DoubtfulText.MixedWord(text) is { } mixed)
            cells.AddDoubt(RegisterFaults.MixedScripts, place, $"{mixed.Word} ({mixed.Scripts})");
        if (IsInAnotherColumn(column, text))
            cells.AddDoubt(RegisterFaults.AnotherColumn, place, text);
    }

    private static bool IsInAnotherColumn(string column, string text) =>
        DoubtfulText.HasAddress(text)
        // A head is written as the mission writes it, in whatever script.
        || (column != RegisterColumns.HeadOfMission
            && column != RegisterColumns.FormOfAddress
            && DoubtfulText.IsOfAnotherScript(text, RegisterColumns.LanguageOf(column)))
        || column switch
        {
            RegisterColumns.Name or RegisterColumns.HeadTitle or RegisterColumns.HeadOfMission =>
                DoubtfulText.IsTitle(text),
            RegisterColumns.Title or RegisterColumns.FormOfAddress => DoubtfulText.IsHeadTitle(text),
            _ => false,
        }
        || (column == RegisterColumns.HeadOfMission && DoubtfulText.IsFormOfAddress(text))
        || (column == RegisterColumns.Name && DoubtfulText.IsHeadTitle(text));

    private void CompareWithOthers(
        RegisterRow row,
        Dictionary<string, string> names,
        string title,
        HeadOfMission? head)
    {
        // A “0” that was copied down is one fault, and not one State in two hundred rows.
        if (!cells.HasFault(Place(row, RegisterColumns.Name)))
            repeated.AddNames(row.Number, names);
        foreach (
            var (column, text) in new[]
            {
                (RegisterColumns.Title, title),
                (RegisterColumns.HeadOfMission, head?.Name)
            })
            if (text is { Length: > 0 } && !cells.HasFault(Place(row, column)))
                repeated.AddText(row.Number, column, text);
    }

    private string Needed(RegisterRow row, string column, string what)
    {
        var text = columns.Cell(row, column);
        if (text.Length == 0)
            faults.Add(RegisterFaults.EmptyRegisterCell(Place(row, column), what));
        return text;
    }

    private string Id(RegisterRow row)
    {
        var id = Needed(row, RegisterColumns.Mission, "a short name of its own");
        if (id.Length == 0)
            return id;
        // The words for all of a kind are nobody's short name: an audience would not say which is meant.
        if (id.Length > 64 || !WellFormedId.IsMatch(id) || Audience.Kinds.Contains(id))
            faults.Add(RegisterFaults.BadMissionId(Place(row, RegisterColumns.Mission), id));
        else if (!rowsById.TryAdd(id, row.Number))
            faults.Add(RegisterFaults.RepeatedMission(Place(row, RegisterColumns.Mission), id, rowsById[id]));
        return id;
    }

    private int Group(RegisterRow row)
    {
        var kind = Needed(row, RegisterColumns.Kind, "a kind");
        for (var group = 0; group < ProtocolOrder.Groups.Count; group++)
        {
            if (ProtocolOrder.Groups[group].Equals(kind, StringComparison.OrdinalIgnoreCase))
                return group;
        }

        if (kind.Length > 0)
            faults.Add(
                RegisterFaults.UnknownMissionKind(
                    Place(row, RegisterColumns.Kind),
                    kind,
                    DidYouMean.Of(kind, ProtocolOrder.Groups),
                    ProtocolOrder.Groups));
        return ProtocolOrder.Groups.Count;
    }

    private HeadOfMission? Head(RegisterRow row)
    {
        var name = columns.Cell(row, RegisterColumns.HeadOfMission);
        var form = columns.Cell(row, RegisterColumns.FormOfAddress);
        if (name.Length == 0 && form.Length > 0)
            faults.Add(RegisterFaults.FormOfAddressWithoutHead(Place(row, RegisterColumns.FormOfAddress)));
        if (form.Length > 0 && DoubtfulText.BeginsWithFormOfAddress(name))
            cells.AddDoubt(RegisterFaults.FormOfAddressTwice, Place(row, RegisterColumns.HeadOfMission), name);
        return name.Length == 0 ? null : new(name, form.Length == 0 ? null : form);
    }

    private string? Telephone(RegisterRow row)
    {
        var typed = columns.Cell(row, RegisterColumns.Telephone);
        if (typed.Length == 0)
            return null;
        // As extensions are written: 555-0123 ext. 12.
        var plain = typed.Replace("ext", "x", StringComparison.OrdinalIgnoreCase);
        if (!TelephoneSigns.IsMatch(plain) || plain.Count(char.IsAsciiDigit) is < 5 or > 60)
            cells.AddFault(RegisterFaults.BadTelephone, Place(row, RegisterColumns.Telephone), typed);
        return typed;
    }

    private string? Code(RegisterRow row)
    {
        var typed = columns.Cell(row, RegisterColumns.Code);
        if (typed.Length == 0)
            return null;
        var place = Place(row, RegisterColumns.Code);
        if (typed.Length > LongestCode || !typed.All(char.IsLetterOrDigit))
            cells.AddFault(RegisterFaults.BadCode, place, typed);
        else if (!codes.TryAdd(typed, (row.Number, place)))
            faults.Add(RegisterFaults.RepeatedCode(place, typed, codes[typed].Row));
        return typed;
    }

    /// <summary>
    /// Codes that are the short name of another mission, which has it for a code where it has none of its own.
    /// </summary>
    private IEnumerable<Finding> CodesOfOthers() =>
        from code in codes
        let other = rowsById.GetValueOrDefault(code.Key.ToLowerInvariant(), code.Value.Row)
        where other != code.Value.Row && codes.Values.All(own => own.Row != other)
        select RegisterFaults.RepeatedCode(code.Value.Place, code.Key, other);

    private List<string>? Groups(RegisterRow row)
    {
        var place = Place(row, RegisterColumns.Groups);
        List<string> words =
        [
            .. columns.Cell(row, RegisterColumns.Groups)
                .Split((char[])[' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.ToLowerInvariant())
                .Distinct(),
        ];
        foreach (var word in words)
            // In an audience, “not” leaves out what follows it.
            if (word.Length > 64 || !WellFormedId.IsMatch(word) || word is "not" || Audience.Kinds.Contains(word))
                cells.AddFault(RegisterFaults.BadGroup, place, word);
            else
                groups.Add((place, word));
        return words is [] ? null : words;
    }

    private string? Language(RegisterRow row, string column, string typed)
    {
        var code = typed.ToLowerInvariant();
        if (Languages.IsOfficial(code))
            return code;

        faults.Add(RegisterFaults.UnknownMissionLanguage(Place(row, column), typed));
        return null;
    }

    private string? Alternate(RegisterRow row, string? language)
    {
        var typed = columns.Cell(row, RegisterColumns.AlternateLanguage);
        var alternate = typed.Length == 0 ? null : Language(row, RegisterColumns.AlternateLanguage, typed);
        if (alternate is not null && alternate == language)
            faults.Add(
                RegisterFaults.AlternateLanguageIsTheLanguage(Place(row, RegisterColumns.AlternateLanguage), alternate)
            );
        return alternate;
    }

    private IReadOnlyList<string> OfficialLanguages(RegisterRow row) =>
        [.. columns.Cell(row, RegisterColumns.OfficialLanguages)
            .Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries)
            .Select(typed => Language(row, RegisterColumns.OfficialLanguages, typed))
            .OfType<string>()
            .Distinct()];

    private IReadOnlyList<Mailbox> Mailboxes(RegisterRow row, string mission)
    {
        var mailboxes = new List<Mailbox>();
        foreach (
            var (column, field) in new[]
            {
                (RegisterColumns.To, MailboxField.To),
                (RegisterColumns.Cc, MailboxField.Cc),
            })
        {
            var place = Place(row, column);
            var entries = MailboxCell.Read(columns.Cell(row, column), place).ToList();
            if (field is MailboxField.To && entries is [])
                faults.Add(RegisterFaults.MissionWithoutMailbox(place));
            foreach (var (address, fault) in entries)
            {
                // An earlier version took such addresses, and its register stays in use.
                if (address is not null && EmailAddresses.IsDoubtful(address))
                    cells.AddFault(RegisterFaults.DoubtfulAddress, place, EmailAddresses.Shown(address));
                if (address is null)
                    faults.Add(fault!);
                else if (mailboxes.Exists(mailbox =>
                    mailbox.Address.Equals(address, StringComparison.OrdinalIgnoreCase)))
                    faults.Add(RegisterFaults.RepeatedAddress(place, address));
                else
                {
                    if (!owners.TryAdd(address, (row.Number, mission)))
                        faults.Add(
                            RegisterFaults.AddressOfTwoMissions(
                                place,
                                address,
                                owners[address].Row,
                                owners[address].Mission));
                    mailboxes.Add(new(address, field));
                }
            }
        }

        return mailboxes;
    }

    private Dictionary<string, string> InLanguages(RegisterRow row, string english, Func<string, string> column)
    {
        var texts = new Dictionary<string, string> { [Languages.English] = english };
        foreach (var language in RegisterColumns.Translations)
        {
            if (columns.Cell(row, column(language)) is { Length: > 0 } text)
                texts[language] = text;
        }

        return texts;
    }
}
