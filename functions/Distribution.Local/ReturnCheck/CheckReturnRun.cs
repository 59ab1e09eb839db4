using Distribution.Common;
using Distribution.Local.Screen;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Tracking.Inbound;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace Distribution.Local.ReturnCheck;

/// <summary>
/// Proves, before <c>Mail:ReturnPathPerAttempt</c> is switched on, that the mail server accepts such a return path and
/// that a message to it comes back: sends one message from and to an address of that form, and looks for it in the
/// return mailbox. The mailbox is opened read-only.
/// </summary>
internal static class CheckReturnRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="configuration">The settings for sending letters and for the return mailbox.</param>
    /// <returns>The exit code: 0 only where the message came back.</returns>
    /// <exception cref="LocalFaultException">
    /// The settings do not allow the check, or the return mailbox cannot be read.
    /// </exception>
    public static async Task<int> Run(
        CheckReturnOptions options,
        IConfiguration configuration,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var mail = configuration.GetSection("Mail").Get<MailSettings>() ?? new();
        var inbound = configuration.GetSection("Inbound").Get<InboundSettings>() ?? new();
        Require(mail, inbound);
        var tag = string.Concat(
            Enumerable
                .Range(0, TokenAddress.TagLength)
                .Select(_ =>
                    // The signs and the length of the tags that letters get: a server may take shorter ones and refuse
                    // these.
                    "abcdefghijklmnopqrstuvwxyz234567"[System.Security.Cryptography.RandomNumberGenerator.GetInt32(32)])
        );
        var address = TokenAddress.With(mail.ReturnPath, tag)!;
        var from = mail.Sender!;
        // A Message-ID that no other message has, by which the search finds this very one.
        var id = $"check-return.{Guid.NewGuid():n}@{EmailAddresses.Domain(from.Address)}";

        // Closed before the wait begins, so that no connection is kept open for minutes.
        await using (var transport = MailTransports.Create(mail, TimeProvider.System))
        {
            MailboxOutcome outcome;
            try
            {
                outcome = (await transport.Send(Message(id, address, from), cancellation))[0];
            }
            catch (SenderFaultException fault)
            {
                console.Line(
                    $"The message could not be sent from {address}. {fault.Message} If the server allows only the sender who is signed in, leave Mail:ReturnPathPerAttempt out."
                );
                return ExitCodes.Faulted;
            }

            if (outcome.Result != MailboxResult.Accepted)
            {
                console.Line(
                    $"The server did not take the message to {address}: “{outcome.Answer}”. Have it take addresses with “+”, or leave Mail:ReturnPathPerAttempt out."
                );
                return ExitCodes.Faulted;
            }
        }

        console.Line($"Sent from and to {address}. Looking for it in the return mailbox…");
        var until = TimeProvider.System.GetUtcNow() + options.Wait;
        while (!await CameBack(inbound, id, cancellation))
        {
            if (TimeProvider.System.GetUtcNow() >= until)
            {
                console.Line(
                    $"Nothing came back within {EnglishText.Span(options.Wait)}. Have the mail server deliver addresses with “+” to the return mailbox, and see that Inbound:Folder is where they land; until then leave Mail:ReturnPathPerAttempt out."
                );
                return ExitCodes.Faulted;
            }

            await Task.Delay(Pause, cancellation);
        }

        console.Line(
            "It came back: Mail:ReturnPathPerAttempt may be set to true. Where the service is running, it shows this message among those that wait; set it aside there."
        );
        return 0;
    }

    private static void Require(MailSettings mail, InboundSettings inbound)
    {
        var faults = MailSettingsValidation.Check(mail).Select(fault => fault.ToString()).ToList();
        var route = MailRoute.Parse(mail.Transport).Route;
        if (faults is [])
            faults.AddRange(
                route switch
                {
                    MailRoute.SendGrid => [MailFaults.ReturnPathOfSendGrid().ToString()],
                    MailRoute.Pickup =>
                    [
                        "Setting Mail:Transport: A folder sends nothing by itself. Set it to the server that letters leave by, as in smtp://HOST:PORT.",
                    ],
                    _ when !TokenAddress.IsUsable(mail.ReturnPath) =>
                    [
                        MailFaults.ReturnPathWithoutRoom(mail.ReturnPath).ToString(),
                    ],
                    _ => (string[])[],
                });
        if (inbound.ImapServer.Length == 0)
            faults.Add(
                "Setting Inbound:ImapServer: There is no return mailbox to look into. Set it to the server that bounces are read from, as in imaps://HOST."
            );
        else if (new InboundSettingsValidation().Validate(null, inbound) is { Failed: true, Failures: { } failures })
            faults.AddRange(failures);
        if (faults.Count > 0)
            throw new LocalFaultException(
                string.Join('\n', faults),
                "Set these as the service has them, and try again.");
    }

    private static OutgoingMessage Message(string id, string address, Correspondent from) =>
        new(
            id,
            TimeProvider.System.GetUtcNow(),
            "check-return",
            "check-return",
            from,
            address,
            [],
            "",
            [new(address, MailboxField.To)],
            [address],
            "en",
            "Check of the return path",
            "<p>This message shows that mail to this address comes back.</p>",
            "This message shows that mail to this address comes back.\n",
            []);

    /// <exception cref="LocalFaultException">The mailbox cannot be read.</exception>
    private static async Task<bool> CameBack(InboundSettings inbound, string id, CancellationToken cancellation)
    {
        try
        {
            using var client = await ImapSignIn.SignIn(inbound, TimeProvider.System, cancellation);
            var folder = await client.GetFolderAsync(inbound.Folder, cancellation);
            // The service reads what is unseen: a message that is marked as seen here would be lost to it.
            await folder.OpenAsync(FolderAccess.ReadOnly, cancellation);
            var found =
                (await folder.SearchAsync(SearchQuery.HeaderContains("Message-ID", id), cancellation)).Count > 0;
            await client.DisconnectAsync(quit: true, cancellation);
            return found;
        }
        catch (ImapServerException fault)
        {
            throw new LocalFaultException("The return mailbox cannot be read:", $"Its server {fault.Message}", fault);
        }
        catch (Exception fault)
            when (fault
                    is AuthenticationException
                        or SaslException
                        or NotSupportedException
                        or FolderNotFoundException
                        or TimeoutException
                        or System.Net.Sockets.SocketException
                        or ImapCommandException
                        or ImapProtocolException
                        or IOException)
        {
            throw new LocalFaultException(
                $"The return mailbox cannot be read: {SingleLine.Of(fault.Message)}",
                "Check Inbound:ImapServer, Inbound:User, Inbound:Password, Inbound:Folder and Inbound:Encryption.",
                fault);
        }
    }
}
