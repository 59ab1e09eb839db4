using Distribution.Intake;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class BlobNamesTests
{
    [Theory]
    [InlineData("gcm/draft-rev-1/letter.md", "gcm/draft-rev-1")]
    [InlineData("gcm/Draft Rev 1 (clean), A&B's +/draft_rev-1.pdf", "gcm/Draft Rev 1 (clean), A&B's +")]
    [InlineData("миграция/草案/مسودة.pdf", "миграция/草案")]
    [InlineData("gcm/standing/rev-2.pdf", "gcm/standing/rev-2.pdf")]
    [InlineData("gcm/draft-rev-1/", "gcm/draft-rev-1")]
    public void A_sound_name_leads_to_its_upload(string name, string folder)
    {
        Assert.Equal(folder, BlobNames.Place(name).Folder?.ToString());
        Assert.Empty(BlobNames.Place(name).Faults);
    }

    [Theory]
    [InlineData("gcm/")]
    [InlineData("gcm/standing/")]
    public void A_folders_own_marker_is_no_file(string name)
    {
        var place = BlobNames.Place(name);

        Assert.Equal("gcm", place.Process);
        Assert.Null(place.Folder);
        Assert.Null(place.File);
        Assert.Empty(place.Faults);
    }

    [Fact]
    public void A_standing_letter_belongs_to_the_whole_process()
    {
        var place = BlobNames.Place("gcm/standing.md");

        Assert.True(place.IsStandingLetter);
        Assert.Equal("gcm", place.Process);
        Assert.Null(place.Folder);
        Assert.Empty(place.Faults);
        Assert.True(BlobNames.Place("gcm/standing/rev-2.pdf").Folder!.IsStanding);
    }

    [Theory]
    [InlineData(
        "gcm/../letter.md",
        null,
        "gcm/../letter.md: “..” cannot be the name of a file or folder. Give it a name with letters or digits. (D251)")]
    [InlineData(
        "gcm/./letter.md",
        null,
        "gcm/./letter.md: “.” cannot be the name of a file or folder. Give it a name with letters or digits. (D251)")]
    [InlineData(
        "gcm/rev-1/..",
        "gcm/rev-1",
        "gcm/rev-1/..: “..” cannot be the name of a file or folder. Give it a name with letters or digits. (D251)")]
    [InlineData(
        "gcm//letter.md",
        null,
        "gcm//letter.md: A folder on the way has no name: two slashes follow each other, or one stands first. Upload the file into a folder for the process and, in it, a folder for the draft. (D252)"
    )]
    [InlineData(
        "/gcm/letter.md",
        null,
        "/gcm/letter.md: A folder on the way has no name: two slashes follow each other, or one stands first. Upload the file into a folder for the process and, in it, a folder for the draft. (D252)"
    )]
    [InlineData(
        "gcm/rev-1/a\\b.pdf",
        "gcm/rev-1",
        "gcm/rev-1/a\\b.pdf: The name “a\\b.pdf” contains the character “\\”. Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only. (D250)"
    )]
    [InlineData(
        "gcm/rev-1/a\u202Efdp.exe",
        "gcm/rev-1",
        "gcm/rev-1/a fdp.exe: The name “a fdp.exe” contains a character that cannot be seen (U+202E). Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only. (D250)"
    )]
    [InlineData(
        "gcm/rev-1/a\u0000.pdf",
        "gcm/rev-1",
        "gcm/rev-1/a .pdf: The name “a .pdf” contains a character that cannot be seen (U+0000). Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only. (D250)"
    )]
    [InlineData(
        "gcm/rev-1/ a.pdf",
        "gcm/rev-1",
        "gcm/rev-1/ a.pdf: The name “ a.pdf” begins or ends with a space or a dot. Rename it without the space or dot. (D253)"
    )]
    [InlineData(
        "gcm/Standing .MD",
        null,
        "gcm/Standing .MD: The standing letter has to be called standing.md, and here its name is written in another way. Rename it to standing.md, in small letters and without spaces. (D244)"
    )]
    [InlineData(
        "gcm/rev-1/Aux.pdf",
        "gcm/rev-1",
        "gcm/rev-1/Aux.pdf: Windows keeps the name “Aux.pdf” for a device, so that missions could not save such a file. Give it another name. (D247)"
    )]
    [InlineData(
        "gcm/rev-1/annex/a.pdf",
        "gcm/rev-1",
        "gcm/rev-1/annex/a.pdf: The file stands in a folder within the folder of its draft. Move it up beside the letter: process, then draft, then the files. (D255)"
    )]
    [InlineData(
        "gcm/standing/annex/a.pdf",
        null,
        "gcm/standing/annex/a.pdf: The file stands in a folder within the folder of its draft. Move it up beside the letter: process, then draft, then the files. (D255)"
    )]
    [InlineData(
        "letter.md",
        null,
        "letter.md: The file stands outside any draft's folder, so no letter goes out with it. Upload it into a folder for the process and, in it, a folder for the draft. (D256)"
    )]
    [InlineData(
        "gcm/letter.md",
        null,
        "gcm/letter.md: The file stands outside any draft's folder, so no letter goes out with it. Upload it into a folder for the process and, in it, a folder for the draft. (D256)"
    )]
    [InlineData(
        "gcm/standing/letter.md",
        null,
        "gcm/standing/letter.md: A letter stands among the drafts that the standing letter goes out with. Upload the standing letter as gcm/standing.md, beside the folder and not in it. (D257)"
    )]
    public void An_odd_name_is_refused_in_words(string name, string? folder, string message)
    {
        var place = BlobNames.Place(name);

        Assert.Equal(message, string.Join('\n', place.Faults));
        Assert.Equal(folder, place.Folder?.ToString());
    }

    [Theory]
    [InlineData('<')]
    [InlineData('>')]
    [InlineData(':')]
    [InlineData('"')]
    [InlineData('|')]
    [InlineData('?')]
    [InlineData('*')]
    [InlineData('%')]
    [InlineData('#')]
    [InlineData('\u200b')]
    [InlineData('\u2066')]
    [InlineData('\u00a0')]
    [InlineData('\r')]
    [InlineData('\ud800')]
    public void A_sign_that_tools_trip_over_is_refused_in_folders_and_files(char sign)
    {
        Assert.Equal("D250", Assert.Single(BlobNames.Place($"gcm/rev-1/a{sign}b.pdf").Faults).Code);
        Assert.Null(BlobNames.Place($"gcm/rev{sign}1/a.pdf").Folder);
        Assert.Null(BlobNames.Place($"g{sign}cm/rev-1/a.pdf").Folder);
        Assert.Null(BlobNames.Place($"gcm/standing/a{sign}b.pdf").Folder);
    }

    [Fact]
    public void However_a_name_is_made_it_leads_to_one_folder_of_one_process_or_nowhere()
    {
        string[] pieces =
        [
            "..",
            ".",
            "",
            " ",
            "/",
            "\\",
            "%2e%2e",
            "%2F",
            "..%c0%af",
            "．．",
            "‥",
            "…",
            "․․",
            "∕",
            "⧵",
            "C:",
            "~",
            "\0",
            "\n",
            "\u202E",
            "con",
            "gcm",
            "a",
            "letter.md",
            "standing",
            new('a', 121),
            "\ud800",
        ];
        var random = new Random(20180326);
        for (var tries = 0; tries < 20_000; tries++)
        {
            var name = string.Join(
                random.Next(3) == 0 ? "" : "/",
                Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (BlobNames.Place(name).Folder is not { } folder)
                continue;
            // Whatever is made of it stays within the process: the name of a report, of frozen content, of a row.
            Assert.StartsWith($"{folder.Process}/", name, StringComparison.Ordinal);
            Assert.All(
                new[] { folder.Process, folder.Revision },
                part =>
                {
                    Assert.DoesNotMatch(@"^[. ]|[. ]$|[/\\%:~\x00-\x1f]", part);
                    Assert.InRange(part.Length, 1, FileNames.Longest);
                    Assert.DoesNotContain(
                        part,
                        sign => sign is '‥' or '…' or '․' or '．' or '∕' or '⧵' or '\u202E' || char.IsSurrogate(sign));
                });
        }
    }

    [Fact]
    public void A_name_has_at_most_120_characters()
    {
        Assert.Empty(BlobNames.Place($"gcm/rev-1/{new string('a', 120)}").Faults);
        Assert.Equal("D254", Assert.Single(BlobNames.Place($"gcm/rev-1/{new string('a', 121)}").Faults).Code);
    }

    [Theory]
    [InlineData("gcm/rev-1/Côte d’Ivoire – Nuku‘alofa [clean], n° 2.pdf")]
    [InlineData("gcm/rev-1/ʻOkina № 3 «final».pdf")]
    [InlineData("gcm/rev-1/《全球契约》草案（第二版）、附件.pdf")]
    public void Signs_that_word_processors_put_into_names_are_taken(string name) =>
        Assert.Empty(BlobNames.Place(name).Faults);

    /// <summary>What macOS, Windows, Office, LibreOffice, network drives, browsers and editors leave in a folder.</summary>
    [Theory]
    [InlineData(".DS_Store")]
    [InlineData("._draft-rev-1.pdf")]
    [InlineData(".localized")]
    [InlineData("Thumbs.db")]
    [InlineData("THUMBS.DB")]
    [InlineData("ehthumbs.db")]
    [InlineData("desktop.ini")]
    [InlineData("draft-rev-1.pdf:Zone.Identifier")]
    [InlineData("letter.md:Zone.Identifier:$DATA")]
    [InlineData("Thumbs.db:encryptable")]
    [InlineData("~$draft-rev-1.docx")]
    [InlineData("~WRL0003.tmp")]
    [InlineData("~WRD0000.doc")]
    [InlineData("A1B2C3D4.tmp")]
    [InlineData(".~lock.draft-rev-1.odt#")]
    [InlineData("draft-rev-1.pdf.crdownload")]
    [InlineData("letter.md~")]
    [InlineData("__MACOSX/._letter.md")]
    [InlineData("@eaDir/draft-rev-1.pdf")]
    public void What_a_system_or_a_program_has_put_there_is_no_file_of_an_upload(string file)
    {
        foreach (var name in (string[])[$"gcm/rev-1/{file}", $"gcm/{file}", file, $"gcm/standing/{file}"])
            Assert.Empty(BlobNames.Place(name).Faults);
        DraftFile[] files = [new("gcm/rev-1/letter.md", "1", 1), new($"gcm/rev-1/{file}", "1", 1)];
        var listing = Assert.Single(FolderListing.All(files));
        Assert.Equal(["letter.md"], listing.Files.Select(there => there.File));
        Assert.Equal([$"gcm/rev-1/{file}"], listing.LeftOut.Select(left => left.Name));
        Assert.Equal(FolderListing.All(files[..1])[0].Fingerprint, listing.Fingerprint);
        Assert.Empty(FolderListing.All([new($"gcm/rev-1/{file}", "1", 1), new($"gcm/standing/{file}", "1", 1)]));
    }

    [Theory]
    [InlineData("draft.tmp.pdf")]
    [InlineData("thumbs.pdf")]
    [InlineData("a~b.pdf")]
    [InlineData("Zone.Identifier.pdf")]
    [InlineData("draft: Zone 3.pdf")]
    [InlineData("template.docx")]
    public void A_persons_file_is_one_of_the_upload(string file) =>
        Assert.False(ToolFiles.Is($"gcm/rev-1/{file}"));

    [Fact]
    public void A_Mac_and_Windows_upload_into_one_folder()
    {
        var mac = "Océans/révision-1/projet révisé.pdf".Normalize(System.Text.NormalizationForm.FormD);
        var listing = Assert.Single(FolderListing.All([new(mac, "1", 1), new("Océans/révision-1/letter.md", "1", 1)]));
        Assert.Equal("Océans/révision-1", listing.Folder.ToString());
        Assert.Equal(["projet révisé.pdf", "letter.md"], listing.Files.Select(file => file.File));
    }

    [Theory]
    [InlineData("draft-rev-1.pdf", "Draft-Rev-1.PDF")]
    [InlineData("projet révisé.pdf", "projet re\u0301vise\u0301.pdf")]
    [InlineData("draft-rev-1.pdf", "ｄｒａｆｔ-rev-１.pdf")]
    [InlineData("draft-rev-1.pdf", "draft‑rev‑1.pdf")]
    [InlineData("draft-rev-1.pdf", "dra\u00adft-rev\u200b-1.pdf")]
    [InlineData("Côte d’Ivoire.pdf", "Côte d'Ivoire.pdf")]
    [InlineData("draft rev 1.pdf", "draft\u00a0rev  1.pdf")]
    [InlineData("draft-rev-1.pdf", "drаft-rev-1.pdf")]
    [InlineData("ПРОЕКТ 2.pdf", "проект 2.pdf")]
    [InlineData("ﬁnal.pdf", "final.pdf")]
    public void Two_names_that_nobody_tells_apart_are_found(string one, string other)
    {
        var twins = Assert.Single(BlobNames.Alike([new($"gcm/rev-1/{one}", "1", 1), new($"gcm/rev-1/{other}", "1", 1)]));
        Assert.Equal(2, twins.Count);
    }

    [Theory]
    [InlineData("draft-rev-1.pdf", "draft-rev-2.pdf")]
    [InlineData("draft 1.1.pdf", "draft 11.pdf")]
    [InlineData("Annexe A.pdf", "Annexe À.pdf")]
    [InlineData("draft-rev-1.pdf", "draft-rev-1.docx")]
    [InlineData("草案.pdf", "草稿.pdf")]
    public void Two_names_that_differ_are_two(string one, string other) =>
        Assert.Empty(BlobNames.Alike([new($"gcm/rev-1/{one}", "1", 1), new($"gcm/rev-1/{other}", "1", 1)]));

    [Fact]
    public void Names_are_the_same_whether_accents_stand_apart_or_not()
    {
        Assert.True(FileNames.AreSame("révision.pdf", "révision.pdf".Normalize(System.Text.NormalizationForm.FormD)));
        Assert.False(FileNames.AreSame("revision.pdf", "Revision.pdf"));
    }
}
