using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The form by which one mission of the register is changed.</summary>
/// <param name="Row">What the fields hold.</param>
/// <param name="Shown">The hash of the row that the form was filled in with.</param>
/// <param name="NeedsSecond">Whether another person must confirm it.</param>
internal sealed record MissionEditView(Mission Mission, MissionRow Row, string Shown, bool NeedsSecond)
{
    public string Reason { get; init; } = "";

    /// <summary>What the form lacks, in a sentence; null for nothing.</summary>
    public Phrase? Problem { get; init; }

    public IReadOnlyList<Finding> Faults { get; init; } = [];

    /// <summary>
    /// A register that waits to be confirmed, before which nothing can be changed; null where none does.
    /// </summary>
    public UploadedRegister? Waiting { get; init; }
}

/// <summary>Changing one mission of the register at the desk.</summary>
internal static class MissionEditEndpoints
{
    private const string Address = $"{Addresses.MissionList}/{{id}}/edit";

    /// <summary>In characters: a sentence or two.</summary>
    public const int LongestReason = 300;

    private const int LongestCell = 1_000;

    public static void MapMissionEdits(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Address, ReadMethods.Read, Show);
        forms.MapPost(Address, Change).Asks(Act, Roles.Keep);
    }

    /// <summary>As the record of acts has it: a mission's page finds its changes by it.</summary>
    public static readonly string Act = Say($"Change a mission in the register").In(DeskLanguage.English);

    private static async Task<IResult> Show(
        string id,
        RegisterInUse registers,
        IOptions<ReleaseSettings> release,
        CancellationToken cancellation) =>
        Pages.Found<MissionEditPage, MissionEditView>(await View(id, registers, release, cancellation));

    private static async Task<MissionEditView?> View(
        string id,
        RegisterInUse registers,
        IOptions<ReleaseSettings> release,
        CancellationToken cancellation)
    {
        var register = await registers.Current(cancellation);
        return register.Missions.FirstOrDefault(mission => mission.Id == id) is { } mission
            && await registers.Row(id, cancellation) is { } row
                ? new(mission, row, row.Hash, release.Value.People > 1)
                {
                    Waiting = await registers.Uploaded(cancellation) is { State: UploadedRegisterState.Waits } waiting
                        ? waiting
                        : null,
                }
                : null;
    }

    /// <param name="form"><c>row</c>, the hash of what was shown; <c>reason</c>; and a field for each column.</param>
    private static async Task<ActResult> Change(
        string id,
        IFormCollection form,
        HttpContext http,
        RegisterInUse registers,
        IOptions<ReleaseSettings> release,
        CancellationToken cancellation)
    {
        if (await View(id, registers, release, cancellation) is not { } view)
            return ActResult.NotThere();
        // One line in the record, in the history of the register and on the mission's page.
        var reason = SingleLine.Of(form["reason"].ToString());
        var wanted = new MissionRow(
            // Only the columns that the form has: what else a request brings changes nothing.
            MissionRow.Editable.ToDictionary(
                column => column,
                column => form[column].ToString().ReplaceLineEndings(" ").Trim()));
        var typed = view with { Row = wanted, Shown = form["row"].ToString(), Reason = reason };
        if (reason.Length == 0)
            return Again(
                Say($"Nothing was changed: write why first."),
                typed with { Problem = Say($"Write why it is changed: whoever reads the record later was not there.") });
        if (reason.Length > LongestReason || wanted.Cells.Values.Any(cell => cell.Length > LongestCell))
            return Again(
                Say($"Nothing was changed: it is too long."),
                typed with { Problem = Say($"Make it shorter: {LongestReason} characters for the reason, {LongestCell} for a field.") });
        // What the fields held and hold, and why, stays with the history of the register, which is erased; the record
        // of acts is not.
        if (Changed(view.Row, wanted).ToList() is [_, ..] columns)
            http.Detail(Say($"{view.Mission.Said}: {Listed(columns.Select(Label))}"));
        else
            http.Detail(view.Mission.Said);
        var (state, faults) = await registers.Edit(
            wanted,
            typed.Shown,
            new(SignedIn.PersonOf(http.User), id, reason),
            cancellation);
        return state switch
        {
            RegisterEditingState.Done => ActResult.Done(
                Say($"The register has it so from now on. Letters that wait for release keep the mailboxes they were checked with until they are checked again."),
                Addresses.Mission(id)),
            RegisterEditingState.Waits => ActResult.Done(
                view.NeedsSecond
                    ? Say($"The change is made and waits to be confirmed by another person, a releaser. The register in use stays until then.")
                    : Say($"The change is made and waits to be confirmed. The register in use stays until then."),
                Addresses.Register),
            RegisterEditingState.Refused => Again(
                Say($"Nothing was changed: it has {DeskText.Faults(faults.Count(fault => !fault.IsWarning))}."),
                typed with { Faults = faults }),
            RegisterEditingState.Nothing => ActResult.Unchanged(
                Say($"Nothing was changed: the register has it so already."),
                Addresses.Mission(id)),
            // The page has no form until then, so it says what was typed.
            RegisterEditingState.AnotherWaits => Again(
                Say($"Nothing was changed: a register waits to be confirmed. See to that first, and then change the mission."),
                (await View(id, registers, release, cancellation) ?? view) with
                {
                    Problem = Say($"You had typed: {Joined(Differences(view.Row, wanted))}. Why: {reason}"),
                }),
            RegisterEditingState.Gone => ActResult.Unchanged(
                Say($"Nothing was changed: the mission had left the register when you pressed."),
                Addresses.Mission(id)),
            // With the row as it is now: who presses again has seen it.
            _ => Again(
                Say($"Nothing was changed: another person had changed this mission when you pressed."),
                (await View(id, registers, release, cancellation) ?? view) with
                {
                    Reason = reason,
                    Problem = Say($"Another person changed this mission while you typed. The fields hold what stands there now; you had typed: {Joined(Differences(view.Row, wanted))}."),
                }),
        };

        static ActResult Again(Phrase words, MissionEditView view) =>
            ActResult.Unfinished(
                words,
                Pages.Show<MissionEditPage, MissionEditView>(view, StatusCodes.Status422UnprocessableEntity));
    }

    private static IEnumerable<string> Changed(MissionRow before, MissionRow after) =>
        MissionRow.Editable.Where(column => before.Cells[column] != after.Cells[column]);

    private static IEnumerable<Phrase> Differences(MissionRow before, MissionRow after) =>
        Changed(before, after)
            .Select(column =>
                Say($"{Label(column)}: {Words(before.Cells[column])} became {Words(after.Cells[column])}"));

    private static Phrase Words(string cell) => cell.Length == 0 ? Say($"none") : Plain(cell);

    /// <summary>What a field is called.</summary>
    public static Phrase Label(string column) => column switch
    {
        RegisterColumns.To => Say($"To"),
        RegisterColumns.Cc => Say($"Copy"),
        RegisterColumns.HeadOfMission => Say($"Head of mission"),
        RegisterColumns.FormOfAddress => Say($"Form of address"),
        RegisterColumns.HeadTitle => Say($"Title of the head"),
        RegisterColumns.Title => Say($"Title of the mission"),
        RegisterColumns.Language => Say($"Language"),
        RegisterColumns.AlternateLanguage => Say($"Other language"),
        RegisterColumns.Telephone => Say($"Telephone"),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, null),
    };
}
