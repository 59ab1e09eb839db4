using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

/// <summary>What a mail program makes a link of, and what people are called.</summary>
public sealed class LinkableTests
{
    [Theory]
    [InlineData("https://evil.example/login")]
    [InlineData("sign in at un-mail.com")]
    [InlineData("Sign in at Un-Mail.Com now")]
    [InlineData("UNMAIL.COM")]
    [InlineData("www.un-mail")]
    [InlineData("office@un")]
    [InlineData("office＠un．mail")]
    [InlineData("un-mail．com")]
    [InlineData("un-mail.\u200bcom")]
    [InlineData("bit.ly/3x")]
    [InlineData("x.com")]
    [InlineData("unmail.ru")]
    [InlineData("Unmail.RU")]
    [InlineData("sign.in.unmail.com.")]
    [InlineData("un.xn--p1ai")]
    [InlineData("登录un-mail.com")]
    public void A_link_is_found_however_it_is_written(string text) => Assert.True(Linkable.IsIn(text), text);

    [Theory]
    [InlineData("")]
    [InlineData("J.R. Smith")]
    [InlineData("J.R.R.Tolkien")]
    [InlineData("Kofi Smith, Ph.D.")]
    [InlineData("St.Petersburg")]
    [InlineData("H.E.Mr")]
    [InlineData("H.E.Mr.Smith")]
    [InlineData("S.E.M.Jean Dupont")]
    [InlineData("Mr.de Villepin")]
    [InlineData("Mme.la Ministre")]
    [InlineData("Smith.Jr")]
    [InlineData("Kenneth.Ong")]
    [InlineData("M.Com")]
    [InlineData("Dep.Perm.Rep.")]
    [InlineData("dep.perm.rep")]
    [InlineData("Deputy.perm.rep.UN")]
    [InlineData("Counsellor / Chargé d’affaires a.i.")]
    [InlineData("Minister-Counsellor/DPR")]
    [InlineData("зам.министра")]
    [InlineData("محمد.علي")]
    [InlineData("No. 2.5")]
    [InlineData("… . .. Ana")]
    public void A_name_or_a_function_is_none(string text) => Assert.False(Linkable.IsIn(text), text);
}
