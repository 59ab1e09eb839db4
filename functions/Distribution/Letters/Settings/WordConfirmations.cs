using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Letters.Settings;

/// <summary>
/// Which fixed words of letters native readers have confirmed at the desk. A confirmation names the hash of the words
/// that were read, so that words that change later are not confirmed.
/// </summary>
internal sealed class WordConfirmations(DeskSettings settings)
{
    /// <summary>In characters.</summary>
    public const int LongestName = 100;

    /// <summary>The hash of the words, 64 lower-case hexadecimal digits.</summary>
    private const string Sha256 = "sha256";

    private static readonly SettingMatter Matter = SettingMatters.Words;

    /// <summary>The hash of a template's words in a language; null where it has none.</summary>
    public static string? Hash(TemplateSet template, string language) =>
        template.Files.TryGetValue(TemplateFiles.Words(language), out var words) ? Sha256Hex.Of(words) : null;

    /// <returns>What is on record of them, taken back or not; null for nothing.</returns>
    public Task<Setting?> Find(string template, string language, CancellationToken cancellation) =>
        settings.Find(Matter, Id(template, language), cancellation);

    /// <summary>The hashes of all words that are confirmed.</summary>
    public async Task<IReadOnlySet<string>> All(CancellationToken cancellation) =>
        (await settings.All(Matter, cancellation)).Select(entry => entry.Field(Sha256)).ToHashSet();

    /// <summary>Whether a confirmation is of words with this hash.</summary>
    public static bool IsOf(Setting? confirmation, string sha256) =>
        confirmation is { IsTakenOut: false } && confirmation.Field(Sha256) == sha256;

    /// <param name="reader">Who has read them.</param>
    /// <param name="version">Of the confirmation that was shown (<see cref="Setting.Version"/>).</param>
    public async Task<SettingOutcome> Confirm(
        string template,
        string language,
        string sha256,
        string reader,
        string version,
        Person by,
        CancellationToken cancellation) =>
        (await settings.Change(
            Matter,
            Id(template, language),
            ImmutableDictionary<string, string>.Empty.Add(SettingMatters.Name, reader).Add(Sha256, sha256),
            version,
            by,
            "",
            cancellation)).Outcome;

    public async Task<SettingOutcome> TakeBack(
        string template,
        string language,
        string version,
        Person by,
        string why,
        CancellationToken cancellation) =>
        (await settings.Change(Matter, Id(template, language), null, version, by, why, cancellation)).Outcome;

    private static string Id(string template, string language) => $"{template}-{language}";
}
