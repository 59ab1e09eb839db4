using System.Text.RegularExpressions;

namespace Distribution.Tracking.Inbound;

/// <summary>How the messages that wait for a person are grouped.</summary>
internal enum ReplyPile
{
    /// <summary>Nothing shows which letter it is about.</summary>
    Unknown,

    /// <summary>It thanks for the letter or confirms that it arrived.</summary>
    Receipt,

    /// <summary>It asks or states something else.</summary>
    Says,

    /// <summary>A machine may have written it.</summary>
    Machine,
}

internal static partial class ReplyPiles
{
    /// <summary>
    /// The longest text that counts as a receipt, in characters. A longer one has something more to say.
    /// </summary>
    private const int LongestReceipt = 300;

    /// <param name="isKnown">Whether there is a letter that it may be about.</param>
    public static ReplyPile Of(InboundMail.Reply reply, bool isKnown) => reply switch
    {
        { Doubt.IsLikely: true } => ReplyPile.Machine,
        _ when !isKnown => ReplyPile.Unknown,
        { Text: { Length: <= LongestReceipt } text } when Thanks().IsMatch(text) && !Asks().IsMatch(text) =>
            ReplyPile.Receipt,
        _ => ReplyPile.Says,
    };

    [GeneratedRegex(
        @"\b(?:received|receipt|thanks?|thank you|acknowledg\w*|we have it|merci|reçu|réception|gracias|recibid[oa]|recibo|acus\w+|спасибо|получен\w*|благодар\w*|danke|erhalten|grazie|ricevut\w+|obrigad[oa]|recebid[oa]|teşekkür\w*|dziękuj\w*|otrzyma\w+|отриман\w*|đa nhan)|شكر|استلم|وصل|收到|谢|謝|受領|ありがとう|수령|감사|ได้รับ|התקבל|תודה",
        RegexOptions.IgnoreCase)]
    private static partial Regex Thanks();

    [GeneratedRegex(
        @"[?？؟]|\b(?:please|kindly|missing|not|cannot|can't|unable|again|resend|however|but|wrong|correct|instead|when|comments?|veuillez|merci de|manqu\w+|pas|por favor|falta\w*|no|пожалуйста|не|нет|bitte|nicht|fehl\w+)\b|请|請|من فضلك|الرجاء|لم",
        RegexOptions.IgnoreCase)]
    private static partial Regex Asks();
}
