using System.Runtime.CompilerServices;
using Distribution.Mail;
using Distribution.Tests.Fixtures;

namespace Distribution.Tests;

/// <summary>
/// A house with its letters, made once for the tests of a class that begin alike. Each begins with what storage held
/// then.
/// </summary>
internal sealed class SharedHouse : IAsyncDisposable
{
    private readonly TestWorkflow house;
    private readonly StorageCopy copy;

    private SharedHouse(TestWorkflow house, StorageCopy copy) => (this.house, this.copy) = (house, copy);

    /// <param name="house">A worker that nothing else is done with.</param>
    /// <param name="transport">A way out of the test's own.</param>
    /// <param name="name">Of what they begin with: a class has each once.</param>
    /// <returns>A worker that has read nothing yet, with a clock and a way out of its own.</returns>
    public static async Task<TestWorkflow> Again(
        MadeOnce once,
        Func<Task<TestWorkflow>> house,
        IMailTransport? transport = null,
        [CallerMemberName] string name = "")
    {
        var shared = await once.Of(
            async () =>
            {
                var made = await house();
                return new SharedHouse(made, await StorageCopy.OfAll(made));
            },
            name);
        await shared.copy.PutBackAll(shared.house);
        return shared.house.Twin(transport);
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();
}
