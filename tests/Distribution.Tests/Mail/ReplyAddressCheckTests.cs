using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Mail;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class ReplyAddressCheckTests
{
    [Fact]
    public void Replies_to_be_tracked_need_an_address_and_those_to_the_contact_do_not()
    {
        Assert.Equal(
            "letter.md, “replies:”: Replies are to be tracked, and there is no address for them. Set Inbound:ReplyAddress to an address whose mail this program reads, or write “replies: contact”. (D517)",
            Assert.Single(Check("replies: tracked", "")).ToString());
        Assert.Empty(Check("replies: tracked", "replies@letters.mission.org"));
        Assert.Empty(Check("replies: contact", ""));
        Assert.Empty(Check("paper: a4", ""));
    }

    [Fact]
    public void An_address_no_mail_can_reach_is_fine_only_where_mail_stays_on_the_machine()
    {
        Assert.Equal(
            "Setting Inbound:ReplyAddress",
            Assert.Single(Check("replies: tracked", "replies@letters.example", "smtp://mail.mission.org:587")).Place);
        Assert.Empty(Check("replies: tracked", "replies@letters.example", "smtp://127.0.0.1:1025"));
    }

    [Fact]
    public void Another_word_is_a_fault_that_names_the_two() =>
        Assert.Contains(
            "tracked",
            Assert
                .Single(LetterFile.Read("letter.md", Samples.Bytes(Samples.LetterWith("replies: track"))).Faults)
                .ToString(),
            StringComparison.Ordinal);

    private static List<Finding> Check(string line, string address, string transport = "smtp://mail.mission.org:587") =>
        [
            .. new ReplyAddressCheck(
                new(
                    Options.Create(new InboundSettings { ReplyAddress = address }),
                    new(Options.Create(new LinkSettings { Keys = [LinkKeys.Create("one")] }))),
                MailTransports.Create(OutgoingSamples.Settings(transport), TimeProvider.System)).Check(
                new(
                    IsStanding: false,
                    LetterFile.Read("letter.md", Samples.Bytes(Samples.LetterWith(line))).Letter!,
                    null,
                    [],
                    [])),
        ];
}
