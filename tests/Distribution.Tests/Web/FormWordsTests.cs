using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Letters.Reading;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What the form of a letter calls the keys of its file.</summary>
public sealed partial class FormWordsTests
{
    [Theory]
    [InlineData("", "add “label: Draft Rev 1” to the enclosure.", "add “Draft label: Draft Rev 1” to the enclosure.", "add “Désignation du projet: Draft Rev 1” to the enclosure.")]
    [InlineData("", "but its line “label:” says so.", "but “Draft label” says so.", null)]
    [InlineData("", "Correct the text, or the line “draft:”, whichever is wrong.", "Correct the text, or “What is sent”, whichever is wrong.", null)]
    [InlineData("", "Write “release: on-approval”, or leave the line out, and release it by hand.", "Write “Release: on approval”, or leave it empty, and release it by hand.", null)]
    [InlineData("", "Give an hour to come, or remove the line “send:” so that it leaves.", "Give an hour to come, or leave “Leaves” empty so that it leaves.", null)]
    [InlineData("", "Take “signatories:” out with the lines below it, or take the line “form: note-verbale” out.", "Leave “Signed by” empty, or leave “Form” empty.", null)]
    [InlineData("", "Write “form: cover-letter”, or another role.", "Write “Form: a cover letter, which passes on another one”, or another role.", null)]
    [InlineData("", "A correction needs both “supersedes” and “correction”; “correction” is missing.", "A correction needs both “Corrects” and “Kind of correction”; “Kind of correction” is missing.", null)]
    [InlineData("meetings[2].to", "Write under “to” a later hour.", "Write under “To” a later hour.", "Write under “À” a later hour.")]
    [InlineData("contact", "“nobody” after “contact” is not an email address.", "“nobody” after “Contact” is not an email address.", null)]
    [InlineData("signatories[1]", "This signatory lacks “title” and “letterhead”. Add a line for each, as in “title: Ambassador”.", "This signatory lacks “Title” and “Letterhead”. Add each, as in “Title: Ambassador”.", null)]
    [InlineData("", "Write the text of the letter; in a file it stands below the second line of three hyphens.", "Write the text of the letter.", null)]
    // What people type may look like a key.
    [InlineData("", "“draft” was sent before; “comments” are due; “note: to all” stands in “place”.", "“draft” was sent before; “comments” are due; “Note: to all” stands in “place”.", null)]
    public void Each_field_is_called_what_it_is_called_on_the_form(string field, string words, string english, string? french)
    {
        var said = FormWords.Of(words, Location.In("letter.md", field: field.Length == 0 ? null : field));
        Assert.Equal(english, said.In(DeskLanguage.English));
        if (french is not null)
            Assert.Equal(french, said.In(DeskLanguage.French));
    }

    [Fact]
    public void No_finding_of_a_letter_quotes_a_key_there()
    {
        var keys = LetterSchema.Keys.SelectMany(key => key.Keys.Append(key)).Select(key => key.Name).ToHashSet();
        // What is found in a file's notation, or in a standing letter, cannot be in a letter that the form wrote.
        int[] ofNotation = [206, 211, 213, 214, 217, 235, 260, 261, 262];
        var quoting = FindingCatalogue.All()
            .Where(finding => finding.Number is > 199 and < 500 or > 600 && !ofNotation.Contains(finding.Number))
            .Select(finding => FormWords.Of($"{finding.Words} {finding.Remedy}", finding.Location).In(DeskLanguage.English))
            .Where(words => Quoted().Matches(words).Any(quoted => keys.Contains(quoted.Groups[1].Value)) || words.Contains("the line out", StringComparison.Ordinal) || words.Contains("emove the line", StringComparison.Ordinal));
        Assert.Equal([], quoting);
    }

    [GeneratedRegex("“([a-z_0-9]+)(?::[^”]*)?”")]
    private static partial Regex Quoted();
}
