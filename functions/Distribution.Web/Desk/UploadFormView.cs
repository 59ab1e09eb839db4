using Distribution.Common;
using Distribution.Intake;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Desk;

/// <summary>The form for uploading files.</summary>
/// <param name="Processes">The processes known already, to choose from.</param>
/// <param name="Problems">Sentences; empty where nothing was wrong or nothing was sent.</param>
/// <param name="Faults">What is wrong with the files' names, in English for every reader, as findings are.</param>
/// <param name="There">Files already in the folder that the upload would replace, with their sizes.</param>
/// <param name="Sent">
/// Files that were sent in parts and wait for the next press (<see cref="ChosenFiles.Entries"/>).
/// </param>
internal sealed record UploadFormView(
    string Process,
    string Revision,
    IReadOnlyList<string> Processes,
    IReadOnlyList<Phrase> Problems,
    IReadOnlyList<string> Faults,
    IReadOnlyList<Phrase> There,
    IReadOnlyList<string> Sent)
{
    /// <summary>
    /// Shows the form. Where files are there already, what came in parts waits for the answer; else they are chosen
    /// again.
    /// </summary>
    /// <param name="problems">As <see cref="Problems"/>; null for none, as are the next two.</param>
    public static async Task<IResult> Show(
        ChosenFolder chosen,
        Uploads uploads,
        CancellationToken cancellation,
        IReadOnlyList<Phrase>? problems = null,
        IReadOnlyList<string>? faults = null,
        IReadOnlyList<Phrase>? there = null)
    {
        var view = new UploadFormView(
            chosen.Process,
            chosen.Revision,
            [
                .. (await uploads.All(cancellation))
                    .Select(upload => upload.Value.Folder.Process)
                    .Distinct()
                    .Where(known => known != Examination.Misplaced.Process)
                    .Order(StringComparer.Ordinal),
            ],
            problems ?? [],
            faults ?? [],
            there ?? [],
            there is null ? [] : ChosenFiles.Entries(chosen.Files));
        return Pages.Show<UploadFormPage, UploadFormView>(
            view,
            view.Problems.Count + view.Faults.Count + view.There.Count > 0
                ? StatusCodes.Status422UnprocessableEntity
                : StatusCodes.Status200OK);
    }
}
