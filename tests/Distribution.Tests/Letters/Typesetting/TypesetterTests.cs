using System.Diagnostics;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters.Typesetting;

/// <summary>The process that sets letters: what it gives, what it refuses, and how it is kept alive.</summary>
public sealed class TypesetterTests
{
    private const string Titled =
        "#set document(title: \"x\")\n#set text(font: (\"Noto Serif\", \"Noto Serif SC\", \"Amiri\"), fallback: false)\n";

    /// <summary>Some seconds of work, in steps that Typst itself does not take for endless.</summary>
    private const string Long =
        Titled + "#{ let n = 0; for i in range(2000) { for j in range(2000) { n += 1 } }; [#n] }";

    private static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_letter_is_the_same_file_in_another_process_and_after_other_letters()
    {
        var job = Job(SampleLetter.Template.Files[TemplateFiles.Document]);
        var first = await TypesetterFixture.Shared.Typeset(job, Cancellation);
        await using var other = TypesetterFixture.Of(TypesetterFixture.Settings);

        Assert.NotEmpty(first.Pdf.ToArray());
        Assert.Equal(first.Pdf.ToArray(), (await other.Typeset(job, Cancellation)).Pdf.ToArray());
        await other.Typeset(Job(Titled + "Another."), Cancellation);
        Assert.Equal(first.Pdf.ToArray(), (await other.Typeset(job, Cancellation)).Pdf.ToArray());
    }

    [Fact]
    public async Task A_process_that_is_killed_over_a_letter_is_begun_again_and_the_letter_made()
    {
        await using var typesetter = TypesetterFixture.Of(TypesetterFixture.Settings);
        await typesetter.Typeset(Job(Titled + "Warm."), Cancellation);
        var first = typesetter.ProcessId!.Value;
        var making = typesetter.Typeset(Job(Long), Cancellation);
        await Task.Delay(200, Cancellation);
        Kill(first);

        Assert.Contains("4000000", Pdf.Text((await making).Pdf), StringComparison.Ordinal);
        Assert.NotEqual(first, typesetter.ProcessId);
    }

