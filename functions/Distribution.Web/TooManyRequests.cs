namespace Distribution.Web;

/// <summary>
/// What a client that was rate limited reads. The language of its letter is not looked up, because the limit is there
/// to save that work.
/// </summary>
internal static class TooManyRequests
{
    private const string Heading = "limit_heading";

    /// <summary>For who asked for a page: what they did before may be on record.</summary>
    public static readonly SixLanguages Here = SixLanguages.Of(Heading, "limit_why", "limit_remedy");

    /// <summary>For who sent a form.</summary>
    public static readonly SixLanguages ForPress = SixLanguages.Of(Heading, "limit_why", "limit_press", "limit_remedy");
}
