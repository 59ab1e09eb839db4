using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Benchmarks;

/// <summary>
/// How long one distribution takes on so many instances, and what holds it up: a simulation, wave by wave, of workers
/// that take batches from a queue, note, hand over and record. Its service times were measured by <c>send</c>; its
/// limits are the documented ones of <c>infra/SCALE.md</c>.
/// </summary>
internal static class Scale
{
    public static int Run()
    {
        Console.WriteLine($"an entry that was sent has {EntryBytes:N0} bytes, a journal up to {EntryBytes * MissionEntries.MostInOneTransaction / 1_024:N0} KB");
        foreach (var way in (Way[])[new("a relay near by", 0.020, 2_000), new("SendGrid", 0.150, 10_000)])
        {
            Console.WriteLine();
            Console.WriteLine($"by {way.Name}: {way.HandOver * 1_000:0} ms a letter, {way.Limit:N0} letters/s at most");
            Console.WriteLine("recipients  instances   batches       time   letters/s   first limit (how busy), next");
            foreach (var recipients in (int[])[300, 10_000, 1_000_000])
                foreach (var instances in (int[])[1, 4, 40, 125])
                    if (instances <= Simulation.BatchesOf(recipients) || instances == 1)
                        Console.WriteLine(new Simulation(recipients, instances, way, isApart: false).Run());
            Console.WriteLine("the same, if each slot had a partition of its own:");
            foreach (var instances in (int[])[40, 125])
                Console.WriteLine(new Simulation(1_000_000, instances, way, isApart: true).Run());
        }

        return 0;
    }

    /// <param name="HandOver">Seconds from the first byte to the answer.</param>
    /// <param name="Limit">Letters a second that it takes from all.</param>
    private sealed record Way(string Name, double HandOver, double Limit);

    // Measured, for a core of the machine of tests/Distribution.Benchmarks/README.md.
    private const double Processor = 0.0017;
    private const double Storage = 0.008;
    private const double Start = 10;

    // Settings as they come, and an instance of 4 GB.
    private const int Together = 8;
    private const double Cores = 2;

    // Documented.
    private const double Partition = 2_000;
    private const double Account = 20_000;
    private const double Queue = 2_000;

    /// <summary>An entry of one mailbox with its two events, as it is stored.</summary>
    private static readonly int EntryBytes = Encoding.UTF8.GetByteCount(
        Json.Write(
            new MissionEntry(
                "gcm-draft-rev-1-578fcc5bc7b7",
                "che",
                1,
                [
                    new(
                        1,
                        $"<{new string('a', 60)}@letters.example.org>",
                        DateTimeOffset.UtcNow,
                        [
                            new(
                                new Mailbox("mission.new-york-un@missions.example", MailboxField.To),
                                [
                                    new(DateTimeOffset.UtcNow, DeliveryEventKind.HandingOver, ""),
                                    new(DateTimeOffset.UtcNow, DeliveryEventKind.Accepted, "250 2.0.0 Ok: queued as 4F5A1C0A3D"),
                                ]),
                        ]),
                ],
                null,
                null)));

    /// <summary>Something that does so much in a second.</summary>
    /// <param name="burst">
    /// Seconds' worth that it takes at once: 0 for what does one thing after the other, such as a processor.
    /// </param>
    private sealed class Resource(string name, double rate, double burst = 1)
    {
        private double free;
        private double busy;

        public string Name => name;

        /// <returns>When it has done so much, asked at this time.</returns>
        public double Use(double now, double amount)
        {
            free = Math.Max(now - burst, free) + (amount / rate);
            busy += amount / rate;
            return Math.Max(now, free);
        }

        public double Busy(double time) => busy / time;
    }

    /// <param name="isApart">Whether journals and entries of each slot have a partition of their own.</param>
    private sealed class Simulation(int recipients, int instances, Way way, bool isApart)
    {
        // The targets are for entities of 1 KB; larger ones are counted as so many, which is the cautious reading.
        private readonly Resource journals = new("the partition of its journals", isApart ? Account : Partition);
        private readonly Resource entries = new("the partition of its entries", isApart ? Account : Partition);
        private readonly Resource account = new("the storage account", Account);
        private readonly Resource queue = new("the queue", Queue);
        private readonly Resource mail = new("the way out", way.Limit);
        private readonly Resource progress = new("the row of its progress", 1 / (2 * Storage), burst: 0);
        private readonly int batch = BatchOf(recipients);
        private readonly int batches = BatchesOf(recipients);
        private int taken;

