using System.Text.RegularExpressions;
using Scriban.Runtime;

namespace Distribution;

/// <summary>
/// Makes each mission's letter from one letter's content and a template. Everything is parsed once;
/// <see cref="Render"/> is safe for any number of threads.
/// </summary>
internal sealed partial class LetterRenderer
{
    private readonly LetterSource source;
    private readonly RenderLimits limits;
    private readonly Words words;
    private readonly LetterBody letterBody;
    private readonly TemplateText subject;
    private readonly TemplateText body;
    private readonly TemplateText emailSubject;
    private readonly TemplateText emailHtml;
    private readonly TemplateText emailText;
    private readonly ScriptObject forAuthors;
    private readonly ScriptObject forEmail;

    /// <param name="enclosures">All the files that travel with the letter; its own list leaves out the signed scan of the letter.</param>
    /// <exception cref="LetterFaultException">The letter or the template cannot be understood, whoever it is for.</exception>
    public LetterRenderer(LetterSource source, IReadOnlyList<Enclosure> enclosures, TemplateSet templates, RenderLimits? limits = null)
    {
        this.source = source;
        this.limits = limits ?? RenderLimits.Default;
        var faults = new List<Fault>();
        words = Attempt(() => new Words(Place(TemplateFiles.Words(source.Language)), templates.Files.TryGetValue(TemplateFiles.Words(source.Language), out var text)
            ? text
            : throw new LetterFaultException(Faults.WordsMissing(templates.Name, source.Language))));
        letterBody = Attempt(() => new LetterBody(Place(TemplateFiles.Styles), File(TemplateFiles.Styles)));
        subject = Attempt(() => new TemplateText($"{source.File}, subject", source.Subject, firstLine: null));
        body = Attempt(() => new TemplateText(source.File, source.Body, source.BodyLine));
        emailSubject = Attempt(() => new TemplateText(Place(TemplateFiles.Subject), File(TemplateFiles.Subject)));
        emailHtml = Attempt(() => new TemplateText(Place(TemplateFiles.Html), File(TemplateFiles.Html)));
        emailText = Attempt(() => new TemplateText(Place(TemplateFiles.Text), File(TemplateFiles.Text)));
        Stop(faults);
        forAuthors = LetterFields.ForAuthors(source, enclosures, words);
        forEmail = LetterFields.ForEmail(source, enclosures, words);

        string Place(string file) => $"templates/{templates.Name}/{file}";

        string File(string file) => templates.Files.TryGetValue(file, out var text)
            ? text
            : throw new LetterFaultException(Faults.TemplateIncomplete(templates.Name, [file]));

        T Attempt<T>(Func<T> parse) where T : class
        {
            try
            {
                return parse();
            }
            catch (LetterFaultException found)
            {
                faults.AddRange(found.Faults);
                return null!;
            }
        }
    }

    /// <param name="acknowledgeLink">The mission's own link, whole.</param>
    /// <exception cref="LetterFaultException">This mission's letter has an unknown or empty field, or costs too much to make.</exception>
    public Letter Render(Mission mission, string acknowledgeLink)
    {
        var faults = new List<Fault>();
        using var time = new CancellationTokenSource(limits.Time, TimeProvider.System);

        var fields = forAuthors.With(("mission", LetterFields.Mission(mission, source.Language)));
        var title = InOneLine(Fill(subject, Medium.Plain, fields.With(("letter", LetterFields.Letter(source, words, subject: null)))));
        fields = fields.With(("letter", LetterFields.Letter(source, words, title)));
        var (html, text) = letterBody.Render(Fill(body, Medium.Markdown, fields), body, limits, faults, time.Token);
        Stop(faults);

        var email = fields.With([.. forEmail.Select(field => (field.Key, field.Value)), ("acknowledge_link", acknowledgeLink)]);
        var letter = new Letter(
            InOneLine(Fill(emailSubject, Medium.Plain, email)),
            Fill(emailHtml, Medium.Html, email.With(("body", html))),
            Fill(emailText, Medium.Plain, email.With(("body", text))).TrimEnd() + "\n");
        Stop(faults);
        return letter;

        string Fill(TemplateText template, Medium medium, ScriptObject values) =>
            LetterContext.Fill(template, medium, values, limits, faults, time.Token);
    }

    private static string InOneLine(string text) => Space().Replace(text, " ").Trim();

    private static void Stop(List<Fault> faults)
    {
        if (faults.Count > 0)
            throw new LetterFaultException([.. faults.Distinct()]);
    }

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Space();
}
