using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Reads what mail servers write for people about a letter that was returned, delayed or delivered. It is a guess:
/// there is no standard for it, and every server has its own words.
/// </summary>
/// <param name="text">
/// A report's text, without the returned copy of the letter. It is read once, when first asked for.
/// </param>
internal sealed partial class BounceText(string text)
{
    private readonly Lazy<IReadOnlyList<(string Address, string Words)>> addresses = new(() => AddressesOf(text));

    private readonly Lazy<string> sentence = new(() => SentenceOf(text));

    private const int MostAddresses = 20;

    private const int MostText = 100_000;

    /// <summary>
    /// The beginning of a subject; a gateway may have put a mark such as [External] before it, or its own words into
    /// one.
    /// </summary>
    private const string Beginning = @"^[\s*]{0,5}(?:\[[^\]]{1,40}\]\s{0,5}){0,3}\[?";

    /// <summary>
    /// How subjects begin that say that a letter did not arrive, in the languages of mail servers and gateways:
    /// English, French, Spanish, Russian, Chinese, Arabic, German, Italian, Portuguese, Dutch, Polish, Turkish,
    /// Japanese, Korean, Swedish, Danish, Norwegian, Finnish, Czech, Greek, Hebrew, Ukrainian, Hungarian, Romanian, and
    /// a few words of others.
    /// </summary>
    private const string NotDelivered =
        @"undeliver(?:able|ed)|mail system error|non[- ]?deliver(?:y|able)|not delivered|(?:mail |message )?deliver(?:y|ing) (?:has )?(?:fail|problem|error|status notification \(failure)|"
        + @"mail delivery (?:failed|failure)|failure notice|returned mail|mail (?:returned|could not)|message (?:not delivered|undeliverable)|"
        + @"non remis|non distribuable|non délivr|échec de (?:la )?(?:remise|livraison|distribution)|message non (?:remis|distribué|délivré)|"
        + @"no se puede entregar|no entregad|no se ha podido entregar|error (?:de|en la) entrega|no se pudo entregar|devuelto|"
        + @"недоставлен|не доставлен|не удается доставить|не удалось доставить|ошибка доставки|сообщение не доставлено|невозможно доставить|"
        + @"无法投递|無法投遞|未送达|未送達|退信|邮件投递失败|系统退信|無法傳遞|无法传递|投递失败|邮件退信|"
        + @"تعذر (?:ال)?تسليم|تعذّر (?:ال)?تسليم|لم يتم تسليم|غير قابل للتسليم|فشل (?:ال)?تسليم|"
        + @"unzustellbar|nicht zustellbar|unzustellbarkeit|zustellung fehlgeschlagen|nicht zugestellt|"
        + @"non recapitabile|non consegnat|mancato recapito|impossibile (?:recapitare|consegnare)|recapito non riuscito|"
        + @"não (?:é possível entregar|foi possível entregar|entregue|pôde ser entregue)|falha (?:na entrega|n[oa] envio)|não foi entregue|(?:mensagem|e-?mail) devolvid[ao]|"
        + @"onbestelbaar|niet bezorgd|niet afgeleverd|bezorging mislukt|"
        + @"nie można dostarczyć|nie dostarczono|niedostarczalne|niedoręczon|zwrot wiadomości|"
        + @"teslim edilem|iletilemedi|ulaştırılamadı|"
        + @"配信不能|配信できません|配達できません|届けられません|未配信|送信できませんでした|"
        + @"배달되지 않음|배달할 수 없|전송 실패|전달되지|(?:메일 )?반송|"
        + @"kunde inte levereras|går inte att leverera|olevererbart|ej levererat|"
        + @"kan ikke leveres|kunne ikke leveres|ikke leveret|ikke levert|uleveret|"
        + @"ei voitu toimittaa|toimittaminen epäonnistui|toimittamaton|"
        + @"nedoručiteln|nedoručen|nelze doručit|"
        + @"δεν (?:ήταν δυνατή η παράδοση|παραδόθηκε)|αδυναμία παράδοσης|μη παραδοτέο|"
        + @"לא ניתן למסור|לא נמסר|"
        + @"не вдалося доставити|неможливо доставити|"
        + @"kézbesíthetetlen|nem kézbesíthető|"
        + @"nelivrabil|nu a putut fi livrat|nelivrat|"
        + @"неуспешна доставка|не е доставен|neisporučen|nije moguće isporučiti|неиспоручен|"
        + @"nedoručiteľn|nepristatyt|nepiegādāt|kohale toimetamata|no s['’]ha pogut lliurar|ვერ მიეწოდა|"
        + @"không gửi được|không thể gửi|tidak terkirim|tidak dapat (?:dikirim|dihantar)|gagal terkirim|"
        + @"ส่งไม่สำเร็จ|ไม่สามารถส่ง|تحویل نشد|تحویل داده نشد|वितरित नहीं|(?:ujumbe )?haukufika|לא ניתן לשלוח";

