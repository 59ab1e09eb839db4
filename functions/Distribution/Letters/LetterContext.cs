using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Distribution.Common;
using Distribution.Letters.Reading;
using Scriban;
using Scriban.Functions;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Distribution.Letters;

/// <summary>The format that a value is written into. It decides how the value is encoded (escaped).</summary>
internal enum Medium { Plain, Html, Markdown }

/// <summary>HTML that this program has made and sanitized: the only value that is written without encoding.</summary>
internal sealed record SanitizedHtml(string Html);

/// <summary>
/// Fills the fields of one Scriban text. Every value is encoded for its medium. An unknown or empty field is a fault,
/// and rendering continues after it, so that all such faults are found at once.
/// </summary>
internal sealed partial class LetterContext : TemplateContext
{
    // Only string and array functions: no include, file import, eval, clock or random numbers. Rendering is
    // deterministic, so a letter rendered again is the same.
    private static readonly ScriptObject Functions = new()
    {
        ["string"] = new StringFunctions { IsReadOnly = true },
        ["array"] = new ArrayFunctions { IsReadOnly = true },
    };

    // Scriban has no exception types for these limits; only the message text distinguishes them.
    private static readonly string[] TooManySteps =
    [
        "Exceeding number of iteration limit",
        "Range expression exceeds LoopLimit",
    ];
    private const string TooDeep = "Exceeding number of recursive depth limit";

    // Reading the processor time takes longer than most evaluations.
    private const int TimeIsReadEvery = 32;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly TemplateText text;
    private readonly Medium medium;
    private readonly List<Finding> faults;
    private readonly RenderBudget.Spending time;
    private IReadOnlyDictionary<ScriptNode, string>? marks;
    private int evaluations;

    static LetterContext() => Functions.IsReadOnly = true;

    private LetterContext(
        TemplateText text,
        Medium medium,
        ScriptObject fields,
        RenderLimits limits,
        List<Finding> faults,
        RenderBudget.Spending time)
        : base(Functions)
    {
        this.text = text;
        this.medium = medium;
        this.faults = faults;
        this.time = time;
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        EnableRelaxedIndexerAccess = false;
        AutoIndent = false;
        NewLine = "\n";
        LoopLimit = limits.Steps;
        RecursiveLimit = limits.Depth;
        LimitToString = limits.Characters;
        RegexTimeOut = limits.Time;
        PushGlobal(fields);
        // What a text sets lands here, and not in the fields, which the next letter shares.
        PushGlobal(new ScriptObject());
        TryGetVariable = (TemplateContext _, SourceSpan span, ScriptVariable variable, out object? value) =>
            Unknown(
                span,
                variable.Name,
                fields.GetMembers(),
                out value,
                isMissionMissing: variable.Name == LetterFields.MissionField);
        TryGetMember = (TemplateContext _, SourceSpan span, object target, string member, out object? value) =>
            Unknown(span, member, target is ScriptObject known ? known.GetMembers() : [], out value);
    }

    /// <summary>
    /// The text with its fields filled in; empty if rendering had to stop. Its faults are added to
    /// <paramref name="faults"/>.
    /// </summary>
    /// <param name="time">Rendering stops when its budget is spent.</param>
    public static string Fill(
        TemplateText text,
        Medium medium,
        ScriptObject fields,
        RenderLimits limits,
        List<Finding> faults,
        RenderBudget.Spending time)
    {
        var before = faults.Count;
        var context = new LetterContext(text, medium, fields, limits, faults, time);
        try
        {
            var filled = text.Render(context);
            // Scriban cuts what is longer than LimitToString, and reports nothing.
            if (filled.Length >= limits.Characters)
                faults.Add(LetterFaults.TooLong(text.File, limits.Characters));
            return filled;
        }
        catch (ScriptRuntimeException stopped)
        {
            // A fault that was found before is why it stopped: what Scriban says of it would be a second one.
            if (faults.Count == before)
                faults.AddRange(Explain(stopped, text, limits));
            return "";
        }
    }

    /// <summary>The text with marks instead of what some instructions print; null if it has faults.</summary>
    public static string? Outline(
        TemplateText text,
        Medium medium,
        ScriptObject fields,
        RenderLimits limits,
        RenderBudget.Spending time,
        IReadOnlyDictionary<ScriptNode, string> marks)
    {
        List<Finding> faults = [];
        var context = new LetterContext(text, medium, fields, limits, faults, time) { marks = marks };
        return Attempt(() => text.Render(context), faults);
    }

    /// <summary>What one instruction prints; null if it has faults.</summary>
    public static string? Print(
        TemplateText text,
        ScriptExpressionStatement instruction,
        Medium medium,
        ScriptObject fields,
        RenderLimits limits,
        RenderBudget.Spending time)
    {
        List<Finding> faults = [];
        var context = new LetterContext(text, medium, fields, limits, faults, time);
        return Attempt(
            () =>
            {
                context.Write(instruction.Span, context.Evaluate(instruction));
                return context.Output.ToString()!;
            },
            faults);
    }

    /// <summary>Whether templates may call functions of this name: <c>string</c>, <c>array</c>.</summary>
    public static bool HasFunctions(string name) => Functions.ContainsKey(name);

    /// <summary>
    /// Escapes a value for Markdown: one line without indentation, with a backslash before every ASCII punctuation
    /// character, so that it is shown exactly as it was entered.
    /// </summary>
    public static string Quote(string value) => Sign().Replace(Space().Replace(value, " ").Trim(), @"\$0");

