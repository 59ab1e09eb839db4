using System.Text;
using MimeKit;

namespace Distribution.Tests;

/// <summary>Messages as mail servers, machines and people send them back, all about one letter.</summary>
internal static class InboundSample
{
    public const string Letter = "gcm-draft-rev-1-3f9a1c.che.1@secretariat.example";

    public static MimeMessage Read(string name) => MimeMessage.Load(new MemoryStream(Bytes(name, Letter)));

    /// <summary>The message as if it were about another letter.</summary>
    public static byte[] Bytes(string name, string letter) => Encoding.UTF8.GetBytes(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tracking", "Inbound", "mail", $"{name}.eml")).Replace(Letter, letter, StringComparison.Ordinal));
}
