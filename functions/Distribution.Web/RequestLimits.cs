namespace Distribution.Web;

/// <summary>
/// How much one request may bring, in bytes: every limit of every way in, so that they can be held against each other
/// and against the deployment. Sizes count in powers of 1000, as pages and mail programs say them.
/// </summary>
internal static class RequestLimits
{
    /// <summary>A form without files, or any request that names no limit of its own.</summary>
    public const long Form = 1_000_000;

    /// <summary>A form of a mission's page.</summary>
    public const long MissionForm = 32_000;

    /// <summary>One part of a file, as a page with its script sends it.</summary>
    public const long Part = 8_000_000;

    /// <summary>The files of one upload together, sent in parts: twice what one message can carry.</summary>
    public const long Upload = 60_000_000;

    /// <summary>The files of a form that is sent at once, from a browser without scripts.</summary>
    public const long PlainFiles = 30_000_000;

    /// <summary>Such a form, with what stands around its files.</summary>
    public const long PlainForm = PlainFiles + Form;

    /// <summary>The events that SendGrid reports at once.</summary>
    public const long Events = 5_000_000;

    /// <summary>A message from SendGrid, which takes messages of 30 MB; its form adds little.</summary>
    public const long InboundMail = 32_000_000;

    /// <summary>
    /// What the Functions host accepts (<c>FUNCTIONS_REQUEST_BODY_SIZE_LIMIT</c> in <c>infra/modules/app.bicep</c>). It
    /// reads a body whole, into several times as much memory, before this code sees it. It is above all others, so that
    /// a body that is a little too large is refused here, in words.
    /// </summary>
    public const long Host = 34_000_000;

    /// <summary>
    /// How much of a refused body is read and thrown away, so that its sender sees the answer and not a broken
    /// connection. The server itself (Kestrel) refuses more.
    /// </summary>
    public const long Drained = 100_000_000;
}
