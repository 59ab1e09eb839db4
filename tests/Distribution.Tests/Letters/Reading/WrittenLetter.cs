using System.Text;
using Distribution.Letters;
using Distribution.Letters.Reading;

namespace Distribution.Tests.Letters.Reading;

/// <summary>A sound letter, and ways to spoil it.</summary>
internal static class WrittenLetter
{
    public const string Text = """
        ---
        process: Global Compact for Safe, Orderly and Regular Migration
        draft: Draft Rev 1
        sequence: 3
        date: 2018-03-26
        reference: GCM/2018/7
        subject: "Draft Rev 1 of the Global Compact: third round"
        signatories:
          - name: Juan José Gómez Camacho
            title: Ambassador and Permanent Representative of Mexico to the United Nations
            letterhead: Permanent Mission of Mexico to the United Nations
          - name: Jürg Lauber
            title: Ambassador and Permanent Representative of Switzerland to the United Nations
            letterhead: Permanent Mission of Switzerland to the United Nations
        contact:
          name: Migration experts
          email: migration@mexico.example
        enclosures:
          - file: gcm-draft-rev-1.pdf
            title: Draft Rev 1 of the Global Compact
            role: draft
            sha256: E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855
          - file: programme.pdf
            role: programme
        audience: [member-states, vat]
        release: on-approval
        proof:
          - Jane Doe <jane@desk.example>
          - desk@desk.example
        deadlines:
          comments: 2018-04-13 18:00
          round: 2018-04-03
        ---

        We are pleased to share the **Draft Rev 1** of the Global Compact.

        We look forward to your comments.
        """;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string With(string line, string instead) =>
        Text.Contains(line, StringComparison.Ordinal)
            ? Text.Replace(line, instead, StringComparison.Ordinal)
            : throw new ArgumentException($"The sample has no “{line}”.");

    public static LetterReading Read(string text) => LetterFile.Read("letter.md", Bytes(text));

    public static LetterSource Source(string text = Text) =>
        Read(text).Letter ?? throw new ArgumentException(string.Join('\n', Read(text).Faults));
}
