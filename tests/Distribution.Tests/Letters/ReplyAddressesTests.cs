using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests;

public sealed class ReplyAddressesTests
{
    private const string Own = "replies@letters.example";

    private static readonly string Old = LinkKeys.Make("old");
    private static readonly string New = LinkKeys.Make("new");

    [Fact]
    public void An_address_is_good_for_its_own_mission_and_distribution_alone_whatever_servers_do_to_its_case()
    {
        var replies = Replies(Own, New);
        var address = replies.For("gcm-rev-1", "che")!;
        Assert.Matches("^replies\\+[0-9a-f]{30}@letters\\.example$", address);
        foreach (var seen in (string[])[address, address.ToUpperInvariant()])
        {
            var token = replies.TokenIn(seen)!;
            Assert.True(ReplyAddresses.MayBeFor(token, "gcm-rev-1"));
            Assert.False(ReplyAddresses.MayBeFor(token, "gcm-rev-2"));
            Assert.True(replies.Verify(token, "gcm-rev-1", "che"));
            Assert.False(replies.Verify(token, "gcm-rev-1", "mex"));
            Assert.False(replies.Verify(token, "gcm-rev-2", "che"));
        }
    }

    [Fact]
    public void An_address_made_with_a_key_stays_good_until_that_key_is_taken_out()
    {
        var token = Replies(Own, Old).TokenIn(Replies(Own, Old).For("gcm-rev-1", "che")!)!;
        Assert.True(Replies(Own, New, Old).Verify(token, "gcm-rev-1", "che"));
        Assert.NotEqual(Replies(Own, Old).For("gcm-rev-1", "che"), Replies(Own, New, Old).For("gcm-rev-1", "che"));
        Assert.False(Replies(Own, New).Verify(token, "gcm-rev-1", "che"));
    }

    [Fact]
    public void A_token_changed_in_any_sign_is_good_for_nothing()
    {
        var replies = Replies(Own, New);
        var token = replies.TokenIn(replies.For("gcm-rev-1", "che")!)!;
        for (var place = 0; place < token.Length; place++)
            foreach (var sign in "0123456789abcdef".Where(sign => sign != token[place]))
                Assert.False(replies.Verify($"{token[..place]}{sign}{token[(place + 1)..]}", "gcm-rev-1", "che"));
    }

    [Theory]
    [InlineData("replies@letters.example")]
    [InlineData("replies+@letters.example")]
    [InlineData("replies+0123456789abcdef0123456789abcd@other.example")]
    [InlineData("someone+0123456789abcdef0123456789abcd@letters.example")]
    [InlineData("replies+0123456789abcdef0123456789abcg@letters.example")]
    [InlineData("replies+0123456789abcdef0123456789abcde@letters.example")]
    [InlineData("")]
    public void Whatever_has_another_form_holds_no_token(string address) => Assert.Null(Replies(Own, New).TokenIn(address));

    [Fact]
    public void The_longest_name_that_may_be_set_leaves_an_address_mail_servers_take()
    {
        var own = $"{new string('r', ReplyAddresses.LongestName)}@letters.example";
        Assert.True(ReplyAddresses.IsUsable(own));
        Assert.False(ReplyAddresses.IsUsable($"r{own}"));
        Assert.Equal(Replies(own, New).For("gcm-rev-1", "che"), EmailAddresses.ReadAlone(Replies(own, New).For("gcm-rev-1", "che")!));
    }

    [Fact]
    public void Without_the_setting_there_is_no_address_and_no_token()
    {
        Assert.Null(Replies("", New).For("gcm-rev-1", "che"));
        Assert.Null(Replies("", New).TokenIn("+0123456789abcdef0123456789abcd@"));
    }

    private static ReplyAddresses Replies(string own, params string[] keys) =>
        new(Options.Create(new InboundSettings { ReplyAddress = own }), Options.Create(new LinkSettings { Keys = keys }));
}
