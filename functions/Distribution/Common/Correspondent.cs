namespace Distribution.Common;

/// <summary>A name and an address, as they stand in a letter's contact line or a message's header.</summary>
internal sealed record Correspondent(string? Name, string Address);
