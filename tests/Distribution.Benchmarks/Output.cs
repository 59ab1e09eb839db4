using System.Globalization;

namespace Distribution.Benchmarks;

/// <summary>What the commands print: numbers look the same on every machine.</summary>
internal static class Output
{
    public static void Line(FormattableString words) => Console.WriteLine(words.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted is []
            ? throw new InvalidOperationException("There is no median of nothing.")
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
