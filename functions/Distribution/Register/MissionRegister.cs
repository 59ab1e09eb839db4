namespace Distribution.Register;

/// <summary>The missions that letters can be sent to, in English protocol order.</summary>
/// <param name="Hash">SHA-256 of the file it was read from, lower-case hexadecimal.</param>
internal sealed record MissionRegister(string Hash, IReadOnlyList<Mission> Missions)
{
    /// <summary>
    /// As many as letters are promised to: everything was measured with so many, and <c>infra/SCALE.md</c> says what
    /// more would take.
    /// </summary>
    public const int MostMissions = 10_000;
}
