using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>Parses the missions of one register file row by row and collects every fault it finds.</summary>
internal sealed partial class MissionReader(string fileName, RegisterColumns columns)
{
    private readonly List<Finding> faults = [];
    private readonly Dictionary<string, int> rowsById = [];
    private readonly Dictionary<string, (int Row, string Mission)> owners = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Finding> Found => faults;

    /// <returns>
    /// The mission with the index of its group in <see cref="ProtocolOrder.Groups"/>; the mission is null if the row
    /// has a fault that is not a warning.
    /// </returns>
    public (int Group, Mission? Mission) Read(RegisterRow row)
    {
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

        return faults.Skip(before).All(fault => fault.IsWarning)
            ? (group, new Mission(
                id,
                ProtocolOrder.KindOf(group),
                InLanguages(row, name, RegisterColumns.NameIn),
                InLanguages(row, title, RegisterColumns.TitleIn),
                headTitle,
                head,
                language!,
                alternate,
                official,
                mailboxes))
            : (group, null);
    }

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
            var text = columns.Cell(row, column);
            if (text.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
                faults.Add(RegisterFaults.UnprintableCharacter(Place(row, column)));
            if (text.Contains('\uFFFD'))
                faults.Add(RegisterFaults.LostLetter(Place(row, column)));
            if (text.Length > RegisterCsv.LongestText)
                faults.Add(
                    RegisterFaults.RegisterTextTooLong(Place(row, column), text.Length, RegisterCsv.LongestText));
        }
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
        return name.Length == 0 ? null : new(name, form.Length == 0 ? null : form);
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
                if (address is null)
                    faults.Add(fault!);
                else if (mailboxes.Exists(mailbox => mailbox.Address.Equals(address, StringComparison.OrdinalIgnoreCase)))
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
