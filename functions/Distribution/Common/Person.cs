namespace Distribution.Common;

/// <summary>A person of the secretariat.</summary>
/// <param name="Key">
/// What tells them from everybody else, whatever they are called today: two people never have the same.
/// </param>
/// <param name="Name">The name they are signed in under.</param>
internal sealed record Person(string Key, string Name)
{
    public bool Is(Person other) => string.Equals(Key, other.Key, StringComparison.OrdinalIgnoreCase);
}
