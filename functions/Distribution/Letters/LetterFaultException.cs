using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// A letter or a template has faults: the letter cannot be made until a person has corrected all of them.
/// </summary>
internal sealed class LetterFaultException(IReadOnlyList<Fault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public LetterFaultException(Fault fault) : this([fault])
    {
    }

    public IReadOnlyList<Fault> Faults { get; } = faults;
}
