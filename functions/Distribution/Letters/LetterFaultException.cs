using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// A letter or a template has faults: the letter cannot be made until a person has corrected all of them.
/// </summary>
internal sealed class LetterFaultException(IReadOnlyList<Finding> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public LetterFaultException(Finding fault) : this([fault])
    {
    }

    public IReadOnlyList<Finding> Faults { get; } = faults;
}
