using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>Into which pile a mission's words fall: a receipt is ticked in advance, so that nothing asked may look like one.</summary>
public sealed class ReplyPileTests
{
    [Theory]
    [InlineData("来函收到，谢谢。附件无法打开，望重发。")]
    [InlineData("來函收到，謝謝。附件打不開。")]
    [InlineData("Спасибо, письмо получено, но файл повреждён. Просим выслать повторно.")]
    [InlineData("Спасибо. Просьба направить русский текст.")]
    [InlineData("وصلت الرسالة وشكرا. نرجو إرسال النسخة العربية.")]
    [InlineData("شكرا، ولكن الملف تالف")]
    [InlineData("شكرا. تعذر فتح الملف.")]
    [InlineData("Gracias. El archivo está dañado; sírvase enviarlo de nuevo.")]
    [InlineData("Gracias. Le ruego enviar la versión en español.")]
    [InlineData("Thank you. The attachment is corrupted and page 3 is blank.")]
    [InlineData("Thanks; the mission declines to take part.")]
    [InlineData("Merci. L’annexe est illisible, prière de la renvoyer.")]
    [InlineData("Merci. Nous vous prions de bien vouloir renvoyer l’annexe.")]
    // What begins as a courtesy may go on otherwise.
    [InlineData("Thank you. Please accept our apologies, but the annex is empty.")]
    [InlineData("Спасибо. Просим принять меры.")]
    [InlineData("شكرا. نرجو قبول طلبنا.")]
    [InlineData("Thanks. There is no annex II. Note No. 12/2026")]
    [InlineData("Thank you. Please note that our address has changed.")]
    [InlineData("Received. Please find a room for our delegation.")]
    [InlineData("Thank you. We received this message in error.")]
    [InlineData("Merci. Veuillez noter que la date ne convient pas.")]
    [InlineData("收到，谢谢。请查收我方意见。")]
    // What denies, asks or reserves in words that no list has, in whichever language.
    [InlineData("Thank you. Could you send the French version to us")]
    [InlineData("Receipt is acknowledged, subject to what our capital will say.")]
    [InlineData("Thanks. Only two of the three annexes came.")]
    [InlineData("We have never received this letter.")]
    [InlineData("Received, with thanks.\n\nRegards,\nJane\n\nP.S. The room is too small.")]
    [InlineData("Dear colleagues, thanks, the annex never came:")]
    [InlineData("Reçu sans annexe, merci.")]
    [InlineData("Merci. Je n’ai reçu que la lettre.")]
    [InlineData("Recibido sin el anexo, gracias.")]
    [InlineData("Получено без приложений, спасибо.")]
    [InlineData("شكرا. لا نستطيع فتح المرفق.")]
    [InlineData("收到，谢谢。我馆未收到附件。")]
    [InlineData("收到，没有附件。")]
    [InlineData("Obrigado. Não conseguimos abrir o anexo.")]
    [InlineData("Grazie. Manca l’allegato II.")]
    [InlineData("Danke, erhalten. Kein Anhang.")]
    [InlineData("Teşekkürler. Ek açılmıyor.")]
    [InlineData("Dziękujemy. Nie możemy otworzyć załącznika.")]
    [InlineData("受領しました。添付ファイルが開けません。")]
    [InlineData("감사합니다. 첨부 파일이 열리지 않습니다.")]
    [InlineData("ได้รับแล้ว แต่เปิดไฟล์แนบไม่ได้")]
    [InlineData("תודה. לא ניתן לפתוח את הנספח.")]
    public void What_asks_or_denies_is_no_receipt(string text) => Assert.Equal(ReplyPile.Says, Of(text));

