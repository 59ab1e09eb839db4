using System.Diagnostics;
using System.Text;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

/// <summary>One log of two missions with several links, made once for all the tests that do something to it.</summary>
public sealed class SealedLog(AzuriteFixture azurite) : IAsyncLifetime
{
    internal ExportedLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.Seal(distribution.Id);
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        await workflow.Resend(distribution.Id, "mex", "Zoë, the secretary");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        Log = await workflow.Export(distribution.Id);
        Assert.Equal(3, Log.Links.Count);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Everything that can be done to a log.</summary>
public sealed class LogVerificationTests(SealedLog made) : IClassFixture<SealedLog>
{
    private readonly ExportedLog log = made.Log;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_as_it_was_exported_is_sound_and_says_its_head()
    {
        var verdict = await log.Verify();
        Assert.Empty(verdict.Faults);
        Assert.Equal(
            (3, log.Facts.Count, log.Links[^1].Hash, 0),
            (verdict.Links, verdict.Lines, verdict.Head, verdict.Erased));
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x20)]
    [InlineData(0x80)]
    public async Task Any_byte_changed_is_found(byte bits)
    {
        var changed = log.Log.ToArray();
        for (var place = 0; place < changed.Length; place++)
        {
            changed[place] ^= bits;
            Assert.False(
                (await ExportedLog.Verify(changed, null)).IsSound,
                $"The byte at {place} was changed, and nobody noticed.");
            changed[place] ^= bits;
        }
    }

    [Fact]
    public async Task Any_line_removed_or_said_twice_is_found_and_so_is_any_end_cut_off()
    {
        for (var line = 0; line < log.Lines.Count; line++)
        {
            Assert.False(
                await IsSound(log.Lines.Where((_, place) => place != line)),
                $"Line {line + 1} was removed, and nobody noticed.");
            Assert.False(
                await IsSound([.. log.Lines.Take(line + 1), .. log.Lines.Skip(line)]),
                $"Line {line + 1} was doubled, and nobody noticed.");
            Assert.False(
                await IsSound(log.Lines.Take(line)),
                $"The log was cut before line {line + 1}, and nobody noticed.");
        }
    }

    [Fact]
    public async Task Any_two_lines_that_changed_places_are_found()
    {
        for (var one = 0; one < log.Lines.Count; one++)
            for (var other = one + 1; other < log.Lines.Count; other++)
            {
                var lines = log.Lines.ToList();
                (lines[one], lines[other]) = (lines[other], lines[one]);
                Assert.False(await IsSound(lines), $"Lines {one + 1} and {other + 1} changed places, and nobody noticed.");
            }
    }

    [Fact]
    public async Task A_fault_names_the_link_and_the_lines()
    {
        var place = log.Lines.Index().First(line => line.Item.Contains("\"Accepted\"", StringComparison.Ordinal)).Index;
        var lines = log.Lines.ToList();
        lines[place] = lines[place].Replace("Accepted", "Deferred", StringComparison.Ordinal);
        var from = lines.FindIndex(line => line.StartsWith("{\"link\":2,", StringComparison.Ordinal)) + 2;
        var fault = Assert.Single((await ExportedLog.Verify(Bytes(lines), null)).Faults);
        Assert.Equal(
            $"Link 2, lines {from} to {from + log.Links[1].Lines - 1}: they are not the lines that were sealed: one was changed, removed, added or moved.",
            fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_line_that_never_ends_is_not_read_to_its_end(bool isInTheMiddle)
    {
        await using var endless = new EndlessLine(
            isInTheMiddle ? Encoding.UTF8.GetBytes(string.Concat(log.Lines.Take(2).Select(line => $"{line}\n"))) : [],
            length: 300_000_000);

        var verdict = await LogVerification.Verify(endless, null, null, TestContext.Current.CancellationToken);

        Assert.StartsWith(
            $"Line {(isInTheMiddle ? 3 : 1)} cannot be checked. It is longer than 8 MB",
            verdict.Faults[0],
            StringComparison.Ordinal);
        Assert.InRange(endless.Read, 8_000_000, 9_000_000);
    }

    [Fact]
    public async Task A_log_made_anew_is_sound_by_itself_and_betrayed_by_an_earlier_head()
    {
        var forged = Forged(
            log.Lines.Select(line => line.Replace("\"Accepted\"", "\"Delivered\"", StringComparison.Ordinal)));
        Assert.True((await ExportedLog.Verify(forged, null)).IsSound);
        Assert.Equal(
            ["No link has the head you hold: this is not a continuation of the log you saw."],
            (await ExportedLog.Verify(forged, null, log.Links[1].Hash)).Faults);
        Assert.Equal(2, (await log.Verify(log.Links[1].Hash[..16])).Held);
    }

    [Fact]
    public async Task Erasing_a_person_leaves_the_log_sound_and_says_how_much_is_gone()
    {
        var kept = log.People.Where(value => !value.Value.Contains("Zoë", StringComparison.Ordinal)).ToList();
        var gone = log.People.Count - kept.Count;
        Assert.True(gone > 0);

        var verdict = await ExportedLog.Verify(log.Log, Bytes(kept.Select(Json.Write)));
        Assert.Equal((true, gone), (verdict.IsSound, verdict.Erased));
    }

    [Fact]
    public async Task Any_byte_changed_in_the_personal_data_is_found()
    {
        var changed = log.Values.ToArray();
        for (var place = 0; place < changed.Length; place++)
        {
            changed[place] ^= 0x01;
            Assert.False(
                (await ExportedLog.Verify(log.Log, changed)).IsSound,
                $"The byte at {place} was changed, and nobody noticed.");
            changed[place] ^= 0x01;
        }

        Assert.False(
            (
                await ExportedLog.Verify(
                    log.Log,
                    [.. log.Values, .. Bytes([Json.Write(PersonalValue.Of("someone@else.example"))])])).IsSound);
        Assert.False((await ExportedLog.Verify(log.Log, [.. log.Values, .. log.Values])).IsSound);
    }

    // "not received" would become "received" under the same hash.
    [Fact]
    public async Task The_beginning_of_a_value_cannot_be_hidden_in_its_salt()
    {
        var hidden = log.People
            .Select(value => value with
            {
                Salt = value.Salt + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value.Value[..1])),
                Value = value.Value[1..],
            })
            .ToList();
        Assert.All(hidden, value => Assert.True(value.StandsFor(value.Value)));

        Assert.False((await ExportedLog.Verify(log.Log, Bytes(hidden.Select(Json.Write)))).IsSound);
    }

