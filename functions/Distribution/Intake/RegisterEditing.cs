using Distribution.Common;

namespace Distribution.Intake;

internal enum RegisterEditingState
{
    /// <summary>The register in use has the mission as it was wanted.</summary>
    Done,

    /// <summary>The changed register waits to be confirmed; the one in use stays.</summary>
    Waits,

    /// <summary>The row has faults, and nothing was changed.</summary>
    Refused,

    /// <summary>The register in use had the mission so already.</summary>
    Nothing,

    /// <summary>Another person has changed the mission since the form was shown.</summary>
    Changed,

    /// <summary>A register waits to be confirmed: what is changed now would be lost with it, or it with that.</summary>
    AnotherWaits,

    /// <summary>The register in use has no such mission any more.</summary>
    Gone,
}

/// <summary>What came of a change of one mission.</summary>
/// <param name="Faults">Why it was refused; else none.</param>
internal sealed record RegisterEditing(RegisterEditingState State, IReadOnlyList<Finding> Faults);
