using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// The reply address that identifies one mission and one letter: <c>replies+TAG@letters.example</c>. It is the same in
/// resends and reminders. It is computed, not stored.
/// </summary>
internal sealed class ReplyAddresses(IOptions<InboundSettings> inbound, MessageTokens tokens)
{
    private readonly string setting = inbound.Value.ReplyAddress;

    /// <summary>The address without a token; empty if no replies are tracked.</summary>
    public string Own => setting;

    /// <param name="key">The id of the distribution's key.</param>
    /// <returns>Null if no reply address is set.</returns>
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