    /// <summary>A value as it is written into a text of this medium.</summary>
    public static string Encode(Medium medium, string value) => medium switch
    {
        Medium.Html => Html.Encode(value),
        Medium.Markdown => Quote(value),
        _ => value,
    };

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        // An instruction with a mark is not carried out: what it would print differs from letter to letter.
        if (marks is not null && scriptNode is not null && marks.TryGetValue(scriptNode, out var mark))
            return mark;
        if (++evaluations % TimeIsReadEvery == 0 && time.IsOver)
            throw Stopped(scriptNode?.Span ?? CurrentSpan);
        var value = base.Evaluate(scriptNode, aliasReturnedFunction);
        return scriptNode switch
        {
            IScriptVariablePath when value is null && !IsAskedAfter(scriptNode) => Empty(scriptNode),
            ScriptExpressionStatement { CanOutput: true, Expression: { } printed } => value switch
            {
                null => Empty(printed),
                string words when string.IsNullOrWhiteSpace(words) => Empty(printed),
                ScriptObject group and not Missing => Group(printed, group),
                _ => value,
            },
            _ => value,
        };
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject) => textAsObject switch
    {
        Missing => this,
        SanitizedHtml markup when medium == Medium.Html => Write(markup.Html),
        _ => Write(Encode(medium, ObjectToString(textAsObject) ?? "")),
    };

    public override string? ObjectToString(object? value, bool nested = false) =>
        value is EnclosureList enclosures ? enclosures.Words : base.ObjectToString(value, nested);

    // By itself Scriban gives a text every public member of any .NET object that it meets.
    protected override IObjectAccessor? GetMemberAccessorImpl(object target) =>
        target is IScriptObject or string or ScriptArray ? base.GetMemberAccessorImpl(target) : null;

    private static string? Attempt(Func<string> render, List<Finding> faults)
    {
        try
        {
            return render() is var text && faults.Count == 0 ? text : null;
        }
        catch (ScriptRuntimeException)
        {
            // The caller then renders the letter as a whole, which says what is wrong.
            return null;
        }
    }

    private bool Unknown(
        SourceSpan span,
        string name,
        IEnumerable<string> known,
        out object? value,
        bool isMissionMissing = false)
    {
        // Messages name the whole path as it is written, mission.tilte, and not its last part alone.
        ScriptNode? path = CurrentNode;
        while (path?.Parent is ScriptMemberExpression { } wider)
            path = wider;
        var field = path is IScriptVariablePath ? path.ToString() : name;
        faults.Add(
            isMissionMissing
                ? LetterFaults.MissionInCollective(text.Place(span), field)
                : LetterFaults.FieldUnknown(text.Place(span), field, known));
        value = new Missing();
        return true;
    }

    private Missing Empty(ScriptNode node)
    {
        faults.Add(LetterFaults.FieldEmpty(text.Place(node.Span), node.ToString()));
        return new Missing();
    }

    private ScriptRuntimeException Stopped(SourceSpan span)
    {
        var fault = LetterFaults.TooSlow(text.Place(span), time.Allowed);
        return new(span, fault.Words, new LetterFaultException(fault));
    }

    private Missing Group(ScriptExpression node, ScriptObject group)
    {
        faults.Add(LetterFaults.FieldIsGroup(text.Place(node.Span), node.ToString(), group.GetMembers()));
        return new Missing();
    }

    private static IEnumerable<Finding> Explain(ScriptRuntimeException stopped, TemplateText text, RenderLimits limits)
    {
        var place = text.Place(stopped.Span);
        // Scriban puts what was thrown while it rendered into exceptions of its own.
        for (Exception? cause = stopped; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case LetterFaultException known: return known.Faults;
                case DateNotReadableException date: return [LetterFaults.DateNotReadable(place, date.Value)];
                case ScriptRuntimeException { OriginalMessage: var message }
                    when TooManySteps.Any(start => message.StartsWith(start, StringComparison.Ordinal)):
                    return [LetterFaults.LoopTooLong(place, limits.Steps)];
                case ScriptRuntimeException { OriginalMessage: var message }
                    when message.StartsWith(TooDeep, StringComparison.Ordinal):
                    return [LetterFaults.NestedTooDeep(place, limits.Depth)];
            }
        }

        return [LetterFaults.InstructionFailed(place, text.Quote(stopped.Span))];
    }

    // The conditions of "if" and "?" and the left side of "??" may test whether a field is empty. Any other use of an
    // empty field is a fault.
    private static bool IsAskedAfter(ScriptNode node)
    {
        for (var inner = node; inner.Parent is { } outer; inner = outer)
        {
            if (outer is ScriptIfStatement choice)
                return choice.Condition == inner;
            if (outer is ScriptStatement)
                return false;
            if (outer is ScriptConditionalExpression either && either.Condition == inner)
                return true;
            if (outer is ScriptBinaryExpression { Operator: ScriptBinaryOperator.EmptyCoalescing } fallback
                && fallback.Left == inner)
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Space();

    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Sign();

    /// <summary>
    /// The value of a field that was already reported. Its members are also Missing, so that one mistake is reported
    /// only once.
    /// </summary>
    private sealed class Missing : ScriptObject
    {
        public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
        {
            value = this;
            return true;
        }
    }
}
