using System.Security.Cryptography;
using Distribution.Common;
using Microsoft.AspNetCore.DataProtection;

namespace Distribution.Web.Missions;

/// <summary>What a mission's page is there to do.</summary>
internal enum MissionAct { Give, Correct, Withdraw }

/// <summary>
/// What a form of a mission's page remembers between its steps, sealed so that nobody else can make or change it.
/// </summary>
/// <param name="Id">Of what the form will record: it is recorded once.</param>
/// <param name="At">When the page with it was given out.</param>
/// <param name="After">The id of the last step on record then; null where there was none.</param>
/// <param name="Values">What was typed, on the page that asks to confirm it; null before.</param>
internal sealed record SealedForm(
    string Id,
    DateTimeOffset At,
    MissionAct Act,
    string? After,
    AcknowledgeForm? Values = null);

/// <summary>
/// Seals forms, each for one mission's link alone. The keys are kept in storage: any worker opens what another sealed.
/// </summary>
internal sealed class FormSeals(IDataProtectionProvider protection)
{
    public string Seal(string distributionId, string missionId, SealedForm form) =>
        Protector(distributionId, missionId).Protect(Json.Write(form));

    /// <returns>Null where it was not sealed for this link.</returns>
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
