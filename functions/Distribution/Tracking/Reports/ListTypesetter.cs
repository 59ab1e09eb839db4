using Distribution.Letters.Typesetting;

namespace Distribution.Tracking.Reports;

/// <summary>Typesets lists as PDF, in the same way as letters.</summary>
internal sealed class ListTypesetter(Typesetter typesetter)
{
    private const string TemplateName = "list.typ";

    /// <summary>Replaces a character that no font has, so that a list can be printed whatever people typed.</summary>
    private const string Unprintable = "?";

    private static readonly Lazy<string> Template = new(() =>
    {
        using var stream = typeof(ListTypesetter).Assembly.GetManifestResourceStream(TemplateName)
            ?? throw new InvalidOperationException($"The program was built without {TemplateName}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <returns>The PDF.</returns>
    /// <exception cref="TypesetterException">The typesetter is not available, or cannot typeset this list.</exception>
    public async Task<ReadOnlyMemory<byte>> ToPdf(ListDocument list, CancellationToken cancellation)
    {
        var made = await Typeset(list, cancellation);
        if (made.Missing.Count > 0)
            made = await Typeset(Without(list, made.Missing), cancellation);
        return made is { Problem: null, IsTooLarge: false, Missing: [] }
            ? made.Pdf
            : throw new TypesetterException(
                $"The list could not be typeset: {made.Problem?.Words ?? "it is too long"}.",
                "Take the same list as a page or a CSV file, and tell whoever looks after this service.");
    }

    private Task<TypesetResult> Typeset(ListDocument list, CancellationToken cancellation) =>
        typesetter.Typeset(
            new(
                Template.Value,
                TemplateName,
                list,
                new Dictionary<string, ReadOnlyMemory<byte>>())
            { Tightness = 0 },
            cancellation);

    private static ListDocument Without(ListDocument list, IReadOnlyList<string> missing)
    {
        return list with
        {
            Title = Plain(list.Title),
            Over = Plain(list.Over),
            Facts = [.. list.Facts.Select(Plain)],
            Rows = [.. list.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Plain)])],
            Notes = [.. list.Notes.Select(Plain)],
        };

        string Plain(string text) =>
            missing.Aggregate(
                text,
                (plain, character) => plain.Replace(character, Unprintable, StringComparison.Ordinal));
    }
}
