namespace Distribution.Mail;

/// <summary>Builds the way out that the settings name.</summary>
internal static class MailTransports
{
    /// <param name="http">
    /// What SendGrid is reached through, kept by the caller; null for an own one. It must never repeat a request.
    /// </param>
    /// <exception cref="SenderFaultException"><c>Mail:Transport</c> or what it needs is not set right.</exception>
    public static IMailTransport Create(MailSettings settings, TimeProvider time, HttpMessageHandler? http = null) =>
        MailSettingsValidation.TransportFaults(settings).FirstOrDefault() is { } fault
            ? throw new SenderFaultException(fault.ToString(), passes: false)
            : MailRoute.Parse(settings.Transport).Route switch
            {
                MailRoute.Smtp smtp => new SmtpTransport(smtp, settings, time),
                MailRoute.Pickup pickup => new PickupTransport(pickup.Folder, settings),
                _ => new SendGridTransport(settings, time, http),
            };
}
