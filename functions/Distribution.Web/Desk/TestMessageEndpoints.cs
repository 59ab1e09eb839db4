using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>A test message to one mailbox of a mission.</summary>
internal static class TestMessageEndpoints
{
    public static void MapTestMessages(this RouteGroupBuilder forms) =>
        forms.MapPost($"{Addresses.MissionList}/{{id}}/test", Send).Asks("Send a test message", Roles.Keep);

    private static async Task<ActResult> Send(
        string id,
        [FromForm] string? mailbox,
        HttpContext http,
        RegisterInUse registers,
        TestMessages tests,
        CancellationToken cancellation)
    {
        var page = Addresses.Mission(id);
        if ((await registers.Current(cancellation)).Missions.FirstOrDefault(one => one.Id == id) is not { } mission)
            return ActResult.NotThere();
        // The address comes from the form, and a message goes only to one that the register has or is to have.
        if (Mailboxes(mission, await registers.Uploaded(cancellation)).FirstOrDefault(address => address == mailbox)
            is not { } to)
            return ActResult.Unchanged(
                Say($"No test message was sent: this mailbox is not the mission's any more. Look below at those it has now."),
                page);
        // To which mailbox, and what its server said, stands on the mission's page, and is erased; the record of acts
        // is not.
        return await tests.Send(mission, to, SignedIn.NameOf(http.User), cancellation) switch
        {
            (true, { Result: MailboxResult.Accepted } test) =>
                ActResult.Done(
                    Say($"A test message went to this one mailbox, and to nobody else. {test.Outcome}"),
                    page),
            (true, { Result: MailboxResult.Refused }) => ActResult.Unchanged(
                Say($"The test message was refused. Below stands what the mail server said."),
                page),
            (true, { Result: MailboxResult.TryLater }) => ActResult.Unchanged(
                Say($"The test message was not taken just now. Below stands what the mail server said."),
                page),
            (true, _) =>
                ActResult.Unchanged(
                    Say($"It is not known whether the test message left. Below stands all that is known."),
                    page),
            (false, var before) => ActResult.Unchanged(
                Say($"No second test message was sent: one went out at {DeskText.Clock(before.AskedAt)}. Wait ten minutes before the next."),
                page),
        };
    }

    /// <summary>Those it has, and those it would have by a change that waits to be confirmed.</summary>
    public static IReadOnlyList<string> Mailboxes(Mission mission, UploadedRegister? uploaded) =>
        [
            .. mission.Mailboxes
                .Concat(
                    uploaded is { State: UploadedRegisterState.Waits, Reading.Register: { } waiting }
                        ? waiting.Missions.FirstOrDefault(one => one.Id == mission.Id)?.Mailboxes ?? []
                        : [])
                .Select(mailbox => mailbox.Address)
                // Hardly any mail server tells capital letters from small ones: it would be one mailbox twice.
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
}
