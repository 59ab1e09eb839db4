using Distribution.Letters;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

public sealed class StandingLetterTests
{
    private const string Letter = """
        ---
        process: Global Compact
        subject: "{{ letter.draft }} of the Global Compact"
        signatories:
          - {name: Jürg Lauber, title: Ambassador, letterhead: Permanent Mission of Switzerland to the United Nations}
        contact: migration@mexico.example
        ---
        We share the {{ letter.draft }}.
        """;

    private static readonly DateOnly Today = new(2018, 5, 28);

    [Fact]
    public void Takes_label_date_and_enclosure_from_the_file_and_the_day()
    {
        var reading = Read(Letter, "gcm-draft-rev-2_clean.pdf");

        Assert.Empty(reading.Faults);
        var letter = reading.Letter!;
        Assert.Equal("Draft Rev 2", letter.DraftLabel);
        Assert.Equal(Today, letter.Date);
        Assert.Equal(0, letter.Sequence);
        Assert.Equal(ReleaseRule.OnApproval, letter.Release);
        Assert.Equal(
            [
                new EnclosureEntry(
                    "gcm-draft-rev-2_clean.pdf",
                    "Draft Rev 2, Global Compact",
                    EnclosureRole.Draft,
                    null,
                    null,
                    1),
            ],
            letter.Enclosures);
    }

    [Fact]
    public void Keeps_a_date_and_a_sequence_of_its_own()
    {
        var letter = Read(
            Letter.Replace(
                "process:",
                "date: 2018-06-29\nsequence: 5\nrelease: on-approval\nprocess:",
                StringComparison.Ordinal),
            "REV3.pdf").Letter!;

        Assert.Equal(new DateOnly(2018, 6, 29), letter.Date);
        Assert.Equal(5, letter.Sequence);
    }

    [Fact]
    public void May_not_decide_what_its_file_decides()
    {
        var reading = Read(
            Letter.Replace(
                "process:",
                "draft: Draft Rev 1\nenclosures: a.pdf\nrelease: automatic\nprocess:",
                StringComparison.Ordinal),
            "rev-2.pdf");

        Assert.Null(reading.Letter);
        Assert.Equal(
            """
            standing.md, line 2: A standing letter cannot have “draft”: the file it goes out with decides. Remove the line. (D235)
            standing.md, line 3: A standing letter cannot have “enclosures”: the file it goes out with decides. Remove the line. (D235)
            standing.md, line 4: A standing letter cannot be released automatically: a person looks at each draft before it goes out. Remove the line, or write “release: on-approval”. (D236)
            """,
            string.Join('\n', reading.Faults));
    }

    [Fact]
    public void Tells_what_it_lacks() =>
        Assert.Equal(
            "standing.md: The letter lacks “process”, “subject”, “signatories” and “contact”. Add a line for each, as in “process: Global Compact for Safe, Orderly and Regular Migration”. (D215)",
            string.Join('\n', Read("---\n---\nText", "rev-2.pdf").Faults));

    private static LetterReading Read(string text, string file) =>
        LetterFile.ReadStanding("standing.md", WrittenLetter.Bytes(text), file, Today);
}
