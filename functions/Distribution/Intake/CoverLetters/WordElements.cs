using System.Xml.Linq;

namespace Distribution.Intake.CoverLetters;

/// <summary>
/// Looks into WordprocessingML, whose namespace has two names: the usual one and that of its strict form.
/// </summary>
internal static class WordElements
{
    private const string Usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    /// <summary>The element's name if it is one of Word's own; else empty.</summary>
    public static string WordName(this XElement element) =>
        IsWord(element.Name.NamespaceName) ? element.Name.LocalName : "";

    public static bool Is(this XElement element, string name) => element.WordName() == name;

    public static IEnumerable<XElement> Children(this XElement? element, string name) =>
        element?.Elements().Where(child => child.Is(name)) ?? [];

    public static XElement? Child(this XElement? element, string name) => element.Children(name).FirstOrDefault();

    /// <summary>An attribute of Word's; null where there is none.</summary>
    public static string? Value(this XElement? element, string name) =>
        element
            ?.Attributes()
            .FirstOrDefault(attribute => attribute.Name.LocalName == name && IsWord(attribute.Name.NamespaceName))
            ?.Value;

    /// <summary>Whether a property is set: it is where it stands without a value.</summary>
    public static bool? IsOn(this XElement? element) =>
        element is null ? null : element.Value("val") is not ("0" or "false" or "off" or "none");

    private static bool IsWord(string space) => space is Usual or Strict;
}
