namespace Distribution.Common;

/// <summary>The six official languages of the United Nations, by their ISO 639-1 codes.</summary>
internal static class Languages
{
    public const string English = "en";

    /// <summary>In English alphabetical order: Arabic, Chinese, English, French, Russian, Spanish.</summary>
    public static readonly IReadOnlyList<string> Official = ["ar", "zh", "en", "fr", "ru", "es"];

    public static bool IsOfficial(string code) => Official.Contains(code);

    /// <exception cref="ArgumentOutOfRangeException">It is none of the six languages.</exception>
    public static string EnglishName(string code) =>
        code switch
        {
            "ar" => "Arabic",
            "zh" => "Chinese",
            "en" => "English",
            "fr" => "French",
            "ru" => "Russian",
            "es" => "Spanish",
            _ => throw new ArgumentOutOfRangeException(
                nameof(code),
                code,
                "Not an official language of the United Nations."),
        };

    public static bool IsRightToLeft(string code) => code == "ar";
}
