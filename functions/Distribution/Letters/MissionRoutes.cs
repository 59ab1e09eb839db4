namespace Distribution.Letters;

/// <summary>
/// Where the pages begin that letters and mails link to. Letters that were sent name them, so they never change.
/// </summary>
internal static class MissionRoutes
{
    /// <summary>A mission's page of one letter; its distribution, its id and a signed token follow.</summary>
    public const string Acknowledge = "/acknowledge";

    /// <summary>Where a mailbox that was proposed is confirmed; mission, proposal and a signed token follow.</summary>
    public const string Mailbox = "/mailbox";

    /// <summary>Where anyone asks whether a letter is genuine.</summary>
    public const string Verify = "/verify";
}
