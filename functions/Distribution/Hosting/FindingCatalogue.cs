using System.Globalization;
using System.Reflection;
using System.Text;
using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Hosting;

/// <summary>
/// Every finding there is, once, with an example of what it is about: as a page, to read aloud what people are told.
/// Found in the code (the static classes whose names end in <c>Faults</c>), so that none can be left out.
/// </summary>
internal static class FindingCatalogue
{
    /// <summary>The findings by number. One whose words differ by case appears once, as one of them.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no example of a parameter in <see cref="FindingSamples"/>.
    /// </exception>
    public static IReadOnlyList<Finding> All() =>
    [
        .. typeof(FindingCatalogue).Assembly
            .GetTypes()
            // What C# calls static is abstract and sealed in the assembly.
            .Where(type => type is { IsAbstract: true, IsSealed: true }
                && type.Name.EndsWith("Faults", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(Finding)
                // One that adds words to another finding is none of its own; what is left in Office files is found in
                // PDFs, too.
                && !method.GetParameters().Any(parameter =>
                    parameter.ParameterType == typeof(Finding) || parameter.ParameterType == typeof(OfficeParts)))
            .Select(method => (Finding)method.Invoke(null, [.. method.GetParameters().Select(FindingSamples.Of)])!)
            .OrderBy(finding => finding.Number),
    ];

    /// <summary>The page, in Markdown.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder()
            .Append("# What the check of a letter says\n\n")
            .Append("Each finding once, with an example. A *fault* refuses the letter. An *overrule* refuses it unless ")
            .Append("whoever releases it gives a reason, a *tick* must be confirmed at the release, a *note* is shown.\n");
        foreach (var room in All().GroupBy(RoomOf))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {room.Key}\n");
            foreach (var finding in room)
                page.Append(
                    CultureInfo.InvariantCulture,
                    // Two spaces at a line's end break the line in Markdown.
                    $"\n**{finding.Code}** {finding.Severity.ToString().ToLowerInvariant()} · {finding.Place}  \n{finding.Words} {finding.Remedy}\n");
        }

        return page.ToString();
    }

    private static string RoomOf(Finding finding) => finding.Number switch
    {
        < 200 => "The register of missions",
        < 400 => "The letter, its files and what was sent before",
        < 500 => "Templates and what is made of a letter",
        < 600 => "Settings, mail and the sending domain",
        _ => "What comes back",
    };
}
