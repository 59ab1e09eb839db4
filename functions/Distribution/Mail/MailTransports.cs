namespace Distribution.Mail;

/// <summary>Creates the transport that the settings name.</summary>
internal static class MailTransports
{
    /// <param name="http">
    /// The handler for requests to SendGrid, owned and disposed by the caller; null to create one. It must never retry
    /// a request: a retry could send a letter twice.
    /// </param>
    /// <exception cref="SenderFaultException">
    /// <c>Mail:Transport</c>, or a setting that it needs, is wrong.
    /// </exception>
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
