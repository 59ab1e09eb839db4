using System.Runtime.CompilerServices;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Tests.Letters;

/// <summary>The sample letter in the six official languages, as a secretariat would upload it.</summary>
internal static class SixLanguages
{
    public static readonly string Folder = Path.Combine(Here(), "translations");

    public static LetterSource In(string language) =>
        language == "en"
            ? SampleLetter.Source
            : LetterFile
                .ReadTranslation(
                    $"letter.{language}.md",
                    language,
                    File.ReadAllBytes(Path.Combine(Folder, $"letter.{language}.md")),
                    SampleLetter.Source)
                .Letter!;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
