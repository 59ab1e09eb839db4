using Distribution.Common;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// Whoever writes a template and does what the remedy of a finding says gets rid of it, and gets no new one: for each
/// finding about templates a folder that has it, and what its remedy makes of it.
/// </summary>
public sealed class TemplateRemedyTests(AzuriteFixture azurite)
{
    private const string Own = "own";

    private const string French = "words/fr.yaml";

    private static readonly (string, byte[]) Draft = ("draft-rev-1.pdf", Samples.Pdf());

    private static readonly (string, byte[]) Translation = (
        "letter.fr.md",
        Samples.Bytes("---\nsubject: Le projet\n---\nLe projet (Rev. 1) est joint."));

    /// <param name="Says">Words of the remedy that lead there.</param>
    /// <param name="File">A file of the template.</param>
    /// <param name="Before">Makes of its sound text what has the finding; null where it is not there.</param>
    /// <param name="After">What the remedy makes of it; null where it leads back to the sound text.</param>
    private sealed record Case(
        int Number,
        string Says,
        string File,
        Func<string, string?> Before,
        Func<string, string>? After = null);

    private static readonly IReadOnlyList<Case> Cases =
    [
        new(401, "Put what is missing into the template's folder", TemplateFiles.Html, _ => null),
        new(402, "plain text in UTF-8", TemplateFiles.Text, text => $"{text}\uD800"),
        new(403, "Add the file", French, _ => null),
        new(
            404,
            "put quotation marks around a value that holds a colon",
            French,
            text => text.Replace("reference: \"Référence :\"", "reference: Référence : [", StringComparison.Ordinal)),
        new(405, "Correct its spelling", French, text => text.Replace("first_of_month:", "first_of_months:", StringComparison.Ordinal)),
        new(405, "or remove the line", French, text => $"{text}\ncomment: x\n"),
        new(405, "or remove the line", TemplateFiles.Styles, text => $"{text}\nh7: x\n"),
        new(406, "Add it", French, text => text.Replace("first_of_month:", "# first_of_month:", StringComparison.Ordinal)),
        new(407, "Complete it", French, text => text.Replace("[janvier, ", "[", StringComparison.Ordinal)),
        new(433, "Correct the template", TemplateFiles.Document, text => $"{text}\n#unknown-function()\n"),
    ];

    [Fact]
    public async Task Doing_what_a_remedy_says_ends_the_finding_and_makes_no_new_one()
    {
        List<string> wrong = [];
        await using var first = await TestWorkflow.Open(azurite);
        var usual = await Numbers(first, Own);
        foreach (var (number, says, file, before, after) in Cases)
        {
            var found = await Findings(first, Own, file, before);
            if (!found.Any(finding =>
                    finding.Number == number && finding.Remedy.Contains(says, StringComparison.Ordinal)))
                wrong.Add($"{number} is not found, or its remedy does not say “{says}”: {string.Join(" ", found)}");
            if (!found.Where(finding => finding.Number == number).All(finding =>
                    finding.Place.StartsWith($"templates/{Own}", StringComparison.Ordinal)))
                wrong.Add($"{number} does not name its place: {string.Join(" ", found)}");
            var left = (await Findings(first, Own, file, text => after?.Invoke(text) ?? text))
                .Where(finding => !usual.Contains(finding.Number))
                .ToList();
            if (left is not [])
                wrong.Add($"{number}, after its remedy: {string.Join(" ", left)}");
        }

        Assert.True(wrong is [], string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_template_that_is_not_there_is_told_where_it_was_asked_for_and_those_there_are_will_do()
    {
        await using var workflow = await TestWorkflow.Open(azurite);

        var found = await Findings(workflow, "owm");

        Assert.Equal(
            "letter.md, “template:”: There is no letter template called “owm”. Write the name of one there is after “template:”: co-facilitators or own. (D400)",
            $"{Assert.Single(found, finding => finding.Number == 400)}");
        foreach (var named in (string[])["co-facilitators", "own"])
            Assert.DoesNotContain(await Findings(workflow, named), finding => !finding.IsWarning);
    }

    [Fact]
    public async Task Where_there_is_no_template_at_all_the_setting_is_named()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Templates", "nowhere"));

        var found = await FolderFindings.Of(workflow, Samples.Letter(), Draft);

        Assert.Contains(
            "set Templates to the folder that holds the letter templates",
            Assert.Single(found, finding => finding.Number == 400).Remedy,
            StringComparison.Ordinal);
        await using var mended = workflow.Another(("Templates", SampleLetter.Templates));
        Assert.DoesNotContain(await FolderFindings.Of(mended, Samples.Letter(), Draft), finding => !finding.IsWarning);
    }

    [Fact]
    public void Every_finding_about_templates_has_a_case() => Assert.Equal(
        [401, 402, 403, 404, 405, 406, 407, 433],
        Cases.Select(proven => proven.Number).Distinct());

    private static async Task<IReadOnlySet<int>> Numbers(TestWorkflow workflow, string template) =>
        (await Findings(workflow, template)).Select(finding => finding.Number).ToHashSet();

    /// <summary>
    /// What is found in a letter and its translation with the house's templates: the one the product comes with, and a
    /// copy of it called <see cref="Own"/> in which one file is changed.
    /// </summary>
    private static async Task<IReadOnlyList<Finding>> Findings(
        TestWorkflow workflow,
        string template,
        string? file = null,
        Func<string, string?>? changed = null)
    {
        var root = Directory.CreateTempSubdirectory("templates-").FullName;
        try
        {
            foreach (var (name, text) in SampleLetter.Template.Files)
                foreach (var folder in (string[])["co-facilitators", Own])
                {
                    var path = Path.Combine(root, folder, name);
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    if ((folder == Own && name == file ? changed!(text) : text) is { } content)
                        await File.WriteAllBytesAsync(path, Bytes(content), TestContext.Current.CancellationToken);
                }

            await using var house = workflow.Another(("Templates", root));
            return await FolderFindings.Of(house, Samples.LetterWith($"template: {template}"), Draft, Translation);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>In UTF-8; half a character, which no text has, as the byte that stands for it in UTF-16.</summary>
    private static byte[] Bytes(string text) =>
        text.EndsWith('\uD800') ? [.. Samples.Bytes(text[..^1]), 0xD8] : Samples.Bytes(text);
}
