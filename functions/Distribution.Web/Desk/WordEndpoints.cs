using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Settings;
using Distribution.Register;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The words of one language of a template, and who has confirmed them.</summary>
/// <param name="Sha256">Of the words as they are now.</param>
/// <param name="InFile">Who confirmed them in the template itself; null for nobody.</param>
/// <param name="Confirmation">What is on record at the desk; null for nothing.</param>
internal sealed record WordsState(
    string Template,
    string Language,
    string Sha256,
    string? InFile,
    Setting? Confirmation)
{
    public bool IsConfirmed => InFile is not null || WordConfirmations.IsOf(Confirmation, Sha256);

    /// <summary>Whether they were confirmed and have changed since.</summary>
    public bool HasChanged => !IsConfirmed && Confirmation is { IsTakenOut: false };
}

/// <summary>The fixed words of all templates.</summary>
internal sealed record WordsView(IReadOnlyList<WordsState> All);

/// <summary>The fixed words of one language, to be read.</summary>
/// <param name="Words">Each as it prints: what it is called, in English, and in the language.</param>
internal sealed record WordsReadView(WordsState State, IReadOnlyList<(string Key, string English, string Words)> Words)
{
    public string Name { get; init; } = "";

    /// <summary>What is wrong with the name; null for nothing.</summary>
    public Phrase? Problem { get; init; }
}

/// <summary>The fixed words of letters, which native readers confirm.</summary>
internal static class WordEndpoints
{
    private const string One = Addresses.Words + "/{template}/{language}";

    public const string Name = "name";

    /// <summary>The hash of the words that were shown.</summary>
    public const string Words = "words";

