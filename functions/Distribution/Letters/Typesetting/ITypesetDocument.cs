namespace Distribution.Letters.Typesetting;

/// <summary>
/// A document as data for its Typst template, which reads it as JSON with keys in snake_case. The template treats every
/// value as data and never as code, which prevents injection.
/// </summary>
internal interface ITypesetDocument
{
    /// <summary>
    /// The date as year, month and day: <c>2018-03-26</c>. It is the time stamp in the PDF's metadata instead of the
    /// current time, so that the same document gives the same file whenever it is made (reproducible output).
    /// </summary>
    string Date { get; }
}
