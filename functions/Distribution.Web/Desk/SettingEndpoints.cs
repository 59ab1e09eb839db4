using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters.Editing;
using Distribution.Letters.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What a secretariat keeps for its letters: signatories, letterheads and the like.</summary>
internal static class SettingEndpoints
{
    private const string Matter = Addresses.Settings + "/{matter}";

    private const string One = Matter + "/{id}";

    /// <summary>In characters: a sentence or two.</summary>
    public const int LongestReason = 300;

    /// <summary>In characters; more than any field of a letter has.</summary>
    private const int LongestField = 2_000;

    public const string Version = "version";

    public const string Why = "why";

    /// <summary>Behind the name of an image: the file that is chosen for it.</summary>
    public const string File = ".file";

    /// <summary>Behind the name of an image: that it has none from now on.</summary>
    public const string NoImage = ".none";

    public static void MapSettings(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.Settings, ReadMethods.Read, Show);
        endpoints.MapMethods(Matter, ReadMethods.Read, List);
        endpoints.MapMethods(One, ReadMethods.Read, Form);
        endpoints.MapMethods($"{Addresses.Settings}/images/{{sha256}}", ReadMethods.Read, Image);
        endpoints.MapMethods(Addresses.PhraseDocuments, ReadMethods.Read, Document);
        forms.MapPost(One, Save)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Change the desk's settings", Roles.Keep);
        forms.MapPost($"{One}/take-out", TakeOut).Asks("Take something out of the desk's settings", Roles.Keep);
    }

    private static async Task<IResult> Show(DeskSettings settings, CancellationToken cancellation)
    {
        List<(SettingMatter, int)> counted = [];
        foreach (var matter in SettingMatters.All)
            counted.Add((matter, (await settings.All(matter, cancellation)).Count));
        return Pages.Show<SettingsPage, SettingsView>(new(counted));
    }

    private static async Task<IResult> List(string matter, DeskSettings settings, CancellationToken cancellation) =>
        SettingMatters.Find(matter) is { } found
            ? Pages.Show<SettingListPage, SettingListView>(new(found, await settings.WithTakenOut(found, cancellation)))
            : Pages.NotFound();

    private static async Task<IResult> Form(
        string matter,
        string id,
        DeskSettings settings,
        CancellationToken cancellation)
    {
        if (SettingMatters.Find(matter) is not { } of)
            return Pages.NotFound();
        var stored = id == Addresses.NewSetting ? null : await settings.Find(of, id, cancellation);
        return stored is null && id != Addresses.NewSetting
            ? Pages.NotFound()
            : Shown(
                new(
                    of,
                    // Made when the form is shown, so that pressing twice writes to one entry and not to two.
                    stored?.Id ?? Guid.NewGuid().ToString("n"),
                    stored,
                    stored?.Fields ?? ImmutableDictionary<string, string>.Empty,
                    stored?.Version ?? Setting.NoVersion,
                    await settings.All(SettingMatters.Letterheads, cancellation)));
    }

    private static IResult Shown(SettingView view, int status = StatusCodes.Status200OK) =>
        Pages.Show<SettingPage, SettingView>(view, status);

    private static async Task<ActResult> Save(
        string matter,
        string id,
        HttpRequest request,
        DeskSettings settings,
        SettingImages images,
        SettingCheck check,
        StagedFiles staged,
        CancellationToken cancellation)
    {
        if (SettingMatters.Find(matter) is not { } of || !DeskSettings.IsId(id))
            return ActResult.NotThere();
        var form = await request.ReadFormAsync(cancellation);
        var by = SignedIn.PersonOf(request.HttpContext.User);
        var version = form[Version].ToString();
        var why = SingleLine.Of(form[Why].ToString());
        var stored = await settings.Find(of, id, cancellation);
        // The day of a holiday names its entry.
        var typed = of.Key is { } key && stored is not null ? Typed(of, form).SetItem(key.Name, id) : Typed(of, form);
        var view = new SettingView(
            of,
            id,
            stored,
            typed,
            version,
            await settings.All(SettingMatters.Letterheads, cancellation))
        {
            Why = why
        };
        if (of.Image is { } image)
        {
            view = await WithImage(image);
            await images.Keep(view.Fields.GetValueOrDefault(image.Sha256, ""), cancellation);
        }

        request.HttpContext.Detail(Asked(of, view.Fields, why));
        List<SettingFault> faults = [.. view.Faults, .. await check.Check(of, view.Fields, cancellation)];
        // A new entry needs no reason: it says itself what it is.
        if (version != Setting.NoVersion && why.Length == 0)
            faults.Add(new(Why, Say($"Write why it is changed: whoever reads it later was not there.")));
        if (why.Length > LongestReason)
            faults.Add(new(Why, Say($"Make it shorter: {LongestReason} characters at most.")));
        if (faults.Count > 0)
            return Again(
                Say($"Nothing was changed: the form is not in order yet."),
                view with
                {
                    Faults = [.. faults.DistinctBy(fault => (fault.Field, fault.Words.In(DeskLanguage.English)))]
                });

        var (outcome, now) = await settings.Change(
            of,
            of.Key is { } day ? view.Fields[day.Name] : id,
            view.Fields,
            version,
            by,
            why,
            cancellation);
        var called = SettingWords.Called(of, view.Fields);
        return outcome switch
        {
            SettingOutcome.Done =>
                ActResult.Done(Say($"Saved: {called}. {SettingWords.Saved(of)}"), Addresses.SettingsOf(matter)),
            SettingOutcome.Nothing =>
                ActResult.Unchanged(
                    Say($"Nothing was changed: {called} stands there so already."),
                    Addresses.SettingsOf(matter)),
            SettingOutcome.TooMany => Again(
                Say($"Nothing was changed: there are too many."),
                view with { Problem = Say($"There are {DeskSettings.Most} entries, those that were taken out included, and no more are kept. Change one that is of no use any more.") }),
            // With the version as it is now: who presses again has seen it.
            _ => Again(
                Say($"Nothing was changed: another person was first."),
                view with
                {
                    Id = now?.Id ?? id,
                    Stored = now,
                    Version = now?.Version ?? Setting.NoVersion,
                    Problem = now is { IsTakenOut: false, Changes: [] }
                        ? Say($"It is on the list already, as it came with the service. What you typed stands below and is not saved. Save again to change it.")
                        : now is { IsTakenOut: false }
                        ? Say($"{now.Changes[^1].By.Name} changed this on {DeskText.Time(now.Changes[^1].At)}, after you opened it. What you typed stands below and is not saved. Take over what is right, and save again: then yours counts.")
                        : Say($"It was taken out after you opened it. What you typed stands below and is not saved. Save again to have it there."),
                    Theirs = now is { IsTakenOut: false } ? SettingWords.Differences(of, view.Fields, now.Fields) : [],
                },
                StatusCodes.Status409Conflict),
        };

        ActResult Again(Phrase words, SettingView again, int status = StatusCodes.Status422UnprocessableEntity) =>
            ActResult.Unfinished(words, Shown(again, status));

        // An image is stored before the rest is looked at: whoever has to mend another field need not choose it again.
        async Task<SettingView> WithImage(SettingField field)
        {
            if (await ChosenFiles.Of(request, field.Name + File, by, cancellation) is not [var chosen, ..])
                return view;
            if (chosen.Length > RequestLimits.PlainForm)
                return view with { Faults = [new(field.Name, Say($"The image is too large."))] };
            await using var open = await OpenFiles.Open([chosen], staged, cancellation);
            if (open.Problems is [var problem, ..])
                return view with { Faults = [new(field.Name, problem)] };
            using var memory = new MemoryStream();
            await open.Streams[0].CopyToAsync(memory, cancellation);
            var content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
            return SettingCheck.Fault(field, chosen.Name, content) is { } fault
                ? view with { Faults = [new(field.Name, fault)] }
                : view with
                {
                    Fields = view.Fields
                        .SetItem(field.Name, chosen.Name)
                        .SetItem(field.Sha256, await images.Put(content, cancellation)),
                };
        }
    }

    /// <summary>What was typed, without what is empty.</summary>
    private static ImmutableDictionary<string, string> Typed(SettingMatter matter, IFormCollection form)
    {
        var fields = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var field in matter.Fields)
        {
            var typed = form[field.Name].ToString();
            typed = field.Input == SettingInput.Text
                ? typed.ReplaceLineEndings("\n").Trim()
                : typed.ReplaceLineEndings(" ").Trim();
            if (typed.Length == 0 || (field.Input == SettingInput.Image && form.ContainsKey(field.Name + NoImage)))
                continue;
            fields[field.Name] = field.Input == SettingInput.Text ? typed : TextStart.Of(typed, LongestField);
            if (field.Input == SettingInput.Image)
                // The image that the form was shown with; another one that is chosen takes its place later.
                fields[field.Sha256] = form[field.Sha256].ToString();
        }

        return fields.ToImmutable();
    }

    private static async Task<ActResult> TakeOut(
        string matter,
        string id,
        [FromForm] string? version,
        [FromForm] string? why,
        HttpContext http,
        DeskSettings settings,
        CancellationToken cancellation)
    {
        if (SettingMatters.Find(matter) is not { } of || await settings.Find(of, id, cancellation) is not { } stored)
            return ActResult.NotThere();
        var called = SettingWords.Called(of, stored.Fields);
        var reason = SingleLine.Of(why ?? "");
        http.Detail(Asked(of, stored.Fields, reason));
        if (reason.Length == 0 || reason.Length > LongestReason)
            return ActResult.Unchanged(
                Say($"Nothing was taken out: write why, in {LongestReason} characters at most."),
                Addresses.Setting(matter, id));
        var (outcome, _) = await settings.Change(
            of,
            id,
            null,
            version ?? "",
            SignedIn.PersonOf(http.User),
            reason,
            cancellation);
        return outcome switch
        {
            SettingOutcome.Done =>
                ActResult.Done(
                    Say($"{called} is taken out. {SettingWords.TakenOut(of)}"),
                    Addresses.SettingsOf(matter)),
            SettingOutcome.Nothing =>
                ActResult.Unchanged(
                    Say($"Nothing was changed: {called} had been taken out already when you pressed."),
                    Addresses.SettingsOf(matter)),
            _ =>
                ActResult.Unchanged(
                    Say($"Nothing was taken out: it was changed since this page was opened. Look at it first."),
                    Addresses.Setting(matter, id)),
        };
    }

    /// <summary>A phrase for the editor; 404 where there is none any more, or the editor cannot show it.</summary>
    private static async Task<IResult> Document(string id, DeskSettings settings, CancellationToken cancellation) =>
        await settings.Find(SettingMatters.Phrases, id, cancellation) is { IsTakenOut: false } phrase
        && EditorReader.Read(phrase.Field(SettingMatters.Text)) is { } document
            ? Results.Content(document.Json(), "application/json; charset=utf-8")
            : Pages.NotFound();

    private static async Task<IResult> Image(
        string sha256,
        SettingImages images,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (await images.Read(sha256, cancellation) is not { } content)
            return Pages.NotFound();
        // An SVG can hold scripts, which must not run where it is opened by itself.
        response.Headers.ContentSecurityPolicy = SecurityHeaders.Picture;
        return Results.Bytes(
            content,
            // By the first byte, as PNG and JPEG define it; only these and SVG are ever stored.
            content.Span is [0x89, ..] ? "image/png" : content.Span is [0xFF, ..] ? "image/jpeg" : "image/svg+xml");
    }

    /// <summary>What the record of acts says of a press.</summary>
    private static Phrase Asked(SettingMatter matter, IReadOnlyDictionary<string, string> fields, string why) =>
        why.Length > 0
            ? Say($"{SettingWords.Title(matter)}: {SettingWords.Called(matter, fields)}. Why: {why}")
            : Say($"{SettingWords.Title(matter)}: {SettingWords.Called(matter, fields)}");
}