    /// <summary>How subjects begin that say that a letter did arrive, or was handed on.</summary>
    private const string Delivered =
        @"(?:successfully )?delivered|relayed|expanded|success(?:ful)? (?:mail )?delivery|delivery status notification \((?:success|relay|relayed)|"
        + @"delivery (?:receipt|report|confirmation)|remis\s*:|relayé|transmis\s*:|accusé de (?:remise|livraison)|entregado|retransmitid|confirmación de entrega|"
        + @"доставлено|переслано|ретранслировано|已送达|已送達|已中继|已轉送|已传递|تم (?:ال)?تسليم|تم الترحيل|zugestellt|übermittelt|weitergeleitet\s*:|"
        + @"recapitato|consegnato|inoltrato|entregue\s*:|retransmitido|bezorgd|afgeleverd|doręczono|dostarczono|teslim edildi|"
        + @"配信済み|配信完了|전달됨|배달됨|levererat|leveret|levert|toimitettu|doručeno|παραδόθηκε|נמסר";

    private const string DelayWords =
        @"\bdelay(?:ed)?\b|\bdeferred\b|delivery incomplete|temporarily failed|aplazad[ao]|demorad[ao]|atrasad[ao]|отложен|暂时(?:无法|失败)|暫時(?:無法|失敗)|\bretard(?:é|ado|ada)|\bretras(?:ad|o)|verzögert|задерж|延迟|延遲|تأخر|ritardat|opóźnion|gecikti|지연|遅延|遅れ";

    /// <summary>What servers write that go on trying.</summary>
    private const string TriesOn =
        @"\bretry(?:ing)? for \d|\bwill retry\b|temporary problem delivering|(?:not|no) need to resend|"
        + @"pas encore (?:été |pu )|réessayera|continuer\w* (?:d['’]|à )essayer|(?<!\bno )se(?:guirá| seguirá)\w* intentando|volverá a intentar|todavía no se ha|aún no se ha|no es necesario (?:volver a enviar|reenviar)|"
        + @"ainda não (?:foi|pôde)|continuar\w* (?:a )?tenta|попытк\w+ доставк\w+ будут|(?<!не )будут продолжены|ещ[её] не (?:было |был )?доставлен|"
        + @"尚未(?:送达|送達|投递|投遞)|(?<!不)(?:会|會|将|將|继续|繼續)(?:继续|繼續)?(?:尝试|嘗試|重试|重試)|سنواصل المحاول|ستستمر المحاول|"
        + @"noch nicht zugestellt|weitere (?:zustell)?versuche folgen|wird weiter versucht|denenmeye devam|계속 시도|再試行します|再送を試み";

    private const string Failed =
        @"(?:deliver\w*|transmission|transport|(?:message|mail|recipient|address)(?:es|s)?\b.{0,60}) (?:has |have |had |attempts? )?(?:been )?(?:permanently )?fail|fail(?:ed|ure)? (?:permanently|to (?:deliver|reach|send|transmit)|recipient|address|deliver|notice)|fail(?:ed|ure):";

    private const string Returned =
        @"(?:is|are|was|being|been) return(?:ed|ing)|returned (?:to (?:the )?(?:sender|you)|mail|unopened|as undeliver)|returning (?:your|the|this) (?:message|mail|letter)";

    private const string TurnedAway =
        @"(?:is|are|was|were|been|has|have|server|host|address|recipient|message|mail|sender|connection|relay(?:ing)?|access) (?:been )?(?:rejected|refused)|(?:server|host|filter|policy|system) rejects|(?:rejected|refused) (?:by|as|due|for|your|the|this|to|because|recipient|address)|(?:rejected|refused):";

