using System.Security.Claims;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tracking.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The page of the register.</summary>
/// <param name="Missions">Those of the register in use; null where it cannot be read.</param>
/// <param name="Stored">Null where no register was uploaded and the one the service came with is in use.</param>
/// <param name="Uploaded">The register uploaded last; null where there is none.</param>
internal sealed record RegisterView(
    IReadOnlyList<Mission>? Missions,
    StoredRegister? Stored,
    UploadedRegister? Uploaded)
{
    /// <summary>What is wrong with a file that was just chosen; null for nothing.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>What the register that waits would take back of what others changed lately.</summary>
    public IReadOnlyList<(Mission Mission, ParticularDifference What, RecordedChange Earlier)> TakenBack
    {
        get;
        init;
    } = [];
}

/// <summary>The register of missions at the desk: which is in use, which waits, and a new one.</summary>
internal static class RegisterEndpoints
{
    public static void MapRegister(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.Register, ReadMethods.Read, Show);
        endpoints.MapMethods(Addresses.RegisterFile, ReadMethods.Read, Download);
        endpoints.MapMethods(Addresses.RegisterWorkbook, ReadMethods.Read, DownloadWorkbook);
        endpoints.MapMethods(Addresses.RegisterDifference, ReadMethods.Read, Difference);
        forms.MapPost(Addresses.Register, Upload)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Upload a register", Roles.Keep);
        forms.MapPost(Addresses.ConfirmRegister, Confirm).Asks("Put a register into use", Roles.Send);
        // As stopping a letter is open to more people than sending it: what is declined changes nothing.
        forms.MapPost(Addresses.DeclineRegister, Decline).Asks("Decline a register", Roles.Keep);
    }

    /// <summary>For how long it is told that a register takes back what somebody changed.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(60);

    /// <summary>In characters: a sentence or two.</summary>
    public const int LongestReason = 300;

    private static async Task<IResult> Show(
        RegisterInUse registers,
        RegisterHistory history,
        TimeProvider clock,
        CancellationToken cancellation) =>
        Pages.Show<RegisterPage, RegisterView>(await View(registers, history, clock, cancellation));

    private static async Task<RegisterView> View(
        RegisterInUse registers,
        RegisterHistory history,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        try
        {
            var uploaded = await registers.Uploaded(cancellation);
            return new(
                (await registers.Current(cancellation)).Missions,
                await registers.Stored(cancellation),
                uploaded)
            {
                TakenBack = uploaded is
                {
                    State: UploadedRegisterState.Waits,
                    EditedMission: null,
                    Changes.Changed: { Count: > 0 } changed
                }
                    ? TakenBack(changed, await history.Since(clock.GetUtcNow() - Lately, cancellation))
                    : [],
            };
        }
        // Nothing of it is shown, since half of it would be taken for the whole; a notice says what cannot be read.
        catch (UnreadableRecordException)
        {
            return new(null, null, null);
        }
    }

    /// <summary>
    /// Where a file that was downloaded before others changed a mission is uploaded: the last that was changed of each
    /// particular stands against it.
    /// </summary>
    private static IReadOnlyList<(Mission Mission, ParticularDifference What, RecordedChange Earlier)> TakenBack(
        IReadOnlyList<ChangedMission> changed,
        ILookup<string, RecordedChange> lately) =>
        [
            .. from mission in changed
                from what in mission.What
                let last = lately[mission.After.Id]
                    .Where(change => change.By is not null)
                    .SelectMany(change => change.What, (change, earlier) => (Change: change, Earlier: earlier))
                    .FirstOrDefault(earlier => earlier.Earlier.What == what.What)
                where last.Earlier is not null && what.TakesBack(last.Earlier)
                select (mission.After, what, last.Change),
        ];

    /// <summary>The register in use as a file, to be edited and uploaded again.</summary>
    private static async Task<IResult> Download(RegisterInUse registers, CancellationToken cancellation) =>
        Downloads.Csv(RegisterExport.Csv(await registers.Content(cancellation)), RegisterContainer.Uploaded);

    /// <summary>The same as an Excel workbook.</summary>
    private static async Task<IResult> DownloadWorkbook(RegisterInUse registers, CancellationToken cancellation) =>
        Results.Bytes(
            RegisterExport.Workbook(await registers.Content(cancellation)),
            RegisterWorkbook.ContentType,
            RegisterContainer.UploadedWorkbook);

    /// <summary>
    /// All that the register that waits would change, a line for each particular; 404 where none waits.
    /// </summary>
    private static async Task<IResult> Difference(RegisterInUse registers, CancellationToken cancellation) =>
        Downloads.Csv(
            await registers.Uploaded(cancellation) is { State: UploadedRegisterState.Waits, Changes: var changes }
                ? CsvTable.Write(
                    ["mission", "name", "what", "before", "after"],
                    [
                        .. changes.Gone.Select(mission => (string?[])[mission.Id, mission.Name, "gone", null, null]),
                        .. changes.New.Select(mission => (string?[])[mission.Id, mission.Name, "new", null, null]),
                        .. from changed in changes.Changed
                            from what in changed.What
                            select (string?[])
                                [changed.After.Id, changed.After.Name, what.What, what.Before, what.After],
                    ])
                : null,
            "register-difference.csv");

    private static async Task<ActResult> Upload(
        HttpRequest request,
        ClaimsPrincipal user,
        StagedFiles staged,
        RegisterInUse registers,
        RegisterHistory history,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var chosen = await ChosenFiles.Of(request, "file", SignedIn.PersonOf(user), cancellation);
        if (chosen is not [{ Length: > 0 } file])
            return await Again(
                Say($"Nothing was uploaded: choose the file first."),
                Say($"Choose a file that is not empty."));
        await using var open = await OpenFiles.Open([file], staged, cancellation);
        if (open.Problems is [var problem])
            return await Again(Say($"Nothing was uploaded, because the file did not arrive as it was sent."), problem);
        request.HttpContext.Detail(Say($"{file.Name}, {Amounts.Size(file.Length)}"));
        // Of a file that is too large, one byte above the limit: the reader then reports it as too large.
        var content = new byte[Math.Min(file.Length, RegisterCsv.LargestFile + 1)];
        await open.Streams[0].ReadExactlyAsync(content, cancellation);
        var (isTaken, upload) = await registers.Upload(content, SignedIn.PersonOf(user), cancellation);
        // Read by now, whether it was taken or not; to upload it again, it is chosen again.
        if (file.Staged is { } parts)
            await staged.Remove(parts, cancellation);
        if (!isTaken)
            return Unchanged(Say($"Nothing was uploaded: a register waits to be confirmed, and yours would overwrite what is changed in it. See to that one first: put it into use, or decline it."));
        return upload switch
        {
            { State: UploadedRegisterState.Refused } refused =>
                Unchanged(Say($"The register was not taken over: it has {DeskText.Faults(refused.Faults.Count)}. The one in use stays.")),
            { State: UploadedRegisterState.Waits } =>
                Done(Say($"The register is uploaded and waits to be confirmed. Below stands what it would change; the one in use stays until then.")),
            { Reading.Register.Missions.Count: var count } =>
                Done(Say($"The register is in use, with {DeskText.Missions(count)}.")),
            _ => Done(Say($"The register is uploaded, and is looked at within a minute.")),
        };

        async Task<ActResult> Again(Phrase words, Phrase problem) =>
            ActResult.Unfinished(
                words,
                Pages.Show<RegisterPage, RegisterView>(
                    await View(registers, history, clock, cancellation) with { Problem = problem },
                    StatusCodes.Status422UnprocessableEntity));
    }

    private static async Task<ActResult> Confirm(
        [FromForm] string? register,
        [FromForm] string? instead,
        [FromForm] string? confirmed,
        HttpContext http,
        ClaimsPrincipal user,
        RegisterInUse registers,
        CancellationToken cancellation)
    {
        // Put on record only where it is the register that the page showed; of another one nobody here has seen the
        // reasons.
        if (await registers.Uploaded(cancellation) is { Hash: var hash } waiting && hash == register)
            http.Detail(Phrase.Sentences(waiting.ReasonsForRecord));
        // The tick says that somebody has looked, and not every browser insists on it.
        if (confirmed is not "yes")
            return Unchanged(Say($"Nothing was changed: tick the box first, once you have looked at what stands there."));
        return await registers.Confirm(register ?? "", instead ?? "", SignedIn.PersonOf(user), cancellation) switch
        {
            RegisterConfirmation.Done => Done(Say($"The register is in use.")),
            RegisterConfirmation.InUseAlready =>
                Unchanged(Say($"Nothing was changed: this register was in use already when you pressed.")),
            RegisterConfirmation.IsOwn =>
                Unchanged(Say($"Nothing was changed: you made this change yourself, so another releaser must confirm it. You can take it back below.")),
            RegisterConfirmation.Changed =>
                Unchanged(Say($"Nothing was changed: another register had been uploaded or put into use when you pressed. Look at what stands here now.")),
            _ => Unchanged(Deleted),
        };
    }

    private static async Task<ActResult> Decline(
        [FromForm] string? register,
        [FromForm] string? reason,
        HttpContext http,
        RegisterInUse registers,
        CancellationToken cancellation)
    {
        // Cut and not refused: to decline must be possible with whatever was typed.
        var why = TextStart.Of(SingleLine.Of(reason ?? ""), LongestReason);
        if (await registers.Uploaded(cancellation) is { Hash: var hash } waiting && hash == register)
            http.Detail(Phrase.Sentences(
                [.. waiting.ReasonsForRecord, .. why.Length > 0 ? [Say($"Declined: {why}")] : (Phrase[])[]]));
        return await registers.Decline(register ?? "", cancellation) switch
        {
            RegisterConfirmation.Done =>
                Done(Say($"The register is declined and deleted. The one in use stays as it is.")),
            RegisterConfirmation.InUseAlready =>
                Unchanged(Say($"Nothing was changed: this register did not wait any more when you pressed. Look at what stands here now.")),
            RegisterConfirmation.Changed =>
                Unchanged(Say($"Nothing was changed: another register had been uploaded when you pressed. Look at what stands here now.")),
            _ => Unchanged(Deleted),
        };
    }

    private static Phrase Deleted =>
        Say($"Nothing was changed: the uploaded register had been deleted when you pressed.");

    private static ActResult Done(Phrase words) => ActResult.Done(words, Addresses.Register);

    private static ActResult Unchanged(Phrase words) => ActResult.Unchanged(words, Addresses.Register);
}
