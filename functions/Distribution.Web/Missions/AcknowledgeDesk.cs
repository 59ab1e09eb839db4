using System.Globalization;

namespace Distribution.Web;

/// <summary>Opens a mission's link and takes down who acknowledges.</summary>
internal sealed class AcknowledgeDesk(
    MissionLinks links, Distributions distributions, FrozenLetters letters, Acknowledgements acknowledgements, TimeProvider clock)
{
    public const int MostCharacters = 200;

    /// <returns>
    /// What the link is for. Null when the token was not signed for it, and when there is no such letter or it has not been
    /// released: whoever tries links learns nothing from the difference.
    /// </returns>
    public async Task<AcknowledgeView?> Open(string distributionId, string missionId, string token, CancellationToken cancellation)
    {
        if (!links.Verify(distributionId, missionId, token)
            || await distributions.Find(distributionId, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        var content = await letters.Content(distributionId, cancellation);
        if (content.Roster.FirstOrDefault(mission => mission.Id == missionId) is not { } mission)
            return null;

        // In the words the mission got its email in, frozen with it.
        var letter = content.LetterIn(content.LanguagesOf(mission).Email);
        var words = new Words(TemplateFiles.Words(letter.Language), content.Templates.Files[TemplateFiles.Words(letter.Language)]);
        var acknowledged = (await acknowledgements.Find(distributionId, missionId, cancellation))?.Stands;
        var by = acknowledged switch
        {
            null => "",
            { Function: { } function } => $"{acknowledged.By}, {function}",
            _ => acknowledged.By,
        };
        IReadOnlyList<string> titles = [.. content.Enclosures.Where(enclosure => enclosure.Role != EnclosureRole.Letter).Select(enclosure => enclosure.NamedIn(letter).Title)];
        return new(
            mission.TitleIn(letter.Language),
            letter.Process,
            letter.DraftLabel,
            words.Date(letter.Date),
            words.Enclosures(titles.Count).TrimEnd(':', '：', ' '),
            titles,
            acknowledged,
            new("", ""),
            letter.Language,
            // A name in other letters keeps its own order within the sentence.
            words.AcknowledgePage(letter.DraftLabel, $"\u2068{by}\u2069", NewYork.At(acknowledged?.At ?? clock.GetUtcNow()).DateTime, MostCharacters));
    }

    /// <summary>Records the acknowledgement; where the mission has acknowledged already, the first one stands.</summary>
    public Task Record(string distributionId, string missionId, AcknowledgeForm form, CancellationToken cancellation) =>
        acknowledgements.Give(
            distributionId, missionId,
            new(Guid.NewGuid().ToString("n"), clock.GetUtcNow(), form.Name, new(form.Name, form.Function is "" ? null : form.Function, AcknowledgementChannel.Page, clock.GetUtcNow())),
            cancellation);

    /// <param name="words">Of the page.</param>
    public static AcknowledgeForm Check(string? name, string? function, IReadOnlyDictionary<string, string> words)
    {
        var form = new AcknowledgeForm((name ?? "").Trim(), (function ?? "").Trim());
        return form with
        {
            NameProblem = form.Name is "" ? words["name_missing"] : Problem(form.Name, words),
            FunctionProblem = Problem(form.Function, words),
        };
    }

    private static string? Problem(string text, IReadOnlyDictionary<string, string> words) =>
        Characters.FirstUnprintable(text) is not null ? words["unprintable"]
        : new StringInfo(text).LengthInTextElements > MostCharacters || text.Length > 4 * MostCharacters ? words["too_long"]
        : null;
}

/// <summary>What was typed, and what is wrong with it.</summary>
internal sealed record AcknowledgeForm(string Name, string Function, string? NameProblem = null, string? FunctionProblem = null)
{
    public bool IsSound => NameProblem is null && FunctionProblem is null;
}

/// <summary>What a mission's link opens, in the language of its email.</summary>
/// <param name="Words">As <c>Words.AcknowledgePage</c> has them.</param>
internal sealed record AcknowledgeView(
    string Mission,
    string Process,
    string DraftLabel,
    string Date,
    string EnclosuresHeading,
    IReadOnlyList<string> Enclosures,
    Acknowledgement? Acknowledged,
    AcknowledgeForm Form,
    string Language,
    IReadOnlyDictionary<string, string> Words);