    private const string Unknown =
        @"(?:user|recipient|mailbox|address|host|domain|account|addressee)(?:es|s)? (?:name )?(?:is |are |was )?unknown|unknown (?:or illegal )?(?:user|recipient|mailbox|address|host|domain|account|alias|local)|no such (?:user|recipient|mailbox|address|person|host|domain|account|name|alias)|(?:user|recipient|mailbox|address|host|domain|account|name)(?:es|s)?\b.{0,60}(?:not|n['’]t) (?:be |been )?(?:found|exist)|not found:|not exist";

    /// <summary>
    /// The text of a report as far as the returned copy of the letter, which must not be read as the report. HTML is
    /// read only where there is no plain text.
    /// </summary>
    public static string Above(IEnumerable<MimeEntity> parts)
    {
        var texts = parts.OfType<TextPart>().ToLookup(part => part.IsHtml, part => part.Text);
        var plain = string.Join('\n', texts[false]);
        var text = string.IsNullOrWhiteSpace(plain)
            ? string.Join('\n', texts[true].Select(HtmlText.Of))
            : plain;
        return AboveReturned(TextStart.Of(text, MostText));
    }

    private static string AboveReturned(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var place = 0; place < lines.Length; place++)
            // Whatever stands below is the secretariat's own text, which may speak of delays and failures of its own.
            if (BeginsCopy().IsMatch(lines[place]) || IsHead(lines, place))
                return string.Join('\n', lines.Take(place));
        return text;
    }

    /// <summary>Whether the header of a returned letter begins here.</summary>
    private static bool IsHead(string[] lines, int place)
    {
        var head = lines
            .Skip(place)
            .Take(12)
            .TakeWhile(line => HeaderLine().IsMatch(line) || (line.Length > 0 && line[0] is ' ' or '\t'))
            .Where(line => HeaderLine().IsMatch(line))
            .ToList();
        // A report may give one field of the letter among its words. Two in a row begin the copy, if one is a letter's
        // and none a report's own.
        return HeaderLine().IsMatch(lines[place])
            && head.Count >= 2
            && head.Exists(line => LettersField().IsMatch(line))
            && !head.Exists(line => ReportsField().IsMatch(line));
    }

    /// <returns>Null where the text says nothing of a failure or a delay that is understood.</returns>
    /// <param name="above">The text above the returned copy.</param>
    /// <param name="title">
    /// The subject of the returned letter, where it is known. It may itself speak of failures, so it is removed from
    /// the text first, and so are all lines that give a subject.
    /// </param>
    public static ReportedAction? ActionOf(string subject, string above, string? title)
    {
        // Notes gives the subject of the letter among its own words.
        above = SubjectLine().Replace(above, "");
        // A returned letter's own title follows the server's words in the subject, and may speak of a delay.
        var isTitleKnown = !string.IsNullOrWhiteSpace(title);
        if (isTitleKnown)
        {
            above = above.Replace(title!.Trim(), "", StringComparison.OrdinalIgnoreCase);
            subject = subject.Replace(title.Trim(), "", StringComparison.OrdinalIgnoreCase);
        }

        var hasGivenUp = Final().IsMatch(above);
        if ((Delay().IsMatch(above) && !hasGivenUp)
            || (
                DelayedSubject().IsMatch(subject)
                && !SaysNotDelivered(subject)
                // Else the word may be the title's, and what the server says stands against it.
                && (isTitleKnown || (!hasGivenUp && (SaysDelayed().IsMatch(subject) || !Failure().IsMatch(above))))))
            return ReportedAction.Delayed;
        return SaysNotDelivered(subject) || Failure().IsMatch(above) ? ReportedAction.Failed : null;
    }

    /// <summary>Whether a subject says, as servers do, that a letter arrived, or was handed on.</summary>
    public static bool SaysDelivered(string subject) => DeliveredSubject().IsMatch(subject);

    /// <summary>Whether a subject says, as servers and gateways do, that a letter did not arrive.</summary>
    public static bool SaysNotDelivered(string subject) => NotDeliveredSubject().IsMatch(subject);

    /// <summary>
    /// The addresses that the text reports on, each with what is said of it. Only addresses at the beginning of a line
    /// count, as every server writes them: other addresses in the text may be anyone's.
    /// </summary>
    public IReadOnlyList<(string Address, string Words)> Addresses => addresses.Value;

    /// <summary>The sentence with which the text says what happened; empty where it has none.</summary>
    public string Sentence => sentence.Value;

    /// <returns>What the text says of one of these addresses; empty where it says nothing of them.</returns>
    public string About(IEnumerable<string?> mailboxes) =>
        Addresses
            .Where(item => mailboxes.Contains(item.Address, StringComparer.OrdinalIgnoreCase))
            .Select(item => item.Words)
            .FirstOrDefault(words => words.Length > 0)
        ?? "";

    private static IReadOnlyList<(string Address, string Words)> AddressesOf(string above)
    {
        var lines = above.ReplaceLineEndings("\n").Split('\n');
        List<(string Address, string Words)> found = [];
        for (var place = 0; place < lines.Length; place++)
            if (AddressLine().Match(lines[place]) is { Success: true } line
                && !WordsAround().IsMatch(line.Groups["address"].Value))
                found.Add(
                    (
                        line.Groups["address"].Value,
                        string.Join(
                            ' ',
                            lines
                                .Skip(place + 1)
                                .TakeWhile(next => next.Trim().Length > 0 && !AddressLine().IsMatch(next))
                                // What is said of an address stands behind it, as with sendmail, or in the lines below
                                // it, as with qmail and Yahoo.
                                .Prepend(line.Groups["rest"].Value.TrimStart(':', ' ', '\t'))
                                .Select(part => part.Trim()))
                            .Trim()));
        return found;
    }

    /// <summary>Every address that the text names anywhere, for finding the letter it may be about.</summary>
    public static IEnumerable<string> EveryAddress(string text) =>
        AnyAddress()
            .Matches(text)
            .Select(found => found.Value)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(MostAddresses);

    /// <summary>Whether the text names this address, and not another that contains it.</summary>
    public static bool Names(string text, string address)
    {
        // Chinese and Japanese put no space around it, and Korean none behind it.
        var isAscii = Ascii.IsValid(address);
        for (
            var place = text.IndexOf(address, StringComparison.OrdinalIgnoreCase);
            place >= 0;
            place = text.IndexOf(address, place + 1, StringComparison.OrdinalIgnoreCase))
            if (!(place > 0 && (IsLetter(text[place - 1]) || text[place - 1] is '.' or '+' or '-' or '_' or '%' or '@'))
                && !GoesOn(text.AsSpan(place + address.Length)))
                return true;
        return false;

        bool IsLetter(char sign) => isAscii ? char.IsAsciiLetterOrDigit(sign) : char.IsLetterOrDigit(sign);

        bool GoesOn(ReadOnlySpan<char> rest) =>
            rest is [var first, ..]
            && (IsLetter(first)
                || first == '-'
                || (first == '.' && rest is [_, var next, ..] && IsLetter(next)));
    }

    private static string SentenceOf(string text)
    {
        var paragraphs = Paragraph()
            .Split(text.ReplaceLineEndings("\n").Trim())
            .Select(paragraph => paragraph.Trim())
            .Where(paragraph => paragraph.Length > 0)
            .ToList();
        // The first that tells; servers begin with a greeting or a heading.
        return paragraphs.Find(paragraph => Failure().IsMatch(paragraph) || Delay().IsMatch(paragraph))
            ?? paragraphs.FirstOrDefault()
            ?? "";
    }

    /// <summary>
    /// The line with which servers begin the copy: <c>--- Below this line is a copy of the message.</c>,
    /// <c>------ This is a copy of your message ------</c>, <c>----- Original message -----</c>. Not the lines with
    /// which others begin a part of the report: <c>----- The following addresses had permanent errors -----</c>.
    /// </summary>
    [GeneratedRegex(
        @"^[ \t>]{0,10}[-=_*]{2,}.{0,60}\b(?:copy|original|returned|below this line|(?:message|mail) (?:header|text|body|follows)|unsent|forwarded message|copie|copia|kopie|копия|原始|原邮件|元のメッセージ)|^(?:Original message headers|Ursprüngliche Nachrichtenkopfzeilen|En-têtes (?:du|de) message (?:d'origine|d’origine|original)|Encabezados de mensajes? originales|Исходные заголовки сообщения|原始邮件头|Intestazioni originali)",
        RegexOptions.IgnoreCase)]
    private static partial Regex BeginsCopy();

    [GeneratedRegex(@"^>?[ ]?[A-Za-z][A-Za-z0-9-]{1,40}:(?:\s|$)")]
    private static partial Regex HeaderLine();

    [GeneratedRegex(
        @"^>?[ ]?(?:Received|Return-Path|Message-ID|DKIM-Signature|MIME-Version|From|Date):",
        RegexOptions.IgnoreCase)]
    private static partial Regex LettersField();

    [GeneratedRegex(
        @"^>?[ ]?(?:Final-Recipient|Original-Recipient|Reporting-MTA|Action|Status|Diagnostic-Code|Remote-MTA):",
        RegexOptions.IgnoreCase)]
    private static partial Regex ReportsField();

    [GeneratedRegex(
        @"^[ \t]*(?:\*\*\s?)?<?(?<address>[^\s<>@:;,()""（）：，。；、【】]{1,64}@[^\s<>@:;,()""（）：，。；、【】]{1,190}?)>?(?<rest>[ \t]*(?:[:(（：].*|\.{3}.*)?)$")]
    private static partial Regex AddressLine();

    [GeneratedRegex(
        @"[^\s<>@:;,()""\[\]（）：，。；、【】]{1,64}@[^\s<>@:;,()""\[\]（）：，。；、【】]{1,190}[^\s<>@:;,()""\[\].（）：，。；、【】]")]
    private static partial Regex AnyAddress();

    /// <summary>Words of a language without spaces around an address.</summary>
    [GeneratedRegex(
        @"[A-Za-z0-9][\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]|[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF][A-Za-z0-9]")]
    private static partial Regex WordsAround();

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex Paragraph();

    [GeneratedRegex($@"{Beginning}(?:{NotDelivered})", RegexOptions.IgnoreCase)]
    private static partial Regex NotDeliveredSubject();

    [GeneratedRegex($@"{Beginning}(?:{Delivered})", RegexOptions.IgnoreCase)]
    private static partial Regex DeliveredSubject();

    [GeneratedRegex($@"{DelayWords}|^\W*warning:|still being retried", RegexOptions.IgnoreCase)]
    private static partial Regex DelayedSubject();

    /// <summary>
    /// How a server says it at the beginning of a subject: before a colon or in brackets, where a title does not follow
    /// at once.
    /// </summary>
    [GeneratedRegex(
        $@"{Beginning}[^:：]{{0,40}}?(?:{DelayWords})\w*(?:\s*$|\s*\)|(?:\s+\w+){{0,2}}\s*[:：(])",
        RegexOptions.IgnoreCase)]
    private static partial Regex SaysDelayed();

    [GeneratedRegex(
        $@"{TriesOn}|\b(?:been|was|is) delayed|\bdelayed (?:mail|delivery|for)|\bdelivery (?:is |was )?delay|not yet been delivered|no action is required|do not need to resend|will (?:continue|keep) (?:to try|trying)|will be retried",
        RegexOptions.IgnoreCase)]
    private static partial Regex Delay();

    /// <summary>A line that gives the subject of the letter.</summary>
    [GeneratedRegex(
        @"^\W*(?:Subject|Objet|Betreff|Asunto|Oggetto|Assunto|Onderwerp|Тема|主题|主旨|件名|제목|الموضوع)\s*[:：].*$",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex SubjectLine();

    /// <summary>What only a server that has given up writes.</summary>
    [GeneratedRegex(
        @"permanent(?:ly)? (?:fatal )?(?:error|fail|reject)|fail(?:ed)? permanently|giv(?:en|ing) (?:it )?up|will not be retried|not going to try again|no further attempt|failure notice|undeliverable|no se (?:seguirá|volverá)|больше не буд|не буд\w+ продолж|不再(?:尝试|嘗試|重试|重試)|keine weiteren (?:zustell)?versuche|n['’]essaiera plus|définitivement (?:échoué|refusé)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Final();

    /// <summary>
    /// Whole phrases: a text that is not understood may name a Permanent Mission, or an unknown future.
    /// </summary>
    [GeneratedRegex(
        $@"undeliver|not (?:be |been )?(?:deliver|reach)|unable to deliver|did not reach|permanent(?:ly)? (?:fatal )?(?:error|fail|reject)|{Failed}|{Returned}|{TurnedAway}|{Unknown}|no mailbox|mailbox (?:is )?full|over ?quota|(?:pas|n['’]a) pu être|n['’]a pas été remis|unzustell|nicht zugestellt|no se (?:ha )?pud|не (?:может быть )?доставлен|{NotDelivered}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Failure();
}
