namespace Distribution.Letters;

/// <summary>How sentences, labels and lists are joined in a language: Chinese has no spaces there.</summary>
internal static class Joining
{
    /// <summary>What stands between two sentences, or between a label and what it names.</summary>
    public static string Space(string language) => language == "zh" ? "" : " ";

    public static string Sentences(string language, IEnumerable<string> sentences) =>
        string.Join(Space(language), sentences);

    /// <summary>What stands between names in a list; nothing in Chinese, where each is in quotation marks.</summary>
    public static string Comma(PageWords words, bool areQuoted = false) =>
        areQuoted && words.Language == "zh" ? "" : words["comma"];
}
