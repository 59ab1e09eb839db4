using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Distribution.Common;
using Distribution.Tracking.Inbound;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Distribution.Web.Webhooks;

/// <summary>
/// Takes what SendGrid's Inbound Parse posts: a form whose field <c>email</c> is the whole message. The message is put
/// into the container <c>inbound</c>, from where it is taken like any other; so nothing is lost when that fails.
/// </summary>
internal sealed class InboundParse(InboundFiles files, InboundMailHandler desk)
{
    private const string Message = "email";

    private const string Envelope = "envelope";

    private const int LongestEnvelope = 64 * 1024;

    public const string NotRaw =
        "The form has no field “email” with the whole message. In SendGrid, Settings, Inbound Parse, tick “POST the raw, full MIME message” for this address.";

    /// <param name="contentType">The request's.</param>
    /// <param name="body">The request's, whole and seekable.</param>
    /// <param name="name">What to keep the message under, without ending.</param>
    /// <returns>What is wrong with the form, in a sentence; null where the message is kept.</returns>
    public async Task<string?> Handle(string? contentType, Stream body, string name, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            return "It is no form of the kind SendGrid sends.";
        var (found, trace) = (false, "");
        try
        {
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
        {
            await desk.NotifyOnce($"SendGrid handed over a message that could not be taken. {NotRaw}", cancellation);
            return NotRaw;
        }

        await using var whole = TemporaryFiles.Open();
        await whole.WriteAsync(Encoding.ASCII.GetBytes(trace), cancellation);
        body.Position = 0;
        await foreach (var (field, content) in Fields(body, boundary, cancellation))
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
    /// The lines a mail server writes on top of what it delivers: whom it came from, which tells a bounce, and whom it
    /// came for, which a blind copy does not say.
    /// </summary>
    private static async Task<string> Trace(Stream content, CancellationToken cancellation)
    {
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
            // The message says most of it itself.
            return "";
        }
    }

    private static bool IsWritable(string address) =>
        EmailAddresses.ReadAlone(address) is { } read && !EmailAddresses.NeedsUtf8(read);

    private sealed record SmtpEnvelope(string? From, IReadOnlyList<string>? To);
}
