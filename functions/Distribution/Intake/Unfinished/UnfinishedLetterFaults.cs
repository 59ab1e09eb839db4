using Distribution.Common;
using Distribution.Letters.Reading;

namespace Distribution.Intake.Unfinished;

/// <summary>What keeps a letter in the making from its folder; see <see cref="Finding"/>.</summary>
internal static class UnfinishedLetterFaults
{
    public static Finding FolderTaken(string folder, string label) => new(171,
        Location.In(BlobNames.Letter, field: LetterSchema.Draft.Name),
        $"There is a letter in the folder {folder} already, and {UnsafeCharacters.Briefly(label)} would go there too.",
        "Say what is sent in other words, such as with its number, or discard this one and change the letter that is there.");
}
