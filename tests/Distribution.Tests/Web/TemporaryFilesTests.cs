using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class TemporaryFilesTests
{
    [Fact]
    public async Task Nobody_else_reads_a_temporary_file_and_it_is_gone_when_it_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the user's profile guards them.");
        string path;
        await using (var file = TemporaryFiles.Open())
        {
            path = file.Name;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
        }

        Assert.False(File.Exists(path));
    }
}
