using System.Text;
using MimeKit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>Messages as mail servers, machines and people send them back, all about one letter.</summary>
internal static class InboundSample
{
    public const string Letter = "gcm-draft-rev-1-3f9a1c.che.1@secretariat.example";

    /// <summary>
    /// What a person answers to the mission's reply address, and begins with the reference that is printed in the letter.
    /// </summary>
    public static byte[] Stated(string letter, string to, string reference)
    {
        var text = Encoding.UTF8
            .GetString(Bytes("reply-of-a-person", letter))
            .ReplaceLineEndings("\n")
            .Replace("To: letters@secretariat.example", $"To: {to}", StringComparison.Ordinal);
        var body = text.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        return Encoding.UTF8.GetBytes($"{text[..body]}{reference}\n{text[body..]}");
    }

    public static MimeMessage Read(string name) => MimeMessage.Load(new MemoryStream(Bytes(name, Letter)));

    /// <summary>The message as if it were about another letter.</summary>
    public static byte[] Bytes(string name, string letter) =>
        Encoding.UTF8.GetBytes(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tracking", "Inbound", "mail", $"{name}.eml"))
                .Replace(Letter, letter, StringComparison.Ordinal));
}
