namespace Distribution.Letters;

/// <summary>The names of the files in a template folder.</summary>
internal static class TemplateFiles
{
    public const string Subject = "subject";
    public const string Html = "email.html";
    public const string Text = "email.txt";

    /// <summary>The Typst template of the PDF.</summary>
    public const string Document = "letter.typ";

    /// <summary>The inline style of each HTML element that the body of a letter can have.</summary>
    public const string Styles = "styles.yaml";

    public static string Words(string language) => $"words/{language}.yaml";
}
