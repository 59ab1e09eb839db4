using Distribution.Common;

namespace Distribution.Letters;

/// <summary>A letter that cannot be made as it stands, and everything a person must put right first.</summary>
internal sealed class LetterFaultException(IReadOnlyList<Fault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public LetterFaultException(Fault fault) : this([fault])
    {
    }

    public IReadOnlyList<Fault> Faults { get; } = faults;
}
