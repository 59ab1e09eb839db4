using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

public sealed class TurnsTests
{
    private static readonly DateTimeOffset Now = new(2018, 3, 26, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_tried_in_vain_comes_after_all_that_was_not_and_keeps_nothing_back()
    {
        var turns = new Turns<int>();
        var waiting = Enumerable.Range(1, 5).ToList();
        Assert.Equal([1, 2, 3], Tried(3));
        Assert.Equal([4, 5, 1], Tried(3));
        waiting.RemoveAll(one => one is 4 or 1);
        waiting.Add(6);
        Assert.Equal([6, 2, 3], Tried(3));
        // The same number again, after it was handled, is another message.
        waiting.Insert(0, 4);
        Assert.Equal([4, 5], Tried(2));

        IReadOnlyList<int> Tried(int most)
        {
            var next = turns.Next(waiting, most);
            foreach (var one in next)
                turns.Try(one);
            return next;
        }
    }

    [Fact]
    public void Mail_is_heard_until_just_before_the_oldest_message_that_was_left_and_never_longer_than_until_now()
    {
        Assert.Equal(Now, HeardMail.Of(Now, [], null).Until);
        Assert.Equal(Now, HeardMail.Of(Now, [Now.AddSeconds(1)], null).Until);
        var oldest = Now.AddHours(-2);
        Assert.InRange(HeardMail.Of(Now, [Now.AddHours(-1), oldest], null).Until, oldest.AddSeconds(-1), oldest.AddTicks(-1));
    }
}
