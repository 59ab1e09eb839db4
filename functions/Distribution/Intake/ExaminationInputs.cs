using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Letters.Settings;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>What an examination depends on besides the folder's files and the register.</summary>
internal sealed class ExaminationInputs(
    Templates templates,
    MalwareCheck malware,
    DeskHolidays holidays,
    IOptions<SiteSettings> site)
{
    /// <param name="standing">The process's standing letter, if the folder uses it; else null.</param>
    /// <returns>
    /// A fingerprint. An upload accepted under another one (for example before a scanner was configured) is examined
    /// again, unless it was released or discarded.
    /// </returns>
    public async Task<string> With(DraftFile? standing, CancellationToken cancellation) =>
        FolderListing.Of(
        [
            standing?.Version ?? "", templates.Version, malware.Scanner, site.Value.PublicUrl,
            // An upload of before there were settings has the holidays that come with the service.
            .. await holidays.Now(cancellation) is var days && days == WorkingDays.BuiltIn
                ? (string[])[]
                : [days.Version],
        ]);
}
