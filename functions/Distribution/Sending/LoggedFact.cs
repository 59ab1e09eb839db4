using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Sending;

/// <summary>
/// One fact as the log has it, a line of JSON each: an attempt begun, something known of one mailbox, or an act. In the
/// log itself <see cref="Personal"/> holds a salted hash in the place of each value.
/// </summary>
/// <param name="Id">
/// <c>che/1</c> for a mission's first attempt, <c>che/1/0/2</c> for the third event of its first mailbox, <c>act:0</c>
/// for the first act. Facts are only ever added, so an id never changes its meaning.
/// </param>
/// <param name="At">In UTC.</param>
/// <param name="Kind"><c>Attempt</c>, or the name of a <see cref="DeliveryEventKind"/> or an <see cref="Act"/>.</param>
/// <param name="Source">Where this is known from: <c>worker</c>, <c>person</c>, or a kind of evidence.</param>
/// <param name="Mailboxes">How many mailboxes an attempt goes to.</param>
/// <param name="Missions">Of the first act: how many missions the frozen roster has.</param>
/// <param name="Roster">
/// Of the first act: SHA-256 over the ids of the frozen roster in order, each followed by a line feed.
/// </param>
/// <param name="Content">Of the first act: SHA-256 of the frozen <c>content.json</c>.</param>
/// <param name="Late">True if no worker wrote it and it was restored from the tables.</param>
internal sealed record LoggedFact(
    string Id,
    DateTimeOffset At,
    string Kind,
    string Source,
    string? Mission = null,
    int? Attempt = null,
    int? Mailbox = null,
    string? MessageId = null,
    BounceKind? Bounce = null,
    int? Mailboxes = null,
    int? Missions = null,
    string? Roster = null,
    string? Content = null,
    bool? Late = null)
{
    /// <summary>
    /// Personal data by kind: <c>words</c>, <c>who</c>, <c>evidence</c>, <c>mailbox 0</c>; null if there is none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Personal { get; init; }

    /// <summary>The fact as a line of the log, and the values that its hashes stand for.</summary>
    public (string Line, IReadOnlyList<PersonalValue> Values) Salted()
    {
        var values = (Personal ?? new Dictionary<string, string>())
            .Select(entry => (entry.Key, Value: PersonalValue.Of(entry.Value)))
            .ToList();
        return (
            Json.Write(
                this with
                {
                    Personal =
                        values.Count == 0 ? null : values.ToDictionary(entry => entry.Key, entry => entry.Value.Hash),
                }),
            [.. values.Select(entry => entry.Value)]);
    }

    /// <summary>Whether two facts are equal apart from personal data and whether they were restored.</summary>
    public bool SaysTheSameAs(LoggedFact other) =>
        this with { Personal = null, Late = null } == other with { Personal = null, Late = null };
}