        public static int BatchesOf(int recipients) => (recipients + BatchOf(recipients) - 1) / BatchOf(recipients);

        private static int BatchOf(int recipients) => new DispatchSettings().BatchSizeOf(recipients);

        public string Run()
        {
            var due = new PriorityQueue<Worker, double>();
            foreach (var number in Enumerable.Range(0, instances))
                due.Enqueue(new(new("processors", Cores, burst: 0)), number == 0 ? 0 : Start);
            List<Worker> all = [.. due.UnorderedItems.Select(item => item.Element)];
            var end = 0.0;
            // One step of one worker after the other, in the order of time.
            while (due.TryDequeue(out var worker, out var now))
            {
                if (worker.Steps.Count == 0 && !Plan(worker))
                    continue;
                var (resource, amount, then) = worker.Steps.Dequeue();
                now = resource.Use(now, amount) + then;
                end = Math.Max(end, now);
                due.Enqueue(worker, now);
            }

            var processors = all.Average(worker => worker.Processors.Busy(end));
            var waiting = new (string Name, double Busy)[] { ("processors", processors) }
                .Concat(new[] { journals, entries, account, queue, mail, progress }.Select(part => (part.Name, Busy: part.Busy(end))))
                .OrderByDescending(part => part.Busy)
                .ToList();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{recipients,10:N0}  {instances,9}  {batches,8:N0}  {end,7:N0} s  {recipients / end,10:N0}   {Words(waiting[0])}, {Words(waiting[1])}");
        }

        /// <summary>The steps of a worker's next letters, up to eight.</summary>
        /// <returns>False if there are none left.</returns>
        private bool Plan(Worker worker)
        {
            if (worker.Open == 0)
            {
                if (taken == batches)
                    return false;
                worker.Noted = 0;
                worker.Open = Math.Min(batch, recipients - (taken++ * batch));
                // Received; the distribution read; the journal opened; the entries read.
                worker.Then(queue, 1, Storage);
                Write(journals, 1);
                Write(entries, worker.Open);
            }

            var wave = Math.Min(Together, worker.Open);
            if (worker.Noted >= MissionEntries.MostInOneTransaction)
            {
                Write(entries, MissionEntries.MostInOneTransaction);
                worker.Noted -= MissionEntries.MostInOneTransaction;
            }

            // The answers of the last letters and the notes of the next: the whole journal is written.
            worker.Noted += wave;
            Write(journals, Kilobytes(worker.Noted));
            worker.Then(worker.Processors, wave * Processor, 0);
            worker.Then(mail, wave, way.HandOver);
            worker.Open -= wave;
            if (worker.Open > 0)
                return true;
            Write(journals, Kilobytes(worker.Noted));
            Write(entries, worker.Noted);
            // Two files of the log, the journal removed.
            for (var request = 0; request < 3; request++)
                worker.Then(account, 1, Storage);
            if (recipients > 1_000)
                worker.Then(progress, 1, 0);
            worker.Then(queue, 1, Storage);
            return true;

            void Write(Resource partition, double amount)
            {
                worker.Then(account, 1, 0);
                worker.Then(partition, amount, Storage);
            }
        }

        private static double Kilobytes(int noted) => Math.Max(1, noted * EntryBytes / 1_024.0);

        private static string Words((string Name, double Busy) part) =>
            string.Create(CultureInfo.InvariantCulture, $"{part.Name} ({part.Busy:0 %})");
    }

    private sealed class Worker(Resource processors)
    {
        public Resource Processors => processors;

        public Queue<(Resource Resource, double Amount, double Then)> Steps { get; } = new();

        public void Then(Resource resource, double amount, double then) => Steps.Enqueue((resource, amount, then));

        /// <summary>Letters of its batch that are still to be sent.</summary>
        public int Open { get; set; }

        /// <summary>Letters in its journal.</summary>
        public int Noted { get; set; }
    }
}
