using Distribution.Letters;

namespace Distribution.Web.Missions;

/// <summary>What a link that leads nowhere opens.</summary>
/// <param name="IsErased">
/// Whether it was signed, and its letter is kept no longer; otherwise the link is not whole.
/// </param>
internal sealed record DeadLink(PageWords Words, bool IsErased);
