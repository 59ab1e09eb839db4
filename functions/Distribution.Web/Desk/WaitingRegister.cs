using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Web.Desk;

/// <summary>A register that was uploaded and waits for a person, for pages that can do without it.</summary>
internal static class WaitingRegister
{
    /// <returns>Null also where the register in use cannot be read: a notice says so.</returns>
    public static async Task<UploadedRegister?> Waiting(this RegisterInUse registers, CancellationToken cancellation)
    {
        try
        {
            return await registers.Uploaded(cancellation) is { State: UploadedRegisterState.Waits } waiting
                ? waiting
                : null;
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return null;
        }
    }
}
