using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class MissionLinksTests
{
    private static readonly string Old = LinkKeys.Create("old");
    private static readonly string New = LinkKeys.Create("new");

    [Fact]
    public void A_link_is_good_for_its_own_mission_and_distribution_alone()
    {
        var links = Links(New);
        var token = Token(links.For("gcm-rev-1", "che"));
        Assert.True(links.Verify("gcm-rev-1", "che", token));
        Assert.False(links.Verify("gcm-rev-1", "mex", token));
        Assert.False(links.Verify("gcm-rev-2", "che", token));
        Assert.False(links.Verify("gcm-rev-1", "che", token[..^1]));
        Assert.False(links.Verify("gcm-rev-1", "che", ""));
    }

    [Fact]
    public void A_new_key_in_front_signs_and_links_signed_before_stay_good_until_their_key_is_taken_out()
    {
        var before = Token(Links(Old).For("gcm-rev-1", "che"));
        var rotated = Links(New, Old);
        Assert.True(rotated.Verify("gcm-rev-1", "che", before));
        Assert.StartsWith("new-", Token(rotated.For("gcm-rev-1", "che")));
        Assert.False(Links(New).Verify("gcm-rev-1", "che", before));
    }

    [Fact]
    public void A_token_changed_in_any_sign_by_any_bit_is_good_for_nothing()
    {
        var links = Links(New, Old);
        var token = Token(links.For("gcm-rev-1", "che"));
        for (var place = 0; place < token.Length; place++)
            for (var bit = 0; bit < 8; bit++)
                Assert.False(
                links.Verify(
                    "gcm-rev-1",
                    "che",
                    $"{token[..place]}{(char)(token[place] ^ (1 << bit))}{token[(place + 1)..]}"));
        foreach (
            var other in (string[])
                [
                    token[..^1],
                    token + "A",
                    token.ToUpperInvariant(),
                    " " + token,
                    token + "=",
                    token.Split('-', 2)[1],
                    $"old-{token.Split('-', 2)[1]}",
                    $"{token}\n",
                    "new-",
                    "-",
                ])
            Assert.False(links.Verify("gcm-rev-1", "che", other), other);
    }

    [Fact]
    public void A_token_made_for_one_purpose_is_good_for_no_other()
    {
        var replies = new ReplyAddresses(
            Options.Create(new InboundSettings { ReplyAddress = "replies@letters.example" }),
            new(Options.Create(new LinkSettings { Keys = [New] })));
        var acknowledge = Token(Links(New).For("gcm-rev-1", "che"));
        var reply = replies.TokenIn(replies.For("new", "gcm-rev-1", "che")!)!.Value.Token;

        var mailbox = Token(Links(New).ForMailbox("gcm-rev-1", "che", "new@che.example"));
        Assert.True(Links(New).VerifyMailbox("gcm-rev-1", "che", "new@che.example", mailbox));
        Assert.False(Links(New).VerifyMailbox("gcm-rev-1", "che", "other@che.example", mailbox));
        Assert.False(Links(New).VerifyMailbox("gcm-rev-1", "che", "new@che.example", acknowledge));
        Assert.False(Links(New).Verify("gcm-rev-1", "che", mailbox));

        Assert.False(Links(New).Verify("gcm-rev-1", "che", reply));
        Assert.False(Links(New).Verify("gcm-rev-1", "che", $"new-{reply}"));
        var tokens = new MessageTokens(Options.Create(new LinkSettings { Keys = [New] }));
        foreach (var purpose in Enum.GetValues<TokenPurpose>().Where(purpose => purpose != TokenPurpose.Reply))
            Assert.False(tokens.Verify(purpose, "new", "gcm-rev-1", "che", MessageTokens.EveryAttempt, reply));
        Assert.False(replies.Verify(acknowledge, "new", "gcm-rev-1", "che"));
        Assert.False(replies.Verify(acknowledge.Split('-', 2)[1].ToLowerInvariant()[..24], "new", "gcm-rev-1", "che"));
    }

    [Theory]
    [InlineData("The setting Links:Keys:0 is missing.")]
    [InlineData("The setting Links:Keys:0 cannot be read.", "no-colon")]
    [InlineData("The setting Links:Keys:0 cannot be read.", "short:AAAA")]
    [InlineData(
        "The setting Links:Keys:0 cannot be read.",
        "two words:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=")]
    [InlineData(
        "Two of the settings Links:Keys have the same name.",
        "a:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=",
        "a:dGhpcyBrZXkgaXMgZm9yIHRlc3RzIG9ubHkgYW5kIG9wZW4=")]
    public void Keys_are_checked_at_the_start_and_named_by_their_setting(string words, params string[] keys) =>
        Assert.StartsWith(words, new LinkKeys().Validate(null, new LinkSettings { Keys = keys }).FailureMessage);

    private static MissionLinks Links(params string[] keys) =>
        new(
            Options.Create(new LinkSettings { Keys = keys }),
            Options.Create(new SiteSettings { PublicUrl = "https://letters.mission.org/" }));

    private static string Token(string link) => link[(link.LastIndexOf('/') + 1)..];
}
