using System.Text;
using MimeKit;
using MimeKit.Tnef;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Reads TNEF, the format in which Outlook sends a message to recipients that it takes for Outlook, too.
/// </summary>
internal static class OutlookWrapping
{
    private const string FileName = "winmail.dat";

    /// <returns>What is wrapped: text and files. Null where the part is no TNEF, or is broken.</returns>
    public static MimeEntity? Body(MimeEntity part) =>
        Of(part) is { } wrapped ? Try(wrapped, tnef => tnef.ConvertToMessage().Body) : null;

    /// <returns>
    /// The kind of message that Outlook says it is, such as <c>IPM.Note</c> or <c>REPORT.IPM.Note.IPNRN</c>, a receipt.
    /// Null where the part is no TNEF, or says none.
    /// </returns>
    public static string? MessageClass(MimeEntity part) =>
        Of(part) is { } wrapped
            ? Try(
                wrapped,
                tnef =>
                {
                    using var content = tnef.Content!.Open();
                    using var reader = new TnefReader(content, 0, TnefComplianceMode.Loose);
                    while (reader.ReadNextAttribute())
                        if (reader.AttributeTag == TnefAttributeTag.MessageClass)
                        {
                            // The length stands in the file, and can say anything.
                            var name = new byte[Math.Min(reader.AttributeRawValueLength, 200)];
                            var length = reader.ReadAttributeRawValue(name, 0, name.Length);
                            return Encoding.ASCII.GetString(name, 0, length).TrimEnd('\0');
                        }

                    return null;
                })
            : null;

    private static TnefPart? Of(MimeEntity part) =>
        part switch
        {
            TnefPart { Content: not null } tnef => tnef,
            MimePart { FileName: { } name, Content: { } content }
                when name.EndsWith(FileName, StringComparison.OrdinalIgnoreCase) => new TnefPart { Content = content },
            _ => null,
        };

    private static T? Try<T>(TnefPart part, Func<TnefPart, T?> read) where T : class
    {
        try
        {
            return read(part);
        }
        catch (Exception broken)
            when (broken
                    is FormatException
                        or ArgumentException
                        or IOException
                        or InvalidOperationException
                        or NotSupportedException)
        {
            // Swallowed: the wrapping stays a file that a person can save, and a message without text waits for a
            // person.
            return null;
        }
    }
}
