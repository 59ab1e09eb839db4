using Distribution.Common;
using Distribution.Mail;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Settings under <c>Inbound</c>, checked when the program starts; each message names the setting and what to write.
/// </summary>
internal sealed class InboundSettingsValidation : IValidateOptions<InboundSettings>
{
    public ValidateOptionsResult Validate(string? name, InboundSettings settings) =>
        Check(settings).Select(fault => fault.ToString()).ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    private static IEnumerable<Finding> Check(InboundSettings settings)
    {
        if (settings.ReplyAddress.Length > 0 && !TokenAddress.IsUsable(settings.ReplyAddress))
            yield return InboundFaults.ReplyAddressUnusable(settings.ReplyAddress);
        if (!SendGridEventKeys.AreReadable(settings.SendGridKey))
            yield return InboundFaults.InboundKeyUnreadable();
        // Without a mailbox the settings below mean nothing: mail then comes from SendGrid or as files, or not at all.
        if (settings.ImapServer.Length == 0)
            yield break;
        if (ImapServer.Parse(settings.ImapServer).Fault is { } fault)
            yield return fault;
        if (settings.User.Length == 0)
            yield return SettingFaults.MissingSetting("Inbound:User", "The user of the return mailbox");
        if (settings.Password.Length == 0)
            yield return SettingFaults.MissingSetting("Inbound:Password", "The password of the return mailbox");
        if (settings.Folder.Length == 0)
            yield return SettingFaults.MissingSetting("Inbound:Folder", "The folder of the return mailbox");
        if (settings.Encryption is not ("auto" or "starttls" or "none"))
            yield return InboundFaults.UnknownImapEncryption(settings.Encryption);
        foreach (var trust in TlsTrust.Of(settings).Faults())
            yield return trust;
    }
}
