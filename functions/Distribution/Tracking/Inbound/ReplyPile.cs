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

/// <summary>Groups waiting messages by their words, so that plain receipts are decided together.</summary>
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
        { Text: { Length: <= LongestReceipt } text, HasFiles: false } when Thanks().IsMatch(text) && !SaysMore(reply) =>
            ReplyPile.Receipt,
        _ => ReplyPile.Says,
    };

    /// <summary>
    /// Whether a reply says anything but that the letter came: asks for something, denies or reserves something, or
    /// says what is not understood. It looks at words alone, and errs on the side of asking: a person then reads what
    /// is a receipt after all.
    /// </summary>
    /// <param name="reference">The reference printed in the letter; null where it is not known.</param>
    public static bool SaysMore(InboundMail.Reply reply, string? reference = null)
    {
        var text = SetPhrases().Replace(Disclaimer().Replace(reply.Text, ""), "");
        return Asking().IsMatch(text)
            || !ReceiptWords.AreAll(ReplyText.WithoutReference(text, reference), reply.Names);
    }

    [GeneratedRegex(
        @"\b(?:received|receipt|thanks?|thank you|acknowledg\w*|we have it|merci|reçu|réception|gracias|recibid[oa]|recibo|acus\w+|спасибо|получен\w*|благодар\w*|danke|erhalten|grazie|ricevut\w+|obrigad[oa]|recebid[oa]|teşekkür\w*|dziękuj\w*|otrzyma\w+|отриман\w*|đa nhan)|شكر|استلم|وصل|收到|谢|謝|受領|ありがとう|수령|감사|ได้รับ|התקבל|תודה",
        RegexOptions.IgnoreCase)]
    private static partial Regex Thanks();

    /// <summary>English, French, Spanish, Russian, Arabic, Chinese, and a little German.</summary>
    // Those of one script need no word boundaries, except the Arabic ones that stand within other words.
    [GeneratedRegex(
        @"[?？؟]|^\W*p\.?\s?s\b|\bn['’]\p{L}|\b(?:please|kindly|missing|not|cannot|can['’]t|unable|again|resend|however|but|wrong|correct|instead|when|comments?|corrupt\w*|damaged|unreadable|illegible|blank|empty|errors?|request\w*|declin\w+|refus\w+|"
            + @"veuillez|merci de|prière|vous pri(?:e|ons)|manqu\w+|pas|mais|illisibles?|"
            // Spanish “no”, but not the abbreviation of a number, as in “No. 80/123”.
            + @"por favor|falta\w*|no(?![.:º°]?\s?\S{0,12}\d)|pero|sírva(?:n)?se|ruego|rogamos|dañad\w+|ilegibles?|"
            + @"пожалуйста|не|нет|но|прошу|просим|просьба|повтор\w+|поврежд\w+|"
            + @"bitte|nicht|fehl\w+)\b|"
            + @"请|請|望|无法|無法|未能|不能|重发|重發|打不开|打不開|损坏|損壞|"
            + @"من فضلك|الرجاء|نرجو|أرجو|يرجى|تعذر|(?<!\p{L})(?:لم|و?لكن|هل)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Asking();

    /// <summary>
    /// Words that seem to ask and do not: courtesy, words that give what was asked for or say that it came, and a motto
    /// of the United Nations.
    /// </summary>
    [GeneratedRegex(
        @"\bplease(?= accept\b[^.\n]{0,80}\b(?:assurances?|consideration|regards|thanks|gratitude|compliments))|leav\w+ no one behind|"
            // What is asked for is given, or that it came.
            + @"\b(?:please|kindly)(?= (?:find|note)\b[^.\n]{0,60}\b(?:references?|receipt|received|acknowledg|confirm))|\bas (?:you (?:have )?)?requested\b|\byour request\b|\brequested (?=reference|code|acknowledg|confirmation|receipt)|"
            + @"\b(?:veuillez|prière de|merci de|vous pri(?:e|ons) de(?: bien vouloir)?)(?= (?:bien vouloir )?(?:trouver|noter|prendre (?:bonne )?note)\b[^.\n]{0,60}(?:référence|réception|reçu|reçue|accusé))|"
            + @"\b(?:por favor,?|sírva(?:n)?se|ruego|rogamos)(?= (?:encontrar|encuentre|hallar|halle|notar|note|tomar nota|tome nota)\b[^.\n]{0,60}(?:referencia|recib|recepción))|"
            + @"\b(?:пожалуйста|прошу|просим|просьба)(?=,? [^.\n]{0,20}?(?:найти|найдите|отметить|отметьте|учесть|принять к сведению)[^.\n]{0,60}(?:ссылк|номер|получен|код))|"
            + @"(?:نرجو|أرجو|يرجى|الرجاء)(?=[^.\n]{0,20}(?:العلم|الإحاطة|ملاحظة|الاطلاع)[^.\n]{0,40}(?:استلام|تسلم|استلمنا|وصول|المرجع|الرقم))|"
            + @"[请請](?=[^。\n]{0,8}(?:知悉|查收|查照|见|見|参阅|參閱)[^。\n]{0,20}(?:编号|編號|参考号|參考號|收到|收悉|回执|回執))|[应應按][^。\n]{0,8}[请請]求|"
            + @"\bveuillez(?= (?:agréer|accepter|recevoir|croire)\b)|\bvous pri(?:e|ons)(?=,?[^.,\n]{0,60},? (?:d['’]agréer|d['’]accepter|de (?:bien vouloir )?(?:agréer|croire|recevoir))\b)|"
            + @"\b(?:sírva(?:n)?se|ruego|rogamos)(?= [^.\n]{0,40}?acept\w+[^.\n]{0,60}\b(?:seguridades|consideración|saludos?|agradecimientos?))|"
            + @"\b(?:прошу|просим)(?= [^.\n]{0,60}?принять[^.\n]{0,60}(?:уверени|заверени|благодарност))|"
            + @"(?:نرجو|أرجو|يرجى|الرجاء)(?=[^.\n]{0,30}قبول[^.\n]{0,30}(?:فائق|أسمى|خالص|وافر|تحيات|شكر))|"
            + @"[请請](?=[^。\n]{0,20}接受[^。\n]{0,20}(?:敬意|谢意|謝意|问候|問候))",
        RegexOptions.IgnoreCase)]
    private static partial Regex SetPhrases();

    /// <summary>
    /// What mail programs put under every message for people who get it by mistake, up to the next empty line.
    /// </summary>
    [GeneratedRegex(
        @"(?:if you are not (?:the|an) (?:intended|named|addressee)|if you (?:have )?received? this (?:e-?mail|message|communication|transmission|correspondence) (?:in error|by mistake)|please consider the environment|"
            + @"si vous n['’]êtes pas (?:le|la|un) (?:bon )?destinataire|si ce (?:message|courriel|mail) ne vous est pas (?:destiné|adressé)|si vous avez reçu (?:ce|cette|la présente) (?:message|courriel|mail|transmission|communication) par erreur|si (?:usted )?no es (?:el|la) destinatari[oa]|si (?:usted )?(?:ha recibido|recibió) est[ea] (?:mensaje|correo|comunicación|transmisión) por error|"
            + @"если вы не являетесь|если (?:вы не адресат|это (?:письмо|сообщение) адресовано не вам)|если вы (?:ошибочно )?получили (?:это|данное) (?:письмо|сообщение)|[如若](?:果)?您?(?:不是|并非|並非|误收|誤收|错误地?收到|錯誤地?收到)|إذا لم تكن|إذا (?:استلمت|تلقيت|تسلمت|وصلتك) هذه الرسالة (?:عن طريق الخطأ|بالخطأ|خطأ))[^\n]*(?:\n(?![ \t]*(?:\n|$))[^\n]*)*",
        RegexOptions.IgnoreCase)]
    private static partial Regex Disclaimer();
}
