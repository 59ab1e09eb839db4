using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>What the schema says of a key is true, and said everywhere the same.</summary>
public sealed class LetterSchemaTests
{
    public static TheoryData<string> Keys => [.. LetterSchema.Keys.Select(key => key.Name)];

    [Fact]
    public void The_page_that_explains_a_letter_has_the_table_of_the_schema()
    {
        var page = File
            .ReadAllText(Path.Combine(SampleLetter.Templates, "README.md"))
            .ReplaceLineEndings("\n");
        Assert.True(
            page.Contains(LetterSchemaTable.Markdown(), StringComparison.Ordinal),
            "Put the table of `dotnet run --project functions/Distribution.Local -- letter-keys` into templates/README.md.");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void An_example_can_be_copied_into_a_letter(string name)
    {
        var key = LetterSchema.Keys.Single(known => known.Name == name);
        // The examples of groups are words that say what stands below the key.
        if (key.Example.StartsWith("with ", StringComparison.Ordinal))
            return;
        var lines = WrittenLetter.Text.Split('\n').ToList();
        var from = lines.FindIndex(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        var end = from < 0 ? 1 : lines.FindIndex(from + 1, line => !line.StartsWith(' '));
        if (from >= 0)
            lines.RemoveRange(from, end - from);
        lines.Insert(1, key.Shown);
        Assert.DoesNotContain(
            WrittenLetter.Read(string.Join('\n', lines)).Faults,
            fault => fault.Location.Field?.StartsWith(name, StringComparison.Ordinal) == true
                && fault.Number is < 300 or >= 400);
    }

    [Theory]
    [InlineData("embargo_until", "embargoed_until")]
    [InlineData("enclosure", "enclosures")]
    [InlineData("acknowlege", "acknowledge")]
    public void A_key_that_is_not_in_it_is_answered_with_the_one_that_was_meant(string typed, string meant)
    {
        var fault = Assert.Single(
            WrittenLetter.Read(WrittenLetter.With("reference: GCM/2018/7", $"{typed}: x")).Faults);
        Assert.Equal(("D213", typed), (fault.Code, fault.Location.Field));
        Assert.StartsWith($"Write “{meant}”", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signatories:\n  - name: Juan José Gómez Camacho", "signatories:\n  - nam: x", "signatories[1].nam")]
    [InlineData("  email: migration@mexico.example", "  email: nobody", "contact.email")]
    [InlineData("  - desk@desk.example", "  - nobody", "proof[2]")]
    [InlineData("    role: programme", "    role: program", "enclosures[2].role")]
    [InlineData("  round: 2018-04-03", "  round: 3 April", "deadlines.round")]
    [InlineData("audience: [member-states, vat]", "audience: [member-states, \"\"]", "audience[2]")]
    public void A_fault_names_the_field_it_is_about(string line, string instead, string field) =>
        Assert.Equal(
            field,
            WrittenLetter.Read(WrittenLetter.With(line, instead)).Faults[0].Location.Field);
}
