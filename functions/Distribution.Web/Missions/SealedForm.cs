using System.Globalization;
using System.Security.Cryptography;
using Distribution.Common;
using Microsoft.AspNetCore.DataProtection;

namespace Distribution.Web.Missions;

/// <summary>
/// The state that a form of a mission's page carries between its two steps, sealed so that nobody else can make or
/// change it.
/// </summary>
/// <typeparam name="T">What was typed.</typeparam>
/// <param name="Id">
/// The id of what the form will record. It is recorded once, so submitting twice is idempotent.
/// </param>
/// <param name="At">When the page with the form was served.</param>
/// <param name="After">
/// The id of the last step on record at that time (optimistic concurrency); null where there was none, or none counts.
/// </param>
/// <param name="Values">What was typed, on the page that asks to confirm it; null before.</param>
/// <param name="IsRead">
/// Whether its visitor has taken a person's time over the form before: what they mend in it is then taken at once.
/// </param>
internal abstract record SealedForm<T>(string Id, DateTimeOffset At, string? After, T? Values, bool IsRead)
    where T : class
{
    public static string NewId() => Guid.NewGuid().ToString("n");

    public bool IsExpired(DateTimeOffset now) => now - At > PersonsTime.Longest;
}

/// <summary>
/// Seals pages and forms with ASP.NET Core Data Protection, each for one link alone. The keys are in storage, so any
/// instance can open what another has sealed.
/// </summary>
internal sealed class FormSeals(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <param name="purpose">What the form does; a seal for one purpose is none for another.</param>
    /// <param name="link">The parts of the link it is served for.</param>
    public string Seal<T>(T form, string purpose, params string[] link) =>
        Protector(purpose, link).Protect(Json.Write(form));

    /// <returns>Null where the form was not sealed for this link.</returns>
    /// <inheritdoc cref="Seal"/>
    public T? Open<T>(string seal, string purpose, params string[] link)
        where T : class
    {
        try
        {
            return Json.Read<T>(Protector(purpose, link).Unprotect(seal));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Seals when a page of one step was served: now.</summary>
    /// <inheritdoc cref="Seal"/>
    public string SealTime(string purpose, params string[] link) =>
        Protector(purpose, link).Protect(
            clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Seal"/>
    public PagePress Press(string seal, string purpose, params string[] link)
    {
        TimeSpan elapsed;
        try
        {
            elapsed = clock.GetUtcNow()
                - DateTimeOffset.FromUnixTimeMilliseconds(
                    long.Parse(Protector(purpose, link).Unprotect(seal), CultureInfo.InvariantCulture));
        }
        catch (CryptographicException)
        {
            return PagePress.Expired;
        }

        return elapsed < PersonsTime.ToConfirm ? PagePress.TooSoon
            : elapsed > PersonsTime.Longest ? PagePress.Expired
            : PagePress.InTime;
    }

    /// <param name="form">As it was opened.</param>
    /// <param name="hidden">What is in the field that no person sees.</param>
    /// <param name="isBack">Whether the button to change what was filled in was pressed.</param>
    public FormPress Press<T>(SealedForm<T>? form, string hidden, bool isBack)
        where T : class
    {
        if (hidden is not "")
            return FormPress.HiddenFieldFilled;
        var now = clock.GetUtcNow();
        if (form is null || form.IsExpired(now))
            return FormPress.Expired;
        var elapsed = now - form.At;
        if (form.Values is null)
            return elapsed < PersonsTime.ToFillIn && !form.IsRead ? FormPress.FilledInTooSoon : FormPress.FilledIn;
        return isBack ? FormPress.Back
            : elapsed < PersonsTime.ToConfirm ? FormPress.ConfirmedTooSoon
            : FormPress.Confirmed;
    }

    private IDataProtector Protector(string purpose, string[] link) => protection.CreateProtector(purpose, link);
}