    [Fact]
    public async Task The_check_that_its_readme_gives_finds_the_same()
    {
        Assert.Equal((0, $"3 links, head {log.Links[^1].Hash}"), await Node(log.Log));
        var lines = log.Lines.ToList();
        for (var line = 0; line < lines.Count; line += 4)
            Assert.Equal(1, (await Node(Bytes(lines.Where((_, place) => place != line)))).Code);
        lines[2] = lines[2].Replace("201", "203", StringComparison.Ordinal);
        Assert.Equal(1, (await Node(Bytes(lines))).Code);
    }

    private static async Task<bool> IsSound(IEnumerable<string> lines) =>
        (await ExportedLog.Verify(Bytes(lines), null)).IsSound;

    private static byte[] Bytes(IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>As someone would write it who controls the server.</summary>
    private static byte[] Forged(IEnumerable<string> lines)
    {
        List<string> forged = [];
        ChainLink? last = null;
        using var rest = lines.GetEnumerator();
        while (rest.MoveNext() && rest.Current.StartsWith("{\"link\"", StringComparison.Ordinal))
        {
            var link = Json.Read<ChainLink>(rest.Current);
            List<string> segment = [];
            while (segment.Count < link.Lines && rest.MoveNext())
                segment.Add(rest.Current);
            last = ChainLink.Seal(
                last,
                link.Distribution,
                DateTimeOffset.UnixEpoch,
                BinaryData.FromBytes(Bytes(segment)),
                segment.Count);
            forged.AddRange([Json.Write(last), .. segment]);
        }

        return Bytes([.. forged, Json.Write(new LogEnd(last!.Link, last.Hash))]);
    }

    private async Task<(int Code, string Output)> Node(byte[] content)
    {
        var folder = Directory.CreateTempSubdirectory("distribution-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "log.jsonl"), content, Cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "check.cjs"),
                log.Readme.Split("---- check.cjs ----\n")[1].Split("---- end ----")[0],
                Cancellation);
            using var node = Process.Start(
                new ProcessStartInfo("node", ["check.cjs"])
                {
                    WorkingDirectory = folder.FullName,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            var error = node.StandardError.ReadToEndAsync(Cancellation);
            var output = await node.StandardOutput.ReadToEndAsync(Cancellation);
            await node.WaitForExitAsync(Cancellation);
            await error;
            return (node.ExitCode, output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Some bytes, and then one sign over and over.</summary>
    private sealed class EndlessLine(byte[] start, long length) : MemoryStream
    {
        public new long Read { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = 0;
            for (; count < buffer.Length && Read < length; count++, Read++)
                buffer.Span[count] = Read < start.Length ? start[Read] : (byte)'x';
            return ValueTask.FromResult(count);
        }
    }
}
