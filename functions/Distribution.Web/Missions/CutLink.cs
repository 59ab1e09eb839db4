namespace Distribution.Web.Missions;

/// <summary>
/// What a visitor reads whose link is not whole. The language of the letter would tell which letters there are, so it is
/// said in all six.
/// </summary>
internal static class CutLink
{
    public static readonly SixLanguages Here = new("This link is not valid", [
        (
            "en",
            "Mail programs sometimes cut long links in two, or add signs to them. Copy the whole link from the letter into the address line of your browser, without what stands before and after it. If that does not help, write to the contact named in the letter."
        ),
        (
            "fr",
            "Les logiciels de messagerie coupent parfois les longs liens ou y ajoutent des signes. Copiez le lien entier depuis la lettre dans la barre d’adresse de votre navigateur, sans ce qui le précède ni ce qui le suit. Si cela ne suffit pas, écrivez à la personne à contacter indiquée dans la lettre."
        ),
        (
            "es",
            "Los programas de correo a veces cortan los enlaces largos o les añaden signos. Copie el enlace completo de la carta en la barra de direcciones de su navegador, sin lo que aparezca antes o después. Si eso no ayuda, escriba a la persona de contacto indicada en la carta."
        ),
        (
            "ru",
            "Почтовые программы иногда разрывают длинные ссылки или добавляют к ним знаки. Скопируйте из письма всю ссылку целиком в адресную строку браузера, без того, что стоит до и после неё. Если это не поможет, напишите контактному лицу, указанному в письме."
        ),
        (
            "zh",
            "邮件程序有时会将较长的链接截断，或在链接中添加符号。请将信函中的完整链接复制到浏览器的地址栏，不要包括其前后的内容。如仍无法打开，请写信给信函中所列的联系人。"
        ),
        (
            "ar",
            "تقطع برامج البريد أحيانًا الروابط الطويلة أو تضيف إليها علامات. انسخوا الرابط كاملًا من الرسالة إلى شريط العنوان في المتصفح، دون ما يسبقه أو يليه. وإن لم يُجدِ ذلك، فاكتبوا إلى جهة الاتصال المذكورة في الرسالة."
        ),
    ]);
}
