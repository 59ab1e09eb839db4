using System.Runtime.CompilerServices;
using Distribution.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Tests.Fixtures;

internal static class CodePages
{
    /// <summary>
    /// The service knows old encodings of mail from its start on. MimeKit remembers which ones it was asked for before
    /// and did not know: a test that reads a message without the service must not be the first.
    /// </summary>
    [ModuleInitializer]
    public static void KnowThemFromTheStart() =>
        new ServiceCollection().AddDistribution(new ConfigurationBuilder().Build());
}
