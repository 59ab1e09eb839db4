using System.Globalization;
using Distribution.Common;
using Distribution.Intake.CoverLetters;
using Distribution.Letters.Reading;
using Distribution.Letters.Slips;
using static Distribution.Common.Phrase;

namespace Distribution.Intake.Unfinished;

/// <summary>Puts what a cover letter says into the fields of a letter, and says what it changed.</summary>
internal static class CoverLetterFields
{
    private const int MostSignatories = 3;

    /// <summary>What the letter has by itself is taken off a text that a person pasted.</summary>
    public static UnfinishedLetter WithoutWhatTheLetterHas(UnfinishedLetter letter) =>
        CoverLetterReader.ReadPasted(letter.Text) is { } pasted ? Put(letter, pasted, "The text") : letter;

    /// <param name="from">What it was taken from, as the subject of a sentence: <c>“Cover letter.docx”</c>.</param>
    public static UnfinishedLetter Put(UnfinishedLetter letter, CoverLetter cover, string from)
    {
        List<string> notes = [];
        var put = letter;
        Set(LetterSchema.Language, cover.Language);
        Set(LetterSchema.Date, cover.Date?.ToString(DateType.Format, CultureInfo.InvariantCulture));
        Set(LetterSchema.Place, cover.Place);
        Set(LetterSchema.Reference, cover.Reference);
        Set(LetterSchema.Subject, cover.Subject);
        if (cover.Salutation is not null || cover.IsLetter)
            Set(LetterSchema.Salutation, cover.Salutation ?? "", isWhole: cover.Salutation is null);
        put = Sign(put, cover, notes);
        var isReplaced = !string.IsNullOrWhiteSpace(letter.Text) && letter.Text.Trim() != cover.Text.Trim();
        return put with
        {
            Text = cover.Text,
            FormerText = isReplaced ? letter.Text : letter.FormerText,
            Notes =
            [
                Say($"{from} was taken apart: its text is the letter's now.").ForRecord,
                .. notes,
                .. cover.LeftOut,
                .. isReplaced ? [Say($"The text that stood there before is kept below it.").ForRecord] : (string[])[],
            ],
        };

        // What the document says counts, since a person has brought it; what stood there is named.
        void Set(LetterKey key, string? value, bool isWhole = false)
        {
            if (value is null)
                return;
            var before = put.Field(key.Name);
            var usual = key == LetterSchema.Language ? Languages.English
                : key == LetterSchema.Place ? LetterSchema.UsualPlace
                : "";
            if (before == value || (before.Length == 0 && value == usual))
                return;
            // What the letter takes for an empty field is left empty.
            put = put.With(key.Name, value == usual ? "" : value);
            if (before.Length > 0 && !isWhole)
                notes.Add($"{key.Label}: “{Shown(key, value)}”, as {from} says; it was “{Shown(key, before)}”.");
        }
    }

    private static string Shown(LetterKey key, string value) =>
        key == LetterSchema.Language && Languages.IsOfficial(value) ? Languages.EnglishName(value)
        : key == LetterSchema.Date
            && DateOnly.TryParseExact(
                value,
                DateType.Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date)
            ? date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
        : UnsafeCharacters.Briefly(value);

    /// <summary>A signatory who is known keeps the letterhead; another one gets what stands above the letter.</summary>
    private static UnfinishedLetter Sign(UnfinishedLetter letter, CoverLetter cover, List<string> notes)
    {
        if (cover.Signatories.Count == 0)
            return letter;
        var list = LetterSchema.Signatories.Name;
        var known = Enumerable.Range(1, MostSignatories)
            .Select(row =>
                SignatoryKeys.All.ToDictionary(
                    key => key.Name,
                    key => letter.Field(LetterFormFields.Item(list, row, key.Name))))
            .Where(row => row[SignatoryKeys.Name.Name].Length > 0)
            .ToList();
        var signed = letter;
        foreach (var (place, person) in cover.Signatories.Take(MostSignatories).Index())
        {
            var former = known.Find(row => FoldedText.Of(row[SignatoryKeys.Name.Name]) == FoldedText.Of(person.Name));
            var title = person.Title.Length > 0 ? person.Title : former?[SignatoryKeys.Title.Name] ?? "";
            Put(SignatoryKeys.Name, person.Name);
            // The title that letters of the process have printed so far, where the document has only a part of it.
            Put(
                SignatoryKeys.Title,
                former is not null && former[SignatoryKeys.Title.Name].Length > 0
                    ? former[SignatoryKeys.Title.Name]
                    : title);
            Put(
                SignatoryKeys.Letterhead,
                former?[SignatoryKeys.Letterhead.Name] is { Length: > 0 } own ? own
                    : cover.Letterheads.Count == cover.Signatories.Count ? cover.Letterheads[place]
                    : "");
            foreach (
                var key in (LetterKey[])
                [
                    SignatoryKeys.Address,
                    SignatoryKeys.Emblem,
                    SignatoryKeys.EmblemText,
                    SignatoryKeys.Signature
                ])
                Put(key, former?[key.Name] ?? "");
            if (former is not null
                && title != former[SignatoryKeys.Title.Name]
                && former[SignatoryKeys.Title.Name].Length > 0)
                notes.Add(
                    Say($"The title of {person.Name} stayed as it was: the document has “{UnsafeCharacters.Briefly(title)}”.")
                        .ForRecord);

            void Put(LetterKey key, string value) =>
                signed = signed.With(LetterFormFields.Item(list, place + 1, key.Name), value);
        }

        // Signatories that the document does not have are taken out of the letter.
        for (var row = cover.Signatories.Count + 1; row <= MostSignatories; row++)
            foreach (var key in SignatoryKeys.All)
                signed = signed.With(LetterFormFields.Item(list, row, key.Name), "");
        var gone = known
            .Select(row => row[SignatoryKeys.Name.Name])
            .Where(name => !cover.Signatories.Any(person => FoldedText.Of(person.Name) == FoldedText.Of(name)))
            .ToList();
        if (gone.Count > 0)
            notes.Add(
                $"{EnglishText.Listed(gone)} {(gone.Count == 1 ? "does" : "do")} not sign this letter, as the document has it.");
        return signed;
    }
}
