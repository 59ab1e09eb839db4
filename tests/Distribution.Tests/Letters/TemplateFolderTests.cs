using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class TemplateFolderTests
{
    [Fact]
    public void Holds_every_file_a_letter_is_made_from_and_leaves_the_sample_alone() =>
        Assert.Equal(
            [
                "email.html",
                "email.txt",
                "letter.typ",
                "styles.yaml",
                "subject",
                "words/ar.yaml",
                "words/en.yaml",
                "words/es.yaml",
                "words/fr.yaml",
                "words/ru.yaml",
                "words/zh.yaml",
            ],
            SampleLetter.Template.Files.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Names_the_files_it_misses()
    {
        var root = Directory.CreateTempSubdirectory("templates-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "own"));

            var fault = Assert.Single(
                Assert
                    .Throws<LetterFaultException>(() => TemplateFolder.Load(root, "own", "letter.md"))
                    .Faults);

            Assert.Equal("templates/own", fault.Place);
            Assert.Equal(
                "The letter template has no subject, email.html, email.txt, letter.typ, styles.yaml and words/en.yaml.",
                fault.Words);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_name_that_none_has_is_told_where_it_stands_with_the_names_there_are() =>
        Assert.Equal(
            "letter.md, “template:”: There is no letter template called “nowhere”. Write the name of one there is after “template:”: co-facilitators. (D400)",
            $"{Assert.Single(Faults("nowhere"))}");

    [Theory]
    [InlineData("../co-facilitators")]
    [InlineData("co-facilitators/sample")]
    [InlineData("")]
    public void Refuses_a_name_that_leads_elsewhere(string name) =>
        Assert.Equal(400, Assert.Single(Faults(name)).Number);

    [Fact]
    public void Names_a_file_that_is_not_text()
    {
        var root = Directory.CreateTempSubdirectory("templates-").FullName;
        try
        {
            var folder = Path.Combine(root, "own");
            Directory.CreateDirectory(Path.Combine(folder, "words"));
            foreach (var (name, text) in SampleLetter.Template.Files)
                File.WriteAllText(Path.Combine(folder, name), text);
            File.WriteAllBytes(Path.Combine(folder, "subject"), [0xC3, 0x28]);

            Assert.Equal(
                "templates/own/subject",
                Assert.Single(Assert.Throws<LetterFaultException>(() => TemplateFolder.Load(root, "own", "letter.md")).Faults).Place
            );
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Names_file_and_line_of_a_slip_in_a_template()
    {
        var template = SampleLetter.Template with
        {
            Files = SampleLetter.Template.Files.ToDictionary(
                file => file.Key,
                file => file.Key == "email.txt" ? "one\ntwo {{ lettr.subject }}" : file.Value),
        };

        var fault = Assert.Single(
            Assert
                .Throws<LetterFaultException>(() =>
                    new LetterRenderer(SampleLetter.Source, [], template).Render(SampleLetter.Swiss, SampleLetter.Link))
                .Faults);

        Assert.Equal((411, "templates/co-facilitators/email.txt, line 2"), (fault.Number, fault.Place));
    }

    private static IReadOnlyList<Finding> Faults(string name) =>
        Assert.Throws<LetterFaultException>(() => TemplateFolder.Load(SampleLetter.Templates, name, "letter.md")).Faults;
}
