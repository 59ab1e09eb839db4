using System.Text.Json.Serialization;
using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Register;

/// <summary>How one of a mission's particulars differs between two registers or rosters.</summary>
/// <remarks>It is kept in records, in English.</remarks>
/// <param name="What">The particular: <c>To</c>, <c>Head of mission</c>.</param>
/// <param name="Before">Empty for none.</param>
/// <param name="After">Empty for none.</param>
internal sealed record ParticularDifference(string What, string Before, string After)
{
    /// <summary>Such as <c>To: a@x.example became b@x.example</c>, without a full stop.</summary>
    [JsonIgnore]
    public Phrase Words => Say($"{Called}: {Shown(Before)} became {Shown(After)}");

    private const string NameStart = "Name in ";

    private const string TitleStart = "Title in ";

    /// <summary>What the particular is called.</summary>
    [JsonIgnore]
    public Phrase Called => What switch
    {
        "Name" => Say($"Name"),
        "Title" => Say($"Title"),
        "Head of mission" => Say($"Head of mission"),
        "To" => Say($"To"),
        "Copy" => Say($"Copy"),
        "Language" => Say($"Language"),
        "Other language" => Say($"Other language"),
        "Telephone" => Say($"Telephone"),
        "Kind" => Say($"Kind"),
        "Code" => Say($"Code"),
        "Groups" => Say($"Groups"),
        "Official languages" => Say($"Official languages"),
        _ when What.StartsWith(NameStart, StringComparison.Ordinal) =>
            Say($"Name in {Recorded(What[NameStart.Length..])}"),
        _ when What.StartsWith(TitleStart, StringComparison.Ordinal) =>
            Say($"Title in {Recorded(What[TitleStart.Length..])}"),
        // As another version recorded it: it is shown in the words it has.
        _ => Plain(What),
    };

    /// <summary>Whether this takes back what another one brought.</summary>
    public bool TakesBack(ParticularDifference earlier) =>
        What == earlier.What && After == earlier.Before && Before == earlier.After;

    private Phrase Shown(string text) =>
        text.Length == 0 ? Say($"none")
        : What is "Language" or "Other language" or "Kind" ? Recorded(text)
        : Plain(text);
}

/// <summary>How a mission's particulars differ between two registers or rosters.</summary>
internal static class MissionDifference
{
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
            EnglishText.Listed(
                mission.Mailboxes.Where(mailbox => mailbox.Field == field).Select(mailbox => mailbox.Address));

        static string LanguageOf(string? code) => code is null ? "" : Languages.EnglishName(code);

        static string Listed(IEnumerable<string> languages) =>
            EnglishText.Listed(languages.Select(Languages.EnglishName));

        static string Kind(Mission mission) => mission.Kind switch
        {
            MissionKind.MemberState => "Member State",
            MissionKind.ObserverState => "observer State",
            _ => "observer organization",
        };

        static string Head(Mission mission) =>
            // A head without a form of address would begin with a blank.
            mission.Head is { } head
                ? $"{head.FormOfAddress} {head.Name}, {mission.HeadTitle}".Trim()
                : mission.HeadTitle;
    }
}
