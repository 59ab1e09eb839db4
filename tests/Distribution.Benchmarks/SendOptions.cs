namespace Distribution.Benchmarks;

/// <summary>What <c>send</c> and <c>peers</c> send.</summary>
/// <param name="Count">Missions.</param>
/// <param name="EnclosureKb">Size of the enclosure, in thousands of bytes.</param>
/// <param name="BatchSize">Missions in one batch; null for the usual number.</param>
/// <param name="WithPeer">Whether <c>smtp-source</c> sends as many of the same size in the same run.</param>
internal sealed record SendOptions(int Count, int EnclosureKb, bool Dkim, bool WithPeer, int? BatchSize)
{
    /// <summary>How large such a letter is as mail: base64, and about 40 KB of letter, HTML and text.</summary>
    public int MessageBytes => (EnclosureKb * 1_370) + 55_000;

    public static SendOptions Read(IReadOnlyList<string> arguments) => new(
        Number(arguments, "--count", 5_000),
        Number(arguments, "--enclosure-kb", 200),
        arguments.Contains("--dkim"),
        !arguments.Contains("--alone"),
        Number(arguments, "--batch", 0) is > 0 and var size ? size : null);

    private static int Number(IReadOnlyList<string> arguments, string name, int usual)
    {
        for (var place = 0; place < arguments.Count - 1; place++)
            if (arguments[place] == name)
                return int.Parse(arguments[place + 1], System.Globalization.CultureInfo.InvariantCulture);
        return usual;
    }
}
