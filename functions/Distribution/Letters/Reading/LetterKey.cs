using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>The files that have the keys of a letter.</summary>
internal enum LetterFileKind
{
    /// <summary><c>letter.md</c>.</summary>
    Letter,

    /// <summary><c>standing.md</c>, the letter of a process that goes out with each file put into a folder.</summary>
    Standing,

    /// <summary><c>letter.fr.md</c>, a courtesy translation.</summary>
    Translation,
}

/// <summary>Whether a file has a key.</summary>
internal enum KeyUse
{
    Optional,
    Required,

    /// <summary>The file must not have it.</summary>
    None,
}

/// <summary>The condition under which a key is required after all.</summary>
/// <param name="Words">As a table or form says it: <c>in a note verbale</c>.</param>
/// <param name="Applies">Whether it is fulfilled, given all the keys of the file.</param>
internal sealed record KeyCondition(string Words, Func<FrontMatterMap, bool> Applies);

/// <summary>
/// One key of a letter's front matter, or of a group in it: all there is to know to read, write, explain and ask for
/// it.
/// </summary>
/// <param name="name">The key itself: <c>embargoed_until</c>.</param>
internal abstract class LetterKey(string name)
{
    public string Name { get; } = name;

    /// <summary>The name of its field in a form: <c>Embargo</c>.</summary>
    public required Phrase Label { get; init; }

    /// <summary>What it says, in Markdown: one or more sentences without the full stop at the end.</summary>
    public required string Help { get; init; }

    /// <summary>
    /// A value as it can stand after the key and its colon; for a group, words that say what stands below it.
    /// </summary>
    public required string Example { get; init; }

    /// <summary>The value, as written, that leaving it out means; null if it means that there is none.</summary>
    public string? Usual { get; init; }

    /// <summary>The type of its value as a table or form names it: <c>date and time</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The words of which its value is one; empty if it is free.</summary>
    public abstract IReadOnlyList<string> Choices { get; }

    /// <summary>The keys of the group that is its value, or of each group in a list; empty for other values.</summary>
    public abstract IReadOnlyList<LetterKey> Keys { get; }

    /// <summary>How a page says a text that is its value, or one of its values, as it was written.</summary>
    public abstract Phrase Said(string written);

    /// <inheritdoc cref="ValueType{T}.Items"/>
    public abstract IReadOnlyList<string> Items(string line);

    public KeyUse InLetter { get; init; }

    public KeyUse InStanding { get; init; }

    public KeyUse InTranslation { get; init; } = KeyUse.None;

    /// <summary>Set if it is required under a condition only.</summary>
    public KeyCondition? RequiredIf { get; init; }

    public KeyUse In(LetterFileKind kind) => kind switch
    {
        LetterFileKind.Letter => InLetter,
        LetterFileKind.Standing => InStanding,
        _ => InTranslation,
    };

    /// <summary>The key with its example, as a remedy quotes it: <c>date: 2018-03-26</c>.</summary>
    public string Shown => $"{Name}: {Example}";
}

/// <summary>A key that knows where its value is kept.</summary>
/// <typeparam name="TOwner">What the group of the key describes: the letter, a signatory …</typeparam>
internal abstract class LetterKey<TOwner>(string name) : LetterKey(name)
{
    /// <summary>
    /// The value as it is written into a file of this kind; null if the key can be left out, since that says the same.
    /// </summary>
    public abstract FrontMatterNode? Write(TOwner owner, LetterFileKind kind);
}

/// <param name="name">The key itself.</param>
/// <param name="type">How its value is read and written.</param>
/// <param name="from">The value that is kept; null if the key can be left out.</param>
internal sealed class LetterKey<TOwner, T>(string name, ValueType<T> type, Func<TOwner, T?> from)
    : LetterKey<TOwner>(name)
{
    public ValueType<T> ValueType { get; } = type;

    public override string Type => ValueType.Name;

    public override IReadOnlyList<string> Choices => ValueType.Choices;

    public override IReadOnlyList<LetterKey> Keys => ValueType.Keys;

    public override Phrase Said(string written) => ValueType.Said(written);

    public override IReadOnlyList<string> Items(string line) => ValueType.Items(line);

    public override FrontMatterNode? Write(TOwner owner, LetterFileKind kind) =>
        from(owner) is { } value ? ValueType.Write(value, kind) : null;
}
