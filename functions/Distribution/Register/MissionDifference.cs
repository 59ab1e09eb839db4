using Distribution.Common;

namespace Distribution.Register;

/// <summary>How one of a mission's particulars differs between two registers or rosters.</summary>
/// <param name="What">The particular: <c>To</c>, <c>Head of mission</c>.</param>
/// <param name="Before">Empty for none.</param>
/// <param name="After">Empty for none.</param>
internal sealed record ParticularDifference(string What, string Before, string After)
{
    /// <summary>Such as <c>To: a@x.example became b@x.example</c>, without a full stop.</summary>
    public string Words => $"{What}: {Shown(Before)} became {Shown(After)}";

    /// <summary>Whether this takes back what another one brought.</summary>
    public bool TakesBack(ParticularDifference earlier) =>
        What == earlier.What && After == earlier.Before && Before == earlier.After;

    private static string Shown(string text) => text.Length == 0 ? "none" : text;
}

/// <summary>How a mission's particulars differ between two registers or rosters.</summary>
internal static class MissionDifference
{
    /// <returns>Each difference in words, such as <c>To: a@x.example became b@x.example</c>, without a full stop.</returns>
    public static IReadOnlyList<string> Between(Mission before, Mission after) =>
        [.. Particulars(before, after).Select(difference => difference.Words)];

    public static IReadOnlyList<ParticularDifference> Particulars(Mission before, Mission after)
    {
        return
        [
            .. ((ParticularDifference[])
                [
                    new("Name", before.Name, after.Name),
                    new("Title", before.Title, after.Title),
                    new("Head of mission", Head(before), Head(after)),
                    new("To", Boxes(before, MailboxField.To), Boxes(after, MailboxField.To)),
                    new("Copy", Boxes(before, MailboxField.Cc), Boxes(after, MailboxField.Cc)),
                    new("Language", LanguageOf(before.Language), LanguageOf(after.Language)),
                    new("Other language", LanguageOf(before.AlternateLanguage), LanguageOf(after.AlternateLanguage)),
                    new("Telephone", before.Telephone ?? "", after.Telephone ?? ""),
                    new("Kind", Kind(before), Kind(after)),
                    new("Code", before.Code ?? "", after.Code ?? ""),
                    new("Groups", EnglishText.Listed(before.Groups ?? []), EnglishText.Listed(after.Groups ?? [])),
                    new("Official languages", Listed(before.OfficialLanguages), Listed(after.OfficialLanguages)),
                    .. RegisterColumns.Translations.SelectMany(language => (ParticularDifference[])
                        [
                            new(
                                $"Name in {Languages.EnglishName(language)}",
                                before.Names.GetValueOrDefault(language, ""),
                                after.Names.GetValueOrDefault(language, "")),
                            new(
                                $"Title in {Languages.EnglishName(language)}",
                                before.Titles.GetValueOrDefault(language, ""),
                                after.Titles.GetValueOrDefault(language, "")),
                        ]),
                ])
                .Where(difference => difference.Before != difference.After),
        ];

        static string Boxes(Mission mission, MailboxField field) =>
            EnglishText.Listed(mission.Mailboxes.Where(mailbox => mailbox.Field == field).Select(mailbox => mailbox.Address));

        static string LanguageOf(string? code) => code is null ? "" : Languages.EnglishName(code);

        static string Listed(IEnumerable<string> languages) => EnglishText.Listed(languages.Select(Languages.EnglishName));

        static string Kind(Mission mission) => mission.Kind switch
        {
            MissionKind.MemberState => "Member State",
            MissionKind.ObserverState => "observer State",
            _ => "observer organization",
        };

        static string Head(Mission mission) =>
            mission.Head is { } head ? $"{head.FormOfAddress} {head.Name}, {mission.HeadTitle}".Trim() : mission.HeadTitle;
    }
}
