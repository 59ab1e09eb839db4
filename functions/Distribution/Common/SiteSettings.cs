namespace Distribution.Common;

/// <summary>Settings that stand by themselves.</summary>
internal sealed class SiteSettings
{
    /// <summary>The address missions' links start with, such as <c>https://letters.example.org</c>. Required.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The folder that holds the letter templates; a relative one is found beside the program.</summary>
    public string Templates { get; set; } = "templates";
}
