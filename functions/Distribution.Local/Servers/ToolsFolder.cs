namespace Distribution.Local.Servers;

/// <summary>A complete installation of the tools, and the Node.js that runs them.</summary>
internal sealed record ToolsFolder(string Root, Node Node)
{
    public string Azurite => Path.Combine(Root, "node_modules", "azurite", "dist", "src", "azurite.js");

    public string MailDev => Path.Combine(Root, "node_modules", "maildev", "dist", "bin", "maildev.js");
}
