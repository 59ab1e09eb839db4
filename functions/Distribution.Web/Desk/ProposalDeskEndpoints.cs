using Distribution.Common;
using Distribution.Register;
using Distribution.Tracking.Proposals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What missions propose, at the desk: accepted into the register, or declined with a word.</summary>
internal static class ProposalDeskEndpoints
{
    /// <summary>In characters: a sentence or two.</summary>
    public const int LongestWord = 300;

    public static void MapProposalDesk(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(
            Addresses.Proposals,
            ReadMethods.Read,
            async (ProposalsReader reader, CancellationToken cancellation) =>
                Pages.Show<ProposalsPage, ProposalsView>(await reader.Read(cancellation)));
        forms
            .MapPost($"{Addresses.Proposals}/{{id}}/{{proposal}}/accept", Accept)
            .Asks("Accept a mission's proposal", Roles.Keep);
        forms
            .MapPost($"{Addresses.Proposals}/{{id}}/{{proposal}}/decline", Decline)
            .Asks("Decline a mission's proposal", Roles.Keep);
    }

    /// <summary>What a column of the register is called.</summary>
    public static Phrase Label(string column) => column switch
    {
        RegisterColumns.To => Say($"Letters go to"),
        RegisterColumns.Cc => Say($"Copies go to"),
        RegisterColumns.HeadOfMission => Say($"Name of the head"),
        RegisterColumns.FormOfAddress => Say($"Form of address of the head"),
        RegisterColumns.HeadTitle => Say($"Title of the head"),
        RegisterColumns.Language => Say($"Language of correspondence"),
        RegisterColumns.AlternateLanguage => Say($"Other language of correspondence"),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, null),
    };

    /// <param name="asked"><c>yes</c> where the person says that they asked the mission about its mailboxes.</param>
    private static async Task<ActResult> Accept(
        string id,
        string proposal,
        [FromForm] string? asked,
        HttpContext http,
        ProposalsReader reader,
        ProposalDecisions decisions,
        CancellationToken cancellation)
    {
        var view = await reader.Read(cancellation);
        if (Find(view, id, proposal) is not { } line)
            return ActResult.NotThere();
        // What is proposed, and by whom, stays with the proposal, which is erased; the record of acts is not.
        http.Detail(Say($"{line.Mission?.Said ?? Plain(id)}: {Listed(line.Proposal.Cells.Select(cell => Label(cell.Column)))}"));
        var isVouchedFor = asked is "yes";
        var result = await decisions.Accept(
            id,
            proposal,
            SignedIn.PersonOf(http.User),
            Reason(line, isVouchedFor),
            isVouchedFor,
            cancellation);
        return result?.State switch
        {
            null => ActResult.NotThere(),
            ProposalAccepting.Done => ActResult.Done(
                Say($"It is accepted, and the register has it so from now on. Letters that wait for release keep the mailboxes they were checked with until they are checked again."),
                Addresses.Mission(id)),
            ProposalAccepting.Waits => ActResult.Done(
                Say($"It is accepted, and the changed register waits to be confirmed here. The one in use stays until then."),
                Addresses.Register),
            ProposalAccepting.Ended => ActResult.Unchanged(
                Say($"Nothing was changed: this proposal had been decided already when you pressed. Below stands what became of it."),
                Addresses.Proposals),
            ProposalAccepting.Unconfirmed => Again(
                view,
                proposal,
                Say($"Nothing was changed: a new mailbox is not confirmed."),
                Say($"A new mailbox is not confirmed. Ask the mission by a telephone number that you know, and tick that you did; or wait until the mailbox is confirmed.")),
            ProposalAccepting.Changed => ActResult.Unchanged(
                Say($"Nothing was changed: what this proposal is about was changed in the register after it was made. Look at what stands there now, and decline the proposal or change the mission yourself."),
                Addresses.Proposals),
            ProposalAccepting.AnotherWaits => ActResult.Unchanged(
                Say($"Nothing was changed: a register waits to be confirmed. See to that here first, and then accept the proposal."),
                Addresses.Register),
            ProposalAccepting.Gone => ActResult.Unchanged(
                Say($"Nothing was changed: the mission is not in the register any more. Decline the proposal."),
                Addresses.Proposals),
            _ => ActResult.Unchanged(
                Say($"Nothing was changed: the register cannot hold this as it is proposed. Change the mission yourself, and the form says what is wrong."),
                Addresses.MissionEdit(id)),
        };
    }

    /// <param name="word">What the mission is told on its page.</param>
    private static async Task<ActResult> Decline(
        string id,
        string proposal,
        [FromForm] string? word,
        HttpContext http,
        ProposalsReader reader,
        ProposalDecisions decisions,
        CancellationToken cancellation)
    {
        var view = await reader.Read(cancellation);
        if (Find(view, id, proposal) is not { } line)
            return ActResult.NotThere();
        http.Detail(line.Mission?.Said ?? Plain(id));
        var why = SingleLine.Of(word ?? "");
        if (why.Length is 0 or > LongestWord)
            return Again(
                view with { Word = word ?? "" },
                proposal,
                why.Length == 0
                    ? Say($"Nothing was declined: write a word to the mission first.")
                    : Say($"Nothing was declined: the word to the mission is too long."),
                why.Length == 0
                    ? Say($"Write to the mission why it is declined, or what to do instead.")
                    : Say($"Make the word to the mission shorter: {LongestWord} characters at most."));
        return await ActResult.Of(
            decisions.Decline(id, proposal, SignedIn.PersonOf(http.User), why, cancellation),
            Say($"The proposal is declined, and the mission reads so on its page. The register stays as it is."),
            Say($"Nothing was changed: this proposal had been decided already when you pressed. Below stands what became of it."),
            Addresses.Proposals);
    }

    private static ProposalLine? Find(ProposalsView view, string missionId, string proposalId) =>
        view.Waiting.Concat(view.Ended)
            .FirstOrDefault(line => line.MissionId == missionId && line.Proposal.Id == proposalId);

    private static ActResult Again(ProposalsView view, string proposal, Phrase words, Phrase problem) =>
        ActResult.Unfinished(
            words,
            Pages.Show<ProposalsPage, ProposalsView>(
                view with { Lacking = proposal, Problem = problem },
                StatusCodes.Status422UnprocessableEntity));

    /// <summary>For the register's history: it names nobody of the mission.</summary>
    private static string Reason(ProposalLine line, bool isVouchedFor)
    {
        var confirmed = line.Proposal.NewMailboxes.Count == 0 ? ""
            : line.Proposal.IsConfirmed ? "; confirmed by the link in a mail to the new mailbox"
            : isVouchedFor ? "; not confirmed by link, the mission was asked"
            : "";
        var reason = $"proposed on the mission's page on {NewYorkTime.Words(line.Proposal.At)} New York time{(line.Letter is { } letter ? $", by the link of {letter.DraftLabel}" : "")}{confirmed}";
        // The label of a letter, typed by a person, is the one part of it that may be long.
        return TextStart.Of(reason, MissionEditEndpoints.LongestReason);
    }
}
