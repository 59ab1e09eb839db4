using System.Globalization;

namespace Distribution.Storage;

/// <summary>
/// Which version of the records' format is written, beside each record. A record of an earlier format is read as it is:
/// facts it lacks have defaults. One of a later format is not touched, for writing it again would lose what this
/// version does not know: during an upgrade, instances of both versions run, and the later one does the work.
/// </summary>
internal static class RecordFormat
{
    /// <summary>
    /// Raised when a record gains a fact that an earlier version must not lose. 1: everything before formats were
    /// numbered. 2: approvals, authors and what a scanner found. 3: what an approval or a release was given to, what a
    /// letter was made from, letters and uploads set aside, the messages a person has asked for that are not in their
    /// missions' entries yet, the key a distribution's tokens are made with, and why and in which pile a message waits.
    /// </summary>
    public const int Written = 3;

    /// <summary>The name of the column, and of the blob's metadata, that says it.</summary>
    public const string Name = "Format";

    /// <exception cref="LaterFormatException">It was written in a later one.</exception>
    public static void Check(int? found, string what)
    {
        if (found > Written)
            throw new LaterFormatException(what, found.Value);
    }

    /// <inheritdoc cref="Check(int?, string)"/>
    public static void Check(IDictionary<string, string> metadata, string what) =>
        Check(
            metadata.TryGetValue(Name, out var written) ? int.Parse(written, CultureInfo.InvariantCulture) : null,
            what);
}

/// <summary>A record was written by a later version of the service than this one.</summary>
internal sealed class LaterFormatException(string what, int format)
    : Exception(
        $"{what} was written by a later version of this service, in format {format}; this version knows formats up to {RecordFormat.Written} and leaves it alone. During an upgrade this passes by itself; otherwise bring the later version back."
    );
