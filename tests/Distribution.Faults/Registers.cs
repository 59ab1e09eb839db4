using System.Globalization;
using System.Text;
using Distribution.Register;

namespace Distribution.FaultSuite;

/// <summary>Registers of other sizes than the product's own.</summary>
internal static class Registers
{
    /// <summary>
    /// The first so many missions of the register the product comes with, and beyond that some that do not exist.
    /// </summary>
    public static byte[] Of(int missions)
    {
        var own = Encoding
            .UTF8.GetString(RegisterCsv.SeedContent.Span)
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var columns = own[0].Split(',').Length;
        return Encoding.UTF8.GetBytes(
            string.Join(
                "\r\n",
                [
                    .. own.Take(missions + 1),
                    .. Enumerable
                        .Range(own.Length, Math.Max(0, missions + 1 - own.Length))
                        .Select(number =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"m{number},member-state,Land {number:D5},Permanent Mission of Land {number:D5} to the United Nations,Permanent Representative,,,en,,m{number}@missions.example,{new string(',', columns - 11)}"
                            )),
                ])
        );
    }
}
