using System.Diagnostics.CodeAnalysis;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// What came of reading a register: the register, perhaps with warnings, or every fault that stands in its way.
/// </summary>
/// <param name="Faults">In the order of the rows, all of them, warnings too.</param>
internal sealed record RegisterReading(MissionRegister? Register, IReadOnlyList<Fault> Faults)
{
    [MemberNotNullWhen(true, nameof(Register))]
    public bool Succeeded => Register is not null;
}
