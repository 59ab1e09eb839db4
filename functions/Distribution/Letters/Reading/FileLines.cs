namespace Distribution.Letters.Reading;

/// <summary>The lines of a file with their line ends, so that joining them gives the file, byte for byte.</summary>
internal static class FileLines
{
    public static List<string> Of(string file)
    {
        List<string> lines = [];
        for (var start = 0; start < file.Length;)
        {
            var end = file.AsSpan(start).IndexOfAny('\r', '\n');
            var next = end < 0 ? file.Length
                : start + end + (file.AsSpan(start + end).StartsWith("\r\n") ? 2 : 1);
            lines.Add(file[start..next]);
            start = next;
        }

        return lines;
    }

    /// <summary>The line end that the file uses.</summary>
    public static string EndOf(string file) =>
        file.Contains("\r\n", StringComparison.Ordinal) ? "\r\n"
        : file.Contains('\n') || !file.Contains('\r') ? "\n"
        : "\r";
}
