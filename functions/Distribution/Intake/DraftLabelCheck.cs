using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>Checks that letter, translations, subject and enclosed draft name the same draft.</summary>
internal sealed partial class DraftLabelCheck : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight)
    {
        // A letter may name what it corrects by that letter's id, which is no label.
        var letter = preflight is { Corrects: { } corrected, Letter.Supersedes: { } supersession }
            ? preflight.Letter with { Supersedes = supersession with { Label = corrected } }
            : preflight.Letter;
        return
        [
            .. OfText(letter),
            .. preflight.Translations.SelectMany(translation => OfTranslation(translation, letter)),
            .. OfEnclosures(letter, preflight.Files, preflight.IsStanding),
        ];
    }

    private static IEnumerable<Finding> OfText(LetterSource letter)
    {
        var (label, names) = (letter.DraftLabel, new LabelsOf(letter));
        foreach (var finding in OfSubject(letter, names))
            yield return finding;

        var others = names.Others(letter.Body).Take(LetterFaults.Most).ToList();
        if (NamesOwn(letter.Body, names))
        {
            foreach (var other in others)
                yield return IntakeFaults.LabelAlsoInText(Place(letter, other), label, other.Words);
        }
        else
        {
            yield return others is [var wrong, ..]
                ? IntakeFaults.LabelOtherInText(Place(letter, wrong), label, wrong.Words)
                : IntakeFaults.LabelNotInText(Location.In(letter.File), label);
        }
    }

    private static IEnumerable<Finding> OfSubject(LetterSource letter, LabelsOf names)
    {
        if (!NamesOwn(letter.Subject, names) && names.Others(letter.Subject).FirstOrDefault() is { } other)
            yield return IntakeFaults.LabelOtherInSubject(
                Location.In(letter.File, field: "subject"),
                letter.DraftLabel,
                other.Words);
    }

    /// <summary>
    /// As the letter; but not every translation names the draft in a form that is known here, so one that names none is
    /// only asked about.
    /// </summary>
    private static IEnumerable<Finding> OfTranslation(LetterSource translation, LetterSource letter)
    {
        var names = new LabelsOf(letter, translation.DraftLabel);
        if (!DraftLabels.Mentions(translation.DraftLabel, letter.DraftLabel)
            && DraftLabels.Other(translation.DraftLabel, letter.DraftLabel) is { } marked)
        {
            yield return IntakeFaults.LabelOfTranslation(
                Location.In(translation.File, field: "draft"),
                letter.DraftLabel,
                marked.Words);
            yield break;
        }

        // A subject taken over from the letter is checked there.
        if (translation.Subject != letter.Subject)
            foreach (var finding in OfSubject(translation, names))
                yield return finding;
        foreach (var entry in translation.Enclosures.Where(entry => entry.Role == EnclosureRole.Draft))
            if (!letter.Enclosures.Any(own => own.Title == entry.Title)
                && !IsBeside(letter, entry, names)
                && names.OtherOfTitle(entry.Title) is { } inTitle)
                yield return IntakeFaults.LabelOtherInTitle(
                    Location.In(translation.File, field: "enclosures"),
                    letter.DraftLabel,
                    entry.File,
                    inTitle);

        var others = names.Others(translation.Body).Take(LetterFaults.Most).ToList();
        if (NamesOwn(translation.Body, names))
        {
            foreach (var other in others)
                yield return IntakeFaults.LabelAlsoInText(Place(translation, other), letter.DraftLabel, other.Words);
        }
        else
        {
            yield return others is [var wrong, ..]
                ? IntakeFaults.LabelOtherInText(Place(translation, wrong), letter.DraftLabel, wrong.Words)
                : IntakeFaults.LabelNotInTranslation(Location.In(translation.File), letter.DraftLabel);
        }

        var language = Languages.EnglishName(translation.Language);
        if (LabelText.Plain(translation.Body) == LabelText.Plain(letter.Body))
            yield return IntakeFaults.TranslationUnchanged(Location.In(translation.File), language);
        else if (TextLanguage.Of(translation.Body) is { } found && found != translation.Language)
            yield return IntakeFaults.TranslationInOtherLanguage(
                Location.In(translation.File),
                language,
                Languages.EnglishName(found));
    }

    private static IEnumerable<Finding> OfEnclosures(
        LetterSource letter,
        IReadOnlyList<UploadedFile> files,
        bool isStanding)
    {
        var drafts = letter.Enclosures.Zip(files).Where(pair => pair.First.Role == EnclosureRole.Draft).ToList();
        return drafts is []
            ? [IntakeFaults.NoDraftEnclosed(letter.File)]
            : drafts.SelectMany(pair => OfDraft(letter, pair.First, pair.Second, isStanding));
    }

    /// <summary>
    /// True for the document that a corrigendum or an addendum belongs to, enclosed beside the corrigendum or addendum.
    /// </summary>
    private static bool IsBeside(LetterSource letter, EnclosureEntry entry, LabelsOf names) =>
        names.OnlyWholeIn(NameOf(entry)) is not null
        // A signed letter, a note or a comparison may name it as well, and is not it.
        && letter.Enclosures.Any(other =>
            other.Role is EnclosureRole.Draft or EnclosureRole.Annex or EnclosureRole.Other
            && DraftLabels.Mentions(NameOf(other), names.Label));

    private static string NameOf(EnclosureEntry entry) => entry.Label ?? Path.GetFileNameWithoutExtension(entry.File);

    private static IEnumerable<Finding> OfDraft(
        LetterSource letter,
        EnclosureEntry entry,
        UploadedFile file,
        bool isStanding)
    {
        var (label, names) = (letter.DraftLabel, new LabelsOf(letter));
        // A standing letter names no files.
        var place = isStanding ? Location.In(file.Name) : letter.LocationOf(entry);
        var stem = Path.GetFileNameWithoutExtension(file.Name);
        var isBeside = IsBeside(letter, entry, names);
        if (entry.Label is { } vouched)
        {
            if (!isBeside && !DraftLabels.Mentions(vouched, label))
                yield return IntakeFaults.LabelVouchedOther(place, label, file.Name, vouched);
        }
        else if (isStanding)
        {
            if (DraftLabels.In(stem) is [])
                yield return IntakeFaults.LabelNotRecognised(file.Name, label);
        }
        else if (!isBeside && !DraftLabels.Mentions(stem, label))
        {
            yield return names.OtherOfFile(stem) is { } other
                ? IntakeFaults.LabelOtherInFileName(place, label, file.Name, other)
                : IntakeFaults.LabelNotInFileName(place, label, file.Name);
        }

        if (!isBeside && names.OtherOfTitle(entry.Title) is { } inTitle && !AreOneName(entry.Title, file.Name))
            yield return IntakeFaults.LabelOtherInTitle(place, label, file.Name, inTitle);
        foreach (var fault in OfPage(names, file, isBeside))
            yield return fault;
    }

    private static IEnumerable<Finding> OfPage(LabelsOf names, UploadedFile file, bool isBeside)
    {
        // What is no PDF or Word file, or is empty, has a finding of its own.
        if (file.Content.IsEmpty
            || (FileTypes.ExtensionOf(file.Name) == "pdf" && !file.Content.Span.StartsWith("%PDF-"u8)))
            yield break;
        if (DraftText.OfFirstPage(file) is not { } page)
            yield return IntakeFaults.PageNotReadable(file.Name);
        else if (names.AreIn(page))
        {
            if (!isBeside && names.OnlyWholeIn(page) is { } whole)
                yield return IntakeFaults.PageOfWhole(file.Name, names.Label, whole);
            else if (!isBeside && names.OtherAheadOn(page) is { } ahead)
                yield return IntakeFaults.LabelAlsoOnPage(file.Name, names.Label, ahead.Words);
        }
        else
        {
            if (names.Others(page).FirstOrDefault() is { } other)
                yield return IntakeFaults.LabelOtherOnPage(file.Name, names.Label, other.Words);
            else if (DraftLabels.In(page).FirstOrDefault(found => found.IsProse) is { } inWords)
                yield return IntakeFaults.LabelInWordsOnPage(file.Name, names.Label, inWords.Words);
        }
    }

    private static bool NamesOwn(string text, LabelsOf names) => LabelField().IsMatch(text) || names.AreIn(text);

    // A title made from the file's name repeats the name, which is reported already.
    private static bool AreOneName(string title, string file) => title == DraftLabels.Humanised(file);

    private static Location Place(LetterSource letter, DraftLabel label)
    {
        var lines = letter.Body.Split('\n');
        var index = Array.FindIndex(lines, Names);
        // It may stand over the end of a line.
        if (index < 0)
            index = Enumerable
                .Range(0, lines.Length - 1)
                .FirstOrDefault(line => Names($"{lines[line]} {lines[line + 1]}"), -1);
        return index < 0 ? Location.In(letter.File) : Location.In(letter.File, letter.BodyLine + index);

        bool Names(string text) => DraftLabels.In(text).Any(found => found.Key == label.Key && found.On == label.On);
    }

    [GeneratedRegex(@"\{\{[-~]?\s*letter\.draft\b")]
    private static partial Regex LabelField();
}
