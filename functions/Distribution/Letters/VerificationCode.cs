using QRCoder;

namespace Distribution.Letters;

/// <summary>Makes the QR code on a letter that leads to the verification page.</summary>
internal static class VerificationCode
{
    /// <summary>A QR code with its quiet zone, as SVG.</summary>
    public static string Svg(string address)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        return new SvgQRCode(code).GetGraphic(1);
    }
}
