namespace Distribution.Common;

/// <summary>Settings of the site that belong to no section.</summary>
internal sealed class SiteSettings
{
    /// <summary>The base URL of missions' links, such as <c>https://letters.example.org</c>. Required.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The folder of the letter templates. A relative path is relative to the program's folder.</summary>
    public string Templates { get; set; } = "templates";
}
