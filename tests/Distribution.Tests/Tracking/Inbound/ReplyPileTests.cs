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
    public void A_receipt_stays_one_with_its_courtesies_and_what_a_mail_program_puts_under_it(string text) =>
        Assert.Equal(ReplyPile.Receipt, Of(text));

    [Fact]
    public void Whoever_says_that_the_letter_came_to_the_wrong_one_is_heard_below_a_disclaimer_too() => Assert.Equal(
        ReplyPile.Says,
        Of("Thank you.\n\nIf you are not the intended recipient, delete this.\n\nThe annex is missing."));

    private static ReplyPile Of(string text) =>
        ReplyPiles.Of(new InboundMail.Reply(null, "mission@che.example", text, null), isKnown: true);
}
