using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The form for a proof.</summary>
/// <param name="Typed">The mailboxes as they were typed; null before that.</param>
/// <param name="Problem">What is wrong with them; null where nothing is.</param>
internal sealed record ProofView(DistributionRecord Letter, string? Typed, Phrase? Problem);

/// <summary>A proof of a letter to people whom its page names.</summary>
internal static class ProofEndpoints
{
    /// <param name="letter">The group of the forms that are about one letter.</param>
    public static void MapProofs(this RouteGroupBuilder letter) =>
        letter.MapPost("/proof", Send).Asks("Send a proof", Roles.Keep);

    /// <summary>The form by itself: at this address a browser stands that was told what is wrong.</summary>
    public static async Task<IResult> Form(string id, DistributionRecords letters, CancellationToken cancellation) =>
        Pages.Found<ProofPage, ProofView>(
            await letters.Find(id, cancellation) is { State: DistributionState.AwaitingRelease } letter
                ? new(letter, null, null)
                : null);

    private static async Task<ActResult> Send(
        [FromForm] string? to,
        HttpContext http,
        ProofReaders readers,
        ProofSender proofs,
        CancellationToken cancellation)
    {
        var letter = http.Letter();
        var page = Addresses.Distribution(letter.Id);
        // Before the addresses are read: nobody has to mend a form that can do nothing any more.
        if (letter.State != DistributionState.AwaitingRelease)
            return ActResult.Unchanged(Words(ProofOutcome.TooLate, []), page);
        var (mailboxes, problem) = readers.Read(to ?? "", letter);
        if (problem is not null)
            return ActResult.Unfinished(
                Say($"No proof was sent: put right first what is marked at the field."),
                Pages.Show<ProofPage, ProofView>(new(letter, to, problem), StatusCodes.Status422UnprocessableEntity));
        http.Detail(Say($"to {Listed(mailboxes.Select(Plain))}"));
        var outcome = await proofs.Request(letter.Id, mailboxes, cancellation);
        return outcome == ProofOutcome.Asked
            ? ActResult.Done(Words(outcome, mailboxes), page)
            : ActResult.Unchanged(Words(outcome, mailboxes), page);
    }

    private static Phrase Words(ProofOutcome outcome, IReadOnlyList<string> to) => outcome switch
    {
        ProofOutcome.Asked => Say($"A proof leaves within a minute, to {Listed(to.Select(Plain))}."),
        ProofOutcome.OnItsWay =>
            Say($"No second proof was sent: one is on its way. Ask again when this page says what became of it."),
        ProofOutcome.TooMany =>
            Say($"No proof was sent: {ProofSender.MostOfOneLetter} of this letter have been asked for, and that is the most. Download the letter and hand it on yourself."),
        _ => Say($"No proof was sent. A proof can be asked for only while a letter waits for release."),
    };
}
