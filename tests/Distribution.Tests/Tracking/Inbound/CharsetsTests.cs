using System.Text;
using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>How words are read in whatever charset they come, as <c>iconv</c> and Python encode them.</summary>
public sealed class CharsetsTests
{
    [Theory]
    [InlineData("x-big5", "A477A6ACA8EC2CC1C2C1C2", "已收到,謝謝")]
    [InlineData("big5-hkscs", "A477A6ACA8EC2CC1C2C1C2", "已收到,謝謝")]
    [InlineData("CP950", "A477A6ACA8EC2CC1C2C1C2", "已收到,謝謝")]
    [InlineData("x-gbk", "D2D1CAD5B5BD", "已收到")]
    [InlineData("EUC-CN", "D2D1CAD5B5BD", "已收到")]
    [InlineData("gb_2312-80", "D2D1CAD5B5BD", "已收到")]
    [InlineData("GB18030-2022", "D2D1CAD5B5BD8139EE39", "已收到㐀")]
    [InlineData("MS_Kanji", "8EF397CC82B582DC82B582BD", "受領しました")]
    [InlineData("x-sjis", "8EF397CC82B582DC82B582BD", "受領しました")]
    [InlineData("windows-31j", "8EF397CC8740", "受領①")]
    [InlineData("cp51932", "BCF5CECEA4B7A4DEA4B7A4BF", "受領しました")]
    [InlineData("x-euc-jp", "BCF5CECEA4B7A4DEA4B7A4BF", "受領しました")]
    [InlineData("iso-2022-jp-ms", "1B24423C754E4E2437245E2437243F1B2842", "受領しました")]
    [InlineData("_iso-2022-jp", "1B24423C754E4E2437245E2437243F1B2842", "受領しました")]
    [InlineData("uhc", "BCF6B7C9C7CFBFB4BDC0B4CFB4D9", "수령하였습니다")]
    [InlineData("ksc5601", "BCF6B7C9C7CFBFB4BDC0B4CFB4D9", "수령하였습니다")]
    [InlineData("ks_c_5601-1989", "BCF6B7C9C7CFBFB4BDC0B4CFB4D9", "수령하였습니다")]
    [InlineData("dos-874", "E4B4E9C3D1BAE1C5E9C7", "ได้รับแล้ว")]
    [InlineData("x-windows-874", "E4B4E9C3D1BAE1C5E9C7", "ได้รับแล้ว")]
    [InlineData("TIS-620", "E4B4E9C3D1BAE1C5E9C7", "ได้รับแล้ว")]
    [InlineData("iso-8859-11", "E4B4E9C3D1BAE1C5E9C7", "ได้รับแล้ว")]
    [InlineData("logical", "E4FAF7E1EC", "התקבל")]
    [InlineData("iso-8859-8-i", "E4FAF7E1EC", "התקבל")]
    [InlineData("iso-8859-8-e", "E4FAF7E1EC", "התקבל")]
    [InlineData("iso-8859-6-i", "CAE520C7E4C7D3CAE4C7E5", "تم الاستلام")]
    [InlineData("ISO_8859-6:1987", "CAE520C7E4C7D3CAE4C7E5", "تم الاستلام")]
    [InlineData("cp1256", "CAE320C7E1C7D3CAE1C7E3", "تم الاستلام")]
    [InlineData("windows1251", "CFEEEBF3F7E5EDEE", "Получено")]
    [InlineData("cp-1251", "CFEEEBF3F7E5EDEE", "Получено")]
    [InlineData("win-1251", "CFEEEBF3F7E5EDEE", "Получено")]
    [InlineData("cp_866", "8FAEABE3E7A5ADAE", "Получено")]
    [InlineData("IBM866", "8FAEABE3E7A5ADAE", "Получено")]
    [InlineData("koi8", "F0CFCCD5DEC5CECF", "Получено")]
    [InlineData("koi8-ru", "EFD4D2C9CDC1CECF20A7A7", "Отримано її")]
    [InlineData("x-mac-ukrainian", "8EF2F0E8ECE0EDEE", "Отримано")]
    [InlineData("x-mac-roman", "52658D75", "Reçu")]
    [InlineData("x-mac-turkish", "416CDD6E64DD", "Alındı")]
    [InlineData("windows-1254", "416CFD6E64FD", "Alındı")]
    [InlineData("latin5", "416CFD6E64FD", "Alındı")]
    [InlineData("windows-1253", "C5EBDEF6E8E7", "Ελήφθη")]
    [InlineData("greek", "C5EBDEF6E8E7", "Ελήφθη")]
    [InlineData("iso-8859-13", "5361F2E76DE26D", "Saņēmām")]
    [InlineData("windows-1257", "5361F2E76DE26D", "Saņēmām")]
    [InlineData("cp437", "52658775", "Reçu")]
    [InlineData("ibm850", "52658775", "Reçu")]
    [InlineData("ansi", "5265E775209620352080", "Reçu – 5 €")]
    [InlineData("iso-8859-1", "5265E775209620352080", "Reçu – 5 €")]
    [InlineData("latin-9", "5265E7752C203520A4", "Reçu, 5 €")]
    [InlineData("iso-8859-10", "4DF37474656B69F020BB", "Móttekið ŧ")]
    [InlineData("iso-8859-14", "A8656469", "Ẁedi")]
    [InlineData("iso-8859-16", "6D756CFE756D696D", "mulțumim")]
    [InlineData("windows-1250", "447A69EA6B756AEA", "Dziękuję")]
    [InlineData("x-cp1250", "447A69EA6B756AEA", "Dziękuję")]
    [InlineData("utf-16be", "041F043E043B044304470435043D043E", "Получено")]
    [InlineData("utf-16", "52006500E70075002C0020006D0065007200630069002E00", "Reçu, merci.")]
    [InlineData("utf-16", "FFFE1F043E043B044304470435043D043E04", "Получено")]
    [InlineData("ucs-2", "52006500E70075002C0020006D0065007200630069002E00", "Reçu, merci.")]
    [InlineData("utf-32", "FFFE00001F0400003E0400003B0400004304000047040000350400003D0400003E040000", "Получено")]
    [InlineData("UTF8", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("utf8mb4", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("unicode-1-1-utf-8", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("'utf-8'", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("cp65001", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("default", "D09FD0BED0BBD183D187D0B5D0BDD0BE", "Получено")]
    [InlineData("ptcp154", "8DE0E1FBEBE4E0EDE4FB", "Қабылданды")]
    [InlineData("kz-1048", "8DE0E1FBEBE4E0EDE4FB", "Қабылданды")]
    [InlineData("koi8-t", "90C1C2D5CC20DBD5C4", "Қабул шуд")]
    public void A_charset_is_known_under_every_name_that_mail_has_for_it(string name, string bytes, string text) =>
        Assert.Equal(text, Charsets.Decode(Convert.FromHexString(bytes), name));

    /// <summary>The charset is only for the reader of the row.</summary>
    [Theory]
    [InlineData("gbk", "D2D1CAD5B5BDA3ACD0BBD0BB", "已收到，谢谢")]
    [InlineData("gbk", "B4F0B8B4A3BAB2DDB0B8B5DAD2BBB8E5", "答复：草案第一稿")]
    [InlineData("gbk", "C0B4BAAFCAD5CFA4A3ACBDF7B4CBD6C2D0BBA1A3", "来函收悉，谨此致谢。")]
    [InlineData("gbk", "D0C5D2D1CAD5B5BD", "信已收到")]
    [InlineData("big5", "A477B867A6ACA8ECB17AAABAA8D3AB48A141C1C2C1C2B17AA143", "已經收到您的來信，謝謝您。")]
    [InlineData("big5", "A8D3A8E7A6ACB178A141C2D4A6B9AD50C1C2", "來函收悉，謹此致謝")]
    [InlineData("cp932", "82A88EE88E8682F08EF397CC82B582DC82B582BD8142", "お手紙を受領しました。")]
    [InlineData("cp932", "82A082E882AA82C682A482B282B482A282DC82B7", "ありがとうございます")]
    [InlineData("euc_jp", "C1F0B0C6A4F2BCF5CECEA4B7A4DEA4B7A4BF", "草案を受領しました")]
    [InlineData("euc_jp", "A4A2A4EAA4ACA4C8A4A6A4B4A4B6A4A4A4DEA4B9A1A3", "ありがとうございます。")]
    [InlineData("euc_kr", "BCF6B7C9C7CFBFB4BDC0B4CFB4D920B0A8BBE7C7D5B4CFB4D9", "수령하였습니다 감사합니다")]
    [InlineData("cp1251", "CFE8F1FCECEE20EFEEEBF3F7E5EDEE2C20F1EFE0F1E8E1EE", "Письмо получено, спасибо")]
    [InlineData("cp1251", "CEF2E2E5F23A20EFF0EEE5EAF220EFE8F1FCECE0", "Ответ: проект письма")]
    [InlineData("cp1251", "CFEEE4F2E2E5F0E6E4E0E5EC20EFEEEBF3F7E5EDE8E52E", "Подтверждаем получение.")]
    [InlineData("koi8_r", "F0C9D3D8CDCF20D0CFCCD5DEC5CECF2C20D3D0C1D3C9C2CF", "Письмо получено, спасибо")]
    [InlineData("koi8_r", "F0CFCCD5DEC5CECF2E", "Получено.")]
    [InlineData("koi8_r", "F0CFC4D4D7C5D2D6C4C1C5CD20D0CFCCD5DEC5CEC9C520D0C9D3D8CDC1", "Подтверждаем получение письма")]
    [InlineData("koi8_u", "ECC9D3D4C120CFD4D2C9CDC1CECF2C20C4D1CBD5A4CDCF", "Листа отримано, дякуємо")]
    [InlineData("cp1256", "CAE320C7D3CAE1C7E320C7E1D1D3C7E1C920D4DFD1C720E1DFE3", "تم استلام الرسالة شكرا لكم")]
    [InlineData("cp1256", "E6D5E1E4C720C7E1DFCAC7C820E3DA20C7E1D4DFD1", "وصلنا الكتاب مع الشكر")]
    [InlineData("cp1255", "E4FAF7E1EC20FAE5E3E420F8E1E4", "התקבל תודה רבה")]
    [InlineData("cp1253", "C5EBDEF6E8E72C20E5F5F7E1F1E9F3F4EFFDECE520F0EFEBFD", "Ελήφθη, ευχαριστούμε πολύ")]
    [InlineData("cp874", "E4B4E9C3D1BAE1C5E9C720A2CDBAA4D8B3", "ได้รับแล้ว ขอบคุณ")]
    [InlineData("latin-1", "4269656E207265E7752C206D65726369", "Bien reçu, merci")]
    [InlineData("latin-1", "5265E775", "Reçu")]
    [InlineData("latin-1", "42657374E4746967743A2066FC7220646965205374E46E646967652056657274726574756E67", "Bestätigt: für die Ständige Vertretung")]
    [InlineData("cp1252", "9352656365697665649420962077697468207468616E6B7385", "“Received” – with thanks…")]
    [InlineData("latin-1", "41637573652064652072656369626F206465206C61204D697369F36E2064652045737061F161", "Acuse de recibo de la Misión de España")]
    [InlineData("latin-1", "4D6F74746174742C2068696C73656E20C57365", "Mottatt, hilsen Åse")]
    public void Words_that_do_not_say_their_charset_or_a_wrong_one_are_read(string charset, string bytes, string text)
    {
        Assert.NotEmpty(charset);
        foreach (var name in (string?[])[null, "", "us-ascii", "iso-8859-1", "x-unknown", "utf-8"])
            Assert.Equal(text, Charsets.Decode(Convert.FromHexString(bytes), name));
    }

    [Theory]
    [InlineData("gb2312")]
    [InlineData("windows-1252")]
    [InlineData("koi8-r")]
    [InlineData("shift_jis")]
    [InlineData("")]
    public void What_is_UTF_8_is_read_as_such_whatever_it_is_said_to_be(string name)
    {
        foreach (var text in (string[])["Reçu, merci", "Получено", "已收到,谢谢", "تم الاستلام"])
            Assert.Equal(text, Charsets.Decode(Encoding.UTF8.GetBytes(text), name));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("UTF-7")]
    [InlineData("unicode-1-1-utf-7")]
    [InlineData("csUnicode11UTF7")]
    [InlineData("x-imap4-modified-utf7")]
    public void UTF_7_is_never_decoded(string name) =>
        Assert.Equal("+ADw-script+AD4-", Charsets.Decode("+ADw-script+AD4-"u8, name));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    [InlineData("iso-2022-jp")]
    [InlineData("hz-gb-2312")]
    [InlineData("utf-16")]
    [InlineData("x-user-defined")]
    [InlineData(null)]
    public void Any_bytes_at_all_are_read_without_a_fault(string? name)
    {
        var random = new Random(7);
        for (var length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.NotNull(Charsets.Decode(bytes, name));
        }
    }
}