    [Fact]
    public async Task A_Node_that_lost_its_mark_of_a_program_on_the_way_is_run_all_the_same()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no such mark.");
        var folder = Directory.CreateTempSubdirectory("distribution-");
        var node = Path.Combine(folder.FullName, "node");
        File.Copy(TypesetterFixture.Settings.Node, node);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(node, UnixFileMode.UserRead);
        await using (
            var typesetter = TypesetterFixture.Of(new() { Folder = TypesetterFixture.Settings.Folder, Node = node }))
            Assert.NotEmpty((await typesetter.Typeset(Job(Titled + "Here."), Cancellation)).Pdf.ToArray());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task One_that_dies_twice_over_a_letter_is_told_in_a_sentence_and_serves_the_next()
    {
        await using var typesetter = TypesetterFixture.Of(TypesetterFixture.Settings);
        await typesetter.Typeset(Job(Titled + "Warm."), Cancellation);
        var making = typesetter.Typeset(Job(Long), Cancellation);
        for (int? killed = null; !making.IsCompleted; await Task.Delay(100, Cancellation))
            if (typesetter.ProcessId is { } process && process != killed)
            {
                await Task.Delay(300, Cancellation);
                Kill(process);
                killed = process;
            }

        var fault = await Assert.ThrowsAsync<TypesetterException>(() => making);
        Assert.StartsWith(
            "The typesetter died twice while it was making one letter. Try again;",
            fault.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Next.",
            Pdf.Text((await typesetter.Typeset(Job(Titled + "Next."), Cancellation)).Pdf),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_without_end_is_given_up_in_time_and_the_next_one_is_made()
    {
        var settings = TypesetterFixture.Settings;
        settings.Time = TimeSpan.FromSeconds(1);
        await using var typesetter = TypesetterFixture.Of(settings);
        await typesetter.Typeset(Job(Titled + "Warm."), Cancellation);

        var endless = await typesetter.Typeset(
            Job(Titled + "#for a in range(100000) { for b in range(100000) { } }"),
            Cancellation);

        Assert.Equal("it took more than 1 seconds of processor time", endless.Problem?.Words);
        Assert.Contains(
            "Next.",
            Pdf.Text((await typesetter.Typeset(Job(Titled + "Next."), Cancellation)).Pdf),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_that_eats_memory_is_stopped()
    {
        var settings = TypesetterFixture.Settings;
        // On a busy machine memory fills slowly: here it is memory that must end it, not time.
        (settings.RestartAbove, settings.MostMemory, settings.Time) = (300, 400, TimeSpan.FromMinutes(2));
        await using var typesetter = TypesetterFixture.Of(settings);

        var greedy = await typesetter.Typeset(
            Job(Titled + "#let all = ()\n#for i in range(400) { all.push(\"x\" * (10000000 + i)) }\n#all.len()"),
            Cancellation);

        Assert.Equal("it needed more than 400 megabytes of memory", greedy.Problem?.Words);
    }

    [Theory]
    [InlineData("#read(\"/etc/passwd\")", "not found")]
    [InlineData("#read(\"../../../../etc/passwd\")", "access denied")]
    [InlineData("#image(\"/etc/hostname\", alt: \"x\")", "not found")]
    [InlineData("#plugin(\"/bin/true\")", "not found")]
    [InlineData("#import \"@preview/cetz:0.3.0\": *", "package")]
    [InlineData("#import (\"@pre\" + \"view/cetz:0.3.0\"): *", "package")]
    [InlineData("#import \"@local/anything:1.0.0\": *", "package")]
    public async Task A_template_reads_no_file_and_reaches_no_network(string attempt, string words)
    {
        var refused = await TypesetterFixture.Shared.Typeset(Job(Titled + attempt), Cancellation);

        Assert.Contains(words, refused.Problem?.Words, StringComparison.Ordinal);
        Assert.True(refused.Pdf.IsEmpty);
    }

    // The settings of the service stand in its environment, keys and passwords among them.
    [Fact]
    public async Task Its_process_gets_no_setting_of_the_service()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows a process's environment.");
        const string secret = "Mail__PasswordOfATest";
        Environment.SetEnvironmentVariable(secret, "hidden");
        try
        {
            await using var process = await TypesetterProcess.Start(TypesetterFixture.Settings, Cancellation);
            var environment = await File.ReadAllTextAsync($"/proc/{process.Id}/environ", Cancellation);
            Assert.Contains("PATH=", environment, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, environment, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    [Fact]
    public async Task A_mistake_in_a_template_is_told_with_its_line()
    {
        var mistaken = await TypesetterFixture.Shared.Typeset(Job("one\n\n#bogus()"), Cancellation);

        Assert.Equal(("unknown variable: bogus", 3), (mistaken.Problem?.Words, mistaken.Problem?.Line));
    }

    [Theory]
    [InlineData("= A\n=== B", "PDF/UA-1 error: skipped from heading level 1 to 3")]
    [InlineData("#image(\"x.png\", alt: \"x\")", "file not found (searched at x.png)")]
    public async Task What_is_wrong_is_told_in_words_without_a_folder_of_the_machine(string mistake, string words) =>
        Assert.Equal(
            words,
            (await TypesetterFixture.Shared.Typeset(Job(Titled + mistake), Cancellation)).Problem?.Words);

    [Fact]
    public async Task It_ends_when_whoever_started_it_is_killed_over_a_letter()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no shell to be killed in the host's place.");
        var workspace = Directory.CreateTempSubdirectory("typesetter-orphan-");
        var program = Path.Combine(AppContext.BaseDirectory, "typesetter", "typesetter.mjs");
        // The shell stays the parent and is killed; its input stays open, so that nothing but its end can be noticed.
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                $"exec 3<&0; '{TypesetterFixture.Settings.Node}' '{program}' '{TypesetterFixture.Settings.Folder}' '{workspace.FullName}' <&3 & echo $!; wait",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var shell = Process.Start(start)!;
        using var orphan = Process.GetProcessById(
            int.Parse(
                (await shell.StandardOutput.ReadLineAsync(Cancellation))!,
                System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("{\"ready\":true}", await shell.StandardOutput.ReadLineAsync(Cancellation));
        var endless = System.Text.Json.JsonSerializer.Serialize(
            new
            {
                template = "#for a in range(100000) { for b in range(100000) { } }",
                document = new { verification = new { } },
                images = new { },
                tightness = 0,
                timestamp = 0,
                most_pages = 1,
                most_bytes = 1,
            });
        await shell.StandardInput.WriteLineAsync(endless.AsMemory(), Cancellation);
        await shell.StandardInput.FlushAsync(Cancellation);
        await Task.Delay(500, Cancellation);
        Assert.False(orphan.HasExited);
        shell.Kill();

        await orphan.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        workspace.Delete(recursive: true);
    }

    [Fact]
    public async Task Folders_of_killed_ones_are_cleaned_up_and_those_in_use_are_not()
    {
        var abandoned = Directory.CreateTempSubdirectory("distribution-typesetter-");
        await File.WriteAllTextAsync(Path.Combine(abandoned.FullName, "held"), "", Cancellation);
        var being = Directory.CreateTempSubdirectory("distribution-typesetter-");
        using var used = TypesetterFolder.Create();
        await using var typesetter = TypesetterFixture.Of(TypesetterFixture.Settings);
        await typesetter.Typeset(Job(Titled + "x"), Cancellation);

        Assert.Equal(
            (false, true, true),
            (Directory.Exists(abandoned.FullName), Directory.Exists(being.FullName), Directory.Exists(used.Path)));
        being.Delete();
    }

    [Theory]
    [InlineData("#read(\"/etc/passwd\")")]
    [InlineData("*x* _y_ $z$ `w` #panic() @ref <label> \\ // /* ~")]
    [InlineData("<script>alert(1)</script>")]
    public async Task A_value_is_printed_as_text_whatever_it_looks_like(string name)
    {
        var source = SampleLetter.WithBody("For {{ mission.name }}.");
        var text = Pdf.Text((await Typeset(source, SampleLetter.Mission("x", name, name))).Pdf);

        Assert.Contains($"For {name}.", text, StringComparison.Ordinal);
        Assert.Contains(name, text.Split("New York")[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_character_no_font_has_is_named()
    {
        var unprintable = await Typeset(SampleLetter.WithBody("One 😀 and two 𓀀."), SampleLetter.Swiss);

        Assert.Equal(["😀", "𓀀"], unprintable.Missing);
        Assert.True(unprintable.Pdf.IsEmpty);
    }

    [Fact]
    public async Task An_image_of_one_letter_is_not_there_for_the_next()
    {
        const string Shows = Titled + "#image(\"sign.png\", alt: \"x\")";
        var first = await TypesetterFixture.Shared.Typeset(
            Job(Shows) with
            {
                Images = new Dictionary<string, ReadOnlyMemory<byte>> { ["sign.png"] = OnePixel },
            },
            Cancellation);
        var second = await TypesetterFixture.Shared.Typeset(Job(Shows), Cancellation);

        Assert.Null(first.Problem);
        Assert.Contains("not found", second.Problem?.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_none_is_named()
    {
        var images = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["good.png"] = OnePixel,
            ["bad.png"] = "no image"u8.ToArray(),
        };
        var bad = await TypesetterFixture.Shared.Typeset(
            Job(Titled + "#image(\"good.png\", alt: \"x\")\n#image(\"bad.png\", alt: \"x\")") with
            {
                Images = images,
            },
            Cancellation);

        Assert.Equal("bad.png", bad.Problem?.Image);
    }

    [Fact]
    public async Task Fonts_of_the_machine_are_not_used()
    {
        // Debian and most desktops have it; where they have not, the letter comes out the same.
        var text = await TypesetterFixture.Shared.Typeset(
            Job("#set document(title: \"x\")\n#set text(font: \"DejaVu Sans\")\nplain"),
            Cancellation);

        Assert.DoesNotContain(Pdf.Fonts(text.Pdf), font => font.Contains("DejaVu", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_begun_again_after_its_share_of_letters()
    {
        var settings = TypesetterFixture.Settings;
        settings.RestartAfter = 2;
        await using var typesetter = TypesetterFixture.Of(settings);
        await typesetter.Typeset(Job(Titled + "1"), Cancellation);
        var first = typesetter.ProcessId;
        await typesetter.Typeset(Job(Titled + "2"), Cancellation);
        Assert.Null(typesetter.ProcessId);
        await typesetter.Typeset(Job(Titled + "3"), Cancellation);

        Assert.NotEqual(first, typesetter.ProcessId);
    }

    [Fact]
    public async Task It_is_begun_again_when_it_has_grown()
    {
        var settings = TypesetterFixture.Settings;
        settings.RestartAbove = 1;
        await using var typesetter = TypesetterFixture.Of(settings);
        await typesetter.Typeset(Job(Titled + "1"), Cancellation);

        Assert.Null(typesetter.ProcessId);
        Assert.Contains(
            "Next.",
            Pdf.Text((await typesetter.Typeset(Job(Titled + "Next."), Cancellation)).Pdf),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_asked_for_at_once_are_made_one_after_the_other_each_its_own()
    {
        var letters = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    TypesetterFixture.Shared.Typeset(Job(Titled + $"Letter {number} here."), Cancellation)));

        Assert.All(
            letters.Index(),
            made => Assert.Contains($"Letter {made.Index} here.", Pdf.Text(made.Item.Pdf), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_letter_nobody_waits_for_any_more_does_not_leave_its_answer_to_the_next()
    {
        await using var typesetter = TypesetterFixture.Of(TypesetterFixture.Settings);
        await typesetter.Typeset(Job(Titled + "Warm."), Cancellation);
        using var impatient = new CancellationTokenSource();
        // It has its turn at once, and the next ones wait for theirs.
        var left = typesetter.Typeset(Job(Long), impatient.Token);
        var waiting = typesetter.Typeset(Job(Titled + "Given up."), impatient.Token);
        var next = typesetter.Typeset(Job(Titled + "Next."), Cancellation);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Contains("Next.", Pdf.Text((await next).Pdf), StringComparison.Ordinal);
        Assert.Contains("4000000", Pdf.Text((await left).Pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_not_installed_or_has_no_Node_it_says_so()
    {
        var nowhere = TypesetterFixture.Settings;
        nowhere.Folder = Path.Combine(Path.GetTempPath(), "no-typesetter");
        await using var missing = TypesetterFixture.Of(nowhere);
        Assert.StartsWith(
            $"The typesetter is not installed in {nowhere.Folder}. Run npm ci there",
            (await Assert.ThrowsAsync<TypesetterException>(() => missing.Typeset(Job("x"), Cancellation))).Message,
            StringComparison.Ordinal);

        var nodeless = TypesetterFixture.Settings;
        nodeless.Node = "no-such-node";
        await using var lame = TypesetterFixture.Of(nodeless);
        Assert.StartsWith(
            "Node.js, which the typesetter needs, could not be started as no-such-node. Install Node.js 20",
            (await Assert.ThrowsAsync<TypesetterException>(() => lame.Typeset(Job("x"), Cancellation))).Message,
            StringComparison.Ordinal);
    }

    private static Task<TypesetResult> Typeset(LetterSource source, Mission? mission) =>
        TypesetterFixture.Shared.Typeset(SampleLetter.Job(source, mission), Cancellation);

    private static TypesetJob Job(string template) =>
        SampleLetter.Job(SampleLetter.Source, null) with
        {
            Template = template,
        };

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}
