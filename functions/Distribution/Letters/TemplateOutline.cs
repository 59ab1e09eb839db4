using Scriban.Runtime;
using Scriban.Syntax;

namespace Distribution.Letters;

/// <summary>
/// What a template gives for letters that differ in a few fields only: everything else is rendered once, with gaps for
/// the instructions that print those fields. Thread-safe.
/// </summary>
internal sealed class TemplateOutline
{
    /// <summary>Instructions within which an instruction that prints still prints into the letter itself.</summary>
    private static readonly Type[] Transparent =
    [
        typeof(ScriptPage),
        typeof(ScriptBlockStatement),
        typeof(ScriptIfStatement),
        typeof(ScriptElseStatement),
        typeof(ScriptForStatement),
    ];

    /// <summary>In characters: as much as a link or a mission's title usually takes.</summary>
    private const int UsualGap = 150;

    private readonly Medium medium;
    private readonly IReadOnlyList<(string Text, ScriptExpressionStatement? Gap)> pieces;
    private readonly int length;

    private TemplateOutline(Medium medium, IReadOnlyList<(string Text, ScriptExpressionStatement? Gap)> pieces)
    {
        (this.medium, this.pieces) = (medium, pieces);
        length = pieces.Sum(piece => piece.Text.Length + (piece.Gap is null ? 0 : UsualGap));
    }

    /// <param name="fields">All fields, the varying ones with any value.</param>
    /// <param name="varying">The names of the fields in which the letters differ.</param>
    /// <param name="render">Renders the template, with a mark instead of what these instructions print.</param>
    /// <returns>
    /// Null if the template does more with a varying field than print it, such as asking after it, or has faults.
    /// </returns>
    public static TemplateOutline? Of(
        TemplateText template,
        Medium medium,
        ScriptObject fields,
        IReadOnlyCollection<string> varying,
        Func<IReadOnlyDictionary<ScriptNode, string>, string?> render)
    {
        if (GapsOf(template.Page, fields, varying) is not { } gaps)
            return null;
        // Letters and digits alone are the same in every medium; nobody can have written these.
        var mark = $"gap{Guid.NewGuid():n}n";
        if (render(gaps.Index().ToDictionary(gap => (ScriptNode)gap.Item, gap => $"{mark}{gap.Index}x"))
            is not { } marked)
            return null;
        List<(string, ScriptExpressionStatement?)> pieces = [];
        var rest = marked.AsSpan();
        for (int at; (at = rest.IndexOf(mark)) >= 0;)
        {
            var text = rest[..at].ToString();
            rest = rest[(at + mark.Length)..];
            var end = rest.IndexOf('x');
            pieces.Add((text, gaps[int.Parse(rest[..end], System.Globalization.CultureInfo.InvariantCulture)]));
            rest = rest[(end + 1)..];
        }

        pieces.Add((rest.ToString(), null));
        return new(medium, pieces);
    }

    /// <param name="varying">One letter's values of the varying fields.</param>
    /// <param name="print">Evaluates an instruction that does more than print a field; null if that has faults.</param>
    /// <returns>Null if a field has no value that can be printed: rendering the whole says why.</returns>
    public string? Fill(ScriptObject varying, Func<ScriptExpressionStatement, string?> print)
    {
        var filled = new System.Text.StringBuilder(length);
        foreach (var (text, gap) in pieces)
        {
            filled.Append(text);
            if (gap is null)
                continue;
            if ((Field(gap.Expression) is { } path
                ? Printed(Value(varying, path))
                : print(gap)) is not { } printed)
                return null;
            filled.Append(printed);
        }

        return filled.ToString();

        string? Printed(object? value) =>
            value is string words && !string.IsNullOrWhiteSpace(words) ? LetterContext.Encode(medium, words) : null;
    }

    /// <returns>
    /// The instructions that print a varying field; null if one of these fields is used for anything else.
    /// </returns>
    private static IReadOnlyList<ScriptExpressionStatement>? GapsOf(
        ScriptPage page,
        ScriptObject fields,
        IReadOnlyCollection<string> varying)
    {
        var all = All(page).ToList();
        // What these may change, or see, is not known without carrying them out.
        if (all.Exists(node =>
                node is ScriptThisExpression
                    or ScriptImportStatement
                    or ScriptWithStatement
                    or ScriptFunction
                    or ScriptAnonymousFunction))
            return null;
        var own = all.Select(node => node switch
            {
                ScriptAssignExpression { Target: ScriptVariable set } => set.Name,
                ScriptForStatement { Variable: ScriptVariable each } => each.Name,
                ScriptCaptureStatement { Target: ScriptVariable captured } => captured.Name,
                _ => null,
            }).OfType<string>().ToHashSet();
        List<ScriptExpressionStatement> gaps = [];
        foreach (var use in all.OfType<ScriptVariable>().Where(IsRoot))
        {
            if (!varying.Contains(use.Name))
                continue;
            ScriptNode? around = use;
            while (around is not (null or ScriptStatement))
                around = around.Parent;
            // In a condition or an assignment the field decides more than the words in one place.
            if (around is not ScriptExpressionStatement { CanOutput: true } gap)
                return null;
            for (var outer = gap.Parent; outer is not null; outer = outer.Parent)
                if (outer is ScriptStatement && !Transparent.Contains(outer.GetType()))
                    return null;
            if (!gaps.Contains(gap))
                gaps.Add(gap);
        }

        // A gap is filled without what the template itself has set by then.
        return gaps.TrueForAll(gap => All(gap)
            .OfType<ScriptVariable>()
            .Where(IsRoot)
            .All(root => !own.Contains(root.Name)
                && root is ScriptVariableGlobal
                && (fields.ContainsKey(root.Name) || LetterContext.HasFunctions(root.Name))))
            ? gaps
            : null;
    }

    /// <summary>Whether it names a field, not a member of one.</summary>
    private static bool IsRoot(ScriptVariable variable) =>
        variable.Parent is not ScriptMemberExpression member || !ReferenceEquals(member.Member, variable);

    private static IEnumerable<ScriptNode> All(ScriptNode node)
    {
        yield return node;
        for (var child = 0; child < node.ChildrenCount; child++)
            if (node.GetChildren(child) is { } found)
                foreach (var within in All(found))
                    yield return within;
    }

    /// <returns>The names of a field and its member; null if it is more than that.</returns>
    private static (string Field, string? Member)? Field(ScriptExpression? expression) => expression switch
    {
        ScriptVariableGlobal field => (field.Name, null),
        ScriptMemberExpression { Target: ScriptVariableGlobal field, Member: ScriptVariable member } =>
            (field.Name, member.Name),
        _ => null,
    };

    private static object? Value(ScriptObject fields, (string Field, string? Member) path) =>
        !fields.TryGetValue(path.Field, out var value) ? null
        : path.Member is null ? value
        : value is ScriptObject group && group.TryGetValue(path.Member, out var member) ? member
        : null;
}
