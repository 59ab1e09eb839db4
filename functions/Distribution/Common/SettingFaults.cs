namespace Distribution.Common;

/// <summary>The faults of settings, each with its number in the catalogue; see <see cref="Finding"/>.</summary>
internal static class SettingFaults
{
    public static Finding MissingSetting(string name, string what) => new(502, Location.Setting(name),
        $"{what} is not set.", $"Set {name} and start again.");

    public static Finding PublicUrlNotAbsolute(string value) =>
        new(
            504,
            Location.Setting("PublicUrl"),
            $"“{UnsafeCharacters.Briefly(value)}” is not a web address that a link can start with.",
            "Write it in full, such as https://letters.mission.org.");
}
