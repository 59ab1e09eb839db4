using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Intake;

/// <summary>Checks that letter, subject and enclosed draft name the same draft.</summary>
internal sealed partial class DraftLabelCheck : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight) =>
        [.. OfText(preflight.Letter), .. OfEnclosures(preflight.Letter, preflight.Files, preflight.IsStanding)];

    private static IEnumerable<Finding> OfText(LetterSource letter)
    {
        var label = letter.DraftLabel;
        if (!NamesOwn(letter.Subject, label) && DraftLabels.Other(letter.Subject, label) is { } inSubject)
            yield return IntakeFaults.LabelOtherInSubject(
                Location.In(letter.File, field: "subject"),
                label,
                inSubject.Words);

        var others = DraftLabels.Others(letter.Body, label).Take(LetterFaults.Most).ToList();
        if (NamesOwn(letter.Body, label))
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

    private static IEnumerable<Finding> OfDraft(
        LetterSource letter,
        EnclosureEntry entry,
        UploadedFile file,
        bool isStanding)
    {
        var label = letter.DraftLabel;
        var place = isStanding ? Location.In(file.Name) : letter.LocationOf(entry);
        var stem = Path.GetFileNameWithoutExtension(file.Name);
        if (entry.Label is { } vouched)
        {
            if (!DraftLabels.Mentions(vouched, label))
                yield return IntakeFaults.LabelVouchedOther(place, label, file.Name, vouched);
        }
        else if (isStanding)
        {
            if (DraftLabels.In(stem) is [])
                yield return IntakeFaults.LabelNotRecognised(file.Name, label);
        }
        else if (!DraftLabels.Mentions(stem, label))
        {
            yield return DraftLabels.Other(stem, label) is { } other
                ? IntakeFaults.LabelOtherInFileName(place, label, file.Name, other.Words)
                : IntakeFaults.LabelNotInFileName(place, label, file.Name);
        }

        if (!DraftLabels.Mentions(entry.Title, label)
            && DraftLabels.Other(entry.Title, label) is { } inTitle
            && !AreOneName(entry.Title, file.Name))
            yield return IntakeFaults.LabelOtherInTitle(place, label, file.Name, inTitle.Words);
        foreach (var fault in OfPage(label, file))
            yield return fault;
    }

    private static IEnumerable<Finding> OfPage(string label, UploadedFile file)
    {
        if (FileTypes.ExtensionOf(file.Name) != "pdf" || !file.Content.Span.StartsWith("%PDF-"u8))
            yield break;
        var page = PdfFirstPage.Read(file.Content);
        if (page.Text is null)
            yield return IntakeFaults.PageNotReadable(file.Name);
        else if (!DraftLabels.Mentions(page.Text, label) && DraftLabels.Other(page.Text, label) is { } other)
            yield return IntakeFaults.LabelOtherOnPage(file.Name, label, other.Words);
    }

    private static bool NamesOwn(string text, string label) =>
        LabelField().IsMatch(text) || DraftLabels.Mentions(text, label);

    // A title made from the file's name repeats the name, which is reported already.
    private static bool AreOneName(string title, string file) => title == DraftLabels.Humanised(file);

    private static Location Place(LetterSource letter, DraftLabel label)
    {
        var index = Array.FindIndex(
            letter.Body.Split('\n'),
            line => DraftLabels.In(line).Any(found => found.Key == label.Key));
        return Location.In(letter.File, letter.BodyLine + Math.Max(index, 0));
    }

    [GeneratedRegex(@"\{\{[-~]?\s*letter\.draft\b")]
    private static partial Regex LabelField();
}
