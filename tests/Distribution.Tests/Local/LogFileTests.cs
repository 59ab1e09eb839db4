using Distribution.Local;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class LogFileTests
{
    [Fact]
    public void What_others_wrote_makes_no_entry_of_its_own_and_does_nothing_to_the_terminal_that_shows_it()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = new LogFile(path))
                file.CreateLogger("Mail")
                    .LogWarning(
                        new InvalidOperationException("broken\r\n2026-01-01T00:00:00 Error Mail: forged"),
                        "Refused: {Words}",
                        "no\r\n2026-01-01T00:00:00 Error Mail: forged\u001b[2J\u001b]0;x\u0007 \u202Egnorw\u2066\u0085\u2028\0 Schäfer\tأ"
                    );

            var lines = File.ReadAllLines(path);
            Assert.Contains(
                @"Mail: Refused: no\u000D\u000A2026-01-01T00:00:00 Error Mail: forged\u001B[2J\u001B]0;x\u0007 \u202Egnorw\u2066\u0085\u2028\u0000 Schäfer"
                    + "\tأ",
                lines[0],
                StringComparison.Ordinal);
            Assert.Equal("    2026-01-01T00:00:00 Error Mail: forged", lines[2]);
            Assert.All(lines.Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
