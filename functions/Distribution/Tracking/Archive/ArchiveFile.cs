namespace Distribution.Tracking.Archive;

/// <summary>One file of an archive, as its manifest lists it.</summary>
/// <param name="Name">Its path in the archive, with <c>/</c> as the separator.</param>
/// <param name="Role">
/// What it is: <c>letter</c>, <c>unsent</c> (a letter that had not left), <c>email</c>, <c>enclosure</c>,
/// <c>content</c>, <c>roster</c>, <c>deliveries</c>, <c>acknowledgements</c>, <c>acts</c>, <c>log</c>, <c>readme</c> or
/// <c>manifest</c>.
/// </param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Mission">The id of the mission it belongs to; null where it belongs to all.</param>
internal sealed record ArchiveFile(string Name, string Role, long Bytes, string Sha256, string? Mission = null);
