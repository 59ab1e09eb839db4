using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class FaultTests
{
    [Fact]
    public void Reads_as_place_problem_remedy_and_number() =>
        Assert.Equal(
            "letter.md, line 4: The key is unknown. Remove it. (D201)",
            new Fault(201, "letter.md, line 4", "The key is unknown.", "Remove it.").ToString());
}
