using System.Security.Claims;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

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
    public string? Problem { get; init; }
}

/// <summary>The register of missions at the desk: which is in use, which waits, and a new one.</summary>
internal static class RegisterEndpoints
{
    public static void MapRegister(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.Register, ReadMethods.Read, Show);
        endpoints.MapMethods(Addresses.RegisterFile, ReadMethods.Read, Download);
        forms.MapPost(Addresses.Register, Upload)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Upload a register", Roles.Keep);
        forms.MapPost(Addresses.ConfirmRegister, Confirm).Asks("Put a register into use", Roles.Send);
    }

    private static async Task<IResult> Show(RegisterInUse registers, CancellationToken cancellation) =>
        Pages.Show<RegisterPage, RegisterView>(await View(registers, cancellation));

    private static async Task<RegisterView> View(RegisterInUse registers, CancellationToken cancellation)
    {
        try
        {
            return new(
                (await registers.Current(cancellation)).Missions,
                await registers.Stored(cancellation),
                await registers.Uploaded(cancellation));
        }
        catch (UnreadableRecordException)
        {
            return new(null, null, null);
        }
    }

    /// <summary>The register in use as a file, to be edited and uploaded again.</summary>
    private static async Task<IResult> Download(RegisterInUse registers, CancellationToken cancellation) =>
        Downloads.Csv(
            (await registers.Stored(cancellation))?.Content.ToArray() ?? RegisterCsv.SeedContent.ToArray(),
            RegisterContainer.Uploaded);

    private static async Task<ActResult> Upload(
        HttpRequest request,
        ClaimsPrincipal user,
        StagedFiles staged,
        RegisterContainer container,
        RegisterInUse registers,
        CancellationToken cancellation)
    {
        var chosen = await ChosenFiles.Of(request, "file", SignedIn.PersonOf(user), cancellation);
        if (chosen is not [{ Length: > 0 } file])
            return await Again("Nothing was uploaded: choose the file first.", "Choose a file that is not empty.");
        await using var open = await OpenFiles.Open([file], staged, cancellation);
        if (open.Problems is [var problem])
            return await Again("Nothing was uploaded, because the file did not arrive as it was sent.", problem);
        request.HttpContext.Detail(SingleLine.Of($"{file.Name}, {EnglishText.Size(file.Length)}"));
        // Of a file that is too large, one byte above the limit: the reader then reports it as too large.
        var content = new byte[Math.Min(file.Length, RegisterCsv.LargestFile + 1)];
        await open.Streams[0].ReadExactlyAsync(content, cancellation);
        await container.Upload(content, cancellation);
        if (file.Staged is { } parts)
            await staged.Remove(parts, cancellation);
        return await registers.AdoptUploaded(cancellation) switch
        {
            { State: UploadedRegisterState.Refused } refused => ActResult.Unchanged(
                $"The register was not taken over: it has {EnglishText.Counted(refused.Faults.Count, "fault")}. The one in use stays.",
                Addresses.Register),
            { State: UploadedRegisterState.Waits } => ActResult.Done(
                "The register is uploaded and waits to be confirmed. The one in use stays until then.",
                Addresses.Register),
            { Reading.Register.Missions.Count: var count } => ActResult.Done(
                $"The register is in use, with {DeskText.Missions(count)}.",
                Addresses.Register),
            _ => ActResult.Done("The register is uploaded, and is looked at within a minute.", Addresses.Register),
        };

        async Task<ActResult> Again(string words, string problem) =>
            ActResult.Unfinished(
                words,
                Pages.Show<RegisterPage, RegisterView>(
                    await View(registers, cancellation) with { Problem = problem },
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
        if (await registers.Uploaded(cancellation) is { Hash: var hash } waiting && hash == register)
            http.Detail(SingleLine.Of(string.Join(' ', waiting.Reasons)));
        if (confirmed is not "yes")
            return ActResult.Unchanged(
                "Nothing was changed: tick the box first, once you have looked at what stands there.",
                Addresses.Register);
        return await registers.Confirm(register ?? "", instead ?? "", SignedIn.PersonOf(user), cancellation) switch
        {
            RegisterConfirmation.Done => ActResult.Done("The register is in use.", Addresses.Register),
            RegisterConfirmation.InUseAlready => ActResult.Unchanged(
                "Nothing was changed: this register was in use already when you pressed.",
                Addresses.Register),
            RegisterConfirmation.IsOwn => ActResult.Unchanged(
                "Nothing was changed: you made this change yourself, so another releaser must confirm it.",
                Addresses.Register),
            RegisterConfirmation.Changed => ActResult.Unchanged(
                "Nothing was changed: another register had been uploaded or put into use when you pressed. Look at what stands here now.",
                Addresses.Register),
            _ => ActResult.Unchanged(
                "Nothing was changed: the uploaded register had been deleted when you pressed.",
                Addresses.Register),
        };
    }
}
