namespace Distribution.Letters.Typesetting;

/// <summary>
/// A document as data for its template, which reads it as JSON with keys in snake_case: every value is text there, and
/// never code.
/// </summary>
internal interface ITypesetDocument
{
    /// <summary>
    /// Year, month and day: <c>2018-03-26</c>. The document's metadata bear it, so that the same document is the same
    /// file whenever it is made.
    /// </summary>
    string Date { get; }
}
