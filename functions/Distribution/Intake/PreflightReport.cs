using System.Globalization;
using System.Text;
using Distribution.Common;

namespace Distribution.Intake;

/// <summary>Writes the report on a rejected upload or register.</summary>
internal static class PreflightReport
{
    /// <summary>
    /// Plain text for the <c>reports</c> container: what was found and what to do, faults before warnings.
    /// </summary>
    public static string Text(UploadFolder folder, IReadOnlyList<Finding> faults, DateTimeOffset examinedAt) =>
        Text(
            $"The upload {folder} was examined on {NewYorkTime.Words(examinedAt)} (New York time) and rejected.\nNothing was sent.",
            faults,
            "whoever releases the letter",
            "Correct the files and upload them again; the upload is examined by itself.");

    /// <summary>The same for a register that was rejected.</summary>
    public static string OfRegister(string fileName, IReadOnlyList<Finding> faults, DateTimeOffset examinedAt) =>
        Text(
            $"The register {fileName} was examined on {NewYorkTime.Words(examinedAt)} (New York time) and not taken over.\nThe register in use before stays in use.",
            faults,
            "whoever puts the register in use",
            "Correct the file and upload it again; it is examined by itself.");

    /// <summary>The same for a register that waits for a person.</summary>
    public static string OfWaitingRegister(UploadedRegister upload, DateTimeOffset examinedAt)
    {
        var report = new StringBuilder(
            $"The register {upload.File.Name} was examined on {NewYorkTime.Words(examinedAt)} (New York time) and waits for a person.\nThe register in use before stays in use until a releaser confirms the new one on the desk's page of the register.\n\n");
        foreach (var reason in upload.Reasons)
            report.Append(reason).Append('\n');
        foreach (var (heading, missions) in new[]
        {
            ("Not in it any more:", upload.Changes.Gone),
            ("New in it:", upload.Changes.New),
        })
            if (missions.Count > 0)
                report
                    .Append('\n')
                    .Append(heading)
                    .Append('\n')
                    .AppendJoin('\n', missions.Select(mission => mission.Name))
                    .Append('\n');
        if (upload.Reading.ToConfirm.Any())
            List(report, [.. upload.Reading.ToConfirm], "To be looked at:", 1);
        return report.ToString();
    }

    /// <param name="whoever">Who confirms what is to be confirmed, where it is not corrected.</param>
    private static string Text(string heading, IReadOnlyList<Finding> faults, string whoever, string remedy)
    {
        var stopping = faults.Where(fault => !fault.IsWarning).ToList();
        var held = faults.Where(fault => fault.NeedsAPerson).ToList();
        var shown = faults.Where(fault => fault.Severity == Severity.Note).ToList();
        var report = new StringBuilder(heading).Append('\n');
        List(
            report,
            stopping,
            $"{EnglishText.Counted(stopping.Count, "fault")} {(stopping is [_] ? "has" : "have")} to be corrected:",
            1);
        if (held is not [])
            List(
                report,
                held,
                $"{EnglishText.Counted(held.Count, "warning")}, to be corrected as well, or confirmed by {whoever}:",
                stopping.Count + 1);
        if (shown is not [])
            List(
                report,
                shown,
                $"{EnglishText.Counted(shown.Count, "note")}, which {(shown is [_] ? "stops" : "stop")} nothing:",
                stopping.Count + held.Count + 1);
        return report.Append('\n').Append(remedy).Append('\n').ToString();
    }

    private static void List(StringBuilder report, List<Finding> faults, string heading, int from)
    {
        report.Append('\n').Append(heading).Append('\n');
        foreach (var (index, fault) in faults.Index())
            report.Append(
                CultureInfo.InvariantCulture,
                $"\n{from + index}. {fault.Place}\n   {fault.Words}\n   {fault.Remedy} ({fault.Code})\n");
    }
}
