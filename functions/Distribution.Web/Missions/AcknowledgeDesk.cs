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
        return content.Roster.FirstOrDefault(mission => mission.Id == missionId) is { } mission
            ? new(
                mission.Title,
                distribution.Process,
                distribution.DraftLabel,
                distribution.Date,
                [.. distribution.Enclosures.Select(enclosure => enclosure.Title)],
                await acknowledgements.Find(distributionId, missionId, cancellation),
                new("", ""))
            : null;
    }

    /// <summary>Records the acknowledgement; where the mission has acknowledged already, the first one stands.</summary>
    public Task Record(string distributionId, string missionId, AcknowledgeForm form, CancellationToken cancellation) =>
        acknowledgements.Add(
            new(distributionId, missionId, form.Name, form.Function is "" ? null : form.Function, "page", clock.GetUtcNow()), cancellation);

    public static AcknowledgeForm Check(string? name, string? function)
    {
        var form = new AcknowledgeForm((name ?? "").Trim(), (function ?? "").Trim());
        return form with
        {
            NameProblem = form.Name is "" ? "Write your name." : Problem(form.Name, "name"),
            FunctionProblem = Problem(form.Function, "function"),
        };
    }

    private static string? Problem(string text, string what) =>
        Characters.FirstUnprintable(text) is not null ? $"The {what} holds a character that cannot be printed. Type it by hand."
        : new StringInfo(text).LengthInTextElements > MostCharacters || text.Length > 4 * MostCharacters ? $"The {what} is too long. Write at most {MostCharacters} characters."
        : null;
}

/// <summary>What was typed, and what is wrong with it.</summary>
internal sealed record AcknowledgeForm(string Name, string Function, string? NameProblem = null, string? FunctionProblem = null)
{
    public bool IsSound => NameProblem is null && FunctionProblem is null;
}

/// <summary>What a mission's link opens.</summary>
internal sealed record AcknowledgeView(
    string Mission,
    string Process,
    string DraftLabel,
    DateOnly Date,
    IReadOnlyList<string> Enclosures,
    Acknowledgement? Acknowledged,
    AcknowledgeForm Form);
