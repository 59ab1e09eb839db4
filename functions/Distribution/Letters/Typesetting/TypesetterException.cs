namespace Distribution.Letters.Typesetting;

/// <summary>The typesetter itself cannot be had: no letter is at fault.</summary>
/// <param name="problem">One sentence.</param>
/// <param name="remedy">One sentence: what to do.</param>
internal sealed class TypesetterException(string problem, string remedy, Exception? inner = null)
    : Exception($"{problem} {remedy}", inner)
{
    public string Problem => problem;

    public string Remedy => remedy;
}
