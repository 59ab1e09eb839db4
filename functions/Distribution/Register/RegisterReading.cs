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
    /// <summary>
    /// The file as it is put into use: CSV, byte for byte as uploaded, or made of a workbook's rows. Its SHA-256 is the
    /// register's hash. Empty if a workbook has faults.
    /// </summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>What a person must look at before the register is put into use.</summary>
    public IEnumerable<Finding> ToConfirm => Faults.Where(fault => fault.NeedsAPerson);

    [MemberNotNullWhen(true, nameof(Register))]
    public bool Succeeded => Register is not null;
}
