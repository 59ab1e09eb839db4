using System.Security.Cryptography;
using Distribution.Common;
using Microsoft.AspNetCore.DataProtection;

namespace Distribution.Web.Missions;

/// <summary>What a form of a mission's page does.</summary>
internal enum MissionAct { Give, Correct, Withdraw }

/// <summary>
/// The state that a form of a mission's page carries between its steps, sealed so that nobody else can make or change
/// it.
/// </summary>
/// <param name="Id">
/// The id of what the form will record. It is recorded once, so submitting twice is idempotent.
/// </param>
/// <param name="At">When the page with the form was served.</param>
/// <param name="After">
/// The id of the last step on record at that time (optimistic concurrency); null where there was none.
/// </param>
/// <param name="Values">What was typed, on the page that asks to confirm it; null before.</param>
/// <param name="IsRead">
/// Whether its visitor has taken a person's time over the form before: what they mend in it is then taken at once.
/// </param>
internal sealed record SealedForm(
    string Id,
    DateTimeOffset At,
    MissionAct Act,
    string? After,
    AcknowledgeForm? Values = null,
    bool IsRead = false);

/// <summary>
/// Seals forms with ASP.NET Core Data Protection, each for one mission's link alone. The keys are in storage, so any
/// instance can open what another has sealed.
/// </summary>
internal sealed class FormSeals(IDataProtectionProvider protection)
{
    public string Seal(string distributionId, string missionId, SealedForm form) =>
        Protector(distributionId, missionId).Protect(Json.Write(form));

    /// <returns>Null where the form was not sealed for this link.</returns>
    public SealedForm? Open(string distributionId, string missionId, string seal)
    {
        try
        {
            return Json.Read<SealedForm>(Protector(distributionId, missionId).Unprotect(seal));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string distributionId, string missionId) =>
        protection.CreateProtector("acknowledge", distributionId, missionId);
}
