using Distribution.Common;
using Distribution.Intake;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class PreflightReportTests
{
    private static readonly UploadFolder Folder = new("gcm", "draft-rev-1");
    private static readonly DateTimeOffset At = new(2018, 3, 26, 22, 5, 0, TimeSpan.Zero);
    private static readonly Finding Empty = new(270, Location.In("draft.pdf"), "The file is empty.", "Upload it again.");
    private static readonly Finding Unusual = new(
        277,
        Location.In("a.pages"),
        "The type is unusual.",
        "Enclose a PDF.",
        Severity.Tick);
    private static readonly Finding Heavy = new(511, Location.InWords("All"), "They are heavy.", "Send less.", Severity.Note);

    [Fact]
    public void Numbers_faults_then_warnings_and_says_what_to_do() =>
        Assert.Equal(
            """
            The upload gcm/draft-rev-1 was examined on 26 March 2018, 6.05 p.m. (New York time) and rejected.
            Nothing was sent.

            2 faults have to be corrected:

            1. draft.pdf
               The file is empty.
               Upload it again. (D270)

            2. annex.pdf
               The file is empty.
               Upload it again. (D270)

            1 warning, to be corrected as well, or confirmed by whoever releases the letter:

            3. a.pages
               The type is unusual.
               Enclose a PDF. (D277)

            1 note, which stops nothing:

            4. All
               They are heavy.
               Send less. (D511)

            Correct the files and upload them again; the upload is examined by itself.

            """,
            PreflightReport.Text(Folder, [Empty, Heavy, Unusual, Empty with { Location = Location.In("annex.pdf") }], At));

    [Fact]
    public void Speaks_of_one_fault_in_the_singular_and_of_warnings_in_the_plural()
    {
        var report = PreflightReport.Text(Folder, [Unusual, Empty, Unusual], At);

        Assert.Contains("\n1 fault has to be corrected:\n\n1. draft.pdf\n", report, StringComparison.Ordinal);
        Assert.Contains(
            "\n2 warnings, to be corrected as well, or confirmed by whoever releases the letter:\n\n2. a.pages\n",
            report,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_in_a_register_is_confirmed_by_whoever_puts_it_in_use() =>
        Assert.Contains(
            "\n1 warning, to be corrected as well, or confirmed by whoever puts the register in use:\n\n2. a.pages\n",
            PreflightReport.OfRegister("register.csv", [Unusual, Empty, Heavy], At),
            StringComparison.Ordinal);

    [Fact]
    public void Leaves_out_warnings_where_there_are_none() =>
        Assert.DoesNotContain("warning", PreflightReport.Text(Folder, [Empty], At), StringComparison.Ordinal);
}
