using Spectre.Console;

namespace Distribution.Local.Screen;

/// <summary>Where to see what happened.</summary>
/// <param name="StatusPage">The desk's page.</param>
/// <param name="Inbox">The test post office's page; null where mail goes elsewhere.</param>
/// <param name="Storage">
/// The connection string for Storage Explorer; null where the storage is not the emulator, because any other connection
/// string may contain a secret.
/// </param>
internal sealed record WhereToLook(Uri StatusPage, Uri? Inbox, string? Storage)
{
    public void Show(IAnsiConsole console)
    {
        var places = new Grid().AddColumn().AddColumn().AddRow("Status page", $"{StatusPage}".EscapeMarkup());
        if (Inbox is not null)
            places.AddRow("Inbox", $"{Inbox}".EscapeMarkup());
        console.Write(new Panel(places).Header("Where to look"));
        if (Storage is not null)
        {
            console.Line("For Storage Explorer:");
            console.Line(Storage);
        }
    }
}
