using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>A file whose front matter is being read.</summary>
/// <param name="Faults">What is found is added here.</param>
internal sealed record FrontMatterFile(string Name, LetterFileKind Kind, List<Finding> Faults)
{
    /// <summary>The texts that stand in quotation marks which are printed.</summary>
    public List<FrontMatterValue> InPrintedQuotes { get; } = [];
}

/// <summary>A value to be read, and where it is.</summary>
/// <param name="Key">The key that it stands after; in a list, the key of the list.</param>
/// <param name="Field">The path of the key, as in <see cref="Location.Field"/>.</param>
/// <param name="KeyLine">The line of the key.</param>
internal sealed record FrontMatterValue(
    FrontMatterFile File,
    LetterKey Key,
    string Field,
    int KeyLine,
    FrontMatterNode Node)
{
    private const int LongestText = 200;

    /// <summary>What messages call it: the key, or the name that an author has given it.</summary>
    public string Name { get; init; } = Key.Name;

    /// <summary>The key with an example of its value, as a remedy quotes it.</summary>
    public string Shown { get; init; } = Key.Shown;

    /// <summary>The place of the value.</summary>
    public Location Location => Location.In(File.Name, Node.Line, Field);

    /// <summary>The place of its key.</summary>
    public Location KeyLocation => Location.In(File.Name, KeyLine, Field);

    /// <summary>Whether the file must have the key.</summary>
    public bool IsRequired => Key.In(File.Kind) == KeyUse.Required;

    /// <summary>Adds a fault. Returns null, the value of what cannot be read.</summary>
    public T? Refuse<T>(Finding fault)
    {
        File.Faults.Add(fault);
        return default;
    }

    /// <param name="number">The number of the item in the list, from 1.</param>
    public FrontMatterValue Item(FrontMatterNode item, int number) =>
        this with { Node = item, Field = $"{Field}[{number}]" };

    /// <summary>
    /// Its items, where a single value counts as a list of one; null with a fault if there are none.
    /// </summary>
    public IReadOnlyList<FrontMatterValue>? Items()
    {
        IReadOnlyList<FrontMatterNode> items = Node switch
        {
            FrontMatterList list => list.Items,
            FrontMatterBroken => [],
            FrontMatterText { Text: var text } when string.IsNullOrWhiteSpace(text) => [],
            _ => [Node],
        };
        return items is [] && Node is not FrontMatterBroken
            ? Refuse<IReadOnlyList<FrontMatterValue>>(LetterFileFaults.FrontMatterEmpty(KeyLocation, this))
            : [.. items.Select((item, place) => Node is FrontMatterList ? Item(item, place + 1) : this)];
    }

    /// <summary>
    /// One line of text to be printed, as it was typed, without unprintable characters; null with a fault if it is not
    /// that.
    /// </summary>
    /// <param name="longest">In characters.</param>
    public string? Text(int longest = LongestText)
    {
        var text = Line(longest);
        if (text is not null && Node is FrontMatterText { IsPlain: true } && FrontMatterLine.Unquoted(text) is not null)
            File.InPrintedQuotes.Add(this);
        return text;
    }

    /// <summary>
    /// The same for a name or address that is not printed as it stands, without curly quotation marks.
    /// </summary>
    /// <inheritdoc cref="Text"/>
    public string? Unquoted(int longest = LongestText) =>
        Line(longest) is not { } line ? null
        : FrontMatterLine.WithoutMarks(line) is var text && Node is FrontMatterText { IsPlain: true }
            ? FrontMatterLine.Unquoted(text) ?? text
        : text;

    /// <summary>
    /// The same for a word, a number or a date, with plain hyphens, digits and spaces. A comment may stand behind it.
    /// </summary>
    /// <inheritdoc cref="Text"/>
    public string? Word(int longest = LongestText) =>
        Line(longest, mayHaveComment: true) is not { } text ? null
        : FrontMatterLine.Plain(FrontMatterLine.Unquoted(text) ?? text) is { Length: > 0 } plain ? plain
        : Refuse<string>(LetterFileFaults.FrontMatterEmpty(Location, this));

    private string? Line(int longest, bool mayHaveComment = false)
    {
        if (Node is FrontMatterBroken)
            return null;
        if (Node is not FrontMatterText { Text: var typed, IsPlain: var isPlain, Comment: var comment })
            return Refuse<string>(LetterFileFaults.FrontMatterShape(Location, this, "one line of text"));
        // "Rooms # 2 and 3" would lose its end, and nobody would be told.
        if (comment is not null && !(mayHaveComment && typed.Length > 0))
            return Refuse<string>(
                LetterFileFaults.FrontMatterCut(typed.Length > 0 ? Location : KeyLocation, Name, typed, comment));

        // In quotation marks a no-break space is meant.
        var seen = FrontMatterLine.WithoutUnseen(typed);
        var text = isPlain ? seen.Trim() : seen.Trim(' ');
        return text switch
        {
            _ when string.IsNullOrWhiteSpace(text) => Refuse<string>(LetterFileFaults.FrontMatterEmpty(Location, this)),
            _ when text.AsSpan().ContainsAny("\r\n\u0085\u2028\u2029") =>
                Refuse<string>(LetterFileFaults.FrontMatterLines(Location, Name)),
            _ when UnsafeCharacters.FirstUnprintable(text) is { } odd =>
                Refuse<string>(LetterFileFaults.FrontMatterCharacter(Location, Name, odd)),
            _ when text.Length > longest =>
                Refuse<string>(LetterFileFaults.FrontMatterTooLong(Location, Name, text.Length, longest)),
            _ => text,
        };
    }
}
