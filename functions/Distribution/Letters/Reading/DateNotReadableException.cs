namespace Distribution.Letters.Reading;

/// <summary>An author wrote a date no calendar has, or not in the form year-month-day.</summary>
internal sealed class DateNotReadableException(string value) : FormatException($"Not a date: {value}.")
{
    public string Value { get; } = value;
}