    public static void MapWords(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.Words, ReadMethods.Read, List);
        endpoints.MapMethods(One, ReadMethods.Read, Show);
        forms.MapPost(One, Confirm).Asks("Confirm the words of a language", Roles.Keep);
        forms.MapPost($"{One}/take-back", TakeBack).Asks("Take back that words are confirmed", Roles.Keep);
    }

    private static async Task<IResult> List(
        Templates templates,
        WordConfirmations confirmations,
        CancellationToken cancellation)
    {
        List<WordsState> all = [];
        foreach (var template in templates.Names)
            foreach (var language in SettingMatters.Order)
                if ((await Read(template, language, templates, confirmations, cancellation))?.State is { } state)
                    all.Add(state);
        return Pages.Show<WordsPage, WordsView>(new(all));
    }

    private static async Task<IResult> Show(
        string template,
        string language,
        Templates templates,
        WordConfirmations confirmations,
        CancellationToken cancellation) =>
        Pages.Found<WordsReadPage, WordsReadView>(
            await Read(template, language, templates, confirmations, cancellation));

    /// <returns>
    /// Null where there is no such template, it has no words of the language, or they cannot be used.
    /// </returns>
    private static async Task<WordsReadView?> Read(
        string template,
        string language,
        Templates templates,
        WordConfirmations confirmations,
        CancellationToken cancellation)
    {
        if (!templates.Names.Contains(template) || !Languages.IsOfficial(language))
            return null;
        try
        {
            var set = templates.Load(template, "");
            if (WordConfirmations.Hash(set, language) is not { } sha256)
                return null;
            var words = Of(language);
            var english = Of(Languages.English)
                .Printed(Mission(Languages.English))
                .ToDictionary(entry => entry.Key, entry => entry.Words);
            return new(
                new(
                    template,
                    language,
                    sha256,
                    words.ConfirmedBy,
                    await confirmations.Find(template, language, cancellation)),
                [.. words
                    .Printed(Mission(language))
                    .Select(entry => (entry.Key, english.GetValueOrDefault(entry.Key, ""), entry.Words))]);

            LanguageWords Of(string code) =>
                LanguageWords.Read(TemplateFiles.Words(code), set.Files[TemplateFiles.Words(code)]);
        }
        // A template that cannot be used is told where letters are made from it; here it has no words to confirm.
        catch (LetterFaultException)
        {
            return null;
        }
    }

    // Any mission will do: the words are shown as they print, and some of them name one.
    private static string Mission(string language) => RegisterCsv.Seed().Missions[0].TitleIn(language);

    private static async Task<ActResult> Confirm(
        string template,
        string language,
        [FromForm] string? name,
        [FromForm] string? words,
        [FromForm] string? version,
        HttpContext http,
        Templates templates,
        WordConfirmations confirmations,
        CancellationToken cancellation)
    {
        if (await Read(template, language, templates, confirmations, cancellation) is not { } view)
            return ActResult.NotThere();
        var reader = (name ?? "").ReplaceLineEndings(" ").Trim();
        Phrase? problem = reader.Length == 0 ? Say($"Write the name of the person who has read them.")
            : reader.Length > WordConfirmations.LongestName
                ? Say($"Make it shorter: {WordConfirmations.LongestName} characters at most.")
            : UnsafeCharacters.FirstUnprintable(reader) is { } sign
                ? Say($"It holds {UnsafeCharacters.Named(sign)}: type it anew.")
            : null;
        if (problem is not null)
            return ActResult.Unfinished(
                Say($"Nothing was confirmed: the name is not in order yet."),
                Pages.Show<WordsReadPage, WordsReadView>(
                    view with { Name = reader, Problem = problem },
                    StatusCodes.Status422UnprocessableEntity));
        http.Detail(Say($"{template}, {DeskText.Language(language)}: {reader}"));
        var spoken = DeskText.Language(language);
        var page = Addresses.WordsOf(template, language);
        // Who confirms answers for the words on the page, so it must be those and no later ones.
        if (words != view.State.Sha256)
            return ActResult.Unchanged(
                Say($"Nothing was confirmed: the words have changed since this page was opened. Read them again."),
                page);
        return await confirmations.Confirm(
            template,
            language,
            view.State.Sha256,
            reader,
            version ?? "",
            SignedIn.PersonOf(http.User),
            cancellation) switch
        {
            SettingOutcome.Done =>
                ActResult.Done(
                    Say($"{reader} has confirmed the words of letters in {spoken}. Letters that are checked from now on no longer say that nobody has."),
                    Addresses.Words),
            SettingOutcome.Nothing =>
                ActResult.Unchanged(
                    Say($"Nothing was changed: {reader} had confirmed these words already."),
                    Addresses.Words),
            _ =>
                ActResult.Unchanged(
                    Say($"Nothing was changed: another person was first. Look at what stands here now."),
                    page),
        };
    }

    private static async Task<ActResult> TakeBack(
        string template,
        string language,
        [FromForm] string? version,
        [FromForm] string? why,
        HttpContext http,
        Templates templates,
        WordConfirmations confirmations,
        CancellationToken cancellation)
    {
        if (await Read(template, language, templates, confirmations, cancellation)
            is not { State.Confirmation: not null })
            return ActResult.NotThere();
        var page = Addresses.WordsOf(template, language);
        var reason = SingleLine.Of(why ?? "");
        http.Detail(Say($"{template}, {DeskText.Language(language)}. Why: {reason}"));
        if (reason.Length == 0 || reason.Length > SettingEndpoints.LongestReason)
            return ActResult.Unchanged(
                Say($"Nothing was taken back: write why, in {SettingEndpoints.LongestReason} characters at most."),
                page);
        return await confirmations.TakeBack(
            template,
            language,
            version ?? "",
            SignedIn.PersonOf(http.User),
            reason,
            cancellation) == SettingOutcome.Done
            ? ActResult.Done(
                Say($"The confirmation is taken back. Letters that are checked from now on say that nobody has confirmed these words."),
                Addresses.Words)
            : ActResult.Unchanged(
                Say($"Nothing was changed: another person was first. Look at what stands here now."),
                page);
    }
}
