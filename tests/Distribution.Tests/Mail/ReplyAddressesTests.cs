using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class ReplyAddressesTests
{
    private const string Own = "replies@letters.example";

    private static readonly string Old = LinkKeys.Create("old");
    private static readonly string New = LinkKeys.Create("new");

    [Fact]
    public void An_address_is_good_for_its_own_mission_and_distribution_alone_whatever_servers_do_to_its_case()
    {
        var replies = Replies(Own, New);
        var address = replies.For("new", "gcm-rev-1", "che")!;
        Assert.Matches("^replies\\+[a-z2-7]{32}@letters\\.example$", address);
        foreach (var seen in (string[])[address, address.ToUpperInvariant()])
        {
            var (mark, token) = replies.TokenIn(seen)!.Value;
            Assert.Equal(MessageTokens.Mark("gcm-rev-1"), mark);
            Assert.NotEqual(MessageTokens.Mark("gcm-rev-2"), mark);
            Assert.True(replies.Verify(token, "new", "gcm-rev-1", "che"));
            Assert.False(replies.Verify(token, "new", "gcm-rev-1", "mex"));
            Assert.False(replies.Verify(token, "new", "gcm-rev-2", "che"));
        }
    }

    [Fact]
    public void A_new_key_put_in_front_changes_no_letter_made_before_and_a_key_taken_out_ends_what_it_made()
    {
        var address = Replies(Own, Old).For("old", "gcm-rev-1", "che")!;
        var rotated = Replies(Own, New, Old);
        Assert.Equal(address, rotated.For("old", "gcm-rev-1", "che"));
        Assert.NotEqual(address, rotated.For("new", "gcm-rev-1", "che"));
        var (_, token) = rotated.TokenIn(address)!.Value;
        Assert.True(rotated.Verify(token, "old", "gcm-rev-1", "che"));
        Assert.False(rotated.Verify(token, "new", "gcm-rev-1", "che"));
        // A distribution of an earlier version does not say which key it was made with.
        Assert.True(rotated.Verify(token, null, "gcm-rev-1", "che"));
        Assert.False(Replies(Own, New).Verify(token, "old", "gcm-rev-1", "che"));
    }

    [Fact]
    public void A_token_changed_in_any_sign_is_good_for_nothing()
    {
        var replies = Replies(Own, New);
        var (_, token) = replies.TokenIn(replies.For("new", "gcm-rev-1", "che")!)!.Value;
        for (var place = 0; place < token.Length; place++)
            foreach (var sign in "abcdefghijklmnopqrstuvwxyz234567".Where(sign => sign != token[place]))
                Assert.False(
                    replies.Verify($"{token[..place]}{sign}{token[(place + 1)..]}", "new", "gcm-rev-1", "che"));
    }

    [Theory]
    [InlineData("replies@letters.example")]
    [InlineData("replies+@letters.example")]
    [InlineData("replies+abcdefghabcdefghabcdefghabcdefgh@other.example")]
    [InlineData("someone+abcdefghabcdefghabcdefghabcdefgh@letters.example")]
    [InlineData("replies+abcdefghabcdefghabcdefghabcdefg1@letters.example")]
    [InlineData("replies+abcdefghabcdefghabcdefghabcdefgha@letters.example")]
    [InlineData("replies+0123456789abcdef0123456789abcd@letters.example")]
    [InlineData("")]
    public void Whatever_has_another_form_holds_no_token(string address) =>
        Assert.Null(Replies(Own, New).TokenIn(address));

    [Fact]
    public void The_longest_name_that_may_be_set_leaves_an_address_mail_servers_take()
    {
        var own = $"{new string('r', TokenAddress.LongestName)}@letters.example";
        Assert.Equal(31, TokenAddress.LongestName);
        Assert.True(TokenAddress.IsUsable(own));
        Assert.False(TokenAddress.IsUsable($"r{own}"));
        var address = Replies(own, New).For("new", "gcm-rev-1", "che")!;
        Assert.Equal(64, address.IndexOf('@', StringComparison.Ordinal));
        Assert.Equal(address, EmailAddresses.ReadAlone(address));
    }

    [Fact]
    public void Without_the_setting_there_is_no_address_and_no_token()
    {
        Assert.Null(Replies("", New).For("new", "gcm-rev-1", "che"));
        Assert.Null(Replies("", New).TokenIn("+abcdefghabcdefghabcdefghabcdefgh@"));
    }

    private static ReplyAddresses Replies(string own, params string[] keys) =>
        new(
            Options.Create(new InboundSettings { ReplyAddress = own }),
            new(Options.Create(new LinkSettings { Keys = keys })));
}
