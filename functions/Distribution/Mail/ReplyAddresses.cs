using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// The address by which one mission's reply to one letter is known: <c>replies+TAG@letters.example</c>. It stays the
/// same when the letter is sent again and in its reminders, and nothing is stored for it.
/// </summary>
internal sealed class ReplyAddresses(IOptions<InboundSettings> inbound, MessageTokens tokens)
{
    private readonly string setting = inbound.Value.ReplyAddress;

    /// <summary>The address without a token; empty where no replies are tracked.</summary>
    public string Own => setting;

    /// <param name="key">The id of the key the distribution was made with.</param>
    /// <returns>Null where there is no address to put a token into.</returns>
    public string? For(string? key, string distributionId, string missionId) =>
        TokenAddress.With(
            setting,
            MessageTokens.Mark(distributionId) + tokens.Create(TokenPurpose.Reply, key, distributionId, missionId));

    /// <inheritdoc cref="TokenAddress.Read"/>
    public (string Mark, string Token)? TokenIn(string address) => TokenAddress.Read(setting, address);

    /// <returns>True when the token was made for exactly this distribution and mission.</returns>
    public bool Verify(string token, string? key, string distributionId, string missionId) =>
        tokens.Verify(TokenPurpose.Reply, key, distributionId, missionId, MessageTokens.EveryAttempt, token);
}
