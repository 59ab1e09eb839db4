namespace Distribution.Letters.Reading;

/// <summary>
/// The years a letter's dates can lie in: since the United Nations began, and no further than any process plans.
/// </summary>
internal static class LetterYears
{
    public const int First = 1945;
    public const int Last = 2200;

    public static bool Has(int year) => year is >= First and <= Last;
}
