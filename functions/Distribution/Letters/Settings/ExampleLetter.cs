using System.Text;
using Distribution.Letters.Reading;

namespace Distribution.Letters.Settings;

/// <summary>A letter with everything that a letter needs, to check something in it or to show a template.</summary>
internal static class ExampleLetter
{
    public const string File = "letter.md";

    /// <summary>A kind of letter by its form, and whether each mission has a letter of its own.</summary>
    public static readonly IReadOnlyList<(string Form, string Address)> Kinds =
    [
        ("letter", "collective"),
        ("letter", "addressed"),
        ("note-verbale", "collective"),
        ("cover-letter", "collective")
    ];

    private const string Enclosed = "draft.pdf";

    private static readonly IReadOnlyDictionary<string, string> Usual = new Dictionary<string, string>
    {
        [LetterSchema.Process.Name] = "Name of the process",
        [LetterSchema.Draft.Name] = "Draft Rev 1",
        [LetterSchema.Sequence.Name] = "1",
        [LetterSchema.Date.Name] = "2018-03-26",
        [LetterSchema.Subject.Name] = "Draft Rev 1: Name of the process",
        [LetterSchema.Reference.Name] = "Reference",
        [LetterSchema.Contact.Name] = "Contact <contact@letters.example>",
    };

    /// <summary>Reads it with these fields (<see cref="LetterFormFields"/>) and this text.</summary>
    public static LetterReading Read(IEnumerable<KeyValuePair<string, string>> fields, string text) =>
        LetterFile.Read(
            File,
            Encoding.UTF8.GetBytes(LetterFormFields.Write(
                Usual.Where(usual => !fields.Any(field => field.Key == usual.Key)).Concat(fields).ToDictionary(),
                [
                    new Dictionary<string, string>
                    {
                        [EnclosureKeys.File.Name] = Enclosed,
                        [EnclosureKeys.Title.Name] = "Draft Rev 1",
                        // A cover letter has to pass on another letter.
                        [EnclosureKeys.Role.Name] = fields.Any(field =>
                            field.Key == LetterSchema.Form.Name && field.Value == "cover-letter")
                            ? "enclosed-letter"
                            : "",
                    },
                ],
                text)));

    /// <summary>One of the <see cref="Kinds"/>, for a look at what it prints.</summary>
    public static LetterSource OfKind(string template, string form, string address)
    {
        var fields = new Dictionary<string, string>
        {
            [LetterSchema.Template.Name] = template,
            [LetterSchema.Form.Name] = form,
            [LetterSchema.Address.Name] = address,
        };
        if (form == "note-verbale")
        {
            fields[$"{LetterSchema.Sender.Name}.{SenderKeys.Name.Name}"] = "The Permanent Mission of the sender";
            fields[$"{LetterSchema.Sender.Name}.{SenderKeys.Letterhead.Name}"] = "Letterhead of the sender";
            fields[$"{LetterSchema.Sender.Name}.{SenderKeys.Address.Name}"] = "Address under it; New York";
        }
        else
        {
            fields[LetterFormFields.Item(LetterSchema.Signatories.Name, 1, SignatoryKeys.Name.Name)] =
                "Name of who signs";
            fields[LetterFormFields.Item(LetterSchema.Signatories.Name, 1, SignatoryKeys.Title.Name)] =
                "Title under the name";
            fields[LetterFormFields.Item(LetterSchema.Signatories.Name, 1, SignatoryKeys.Letterhead.Name)] =
                "Letterhead of the signatory";
            fields[LetterFormFields.Item(LetterSchema.Signatories.Name, 1, SignatoryKeys.Address.Name)] =
                "Address under it; New York";
        }

        var reading = Read(
            fields,
            form == "note-verbale"
                ? "transmit herewith {{ letter.draft }}. The text of the note stands here."
                : "The text of the letter stands here.\n\n1. It has lists;\n2. and **bold** and *italic* words.");
        return reading.Letter
            ?? throw new InvalidOperationException($"The example letter cannot be read: {reading.Faults[0]}");
    }
}
