using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// The return path (where bounces go): one address for all letters or, if that is switched on,
/// <c>NAME+TAG@domain</c> for each attempt. All tries of one attempt use the same address, so that a greylisting server
/// sees one sender.
/// </summary>
internal sealed class ReturnPaths(IOptions<MailSettings> mail, MessageTokens tokens)
{
    private readonly string own = mail.Value.ReturnPath;

    /// <param name="key">The id of the key the distribution was made with.</param>
    public string For(string? key, string distributionId, string missionId, int attempt) =>
        mail.Value.ReturnPathPerAttempt
            ? TokenAddress.With(
                own,
                MessageTokens.Mark(distributionId)
                    + tokens.Create(TokenPurpose.ReturnPath, key, distributionId, missionId, attempt))!
            : own;

    /// <inheritdoc cref="TokenAddress.Read"/>
    public (string Mark, string Token)? TokenIn(string address) => TokenAddress.Read(own, address);

    /// <returns>True when the token was made for exactly this attempt.</returns>
    public bool Verify(string token, string? key, string distributionId, string missionId, int attempt) =>
        tokens.Verify(TokenPurpose.ReturnPath, key, distributionId, missionId, attempt, token);
}
