using System.Diagnostics.CodeAnalysis;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// The result of reading a register file: the register, possibly with warnings, or all the faults that prevent its use.
/// </summary>
/// <param name="Register">Null if a fault prevents the use of the file.</param>
/// <param name="Faults">All faults, warnings included, in the order of the rows.</param>
internal sealed record RegisterReading(MissionRegister? Register, IReadOnlyList<Finding> Faults)
{
    [MemberNotNullWhen(true, nameof(Register))]
    public bool Succeeded => Register is not null;
}
