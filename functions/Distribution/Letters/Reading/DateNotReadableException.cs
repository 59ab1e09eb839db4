namespace Distribution.Letters.Reading;

/// <summary>An author wrote a date that does not exist, or not in the format year-month-day.</summary>
internal sealed class DateNotReadableException(string value) : FormatException($"Not a date: {value}.")
{
    public string Value { get; } = value;
}
