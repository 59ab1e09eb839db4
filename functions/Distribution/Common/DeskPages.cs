namespace Distribution.Common;

/// <summary>The addresses (paths) of the pages of the desk that mails lead to.</summary>
internal static class DeskPages
{
    public const string Front = "/";

    public const string Distributions = "/distributions";

    public const string Register = "/register";

    public const string Proposals = "/proposals";

    /// <summary>The page of one letter.</summary>
    public static string Distribution(string id) => $"{Distributions}/{Uri.EscapeDataString(id)}";
}
