namespace Distribution.Local;

/// <summary>Why Local cannot run: a sentence for the problem and a sentence for what to do.</summary>
internal sealed class LocalFaultException(string problem, string remedy, Exception? inner = null)
    : Exception($"{problem} {remedy}", inner);
