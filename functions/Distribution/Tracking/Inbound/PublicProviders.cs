namespace Distribution.Tracking.Inbound;

/// <summary>
/// Domains where anyone, or any mission, may have a mailbox. A sender in such a domain says nothing about who wrote the
/// message.
/// </summary>
internal static class PublicProviders
{
    private static readonly HashSet<string> Domains = new(StringComparer.OrdinalIgnoreCase)
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "mail.com",
        "zoho.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "fastmail.com",
        "hushmail.com",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "gmx.at",
        "gmx.ch",
        "web.de",
        "t-online.de",
        "freenet.de",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "neuf.fr",
        "libero.it",
        "virgilio.it",
        "tin.it",
        "alice.it",
        "tiscali.it",
        "telefonica.net",
        "terra.com.br",
        "uol.com.br",
        "bol.com.br",
        "mail.ru",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "rambler.ru",
        "yandex.ru",
        "yandex.com",
        "ya.ru",
        "ukr.net",
        "i.ua",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "seznam.cz",
        "centrum.cz",
        "abv.bg",
        "mynet.com",
        "qq.com",
        "163.com",
        "126.com",
        "yeah.net",
        "sina.com",
        "sohu.com",
        "aliyun.com",
        "139.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "nate.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "rediffmail.com",
        "comcast.net",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "optonline.net",
        "bellsouth.net",
        "cox.net",
        "earthlink.net",
        "btinternet.com",
        "bigpond.com",
        "optusnet.com.au",
        "shaw.ca",
        "rogers.com",
        "sympatico.ca",
        "maktoob.com",
        "emirates.net.ae",
        // Many missions have their mailboxes in these domains.
        "un.int",
        "un.org",
        "undp.org",
    };

    /// <summary>Providers that have a domain in every country, such as <c>yahoo.fr</c>.</summary>
    private static readonly string[] Everywhere = ["yahoo", "ymail", "hotmail", "live", "outlook", "gmx", "yandex"];

    /// <param name="domain">The part behind the @, in ASCII; case is ignored.</param>
    public static bool Has(string domain) =>
        Domains.Contains(domain)
        || (
            // One part or two behind it: yahoo.fr and yahoo.co.uk.
            domain.Split('.') is [var name, .. { Length: 1 or 2 }]
            && Everywhere.Contains(name, StringComparer.OrdinalIgnoreCase));
}
