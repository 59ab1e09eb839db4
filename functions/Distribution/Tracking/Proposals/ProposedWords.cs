using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;

namespace Distribution.Tracking.Proposals;

/// <summary>How pages and mails for missions call what is proposed.</summary>
internal static class ProposedWords
{
    /// <param name="column">One of <see cref="MissionRow.Editable"/>.</param>
    public static string Label(PageWords words, string column) =>
        words[
            column switch
            {
                RegisterColumns.To => "proposal_to",
                RegisterColumns.Cc => "proposal_cc",
                RegisterColumns.Language => "proposal_language",
                RegisterColumns.AlternateLanguage => "proposal_other_language",
                RegisterColumns.HeadOfMission => "proposal_head",
                RegisterColumns.FormOfAddress => "proposal_form_of_address",
                RegisterColumns.HeadTitle => "proposal_head_title",
                _ => throw new ArgumentOutOfRangeException(nameof(column), column, null),
            }];

    /// <summary>What a cell of the register holds: a language by its own name, mailboxes as people read them.</summary>
    public static string Value(PageWords words, string column, string cell) =>
        cell.Length == 0 ? words["proposal_none"]
        : column is RegisterColumns.Language or RegisterColumns.AlternateLanguage && Languages.IsOfficial(cell)
            ? PageWords.Of(cell)["language"]
        : column is RegisterColumns.To or RegisterColumns.Cc
            ? string.Join("; ", Addresses(cell).Select(EmailAddresses.Shown))
        : cell;

    /// <summary>
    /// What a cell is to hold, where the register has something that is to stand there no more; else null.
    /// </summary>
    public static string? Removal(PageWords words, ProposedCell cell) =>
        (cell.Column, cell) switch
        {
            (RegisterColumns.Cc, { Before: not "", After: "" }) => words["proposal_cc_removed"],
            (RegisterColumns.HeadOfMission, { Before: not "", After: "" }) => words["proposal_head_removed"],
            _ => null,
        };

    /// <summary>
    /// What a cell is to hold: a removal in a sentence, so that nobody takes it for a field left empty.
    /// </summary>
    public static string Proposed(PageWords words, ProposedCell cell) =>
        Removal(words, cell) ?? Value(words, cell.Column, cell.After);

    /// <summary>
    /// The same for readers who need not know the mission's mailboxes: only the first character and the domain of each.
    /// </summary>
    public static string Shown(PageWords words, string column, string cell) =>
        column is RegisterColumns.To or RegisterColumns.Cc && cell.Length > 0
            ? string.Join("; ", Addresses(cell).Select(Masked))
            : Value(words, column, cell);

    /// <summary><c>o…@mission.example</c>, as <see cref="EmailAddresses.Shown"/> has it.</summary>
    public static string Masked(string address) =>
        address.LastIndexOf('@') is > 0 and var end ? EmailAddresses.Shown($"{address[0]}…{address[end..]}") : "…";

    /// <summary>The addresses in a cell of the register in use.</summary>
    public static IReadOnlyList<string> Addresses(string cell) =>
        [.. MailboxCell.Read(cell, Location.InWords("")).Select(entry => entry.Address).OfType<string>()];
}
