using Distribution.Common;

namespace Distribution.Register;

/// <summary>How a mission's particulars differ between two registers or rosters, in words.</summary>
internal static class MissionDifference
{
    /// <returns>Each difference, such as <c>To: a@x.example became b@x.example</c>, without a full stop.</returns>
    public static IReadOnlyList<string> Between(Mission before, Mission after)
    {
        return
        [
            .. Changed("Name", before.Name, after.Name),
            .. Changed("Title", before.Title, after.Title),
            .. Changed("Head of mission", Head(before), Head(after)),
            .. Changed("To", Boxes(before, MailboxField.To), Boxes(after, MailboxField.To)),
            .. Changed("Copy", Boxes(before, MailboxField.Cc), Boxes(after, MailboxField.Cc)),
            .. Changed("Language", LanguageOf(before.Language), LanguageOf(after.Language)),
            .. Changed("Other language", LanguageOf(before.AlternateLanguage), LanguageOf(after.AlternateLanguage)),
            .. Changed("Telephone", before.Telephone ?? "", after.Telephone ?? ""),
        ];

        static string[] Changed(string what, string before, string after) =>
            before == after ? [] : [$"{what}: {(before.Length == 0 ? "none" : before)} became {(after.Length == 0 ? "none" : after)}"];

        static string Boxes(Mission mission, MailboxField field) =>
            EnglishText.Listed(mission.Mailboxes.Where(mailbox => mailbox.Field == field).Select(mailbox => mailbox.Address));

        static string LanguageOf(string? code) => code is null ? "" : Languages.EnglishName(code);

        static string Head(Mission mission) =>
            mission.Head is { } head ? $"{head.FormOfAddress} {head.Name}, {mission.HeadTitle}".Trim() : mission.HeadTitle;
    }
}
