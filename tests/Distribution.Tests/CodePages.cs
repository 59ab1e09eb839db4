using System.Runtime.CompilerServices;
using System.Text;

namespace Distribution.Tests;

/// <summary>
/// As a host does before it reads anything: the mail library remembers which charsets it did not find, and tests that
/// use it without a workflow may come first.
/// </summary>
internal static class CodePages
{
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
