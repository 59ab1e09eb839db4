using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>What an examination depends on beside the files of the folder and the register.</summary>
internal sealed class ExaminationInputs(Templates templates, MalwareCheck malware, IOptions<SiteSettings> site)
{
    /// <param name="standing">The process's standing letter, where the folder is served by it.</param>
    /// <returns>
    /// A fingerprint. What was accepted under another one is examined again, unless it has left: before there was a
    /// scanner, for example.
    /// </returns>
    public string With(DraftFile? standing) =>
        FolderListing.Of([standing?.Version ?? "", templates.Version, malware.Scanner, site.Value.PublicUrl]);
}