    [Theory]
    [InlineData("Received with thanks. Please accept, Excellency, the assurances of my highest consideration.")]
    [InlineData("Note No. 12/2026: received, and thank you.")]
    [InlineData("Receipt is acknowledged: leave no one behind.")]
    [InlineData("Bien reçu. Veuillez agréer, Excellence, l’expression de ma très haute considération.")]
    [InlineData("Bien reçu. Je vous prie, Monsieur l’Ambassadeur, d’agréer les assurances de ma haute considération.")]
    [InlineData("Acusamos recibo. Sírvase aceptar, Excelencia, las seguridades de mi más alta consideración.")]
    [InlineData("Письмо получено, благодарим. Прошу Вас, Ваше Превосходительство, принять уверения в моём весьма высоком уважении.")]
    [InlineData("استلمنا رسالتكم من الأمم المتحدة مع الشكر. نرجو قبول فائق الاحترام.")]
    [InlineData("وصلت الرسالة. وتفضلوا بقبول فائق الاحترام والتقدير.")]
    [InlineData("来函收到，谢谢。请阁下接受最崇高的敬意。")]
    [InlineData("Received, thank you.\n\nIf you are not the intended recipient, please delete this message\nand do not copy it.")]
    [InlineData("Reçu, merci.\n\nSi vous n’êtes pas le destinataire, veuillez le détruire.")]
    [InlineData("Received, with thanks. Please find the reference: 7QJ4-MX2K-9TWB-X")]
    [InlineData("Received. As requested, 7QJ4-MX2K-9TWB-X")]
    [InlineData("Thank you; in answer to your request, the requested reference is 7QJ4-MX2K-9TWB-X.")]
    [InlineData("Kindly note receipt of your letter, with thanks.")]
    [InlineData("Bien reçu. Veuillez trouver ci-après la référence : 7QJ4-MX2K-9TWB-X")]
    [InlineData("Nous vous prions de bien vouloir noter la réception de votre lettre.")]
    [InlineData("Recibido, gracias. Sírvase encontrar la referencia: 7QJ4-MX2K-9TWB-X")]
    [InlineData("Gracias. Por favor, tome nota del recibo de su carta.")]
    [InlineData("Спасибо. Просим принять к сведению, что письмо получено.")]
    [InlineData("شكرا. يرجى العلم باستلام رسالتكم.")]
    [InlineData("谢谢。敬请知悉来函收到。")]
    [InlineData("来函收到。应贵处请求，编号：7QJ4-MX2K-9TWB-X")]
    [InlineData("Received, thank you.\n\nIf you are not the addressee, do not copy this.")]
    [InlineData("Received, thank you.\n\nIf you have received this transmission in error, please delete it.")]
    [InlineData("Reçu, merci.\n\nSi ce message ne vous est pas destiné, veuillez le détruire.")]
    [InlineData("Recibido, gracias.\n\nSi usted no es la destinataria, no lo copie. Si recibió esta comunicación por error, bórrela.")]
    [InlineData("Спасибо, получено.\n\nЕсли вы ошибочно получили данное сообщение, пожалуйста, удалите его.")]
    [InlineData("شكرا.\n\nإذا تلقيت هذه الرسالة بالخطأ، يرجى حذفها.")]
    [InlineData("收到，谢谢。\n\n如您误收本邮件，请删除。")]
    [InlineData("Dear Mr. Smith,\n\nReceived with thanks, reference 7QJ4-MX2K-9TWB.\n\nKind regards,\nJane Doe\nFirst Secretary")]
    [InlineData("Thank you, received.\nDesk Officer")]
    [InlineData("您好！来函已收到，谢谢！\n\n此致\n敬礼\n王明")]
    [InlineData("Estimados colegas:\n\nAcusamos recibo de su carta de fecha 20 de noviembre.\n\nSaludos cordiales,\nMaría Pérez")]
    public void A_receipt_stays_one_with_its_courtesies_and_what_a_mail_program_puts_under_it(string text) =>
        Assert.Equal(ReplyPile.Receipt, Of(text));

    [Fact]
    public void Whoever_says_that_the_letter_came_to_the_wrong_one_is_heard_below_a_disclaimer_too() => Assert.Equal(
        ReplyPile.Says,
        Of("Thank you.\n\nIf you are not the intended recipient, delete this.\n\nThe annex is missing."));

    [Fact]
    public void What_brings_a_file_is_no_receipt() =>
        Assert.Equal(ReplyPile.Says, ReplyPiles.Of(Reply("Received, thank you.") with { HasFiles = true }, isKnown: true));

    private static ReplyPile Of(string text) => ReplyPiles.Of(Reply(text), isKnown: true);

    private static InboundMail.Reply Reply(string text) =>
        new(null, "mission@che.example", text, null) { Names = ["Desk Officer"] };
}
