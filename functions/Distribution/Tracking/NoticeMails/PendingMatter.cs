namespace Distribution.Tracking.NoticeMails;

/// <summary>Something that waits for a person, as a mail to the secretariat says it.</summary>
/// <param name="Key">
/// The same for as long as it is the same matter, so that it is told once. What grows has a new one each time it has
/// doubled: the 223rd bounce is told in the eighth mail at the latest.
/// </param>
/// <param name="Kind">A clause for a subject line, which names no letter: <c>a letter is on hold</c>.</param>
/// <param name="Words">
/// A sentence. It may name process and draft label, and nothing else of a letter: no subject, no mission, no mailbox,
/// no person, no words of a server.
/// </param>
/// <param name="Page">The path of the desk's page about it.</param>
internal sealed record PendingMatter(string Key, string Kind, string Words, string Page);
