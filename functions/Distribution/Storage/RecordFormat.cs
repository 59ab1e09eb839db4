using System.Globalization;

namespace Distribution.Storage;

/// <summary>
/// The version number of the record format, stored with each record. A record of an earlier format is read as it is:
/// missing fields have defaults. A record of a later format is refused, because writing it back would lose the fields
/// that this version does not know. During an upgrade, instances of both versions run, and the later version does the
/// work.
/// </summary>
internal static class RecordFormat
{
    /// <summary>
    /// The format that this version writes. Increase it when a record gains a field that an earlier version must not
    /// lose.
    /// </summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>1: everything before formats were numbered.</item>
    /// <item>2: approvals, authors and what a scanner found.</item>
    /// <item>
    /// 3: the content that an approval or a release refers to, the sources a letter was made from, letters and uploads
    /// set aside, messages that a person has requested and that are not yet in the missions' entries, the key for a
    /// distribution's tokens, and why and in which list a message waits.
    /// </item>
    /// <item>
    /// 4: missions' entries keyed by the mission's id, batches and requested messages that name missions by it, the act
    /// of rebuilding a lost record from the log, the file, line and field of a fault, and the severity in the keys of
    /// what was confirmed.
    /// </item>
    /// <item>
    /// 5: an upload whose letters are being typeset in the queue, further kinds of bounce, and how long a server tried,
    /// or will try, to hand a letter over.
    /// </item>
    /// <item>
    /// 6: by which rules the text of a letter is printed, and the journals that first letters are noted in while they
    /// are sent. An earlier version looks for them in the missions' entries alone, and would send them again.
    /// </item>
    /// <item>
    /// 7: when a letter leaves whose release can still be undone, whom a proof goes to, whether a decision about a
    /// message was taken back, and the meetings of a letter. An earlier version would never send the first, send the
    /// second to the wrong people, take the third for decided, and print no meeting. Also about which steps of its
    /// acknowledgement a mission has got a mail, the texts of translations of a letter in the making, what came of an
    /// act in the other languages of the desk, what missions forwarded or propose to change of the register, the desk's
    /// settings, when a notice about a letter in the making was given, and that a letter did not leave at its hour and
    /// nobody was told yet; and long records are packed (<see cref="PackedText"/>).
    /// </item>
    /// </list>
    /// </remarks>
    public const int Written = 7;

    /// <summary>The name of the table column, and of the blob metadata entry, that holds the format.</summary>
    public const string Name = "Format";

    /// <summary>Throws if a record has a later format than this version can read.</summary>
    /// <param name="found">The record's format; null for a record from before formats were numbered.</param>
    /// <param name="what">The record, as a message names it.</param>
    /// <exception cref="LaterFormatException">The record was written in a later format.</exception>
    public static void Check(int? found, string what)
    {
        // Null is not later than anything: such a record is older than the numbers.
        if (found > Written)
            throw new LaterFormatException(what, found.Value);
    }

    /// <inheritdoc cref="Check(int?, string)"/>
    public static void Check(IDictionary<string, string> metadata, string what) =>
        Check(
            metadata.TryGetValue(Name, out var written) ? int.Parse(written, CultureInfo.InvariantCulture) : null,
            what);
}

/// <summary>A record was written by a later version of the service, so this version must not touch it.</summary>
internal sealed class LaterFormatException(string what, int format)
    : Exception(
        $"{what} was written by a later version of this service, in format {format}; this version knows formats up to {RecordFormat.Written} and leaves it alone. During an upgrade this passes by itself; otherwise bring the later version back."
    )
{
    public int Format { get; } = format;
}
