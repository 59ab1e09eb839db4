using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Distribution.Common;
using Distribution.Tracking.Inbound;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Distribution.Web.Webhooks;

/// <summary>
/// Accepts what SendGrid's Inbound Parse posts: a form whose field <c>email</c> is the whole message. The message is
/// stored in the container <c>inbound</c> and processed from there like any other, so nothing is lost when processing
/// fails.
/// </summary>
internal sealed class InboundParse(InboundFiles files, InboundNotices notices)
{
    private const string Message = "email";

    private const string Envelope = "envelope";

    private const int LongestEnvelope = 64 * 1024;

    public const string NotRaw =
        "The form has no field “email” with the whole message. In SendGrid, Settings, Inbound Parse, tick “POST the raw, full MIME message” for this address.";

    /// <param name="contentType">The request's <c>Content-Type</c>.</param>
    /// <param name="body">The request's whole body; seekable, because it is read twice.</param>
    /// <param name="name">The name to store the message under, without extension.</param>
    /// <returns>What is wrong with the form, in sentences; null where the message is stored.</returns>
    /// <remarks>
    /// SendGrid signed the form, so a retry would bring the same bytes. A form without a message is therefore kept as
    /// it is, for a person, and is not asked for again.
    /// </remarks>
    public async Task<string?> Handle(string? contentType, Stream body, string name, CancellationToken cancellation)
    {
        if (await Store(contentType, body, name, cancellation) is not { } problem)
            return null;
        // Kept whole, with the boundary and all, so that a person or a later version can read it.
        body.Position = 0;
        await files.Upload($"{InboundFiles.Unmatched}sendgrid/{name}.form", body, cancellation);
        await notices.Once(
            $"SendGrid handed over a message that could not be taken. {problem} Such forms are kept in {ResourceNames.Inbound}/{InboundFiles.Unmatched}sendgrid; have a person read them.",
            cancellation);
        return problem;
    }

    private async Task<string?> Store(string? contentType, Stream body, string name, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            return "It is no form of the kind SendGrid sends.";
        var (found, trace) = (false, "");
        try
        {
            // Reads the whole form first: the envelope may come after the message, and a form that is cut off must not
            // store anything.
            await foreach (var (field, content) in Fields(body, boundary, cancellation))
                if (field == Envelope)
                    trace = await Trace(content, cancellation);
                else
                    found |= field == Message;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return "The form is cut off or broken.";
        }

        if (!found)
            return NotRaw;

        await using var whole = TemporaryFiles.Open();
        // On top of the message, where a mail server writes them.
        await whole.WriteAsync(Encoding.ASCII.GetBytes(trace), cancellation);
        body.Position = 0;
        await foreach (var (field, content) in Fields(body, boundary, cancellation))
            // The first of them; the rest of the form need not be read once more.
            if (field == Message)
            {
                await content.CopyToAsync(whole, cancellation);
                break;
            }

        whole.Position = 0;
        await files.Upload($"sendgrid/{name}.eml", whole, cancellation);
        return null;
    }

    private static async IAsyncEnumerable<(string Field, Stream Content)> Fields(
        Stream body, string boundary, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new MultipartReader(boundary, body);
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            if (section.GetContentDispositionHeader() is { } disposition)
                yield return (HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", section.Body);
    }

    /// <summary>
    /// The trace headers a mail server writes on top of what it delivers: the envelope sender, by which a bounce is
    /// recognized, and the envelope recipients, which the message does not name for a blind copy.
    /// </summary>
    private static async Task<string> Trace(Stream content, CancellationToken cancellation)
    {
        // An envelope that is longer is cut here, is no JSON any more, and is left out.
        var text = new byte[LongestEnvelope];
        var length = await content.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation);
        try
        {
            var envelope = JsonSerializer.Deserialize<SmtpEnvelope>(text.AsSpan(0, length), JsonSerializerOptions.Web);
            var from =
                envelope?.From is { } sender && (sender.Length == 0 || IsWritable(sender))
                    ? $"Return-Path: <{sender}>\r\n"
                    : "";
            return from
                + string.Concat(
                    (envelope?.To ?? []).Where(IsWritable).Select(address => $"X-Original-To: {address}\r\n"));
        }
        catch (JsonException)
        {
            // Swallowed: the message itself says most of it.
            return "";
        }
    }

    private static bool IsWritable(string address) =>
        // Nothing else becomes a header: a line break in an address would write one of its own.
        EmailAddresses.ReadAlone(address) is { } read && !EmailAddresses.NeedsUtf8(read);

    private sealed record SmtpEnvelope(string? From, IReadOnlyList<string>? To);
}
