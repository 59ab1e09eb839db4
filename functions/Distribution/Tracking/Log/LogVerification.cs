using System.Text;
using System.Text.Json;
using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>The result of verifying an exported log.</summary>
/// <param name="Faults">
/// Sentences about the first faults found; empty where the log is unchanged since it was sealed.
/// </param>
/// <param name="Head">The hash of the last link; null where there is none.</param>
/// <param name="Held">
/// The number of the link whose hash is the head given by the caller; null where none was given or no link has it.
/// </param>
/// <param name="Values">How many hashes of personal data the log holds.</param>
/// <param name="Erased">
/// How many of these have no value left because it was erased; null where the personal data was not given.
/// </param>
/// <param name="Subjects">How many facts the log holds about each subject.</param>
internal sealed record LogVerdict(
    IReadOnlyList<string> Faults,
    string? Distribution,
    int Links,
    int Lines,
    string? Head,
    int? Held,
    int Values,
    int? Erased,
    IReadOnlyDictionary<FactSubject, int> Subjects)
{
    public bool IsSound => Faults.Count == 0;
}

/// <summary>
/// Verifies an exported log without any other data: that no line was changed, removed, added or moved since it was
/// sealed.
/// </summary>
internal static class LogVerification
{
    private const int MostFaults = 20;

    /// <param name="values">The personal data of the log; null where only the log is available.</param>
    /// <param name="head">
    /// A head that the caller noted earlier, complete or in its short form without spaces; null for none.
    /// </param>
    public static async Task<LogVerdict> Verify(
        Stream log,
        Stream? values,
        string? head,
        CancellationToken cancellation)
    {
        var check = new Check();
        try
        {
            await foreach (var (line, ended) in RawLines.Read(log, cancellation))
                check.CheckLine(line, ended, head);
        }
        catch (InvalidDataException tooLong)
        {
            check.StopAtLine(tooLong.Message);
        }

        check.Finish(head);
        int? erased = null;
        if (values is not null)
        {
            try
            {
                await foreach (var (line, ended) in RawLines.Read(values, cancellation))
                    check.CheckValue(line, ended);
            }
            catch (InvalidDataException tooLong)
            {
                check.StopAtValue(tooLong.Message);
            }

            erased = check.Hashes.Count - check.Kept.Count;
        }

        return new(
            check.Faults,
            check.Last?.Distribution,
            check.Last?.Link ?? 0,
            check.Facts.Count,
            check.Last?.Hash,
            check.Held,
            check.Hashes.Count,
            erased,
            check.Subjects);
    }

    private sealed class Check
    {
        private readonly MemoryStream segment = new();
        private int place;
        private int valuePlace;
        private int segmentLines;
        private int segmentFrom;
        private LogEnd? end;

        public List<string> Faults { get; } = [];

        public ChainLink? Last { get; private set; }

        public int? Held { get; private set; }

        public HashSet<string> Facts { get; } = [];

        public Dictionary<FactSubject, int> Subjects { get; } = [];

        public HashSet<string> Hashes { get; } = [];

        public HashSet<string> Kept { get; } = [];

        public void CheckLine(byte[] line, bool ended, string? head)
        {
            place++;
            // Each line of an export ends with a line feed, the last one as well.
            if (!ended)
                Fault($"Line {place} does not end: the file was cut short or changed at its end.");
            if (end is not null)
                Fault($"Line {place} stands after the end of the log: it was added.");
            else if (Last is { } link && segmentLines < link.Lines)
                CheckFact(line);
            else
                CheckLink(line, head);
        }

        public void StopAtLine(string why) => Fault($"Line {place + 1} cannot be checked. {why}");

        public void StopAtValue(string why) => Fault($"people.jsonl, line {valuePlace + 1} cannot be checked. {why}");

        public void Finish(string? head)
        {
            if (Last is { } link && segmentLines < link.Lines)
                Fault(
                    $"Link {link.Link} seals {link.Lines} lines, and only {segmentLines} follow it: lines were removed at the end."
                );
            if (end is null)
                Fault("The last line of the log is missing: it was cut short or changed.");
            else if (end.End != (Last?.Link ?? 0) || end.Head != (Last?.Hash ?? ChainLink.Beginning))
                Fault(
                    $"Line {place}: the log ends at link {Last?.Link ?? 0}, and its last line speaks of {end.End} links or of another head: links were removed or added."
                );
            if (head is not null && Held is null)
                Fault("No link has the head you hold: this is not a continuation of the log you saw.");
        }

        public void CheckValue(byte[] line, bool ended)
        {
            valuePlace++;
            var value = Read<PersonalValue>(line);
            if (!ended || value is not { Hash: not null, Salt: not null, Value: not null } || !value.IsSound)
                Fault($"people.jsonl, line {valuePlace}: the value is not the one its hash was made of.");
            else if (!Hashes.Contains(value.Hash))
                Fault($"people.jsonl, line {valuePlace}: it belongs to no line of the log.");
            else if (!Kept.Add(value.Hash))
                Fault($"people.jsonl, line {valuePlace}: it stands there a second time.");
        }

        private void CheckLink(byte[] line, string? head)
        {
            var text = Encoding.UTF8.GetString(line);
            if (ChainLink.Read(text) is { } link)
            {
                if (!link.Follows(Last))
                    Fault(
                        $"Link {link.Link}, line {place}: the link itself was changed, or it does not follow link {Last?.Link ?? 0}: links were changed, removed or moved."
                    );
                // Also where it does not follow: the rest is checked from here.
                Last = link;
                (segmentLines, segmentFrom) = (0, place + 1);
                segment.SetLength(0);
                // The head may have been noted long ago, so any link can be the one.
                if (head is not null && link.Hash.StartsWith(head, StringComparison.Ordinal))
                    Held = link.Link;
            }
            else if (LogEnd.Read(text) is { } found)
            {
                end = found;
            }
            else
            {
                Fault(
                    $"Line {place}: a link is due here, after link {Last?.Link ?? 0}, and this is none: a line was changed, added or removed."
                );
            }
        }

        private void CheckFact(byte[] line)
        {
            segment.Write(line);
            segment.WriteByte((byte)'\n');
            segmentLines++;
            if (Read<LoggedFact>(line) is not { Id: not null } fact)
            {
                Fault($"Link {Last!.Link}, line {place}: it is no fact.");
            }
            else
            {
                if (!Facts.Add(fact.Id))
                    Fault($"Link {Last!.Link}, line {place}: the fact {fact.Id} stands in the log a second time.");
                Subjects[fact.Subject] = Subjects.GetValueOrDefault(fact.Subject) + 1;
                Hashes.UnionWith(fact.Personal?.Values ?? []);
            }

            if (segmentLines == Last!.Lines && !Last.Seals(segment.GetBuffer().AsSpan(0, (int)segment.Length)))
                Fault(
                    $"Link {Last.Link}, lines {segmentFrom} to {place}: they are not the lines that were sealed: one was changed, removed, added or moved."
                );
        }

        private void Fault(string sentence)
        {
            if (Faults.Count < MostFaults)
                Faults.Add(sentence);
        }

        /// <returns>Null where the line is not exactly what is written for such a record.</returns>
        private static T? Read<T>(byte[] line) where T : class
        {
            try
            {
                var text = Encoding.UTF8.GetString(line);
                var read = Json.Read<T>(text);
                return Json.Write(read) == text ? read : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
