namespace Distribution.Common;

/// <summary>A name and an address, as used in a letter's contact line or a message header.</summary>
internal sealed record Correspondent(string? Name, string Address);
