using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Letters.Settings;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What a secretariat keeps for its letters, and how much of it.</summary>
internal sealed record SettingsView(IReadOnlyList<(SettingMatter Matter, int Count)> Matters);

/// <summary>The entries of one matter.</summary>
/// <param name="Entries">Those that were taken out included.</param>
internal sealed record SettingListView(SettingMatter Matter, IReadOnlyList<Setting> Entries);

/// <summary>One entry in its form.</summary>
/// <param name="Id">That the form writes to: a second press adds nothing.</param>
/// <param name="Stored">As it stands; null for one that is new.</param>
/// <param name="Fields">What the fields hold.</param>
/// <param name="Version">Of what the form was filled in with.</param>
internal sealed record SettingView(
    SettingMatter Matter,
    string Id,
    Setting? Stored,
    ImmutableDictionary<string, string> Fields,
    string Version,
    IReadOnlyList<Setting> Letterheads)
{
    public string Why { get; init; } = "";

    public IReadOnlyList<SettingFault> Faults { get; init; } = [];

    /// <summary>What keeps it as a whole from being saved; null for nothing.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>What stands there now, where another person was first.</summary>
    public IReadOnlyList<SettingDifference> Theirs { get; init; } = [];

    /// <summary>Whether it stands in the settings now.</summary>
    public bool IsThere => Stored is { IsTakenOut: false };
}

/// <summary>A field that two states of an entry say differently.</summary>
internal sealed record SettingDifference(SettingField Field, string Before, string After);

/// <summary>How the pages call the desk's settings.</summary>
internal static class SettingWords
{
    public static Phrase Title(SettingMatter matter) =>
        matter == SettingMatters.Signatories ? Say($"Signatories")
        : matter == SettingMatters.Letterheads ? Say($"Letterheads")
        : matter == SettingMatters.Phrases ? Say($"Phrases")
        : Say($"Holidays");

    /// <summary>What its entries are for.</summary>
    public static Phrase Purpose(SettingMatter matter) =>
        matter == SettingMatters.Signatories
            ? Say($"Who signs letters, with title, letterhead and the image of the signature. The form of a letter puts them in.")
        : matter == SettingMatters.Letterheads
            ? Say($"Offices with address and emblem, as they stand at the head of letters and notes.")
        : matter == SettingMatters.Phrases
            ? Say($"Sentences that letters say again and again. The form of a letter puts them into its text.")
        : Say($"Days without business besides Saturdays and Sundays. Reminders are counted by them, and the check of a letter says where it is due or leaves on one. Compare them each year with the Secretariat's circular. Letters that are released keep their reminders.");

    public static Phrase Add(SettingMatter matter) =>
        matter == SettingMatters.Signatories ? Say($"Add a signatory")
        : matter == SettingMatters.Letterheads ? Say($"Add a letterhead")
        : matter == SettingMatters.Phrases ? Say($"Add a phrase")
        : Say($"Add a holiday");

    public static Phrase None(SettingMatter matter) =>
        matter == SettingMatters.Signatories ? Say($"There is no signatory yet.")
        : matter == SettingMatters.Letterheads ? Say($"There is no letterhead yet.")
        : matter == SettingMatters.Phrases ? Say($"There is no phrase yet.")
        : Say($"There is no holiday.");

    /// <summary>What an entry is called: a holiday by its day in words.</summary>
    public static Phrase Called(SettingMatter matter, IReadOnlyDictionary<string, string> fields) =>
        matter == SettingMatters.Holidays
            && DeskHolidays.Day(fields.GetValueOrDefault(SettingMatters.Day, "")) is { } day
            ? Say($"{OfDay(day)}, {fields.GetValueOrDefault(SettingMatters.Name, "")}")
            : Plain(matter.Called(fields));

    /// <summary>What saving an entry means for letters.</summary>
    public static Phrase Saved(SettingMatter matter) =>
        matter == SettingMatters.Holidays
            ? Say($"Letters that wait for release are checked again by it; released ones keep their reminders.")
            : Say($"Letters that are made from now on can have it so; those there are stay as they are.");

    /// <summary>What it means that an entry is taken out.</summary>
    public static Phrase TakenOut(SettingMatter matter) =>
        matter == SettingMatters.Holidays
            ? Say($"The day counts as one of business. Letters that wait for release are checked again by it; released ones keep their reminders.")
            : Say($"It is offered for no letter any more. Letters that have it keep it.");

    /// <summary>A field with the language it is for.</summary>
    public static Phrase Label(SettingField field) =>
        field.Language is { } language ? Say($"{field.Label} ({DeskText.Language(language)})") : field.Label;

    /// <summary>The fields that differ, in the order of the form; null stands for an entry that is not there.</summary>
    public static IReadOnlyList<SettingDifference> Differences(
        SettingMatter matter,
        IReadOnlyDictionary<string, string>? before,
        IReadOnlyDictionary<string, string>? after) =>
    [
        .. matter.Fields
            .Select(field => new SettingDifference(field, Value(before, field), Value(after, field)))
            .Where(difference => difference.Before != difference.After),
    ];

    // Two images of one name differ.
    private static string Value(IReadOnlyDictionary<string, string>? fields, SettingField field) =>
        fields?.GetValueOrDefault(field.Name) is not { } value ? ""
        : field.Input == SettingInput.Image ? $"{value} ({fields.GetValueOrDefault(field.Sha256, "")[..8]})"
        : value;
}
