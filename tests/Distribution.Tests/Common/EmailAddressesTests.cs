using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class EmailAddressesTests
{
    [Theory]
    [InlineData("desk@mission.example", null, "desk@mission.example")]
    [InlineData("The desk <Desk@Mission.Example>", "The desk", "Desk@mission.example")]
    [InlineData("\"Desk, the\" <desk@mission.example>", "Desk, the", "desk@mission.example")]
    [InlineData("Bureau <bureau@côte.example>", "Bureau", "bureau@xn--cte-kna.example")]
    [InlineData("office@xn--cte-kna.example", null, "office@xn--cte-kna.example")]
    [InlineData("A. Lee (Coordinator) <lee@mission.example>", "A. Lee (Coordinator)", "lee@mission.example")]
    public void Reads_an_address_with_or_without_a_name(string text, string? name, string address) =>
        Assert.Equal(new Correspondent(name, address), EmailAddresses.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("desk")]
    [InlineData("a@one.example, b@one.example")]
    [InlineData("Desk <desk@one.example> more")]
    [InlineData("<@relay.example:desk@one.example>")]
    [InlineData("De\u202Esk <desk@one.example>")]
    [InlineData("Desk <de\u200Bsk@one.example>")]
    [InlineData("Desk <desk@o\u200Bne.example>")]
    [InlineData("Desk\r\nBcc: x@y.example <desk@one.example>")]
    [InlineData("\"a b\"@one.example")]
    public void Reads_nothing_from_what_is_not_exactly_one_mailbox(string text) =>
        Assert.Null(EmailAddresses.Read(text));

    [Theory]
    [InlineData("Desk <desk@one.example>")]
    [InlineData(" desk@one.example")]
    [InlineData("<desk@one.example>")]
    [InlineData("desk@one.example;")]
    [InlineData("desk(home)@one.example")]
    [InlineData("desk@[127.0.0.1]")]
    [InlineData("desk@one.example.")]
    [InlineData("de..sk@one.example")]
    [InlineData("desk@")]
    [InlineData("desk\u0007@one.example")]
    public void An_address_alone_has_nothing_around_it(string text) => Assert.Null(EmailAddresses.ReadAlone(text));

    [Theory]
    [InlineData("desk@one.example", true)]
    [InlineData("desk@localhost", false)]
    [InlineData("élan@one.example", false)]
    public void A_plain_address_is_one_that_every_mail_server_takes(string address, bool plain)
    {
        Assert.Equal(address, EmailAddresses.ReadAlone(address));
        Assert.Equal(plain, EmailAddresses.IsPlain(address));
    }

    [Theory]
    [InlineData("desk@one.example", true)]
    [InlineData("desk@example", true)]
    [InlineData("desk@one.TEST.", true)]
    [InlineData("desk@localhost", true)]
    [InlineData("desk@Example.com", true)]
    [InlineData("desk@mail.example.org", true)]
    [InlineData("desk@myexample.com", false)]
    [InlineData("desk@example.com.mission.org", false)]
    [InlineData("example.com@mission.org", false)]
    public void No_mail_reaches_a_domain_that_is_kept_for_examples(string address, bool isReserved) =>
        Assert.Equal(isReserved, EmailAddresses.IsReserved(address));

    [Fact]
    public void An_address_longer_than_mail_allows_is_none()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        Assert.NotNull(EmailAddresses.ReadAlone($"{new string('d', 10)}@{domain}"));
        Assert.Null(EmailAddresses.ReadAlone($"{new string('d', 11)}@{domain}"));
        Assert.Null(EmailAddresses.ReadAlone($"{new string('d', 65)}@one.example"));
    }

    [Theory]
    [InlineData("luna@xn--mxico-bsa.example", "luna@méxico.example (xn--mxico-bsa.example)")]
    [InlineData("xn--mxico-bsa.example", "méxico.example (xn--mxico-bsa.example)")]
    // With a Cyrillic letter: it looks like another, and does not pass for it.
    [InlineData("urs@xn--brn-rdd.example", "urs@b\u0435rn.example (xn--brn-rdd.example)")]
    [InlineData("urs@bern.example", "urs@bern.example")]
    [InlineData("urs@xn--.example", "urs@xn--.example")]
    [InlineData("urs@xn--a-qin.example", "urs@xn--a-qin.example")]
    [InlineData("(erased)", "(erased)")]
    public void A_domain_in_another_script_is_shown_as_it_is_read_and_as_it_is(string address, string shown) =>
        Assert.Equal(shown, EmailAddresses.Shown(address));
}
