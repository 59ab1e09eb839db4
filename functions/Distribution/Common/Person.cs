namespace Distribution.Common;

/// <summary>A person of the secretariat who is signed in.</summary>
/// <param name="Key">
/// The unique identifier. It does not change when the name changes, and two people never have the same.
/// </param>
/// <param name="Name">The display name of the sign-in.</param>
internal sealed record Person(string Key, string Name)
{
    /// <summary>Whether it is the same person, whatever their name is by now.</summary>
    public bool Is(Person other) => string.Equals(Key, other.Key, StringComparison.OrdinalIgnoreCase);
}
