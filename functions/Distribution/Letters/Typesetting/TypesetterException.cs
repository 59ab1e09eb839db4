namespace Distribution.Letters.Typesetting;

/// <summary>The typesetter itself is not available or fails. The letters are not the cause.</summary>
/// <param name="problem">What is wrong: one sentence.</param>
/// <param name="remedy">What to do about it: one sentence.</param>
internal sealed class TypesetterException(string problem, string remedy, Exception? inner = null)
    : Exception($"{problem} {remedy}", inner)
{
    public string Problem => problem;

    public string Remedy => remedy;
}
