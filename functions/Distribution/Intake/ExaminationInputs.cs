using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>What an examination depends on besides the folder's files and the register.</summary>
internal sealed class ExaminationInputs(Templates templates, MalwareCheck malware, IOptions<SiteSettings> site)
{
    /// <param name="standing">The process's standing letter, if the folder uses it; else null.</param>
    /// <returns>
    /// A fingerprint. An upload accepted under another one (for example before a scanner was configured) is examined
    /// again, unless it was released or discarded.
    /// </returns>
    public string With(DraftFile? standing) =>
        FolderListing.Of([standing?.Version ?? "", templates.Version, malware.Scanner, site.Value.PublicUrl]);
}
