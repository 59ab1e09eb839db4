using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Sending;

/// <summary>What a fact is about.</summary>
internal enum FactSubject
{
    /// <summary>An attempt to deliver a mission's letter, or something known of one of its mailboxes.</summary>
    Delivery,

    /// <summary>An act on the distribution as a whole.</summary>
    Act,

    /// <summary>A copy of the distribution's record, from which a lost record can be rebuilt.</summary>
    Record,

    /// <summary>A step of a mission's acknowledgement.</summary>
    Acknowledgement,

    /// <summary>Something a person asked for at the desk, or its outcome.</summary>
    Desk,

    /// <summary>A mission's letter that was to be forwarded to a colleague, or what became of it.</summary>
    Forward,
}

/// <summary>
/// One fact as the log has it, a line of JSON each: an attempt begun, something known of one mailbox, an act, a step of
/// an acknowledgement. In the log itself <see cref="Personal"/> holds a salted hash in the place of each value.
/// </summary>
/// <param name="Id">
/// <c>che/1</c> for a mission's first attempt, <c>che/1/0/2</c> for the third event of its first mailbox, <c>act:0</c>
/// for the first act, <c>record:3</c> for a copy of the record with three acts, <c>ack:che/FORM</c> for a step of an
/// acknowledgement, <c>desk:ID</c> and <c>desk:ID/outcome</c> for something asked for at the desk,
/// <c>forward:che/FORM</c>, <c>forward:che/FORM/outcome</c> and <c>forward:che/FORM/returned</c> for a letter that a
/// mission forwarded. Facts are only ever added, so an id never changes its meaning.
/// </param>
/// <param name="At">In UTC.</param>
/// <param name="Kind">
/// <c>Attempt</c>, <c>Record</c>, the name of a <see cref="DeliveryEventKind"/> or an <see cref="Act"/>, or a kind of
/// step or of outcome.
/// </param>
/// <param name="Source">
/// Where this is known from: <c>worker</c>, <c>person</c>, <c>mission</c>, or a kind of evidence.
/// </param>
/// <param name="Mailboxes">How many mailboxes an attempt goes to.</param>
/// <param name="Missions">Of the first act: how many missions the frozen roster has.</param>
/// <param name="Roster">
/// Of the first act: SHA-256 over the ids of the frozen roster in order, each followed by a line feed.
/// </param>
/// <param name="Content">Of the first act: SHA-256 of the frozen <c>content.json</c>.</param>
/// <param name="Late">True if no worker wrote it and it was restored from the tables.</param>
/// <param name="Step">
/// Of an acknowledgement, or of what was forwarded: its place in the mission's history, from 0.
/// </param>
/// <param name="Channel">Of an acknowledgement: how the mission let it be known; null where it was withdrawn.</param>
/// <param name="Stated">Of an acknowledgement: when the mission stated it, in UTC; null where it was withdrawn.</param>
/// <param name="Asked">Of the desk: what was asked for, in words.</param>
/// <param name="State">Of a record: the distribution's state.</param>
/// <param name="SupersededBy">Of a record: the distribution that superseded or withdrew this one.</param>
/// <param name="Tried">Of a bounce: how long the server tried to hand it over.</param>
/// <param name="TriedUntil">Of a delay: until when the server will try, in UTC.</param>
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
    bool? Late = null,
    int? Step = null,
    string? Channel = null,
    DateTimeOffset? Stated = null,
    string? Asked = null,
    string? State = null,
    string? SupersededBy = null,
    TimeSpan? Tried = null,
    DateTimeOffset? TriedUntil = null)
{
    /// <summary>
    /// Personal data by kind: <c>words</c>, <c>who</c>, <c>evidence</c>, <c>mailbox 0</c>; null if there is none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Personal { get; init; }

    /// <summary>Told by the id: a mission's id holds no colon.</summary>
    [JsonIgnore]
    public FactSubject Subject =>
        Id.Split(':') switch
        {
            [LoggedFacts.ActPrefix, _] => FactSubject.Act,
            [LoggedFacts.RecordPrefix, _] => FactSubject.Record,
            [LoggedFacts.AcknowledgementPrefix, ..] => FactSubject.Acknowledgement,
            [LoggedFacts.DeskPrefix, ..] => FactSubject.Desk,
            [LoggedFacts.ForwardPrefix, ..] => FactSubject.Forward,
            _ => FactSubject.Delivery,
        };

    /// <summary>Whether it says that people's names were erased.</summary>
    [JsonIgnore]
    public bool IsErasing => this is { Subject: FactSubject.Act, Kind: nameof(Act.NamesErased) };

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
