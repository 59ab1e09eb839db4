using System.Text.Json.Serialization;

namespace Distribution.Common;

/// <summary>
/// A message to the secretariat about a problem that no mission's entry can show and that a person must handle.
/// </summary>
/// <param name="DistributionId">The distribution it is about; null if it is about none.</param>
/// <param name="Text">One or two sentences: what happened and what to do.</param>
internal sealed record Notice(string Id, DateTimeOffset At, string? DistributionId, string Text)
{
    /// <summary>How the ids begin of those about reports that name no letter.</summary>
    public const string Unplaced = "inbound-unplaced-";

    /// <summary>How the ids begin of those about uploaded registers; the hash of the upload's ETag follows.</summary>
    public const string OfRegister = "register-";

    /// <summary>How the ids begin of those about mails of the service that came back and are no letters.</summary>
    public const string OwnMail = "own-mail-";

    /// <summary>Whether it is about a message that anyone may have sent to the return mailbox.</summary>
    [JsonIgnore]
    public bool IsUnplaced => Id.StartsWith(Unplaced, StringComparison.Ordinal);

    /// <summary>Whether it is about an uploaded register.</summary>
    [JsonIgnore]
    public bool IsOfRegister => Id.StartsWith(OfRegister, StringComparison.Ordinal);

    /// <summary>
    /// Whether no mail tells of it: anyone may have caused it, the server that cannot deliver these very mails
    /// included.
    /// </summary>
    [JsonIgnore]
    public bool IsForTheDeskAlone => IsUnplaced || Id.StartsWith(OwnMail, StringComparison.Ordinal);
}
