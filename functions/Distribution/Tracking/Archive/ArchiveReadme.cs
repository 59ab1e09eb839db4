using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;

namespace Distribution.Tracking.Archive;

/// <summary>
/// Writes the archive's README.txt: what the archive is and how to check it, for a reader who has nothing else.
/// </summary>
internal static class ArchiveReadme
{
    /// <param name="reach">Which missions have the letter.</param>
    /// <param name="sent">To how many missions a letter was offered.</param>
    /// <param name="following">The follow-ups of the distribution, the earliest first.</param>
    public static string Write(
        DistributionRecord distribution,
        FrozenContent content,
        Reach reach,
        int sent,
        IReadOnlyList<DistributionRecord> following)
    {
        var text = new StringBuilder();
        Line("ARCHIVE OF ONE DISTRIBUTION OF A LETTER");
        Line();
        Line($"Process     {distribution.Process}");
        Line($"Draft       {distribution.DraftLabel}");
        Line($"Letter of   {Day(distribution.Date)}");
        Line($"Id          {distribution.Id}");
        Line($"Missions    {content.Roster.Count}; the letter was offered to the mail servers of {sent}");
        Line(
            $"Released    {(distribution is { ReleasedAt: { } at, ReleasedBy: { } by } ? $"{Moment(at)}, by {by}" : "never")}"
        );
        Line(
            $"Complete    {(!reach.IsComplete ? "no" : distribution.CompletedAt is { } completed ? $"yes; sending ended on {Moment(completed)}" : "yes")}"
        );
        Line($"Reached     {reach.Sentence}");
        Line(
            $"Malware     {(distribution.Scans is [var scan, ..] ? $"none found in the letter's files and enclosures by {scan.Scanner}, {Moment(scan.At)}" : "not looked for: no scanner was configured")}"
        );
        if (distribution.Follows is { } follows)
            Line($"Follows     {follows.Of} ({FollowUp.Words(follows.Kind)})");
        Line();
        if (!reach.IsComplete)
        {
            Line(
                reach.Phase switch
                {
                    ReachPhase.AwaitingRelease or ReachPhase.Scheduled or ReachPhase.Replaced or ReachPhase.Discarded =>
                        "THIS ARCHIVE WAS MADE OF A LETTER THAT HAD NOT BEEN RELEASED. Nothing of it had been sent.",
                    ReachPhase.Stopped or ReachPhase.Stopping =>
                        "THE SENDING WAS STOPPED BY A PERSON before every letter had left. See acts.csv and deliveries.csv.",
                    ReachPhase.Ended =>
                        "NOT EVERY MISSION HAS THE LETTER: to some it came back or was refused. deliveries.csv says which, and why.",
                    _ =>
                        "THIS ARCHIVE WAS MADE BEFORE THE DISTRIBUTION WAS COMPLETE. Of some missions it was not known yet what became\n"
                            + "of their letters. Make it again when the distribution is complete.",
                });
            Line();
        }

        Line("""
            What is in it
              README.txt            this page
              letters/all/          the letter as a PDF, where all missions got the same
              letters/MISSION/      what was written to one mission: subject.txt, email.html, email.txt, and its PDF
                                    where each mission got its own
              unsent/MISSION/       the PDF of a letter that had not left, where each mission gets its own
              enclosures/           the files that travelled with every letter
              content.json          all that the letters are made from, frozen before the release; with it, what was not
                                    sent can be sent from another machine
              roster.csv            the missions written to, in English protocol order, with their mailboxes
              deliveries.csv        all that is known of every mailbox: when it was tried, what its server answered
              acknowledgements.csv  every acknowledgement, its corrections and withdrawals
              acts.csv              what people did with the distribution as a whole
              log/                  the sealed log, which shows whether it was changed since; log/README.txt says how;
                                    what was recorded in the last minutes may not be sealed in it yet
              manifest.json         every file with its size, its SHA-256 and what it is
              MANIFEST.sha256       the same sums for sha256sum

            How to check it
              No program of ours is needed. Unpack it, and in its folder run

                sha256sum -c MANIFEST.sha256             (Linux, and Git Bash on Windows)
                shasum -a 256 -c MANIFEST.sha256         (macOS)

              Every line must end in OK. On Windows alone, `certutil -hashfile FILE SHA256` prints the sum of one file.
              Whoever can change a file can also write new sums: note the SHA-256 of the archive itself, or the head of
              its log, where others can see it.

            How to read it
              All text is UTF-8. CSV files are tables, which Excel opens; a cell that could act as a formula begins with
              an apostrophe. PDF files are tagged. Times named UTC are UTC, others are New York time.

            What differs from what was sent
              Every email held a link by which the mission alone could acknowledge the letter. Since an archive travels,
              the links in it are replaced by

            """);
        Line($"    {DistributionArchive.NeutralLink}");
        Line("""

              All else in the emails is written anew from the frozen content, as it was written when they were sent. PDF
              files and enclosures are the very bytes that were attached.

            This archive holds mailboxes and the names of people. It proves that servers took letters; it declares nothing
            about a silence procedure, whose outcome people declare.

            """);
        if (distribution.AcknowledgedUnder is var letter && letter != distribution.Id)
        {
            Line($"""
                This is the archive of a reminder. What missions acknowledge is the letter it reminds of,
                {letter}.
                acknowledgements.csv holds what the missions of this reminder acknowledged of that letter, before and after
                they were reminded. The log of that letter seals it; log/ holds only what became of the reminder itself.

                """);
        }

        Line(
            following.Count == 0
                ? "Nothing is on record that follows this distribution."
                : "What follows this distribution, each with an archive of its own");
        foreach (var other in following)
            Line($"  {other.Id}  {FollowUp.Words(other.Follows!.Kind)}, letter of {Day(other.Date)}");
        return text.ToString();

        // Line feeds on every system, so that the same state makes the same bytes.
        void Line(string words = "") => text.Append(words.ReplaceLineEndings("\n")).Append('\n');
    }

    private static string Day(DateOnly date) => date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset instant) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{instant.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({NewYorkTime.Words(instant)} in New York)");
}
