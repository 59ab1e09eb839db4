namespace Distribution.Letters;

/// <summary>The files of a template folder.</summary>
internal static class TemplateFiles
{
    public const string Subject = "subject";
    public const string Html = "email.html";
    public const string Text = "email.txt";

    /// <summary>The letter as a document, for the typesetter.</summary>
    public const string Document = "letter.typ";

    /// <summary>The inline style of each element the body of a letter may have.</summary>
    public const string Styles = "styles.yaml";

    public static string Words(string language) => $"words/{language}.yaml";
}
