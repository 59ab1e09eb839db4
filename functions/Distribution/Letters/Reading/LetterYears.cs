namespace Distribution.Letters.Reading;

/// <summary>
/// The valid years for dates in a letter: from the founding of the United Nations to later than any process plans.
/// </summary>
internal static class LetterYears
{
    public const int First = 1945;
    public const int Last = 2200;

    public static bool Has(int year) => year is >= First and <= Last;
}
