using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Letters.Settings;

/// <summary>An entry of the desk's settings, such as a signatory, with its history.</summary>
/// <param name="Id">Unique within its matter.</param>
/// <param name="Fields">By name, without those that are empty; of an entry that is taken out, the last ones.</param>
/// <param name="IsTakenOut">True if it is no longer offered. Letters that were made with it have copies of it.</param>
/// <param name="Changes">The latest last, <see cref="MostChanges"/> at most.</param>
internal sealed record Setting(
    string Id,
    ImmutableDictionary<string, string> Fields,
    bool IsTakenOut,
    ImmutableList<SettingChange> Changes)
{
    public const int MostChanges = 30;

    /// <summary>The version of an entry that is not there, or is taken out.</summary>
    public const string NoVersion = "";

    public string Field(string name) => Fields.GetValueOrDefault(name, "");

    /// <summary>
    /// The SHA-256 of its fields. A form sends back the version with which it was filled in, so that nobody overwrites
    /// unseen what another has changed meanwhile.
    /// </summary>
    public string Version =>
        IsTakenOut
            ? NoVersion
            : Sha256Hex.Of(
                string.Join(
                    '\0',
                    Fields
                        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                        .SelectMany(pair => (string[])[pair.Key, pair.Value])));
}

/// <summary>A change of a setting.</summary>
/// <param name="Why">As typed; empty where nothing was.</param>
/// <param name="Before">The fields before it; null where there was no such entry, or it was taken out.</param>
/// <param name="After">The fields after it; null where it was taken out.</param>
internal sealed record SettingChange(
    DateTimeOffset At,
    Person By,
    string Why,
    ImmutableDictionary<string, string>? Before,
    ImmutableDictionary<string, string>? After);
