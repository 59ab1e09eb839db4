using Distribution.Letters;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>What a slip of the hand makes of a reference.</summary>
public sealed class VerificationReferenceTests
{
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    [Fact]
    public void Every_wrong_sign_and_any_two_that_have_changed_places_are_noticed()
    {
        foreach (var id in (string[])["one", "two", "three"])
        {
            var reference = VerificationReference.For("key"u8.ToArray(), id);
            var shown = VerificationReference.Shown(reference).Replace("-", "", StringComparison.Ordinal);
            Assert.Equal([reference], VerificationReference.Read(shown).Meant);
            for (var place = 0; place < shown.Length; place++)
            {
                foreach (var sign in Signs.Where(sign => sign != shown[place]))
                    Assert.DoesNotContain(
                        reference,
                        VerificationReference.Read($"{shown[..place]}{sign}{shown[(place + 1)..]}").Meant);
                for (var other = place + 1; other < shown.Length; other++)
                    if (shown[place] != shown[other])
                    {
                        var changed = shown.ToCharArray();
                        (changed[place], changed[other]) = (changed[other], changed[place]);
                        // Nor is it taken for another letter's.
                        Assert.DoesNotContain(
                            VerificationReference.Read(new(changed)).Meant,
                            meant => new string(changed).StartsWith(meant, StringComparison.Ordinal));
                    }
            }
        }
    }

    // A link has the distribution's id in it: once, whoever was passed a link could make the reference of it.
    [Fact]
    public void Nobody_makes_a_letters_reference_of_its_id_without_the_key()
    {
        VerificationReferences Of(string key) => new(Options.Create(new LinkSettings { Keys = [key] }));
        var (one, other) = (LinkKeys.Create("one"), LinkKeys.Create("other"));
        Assert.Equal(Of(one).For("gcm-rev-1"), Of(one).For("gcm-rev-1"));
        Assert.NotEqual(Of(one).For("gcm-rev-1"), Of(other).For("gcm-rev-1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7QJ4-MX2K-9TW")]
    [InlineData("7QJ4-MX2K-9TWB-XX")]
    [InlineData("7QJ4-MX2K-9TW!")]
    [InlineData("\u200b\u2066\u2069")]
    public void What_has_another_length_or_other_signs_is_none_and_not_mistyped(string typed)
    {
        var read = VerificationReference.Read(typed);

        Assert.Empty(read.Meant);
        Assert.False(read.IsMistyped);
    }
}
