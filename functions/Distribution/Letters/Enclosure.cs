using System.Text.Json.Serialization;

namespace Distribution.Letters;

/// <summary>An enclosure as the letter and its email list it.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record Enclosure(
    string File,
    string Title,
    EnclosureRole Role,
    string ContentType,
    long Length,
    string Hash)
{
    /// <summary>True if it is made from the letter's meetings.</summary>
    [JsonIgnore]
    public bool IsCalendar => Role is EnclosureRole.Meetings or EnclosureRole.CancelledMeetings;

    /// <param name="file">One of the files that the letter names.</param>
    public static Enclosure Of(UploadedFile file, LetterSource letter)
    {
        var entry = letter.Enclosures.First(entry => FileNames.AreSame(entry.File, file.Name));
        return new(file.Name, entry.Title, entry.Role, ContentTypes.Of(file.Name), file.Content.Length, file.Hash);
    }

    /// <summary>The same file with the title that a letter in another language gives it, if it gives one.</summary>
    public Enclosure NamedIn(LetterSource letter) =>
        letter.Enclosures.FirstOrDefault(entry => FileNames.AreSame(entry.File, File)) is { } entry
            ? this with
            {
                Title = entry.Title,
            }
            : this;
}
