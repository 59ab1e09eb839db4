using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests.Letters.Reading;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class ReleaseCheckTests
{
    [Fact]
    public void Automatic_release_is_refused_where_it_is_switched_off() =>
        Assert.Equal(
            [
                "letter.md, “release:”: The letter asks to be released automatically, which is switched off here. Write “release: on-approval”, or leave the line out, and release it by hand. (D310)",
            ],
            Check(ReleaseRule.Automatic, allowed: false));

    [Fact]
    public void Automatic_release_passes_where_it_is_allowed_and_release_by_hand_everywhere()
    {
        Assert.Empty(Check(ReleaseRule.Automatic, allowed: true));
        Assert.Empty(Check(ReleaseRule.OnApproval, allowed: false));
    }

    [Fact]
    public void A_proof_and_automatic_release_contradict_each_other() =>
        Assert.Equal(
            [
                "letter.md, “proof:”: The letter names people for a proof and asks to be released automatically, so it would leave before they have read it. Write “release: on-approval”, or leave out the proof. (D311)",
            ],
            Check(ReleaseRule.Automatic, allowed: true, [new(null, "reader@desk.example")]));

    private static IEnumerable<string> Check(
        ReleaseRule rule,
        bool allowed,
        IReadOnlyList<Correspondent>? proof = null) =>
        new ReleaseCheck(Options.Create(new ReleaseSettings { AllowAutomatic = allowed }))
            .Check(SampleUpload.Of(WrittenLetter.Source() with { Release = rule, Proof = proof ?? [] }))
            .Select(fault => fault.ToString());
}
