using System.Globalization;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Missions;

/// <summary>
/// What was typed on the page on which a mission proposes a change. An empty field changes nothing, since the page does
/// not show what stands there now; what is to stand there no more is ticked.
/// </summary>
/// <param name="Fields">By column of the register.</param>
internal sealed record ProposalForm(string Name, string Function, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The columns that the form has fields for, in their order. Each is the name of its field.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        RegisterColumns.To,
        RegisterColumns.Cc,
        RegisterColumns.Language,
        RegisterColumns.HeadOfMission,
        RegisterColumns.FormOfAddress,
        RegisterColumns.HeadTitle,
    ];

    /// <summary>The columns that can be emptied: a mission need not have copies, nor a head at every moment.</summary>
    public static readonly IReadOnlyList<string> Removable = [RegisterColumns.Cc, RegisterColumns.HeadOfMission];

    public const string NameField = "name";

    public const string FunctionField = "function";

    /// <summary>In characters: the longest that a field takes.</summary>
    public const int LongestField = 1_000;

    /// <summary>In each of the two fields.</summary>
    public const int MostMailboxes = 5;

    /// <summary>What is wrong, by field; empty for nothing.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    /// <summary>Of <see cref="Removable"/>, those of which nothing is to stand in the register any more.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    public static ProposalForm Empty { get; } = new("", "", Columns.ToDictionary(column => column, _ => ""));

    public bool IsSound => Problems.Count == 0;

    /// <summary>The name of the box that is ticked for a column of <see cref="Removable"/>.</summary>
    public static string RemovedField(string column) => $"{column}-removed";

    /// <summary>What the fields change in a mission's row.</summary>
    public IReadOnlyList<ProposedCell> Cells(MissionRow row)
    {
        var wanted = new Dictionary<string, string>();
        var (to, cc) = (ProposedWords.Addresses(Fields[RegisterColumns.To]), ProposedWords.Addresses(Fields[RegisterColumns.Cc]));
        if (to.Count > 0)
        {
            wanted[RegisterColumns.To] = string.Join("; ", to);
            // Who moves a mailbox from the one field to the other need not write the rest of the other again.
            if (cc.Count == 0)
                cc = [.. ProposedWords.Addresses(row.Cells[RegisterColumns.Cc]).Except(to, StringComparer.OrdinalIgnoreCase)];
        }

        if (Removed.Contains(RegisterColumns.Cc))
            wanted[RegisterColumns.Cc] = "";
        else if (cc.Count > 0 || to.Count > 0)
            wanted[RegisterColumns.Cc] = string.Join("; ", cc);
        if (Fields[RegisterColumns.Language] is { Length: > 0 } language)
        {
            wanted[RegisterColumns.Language] = language;
            if (string.Equals(language, row.Cells[RegisterColumns.AlternateLanguage], StringComparison.OrdinalIgnoreCase))
                wanted[RegisterColumns.AlternateLanguage] = "";
        }

        // The form of address is the name's: what stood before the last one is not put before another, or before none.
        if (Removed.Contains(RegisterColumns.HeadOfMission))
            wanted[RegisterColumns.HeadOfMission] = wanted[RegisterColumns.FormOfAddress] = "";
        else if (Fields[RegisterColumns.HeadOfMission] is { Length: > 0 } head)
        {
            wanted[RegisterColumns.HeadOfMission] = head;
            wanted[RegisterColumns.FormOfAddress] = Fields[RegisterColumns.FormOfAddress];
        }
        else if (Fields[RegisterColumns.FormOfAddress] is { Length: > 0 } form)
            wanted[RegisterColumns.FormOfAddress] = form;
        if (Fields[RegisterColumns.HeadTitle] is { Length: > 0 } title)
            wanted[RegisterColumns.HeadTitle] = title;
        return
        [
            .. MissionRow.Editable.Where(column => wanted.TryGetValue(column, out var cell) && !IsSame(column, row.Cells[column], cell))
                .Select(column => new ProposedCell(column, row.Cells[column], wanted[column])),
        ];
    }

    /// <summary>The mailboxes of what is proposed that the mission does not have yet.</summary>
    public static IReadOnlyList<string> NewMailboxes(IReadOnlyList<ProposedCell> cells, MissionRow row) =>
        [
            .. cells.Where(cell => IsMailboxes(cell.Column))
                .SelectMany(cell => ProposedWords.Addresses(cell.After))
                .Except(Mailboxes(row), StringComparer.OrdinalIgnoreCase),
        ];

    public static IEnumerable<string> Mailboxes(MissionRow row) =>
        ProposedWords.Addresses(row.Cells[RegisterColumns.To]).Concat(ProposedWords.Addresses(row.Cells[RegisterColumns.Cc]));

    /// <summary>Checks what was typed, as far as no other mission is needed for it.</summary>
    /// <param name="row">As the register has the mission.</param>
    /// <param name="words">Those of the letter's pages, by key.</param>
    public static ProposalForm Check(
        ProposalForm typed,
        MissionRow row,
        IReadOnlyDictionary<string, string> words,
        PageWords pageWords)
    {
        var form = typed with
        {
            Name = typed.Name.Trim(),
            Function = typed.Function.Trim(),
            Fields = Columns.ToDictionary(
                column => column,
                column => IsMailboxes(column)
                    ? string.Concat(typed.Fields[column].ReplaceLineEndings(" ").Select(Comma)).Trim()
                    : typed.Fields[column].Trim()),
            Removed = [.. Removable.Where(typed.Removed.Contains)],
        };
        var problems = new Dictionary<string, string>();
        foreach (var column in Columns)
            Add(column, IsMailboxes(column) ? Mailboxes(form.Fields[column]) : Text(column, form.Fields[column]));
        foreach (var column in form.Removed)
            if (form.Fields[column] is not ""
                || (column == RegisterColumns.HeadOfMission && form.Fields[RegisterColumns.FormOfAddress] is not ""))
                Add(column, pageWords["proposal_either"]);
        Add(NameField, TypedText.ProblemOfName(form.Name, words, pageWords));
        Add(FunctionField, TypedText.Problem(form.Function, words, pageWords));
        if (problems.Count == 0 && IsTwice(form, row))
            Add(form.Fields[RegisterColumns.To] is "" ? RegisterColumns.Cc : RegisterColumns.To, pageWords["proposal_twice"]);
        return form with { Problems = problems };

        void Add(string field, string? problem)
        {
            if (problem is not null)
                problems.TryAdd(field, problem);
        }

        string? Text(string column, string text) =>
            column == RegisterColumns.Language
                ? text.Length == 0 || Languages.IsOfficial(text) ? null : pageWords["proposal_text_wrong"]
                : TypedText.Problem(text, words, pageWords);

        string? Mailboxes(string cell)
        {
            if (cell.Length > LongestField)
                return pageWords.Fill("proposal_many", ("most", Number(MostMailboxes)));
            if (MailboxCell.FirstWrong(cell) is { } wrong)
                return pageWords.Fill("proposal_mailbox_wrong", ("typed", Isolated.Text(UnsafeCharacters.Briefly(wrong))));
            return ProposedWords.Addresses(cell).Count > MostMailboxes
                ? pageWords.Fill("proposal_many", ("most", Number(MostMailboxes)))
                : null;
        }
    }

    /// <summary>With what the register itself finds wrong in its row.</summary>
    public ProposalForm With(IReadOnlyList<Finding> faults, PageWords pageWords)
    {
        var problems = new Dictionary<string, string>();
        foreach (var fault in faults.Where(fault => !fault.IsWarning))
            problems.TryAdd(
                Columns.Contains(fault.Location.Field) ? fault.Location.Field! : RegisterColumns.To,
                pageWords["proposal_text_wrong"]);
        return this with { Problems = problems };
    }

    /// <summary>The commas and semicolons of Arabic and Chinese as the register has them.</summary>
    private static char Comma(char letter) => letter is '،' or '؛' or '，' or '；' or '、' ? ',' : letter;

    public static bool IsMailboxes(string column) => column is RegisterColumns.To or RegisterColumns.Cc;

    private static bool IsTwice(ProposalForm form, MissionRow row)
    {
        // A copy is also one of a mailbox that letters go to already.
        var all = ProposedWords.Addresses(form.Fields[RegisterColumns.To] is { Length: > 0 } to ? to : row.Cells[RegisterColumns.To])
            .Concat(ProposedWords.Addresses(form.Fields[RegisterColumns.Cc]))
            .ToList();
        return all.Distinct(StringComparer.OrdinalIgnoreCase).Count() < all.Count;
    }

    /// <summary>Mailboxes are the same in any order and however they are set apart.</summary>
    private static bool IsSame(string column, string before, string after) =>
        IsMailboxes(column)
            ? ProposedWords.Addresses(before).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(ProposedWords.Addresses(after))
            : before == after;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
